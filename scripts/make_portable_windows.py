"""Make a portable folder for Windows: Python, the locked packages and the program.

    pip install -e ".[portable]"
    python scripts/make_portable_windows.py --python python-3.12.10-embed-amd64.zip \
        --wheels wheels-windows --out jitu-portable
    python scripts/make_portable_windows.py --check jitu-portable

The script runs on any system. docs/deployment.md says how to download the zip file and the wheels.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import re
import sys
import zipfile
from collections.abc import Iterator, Set
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path, PureWindowsPath

from installer import install
from installer.destinations import SchemeDictionaryDestination
from installer.sources import WheelFile
from packaging.tags import Tag, compatible_tags, cpython_tags, parse_tag
from packaging.utils import NormalizedName, canonicalize_name, parse_wheel_filename

REQUIREMENTS = Path(__file__).resolve().parent.parent / "requirements.txt"
PYTHON, PACKAGES = "python", "python/Lib/site-packages"
MAX_PATH = 259  # characters, on a Windows without long paths
START, README = "启动冀图.bat", "说明.txt"

# Only echo lines are not ASCII: cmd reads them in the code page that the second line sets.
START_TEXT = """\
@echo off
chcp 65001 >nul
rem JITU_DATA=folder, JITU_DOCUMENTS=folder and other settings may be set here, for example:
rem set JITU_DATA=D:\\data
echo 正在启动冀图。第一次启动需要一两分钟，请勿关闭本窗口……
"%~dp0python\\python.exe" -X utf8 -m app.command app %*
if %errorlevel% == 0 exit /b
echo.
echo 冀图没有启动，或者出错了。原因见上面的信息，办法见 说明.txt。
pause
"""
README_TEXT = """\
冀图 {version}　便携版（Windows 10 及以上，64 位）

启动：双击“启动冀图.bat”。浏览器会打开 http://localhost:8501 。
不需要安装，不需要管理员权限，不需要联网。
结束：关闭那个黑色窗口。

存放：把整个文件夹复制到本机，例如 D:\\冀图。文件夹的完整路径不要超过 {room} 个字符。
文件夹可以是只读的；地图文件会写到 %LOCALAPPDATA%\\jitu。

端口被占用：在文件夹的地址栏输入 cmd 后回车，再输入  启动冀图.bat --port 8502

设置：用记事本打开“启动冀图.bat”，在以 rem 开头的行之后加一行，例如
  set JITU_DATA=D:\\数据
各项设置（未设置时用括号中的值）：
  JITU_DATA            数据目录（随程序附带的图集）
  JITU_DOCUMENTS       文件目录，文件名以文件编号开头，如 001.txt（不显示原文）
  JITU_REVIEW_NUMBER   审图号（不印）
  JITU_TIANDITU_KEY    天地图密钥（没有底图，也不访问外网）
  JITU_TOKEN           其他电脑的 GIS 软件访问 /ogc 的令牌（只答复本机）
  JITU_CORS_ORIGINS    可用脚本读取 /ogc 的其他网站，以空格隔开（没有）

其他命令（导出、打印、检查数据）：在文件夹的地址栏输入 cmd 后回车，再输入
  python\\python.exe -X utf8 -m app.command --help

缺少 DLL：请安装 Microsoft Visual C++ 可再发行组件（x64）。
"""


class PortableError(Exception):
    """The folder cannot be made, or is not complete. The message has one fault per line."""


@dataclass(frozen=True)
class Pin:
    """A package of requirements.txt with its version and the hashes of its files."""

    name: NormalizedName
    version: str
    hashes: frozenset[str]


def main() -> None:
    """Make or check a folder, and print what to do with it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--python", type=Path, help="zip file of the embeddable Python")
    parser.add_argument("--wheels", type=Path, help="folder of the wheels")
    parser.add_argument("--out", type=Path, help="the folder to make")
    parser.add_argument("--check", type=Path, metavar="FOLDER", help="check a folder that was made")
    arguments = parser.parse_args()
    try:
        if arguments.check:
            folder = arguments.check
        elif arguments.python and arguments.wheels and arguments.out:
            folder = make(arguments.python, arguments.wheels, arguments.out)
        else:
            parser.error("--python, --wheels and --out, or --check")
        check(folder)
    except PortableError as error:
        sys.exit(str(error))
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    print(
        f"{folder}: {size / 1e6:.0f} MB；完整 / complete。\n"
        f"请复制到路径不超过 {room(folder)} 个字符的文件夹，双击“{START}”。\n"
        f"Copy it to a folder whose path has at most {room(folder)} characters; start “{START}”."
    )


def make(python: Path, wheels: Path, out: Path) -> Path:
    """Make the folder and return it.

    Parameters
    ----------
    python
        The zip file of the embeddable Python.
    wheels
        The folder with the wheels of the packages and of the program.
    out
        The folder to make.

    Raises
    ------
    PortableError
        The folder exists, the zip file is another one, or wheels are missing.
    """
    if out.exists():
        raise PortableError(f"{out}：已存在，请先删除或换一个名字 / exists, delete it first")
    version = python_version(python)
    chosen = chosen_wheels(wheels, version)
    with zipfile.ZipFile(python) as archive:
        archive.extractall(out / PYTHON)
    stem = f"python{version[0]}{version[1]}"
    paths = [f"{stem}.zip", ".", "Lib\\site-packages", "import site", ""]
    windows_text(out / PYTHON / f"{stem}._pth", "\n".join(paths), "utf-8")
    for wheel in chosen:
        unpack(wheel, out)
    windows_text(out / START, START_TEXT, "utf-8")
    (program,) = distributions(name="jitu", path=[str(out / PACKAGES)])
    text = README_TEXT.format(version=program.version, room=room(out))
    windows_text(out / README, text, "utf-8-sig")  # old versions of Notepad need the mark
    return out


def windows_text(path: Path, text: str, encoding: str) -> None:
    """Write a text file with Windows' line ends.

    Parameters
    ----------
    path, text, encoding
        The file, its text and its encoding.
    """
    path.write_text(text, encoding=encoding, newline="\r\n")


def python_version(python: Path) -> tuple[int, int]:
    """Return the version of an embeddable Python by its zip file.

    Parameters
    ----------
    python
        The zip file.

    Raises
    ------
    PortableError
        It is no embeddable Python for 64-bit Windows.
    """
    try:
        with zipfile.ZipFile(python) as archive:
            names = archive.namelist()
    except (OSError, zipfile.BadZipFile) as error:
        raise PortableError(f"{python}：无法读取 / cannot be read: {error}") from None
    found = [m for name in names if (m := re.fullmatch(r"python3(\d+)\._pth", name))]
    if len(found) != 1 or "python.exe" not in names or "amd64" not in python.name:
        raise PortableError(
            f"{python}：不是 64 位 Windows 的嵌入式 Python，请从 python.org 下载 "
            "python-3.….…-embed-amd64.zip / not the embeddable Python for 64-bit Windows"
        )
    return 3, int(found[0][1])


def locked() -> list[Pin]:
    """Return the packages of requirements.txt."""
    text = REQUIREMENTS.read_text(encoding="utf-8")
    entries = re.findall(r"^([\w.-]+)==(\S+)((?: \\\n +--hash=\S+)+)", text, flags=re.MULTILINE)
    return [
        Pin(canonicalize_name(name), version, frozenset(re.findall(r"sha256:(\w+)", hashes)))
        for name, version, hashes in entries
    ]


def chosen_wheels(folder: Path, version: tuple[int, int]) -> list[Path]:
    """Return the wheels to install: one for each locked package, and the program's.

    Parameters
    ----------
    folder
        The folder of the wheels.
    version
        The version of Python.

    Raises
    ------
    PortableError
        A wheel is missing, is for another system or Python, or has another hash.
    """
    tags = fitting_tags(version)
    chosen, faults = [], []
    for pin in locked():
        wheel = best(folder, pin, tags)
        if wheel is None:
            faults.append(
                f"{pin.name} {pin.version}：{folder} 中没有 Windows、Python "
                f"{version[0]}.{version[1]} 可用的 wheel，请按 docs/deployment.md 下载 / no wheel"
            )
        elif hashlib.sha256(wheel.read_bytes()).hexdigest() not in pin.hashes:
            faults.append(
                f"{wheel.name}：与 requirements.txt 的哈希值不符，请重新下载 / wrong hash"
            )
        else:
            chosen.append(wheel)
    programs = list(folder.glob("jitu-*-py3-none-any.whl"))
    if len(programs) != 1:
        faults.append(
            f"{folder} 中应有一个 jitu-….whl，现有 {len(programs)} 个，请用 pip wheel . --no-deps "
            "制作 / there must be one wheel of the program"
        )
    if faults:
        raise PortableError("\n".join(faults))
    return [*chosen, *programs]


def fitting_tags(version: tuple[int, int]) -> list[Tag]:
    """Return the tags of wheels that fit a version of Python on Windows, the best one first.

    Parameters
    ----------
    version
        The version of Python.
    """
    return [
        *cpython_tags(version, platforms=["win_amd64"]),
        *compatible_tags(version, f"cp{version[0]}{version[1]}", ["win_amd64"]),
    ]


def best(folder: Path, pin: Pin, tags: list[Tag]) -> Path | None:
    """Return the wheel of a package that fits best, or ``None``.

    Parameters
    ----------
    folder
        The folder of the wheels.
    pin
        The package.
    tags
        The tags that fit, the best one first.
    """
    fitting = {}
    for path in folder.glob("*.whl"):
        name, version, _, own = parse_wheel_filename(path.name)
        ranks = [tags.index(tag) for tag in own if tag in tags]
        if (name, str(version)) == (pin.name, pin.version) and ranks:
            fitting[min(ranks)] = path
    return fitting[min(fitting)] if fitting else None


def unpack(wheel: Path, out: Path) -> None:
    """Install a wheel into the folder.

    Parameters
    ----------
    wheel, out
        The wheel and the folder.
    """
    packages = str(out / PACKAGES)
    places = {
        "purelib": packages,
        "platlib": packages,
        "headers": str(out / PYTHON / "Include"),
        "scripts": str(out / PYTHON / "Scripts"),
        "data": str(out / PYTHON),
    }
    destination = SchemeDictionaryDestination(
        places, interpreter="<launcher_dir>\\..\\python.exe", script_kind="win-amd64"
    )
    with zipfile.ZipFile(wheel) as archive:
        install(WheelFile(archive), destination, {})


def check(folder: Path) -> None:
    """Check that a folder is complete.

    Parameters
    ----------
    folder
        The folder.

    Raises
    ------
    PortableError
        A file is missing or changed, or a package has another version.
    """
    faults = [
        f"{name}：缺失 / missing"
        for name in (START, README, f"{PYTHON}/python.exe", f"{PYTHON}/Scripts/jitu.exe")
        if not (folder / name).is_file()
    ]
    found = {
        canonicalize_name(d.metadata["Name"] or ""): d
        for d in distributions(path=[str(folder / PACKAGES)])
    }
    for pin in locked():
        version = found[pin.name].version if pin.name in found else None
        if version != pin.version:
            faults.append(f"{pin.name} {pin.version}：缺失或版本不符 / found: {version}")
    if "jitu" not in found:
        faults.append("jitu：缺失 / missing")
    versions = re.findall(r"python3(\d+)\._pth", " ".join(map(str, folder.glob(f"{PYTHON}/*"))))
    tags = set(fitting_tags((3, int(versions[0])))) if versions else set()
    for distribution in found.values():
        faults += unfit(distribution, tags)
    if faults:
        advice = f"{folder}：不完整，请重新制作或重新复制 / not complete, make or copy it again"
        raise PortableError("\n".join([*faults, advice]))


def unfit(distribution: Distribution, tags: Set[Tag]) -> Iterator[str]:
    """Yield a fault for each file that is not as RECORD says, and for a package of another Python.

    Parameters
    ----------
    distribution
        An installed package.
    tags
        The tags of wheels that fit.
    """
    own = re.findall(r"^Tag: (\S+)", distribution.read_text("WHEEL") or "", flags=re.MULTILINE)
    if tags.isdisjoint(tag for text in own for tag in parse_tag(text)):
        yield f"{distribution.name}：不是此 Python 的版本 / for another Python: {', '.join(own)}"
    for file in distribution.files or []:
        path = Path(str(file.locate()))
        if not path.is_file():
            yield f"{file}：缺失 / missing"
        elif file.hash and file.hash.value != record_hash(path):
            yield f"{file}：内容不符 / changed"


def record_hash(path: Path) -> str:
    """Return the hash of a file as RECORD writes it.

    Parameters
    ----------
    path
        The file.
    """
    digest = hashlib.sha256(path.read_bytes()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def room(folder: Path) -> int:
    """Return how many characters the folder's own path may have on Windows.

    Parameters
    ----------
    folder
        The folder.
    """
    paths = (PureWindowsPath(path.relative_to(folder)) for path in folder.rglob("*"))
    return MAX_PATH - 1 - max(len(str(path)) for path in paths)


if __name__ == "__main__":
    main()
