"""House rules: rooms stay small, packages say what they are, and no file knows an index or a download address."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
GEMBA = ROOT / "gemba"
CODE = [ROOT / folder for folder in ("gemba", "tests", "benchmarks", "examples")]
LONGEST_FILE = 400
LONGEST_FUNCTION = 60

# Written with character classes, so that this file does not match itself.
ADDRESSES = re.compile(
    r"(?:[p]ypi(?:\.python)?\.org|[p]ythonhosted\.org|[c]onda\.anaconda\.org|[r]egistry\.npmjs\.org|[r]egistry\.yarnpkg"
    r"|[c]dn\.jsdelivr\.net|[u]npkg\.com|[c]dnjs\.cloudflare\.com|[e]sm\.sh/|[f]onts\.g(?:oogleapis|static)\.com"
    r"|[c]rates\.io|[p]roxy\.golang\.org|[d]eb\.debian\.org|[r]eleases/download/"
    r"|[h]ttps?://[^\s\"'<>)]+\.(?:whl|tar\.gz|tgz|zip|deb|exe)\b"
    r"|--(?:[e]xtra-)?index-url|--[f]ind-links)"
)


def _files(folder: Path, *suffixes: str) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and (not suffixes or path.suffix in suffixes) and "__pycache__" not in path.parts:
            yield path


def _hand_written(suffix: str) -> Iterator[Path]:
    for folder in CODE:
        for path in _files(folder, suffix):
            if not {"vendor", "migrations"} & set(path.parts):
                yield path


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def test_no_file_knows_an_index_or_a_download_address() -> None:
    files = [*_files(GEMBA), *_files(ROOT / "requirements"), ROOT / "pyproject.toml"]
    found = [f"{_name(path)}: {hit.group()}" for path in files if (hit := ADDRESSES.search(_text(path)))]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("suffix", [".py", ".js"])
def test_files_are_short(suffix: str) -> None:
    lengths = {_name(path): _text(path).count("\n") for path in _hand_written(suffix)}
    found = [f"{name}: {length} lines" for name, length in lengths.items() if length > LONGEST_FILE]
    assert not found, "\n".join(found)


def test_functions_are_short() -> None:
    found = []
    for path in _hand_written(".py"):
        if GEMBA not in path.parents:
            continue
        for node in ast.walk(ast.parse(_text(path))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    found.append(f"{_name(path)}:{node.lineno} {node.name}: {length} lines")
    assert not found, "\n".join(found)


def test_every_package_says_what_it_is() -> None:
    found = []
    for folder in sorted({path.parent for path in _hand_written(".py") if GEMBA in path.parents}):
        init = folder / "__init__.py"
        if not init.is_file():
            found.append(f"{_name(folder)}: no __init__.py")
        elif not ast.get_docstring(ast.parse(_text(init))):
            found.append(f"{_name(init)}: no docstring")
    assert not found, "\n".join(found)
