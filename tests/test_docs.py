"""The documentation fits the code: every room is on the tour, every link leads somewhere, every command exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), *sorted((ROOT / "scenarios").rglob("*.md"))]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
TARGET = re.compile(r"\bmake ([a-z][a-z-]+)")


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def packages() -> list[str]:
    """Packages of gemba, two levels deep, as the tour writes them: ``decide``, ``decide/check``."""
    top = [p.parent for p in (ROOT / "gemba").glob("*/__init__.py")]
    below = [p.parent for folder in top for p in folder.glob("*/__init__.py")]
    return sorted(p.relative_to(ROOT / "gemba").as_posix() for p in [*top, *below])


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as code hosts make them."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", text(page)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", h.lower()).strip().replace(" ", "-") for h in headings}


@pytest.mark.parametrize("package", packages())
def test_every_package_is_on_the_tour(package: str) -> None:
    assert f"`{package}`" in text(ROOT / "docs" / "architecture.md")


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    broken = []
    for link in LINK.findall(FENCE.sub("", text(page))):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_make_target_that_a_page_names_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z][a-z-]*):", text(ROOT / "Makefile"), re.MULTILINE))
    code = re.findall(r"`[^`\n]+`|^    .+$|^```.*?^```", text(page), re.MULTILINE | re.DOTALL)
    named = {target for piece in code for target in TARGET.findall(piece)}
    assert named <= targets


def test_every_page_of_the_documentation_is_reached_from_its_front_page() -> None:
    index = ROOT / "docs" / "index.md"
    reached, todo = {index}, [index]
    while todo:
        page = todo.pop()
        for link in LINK.findall(FENCE.sub("", text(page))):
            target = (page.parent / link.partition("#")[0]).resolve()
            if target.is_dir():
                found = set(target.glob("*.md"))
            else:
                found = {target} if target.suffix == ".md" and target.exists() else set()
            for new in found - reached:
                if ROOT / "docs" in new.parents:
                    reached.add(new)
                    todo.append(new)
    assert [name(p) for p in PAGES if ROOT / "docs" in p.parents and p not in reached] == []
