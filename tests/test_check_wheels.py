"""The check of the locked packages' wheels, without the network."""

from __future__ import annotations

import pytest

from scripts import check_wheels


def test_it_looks_for_every_locked_package():
    pins = check_wheels.locked()
    assert len(pins) > 50
    assert all(pin.count("==") == 1 for pin in pins)
    assert any(pin.startswith("numpy==") for pin in pins)


@pytest.mark.parametrize("excused", [[], ["numpy"]])
def test_a_missing_wheel_is_an_error_unless_the_documentation_names_it(
    monkeypatch, capsys, excused
):
    def resolves(pins, system, python):
        assert python in check_wheels.PYTHONS
        return "aarch64" not in system or not any(pin.startswith("numpy==") for pin in pins)

    monkeypatch.setattr(check_wheels, "resolves", resolves)
    monkeypatch.setattr(check_wheels, "documented", lambda: excused)
    if excused:
        check_wheels.main()
    else:
        with pytest.raises(SystemExit, match="has no wheel"):
            check_wheels.main()
    told = capsys.readouterr().out
    assert "Linux, aarch64, glibc 2.28, Python 3.12: no wheel of numpy==" in told
    assert told.count("no wheel of") == len(check_wheels.PYTHONS)


def test_the_documentation_lists_packages_without_a_wheel(monkeypatch, tmp_path):
    (tmp_path / "docs").mkdir()
    page = (
        "- `other`: x\n### Packages without a wheel\n\n- `lxml`: built here\n\n## Next\n- `y`: z\n"
    )
    (tmp_path / "docs" / "deployment.md").write_text(page, encoding="utf-8")
    assert check_wheels.documented() == []
    monkeypatch.setattr(check_wheels, "ROOT", tmp_path)
    assert check_wheels.documented() == ["lxml"]
