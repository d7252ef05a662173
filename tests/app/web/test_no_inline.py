"""The pages hold no script and no style of their own: the content security policy would refuse them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gemba.app import web

HERE = Path(web.__file__).parent
TEMPLATES = sorted(HERE.rglob("*.html"))
OURS = sorted(p for p in (HERE / "static" / "web").rglob("*") if p.suffix in (".js", ".css", ".svg"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.name)
def test_a_template_has_no_inline_script_or_style(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\son\w+=|\sstyle=|<style|javascript:|hx-on", text)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))


@pytest.mark.parametrize("path", [*TEMPLATES, *OURS], ids=lambda p: p.name)
def test_nothing_is_fetched_from_elsewhere(path: Path) -> None:
    links = re.findall(r"https?://[^\s\"']+", path.read_text(encoding="utf-8"))
    assert [link for link in links if not link.startswith("http://www.w3.org/")] == []


@pytest.mark.parametrize("path", OURS, ids=lambda p: p.name)
def test_a_static_file_is_small(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_vendored_files_say_their_version_and_licence() -> None:
    for folder in (HERE / "static" / "vendor").iterdir():
        assert "icence" in (folder / "VERSION").read_text(encoding="utf-8")
        assert (folder / "LICENSE").stat().st_size > 100
