"""The portable folder for Windows, made from stand-ins for Python's zip file and packages."""

from __future__ import annotations

import base64
import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from test_wheel import wheel  # noqa: F401  (a fixture)

from scripts import make_portable_windows as portable

ROOT = Path(__file__).resolve().parent.parent
ZIP = "python-3.12.10-embed-amd64.zip"


def standin(folder: Path, name: str, tag: str, **files: str) -> str:
    """Write a wheel and return its line of a requirements file with hashes."""
    stem, info = f"{name}-1.0", f"{name}-1.0.dist-info"
    content = {
        **{path.replace("__", "/"): text for path, text in files.items()},
        f"{name}/__init__.py": "",
        f"{stem}.data/data/share/{name}.txt": "shared",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: {tag}\n",
    }
    record = [f"{path},sha256={digest(text)},{len(text)}" for path, text in content.items()]
    content[f"{info}/RECORD"] = "\n".join([*record, f"{info}/RECORD,,", ""])
    file = folder / f"{stem}-{tag}.whl"
    with zipfile.ZipFile(file, "w") as archive:
        for path, text in content.items():
            archive.writestr(path, text)
    return f"{name}==1.0 \\\n    --hash=sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}\n"


def digest(text: str) -> str:
    found = hashlib.sha256(text.encode("utf-8")).digest()
    return base64.urlsafe_b64encode(found).rstrip(b"=").decode("ascii")


@pytest.fixture
def python(tmp_path: Path) -> Path:
    """A stand-in for the embeddable Python."""
    with zipfile.ZipFile(tmp_path / ZIP, "w") as archive:
        archive.writestr("python.exe", b"MZ")
        archive.writestr("python312.zip", b"")
        archive.writestr("python312._pth", "python312.zip\r\n.\r\n#import site\r\n")
    return tmp_path / ZIP


@pytest.fixture
def wheels(tmp_path: Path, wheel: Path, monkeypatch: pytest.MonkeyPatch) -> Path:  # noqa: F811
    """A folder with the project's wheel and two stand-ins, which are the locked packages."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    (folder / wheel.name).write_bytes(wheel.read_bytes())
    lines = [
        standin(folder, "pure", "py3-none-any"),
        standin(folder, "compiled", "cp312-cp312-win_amd64"),
    ]
    standin(folder, "compiled", "cp312-cp312-manylinux_2_28_x86_64")
    (tmp_path / "requirements.txt").write_text("".join(lines), encoding="utf-8")
    monkeypatch.setattr(portable, "REQUIREMENTS", tmp_path / "requirements.txt")
    return folder


@pytest.fixture
def made(python: Path, wheels: Path, tmp_path: Path) -> Path:
    """The folder."""
    folder = portable.make(python, wheels, tmp_path / "冀图 便携")
    portable.check(folder)
    return folder


def test_the_folder_is_laid_out_for_windows(made: Path) -> None:
    assert {path.name for path in made.iterdir()} == {"python", "启动冀图.bat", "说明.txt"}
    packages = made / "python" / "Lib" / "site-packages"
    for name in ("app/command/__main__.py", "streamlit_app.py", "static/map/map.js", "pure"):
        assert (packages / name).exists()
    assert (packages / ".streamlit/config.toml").is_file()
    assert (made / "python/share/pure.txt").is_file()
    assert (made / "python/Scripts/jitu.exe").read_bytes().startswith(b"MZ")
    assert not list(made.rglob("*.pyc"))
    assert (made / "python/python312._pth").read_bytes().split(b"\r\n") == [
        b"python312.zip", b".", b"Lib\\site-packages", b"import site", b"",
    ]  # fmt: skip


def test_the_start_file_suits_cmd(made: Path) -> None:
    lines = (made / "启动冀图.bat").read_bytes().split(b"\r\n")
    assert lines[:2] == [b"@echo off", b"chcp 65001 >nul"]
    assert not any(b"\n" in line for line in lines)
    assert all(line.isascii() or line.startswith(b"echo ") for line in lines)
    assert b'"%~dp0python\\python.exe" -X utf8 -m app.command app %*' in lines
    assert lines[-2] == b"pause"  # after an error


def test_the_note_explains_every_setting(made: Path) -> None:
    note = (made / "说明.txt").read_bytes()
    assert note.startswith(b"\xef\xbb\xbf")
    assert note.count(b"\n") == note.count(b"\r\n")
    env = (ROOT / "deploy" / "jitu.env").read_text(encoding="utf-8")
    for name in ("DATA", "DOCUMENTS", "REVIEW_NUMBER", "TIANDITU_KEY", "TOKEN"):
        assert f"JITU_{name}" in env
        assert f"JITU_{name}" in note.decode("utf-8")
    assert str(portable.room(made)) in note.decode("utf-8")


def test_paths_stay_short(made: Path) -> None:
    longest = max(len(str(path.relative_to(made))) for path in made.rglob("*"))
    assert portable.room(made) + 1 + longest == 259
    assert portable.room(made) > 100


@pytest.mark.parametrize(
    ("missing", "told"),
    [
        ("pure-1.0-py3-none-any.whl", "pure 1.0：.*没有 Windows、Python 3.12 可用的 wheel"),
        ("compiled-1.0-cp312-cp312-win_amd64.whl", "compiled 1.0：.*请按 docs/deployment.md 下载"),
        ("jitu-*.whl", "应有一个 jitu"),
    ],
)
def test_a_missing_wheel_is_named(
    python: Path, wheels: Path, tmp_path: Path, missing: str, told: str
) -> None:
    (file,) = wheels.glob(missing)
    file.unlink()
    with pytest.raises(portable.PortableError, match=told):
        portable.make(python, wheels, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_wheel_with_another_hash_is_refused(python: Path, wheels: Path, tmp_path: Path) -> None:
    standin(wheels, "pure", "py3-none-any", evil="x")
    with pytest.raises(portable.PortableError, match="哈希值不符"):
        portable.make(python, wheels, tmp_path / "out")


def test_another_python_is_refused(python: Path, wheels: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(python, "w") as archive:
        archive.writestr("python.exe", b"MZ")
        archive.writestr("python313._pth", "")
    with pytest.raises(portable.PortableError, match=r"compiled 1\.0：.*Python 3\.13"):
        portable.make(python, wheels, tmp_path / "out")


@pytest.mark.parametrize("name", ["python-3.12.10-embed-win32.zip", "python.zip"])
def test_a_zip_file_that_is_no_python_is_refused(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / "python.zip", "w") as archive:
        archive.writestr("readme.txt", "")
    with pytest.raises(portable.PortableError, match="python"):
        portable.make(tmp_path / name, tmp_path, tmp_path / "out")


@pytest.mark.parametrize(
    ("file", "told"),
    [
        ("python/Lib/site-packages/app/page/page.css", "page.css：缺失"),
        ("python/Lib/site-packages/pure-1.0.dist-info/METADATA", "pure"),
        ("python/share/compiled.txt", "compiled.txt：缺失"),
        ("python/python.exe", "python.exe：缺失"),
        ("启动冀图.bat", "启动冀图.bat：缺失"),
    ],
)
def test_a_file_that_got_lost_is_named(made: Path, file: str, told: str) -> None:
    (made / file).unlink()
    with pytest.raises(portable.PortableError, match=told):
        portable.check(made)


def test_a_file_that_changed_is_named(made: Path) -> None:
    (made / "python/Lib/site-packages/data/reader.py").write_text("", encoding="utf-8")
    with pytest.raises(portable.PortableError, match=r"reader\.py：内容不符"):
        portable.check(made)


def test_packages_of_another_python_are_named(made: Path) -> None:
    (made / "python/python312._pth").rename(made / "python/python311._pth")
    with pytest.raises(portable.PortableError, match="compiled：不是此 Python 的版本"):
        portable.check(made)


def test_the_script_runs(made: Path) -> None:
    """With the real lock, it names what the stand-ins lack, and nobody sees a traceback."""
    script = ROOT / "scripts" / "make_portable_windows.py"
    done = subprocess.run(
        [sys.executable, "-X", "utf8", script, "--check", made], capture_output=True
    )
    told = done.stderr.decode("utf-8")
    assert done.returncode == 1
    assert "numpy" in told
    assert "Traceback" not in told
