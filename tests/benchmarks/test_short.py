"""The benchmarks in short: on small instances each engine is ahead of a plain rule of the same run by a ratio."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pytest

from benchmarks.__main__ import main
from tests.benchmarks.instances import MAKERS

COLUMNS = ("class", "instance", "file", "size", "objective", "lower_bound", "upper_bound", "status", "source", "note")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two instances of each class; what the rule found stands for the best known."""
    rng = random.Random(1)
    with (tmp_path / "best_known.csv").open("w", newline="") as file:
        table = csv.DictWriter(file, COLUMNS)
        table.writeheader()
        for name, (ending, make, _) in MAKERS.items():
            (tmp_path / name).mkdir()
            for k in range(2):
                text, objective = make(rng)
                path = f"{name}/{name}_{k}.{ending}"
                (tmp_path / path).write_text(text)
                row = {"class": name, "instance": f"{name}_{k}", "file": path, "upper_bound": objective}
                table.writerow(dict.fromkeys(COLUMNS, "") | row)
    return tmp_path


@pytest.mark.parametrize("name", MAKERS)
def test_each_engine_is_ahead_of_a_rule(name: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = main([name, str(folder), "--seconds", "2"])
    out = capsys.readouterr().out
    gaps = [float(line.split("gap")[1].split("%")[0]) for line in out.splitlines() if line.startswith(f"  {name}_")]
    assert len(gaps) == 2
    assert "WRONG" not in out
    assert sum(gaps) / 2 <= 100 * (MAKERS[name][2] - 1), out
    assert status == 0, out


def test_an_empty_folder_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["jobshop", str(tmp_path)]) == 2
    assert "no best_known.csv" in capsys.readouterr().err


def test_a_class_has_other_names_and_is_found_in_any_case(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("JobShop", "lotsizing/clsp_trigeiro", "PFSP-setup"):
        assert main([name, str(tmp_path)]) == 2
    assert capsys.readouterr().err.count("no best_known") == 3


def test_without_a_class_all_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert "jobshop" in capsys.readouterr().out
