"""Why a figure has no value, in words."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from gemba.measure.kpi import tree
from gemba.measure.kpi.ask import SOURCE_DIMENSIONS
from gemba.measure.kpi.catalogue import Catalogue
from gemba.measure.kpi.series import Figure


def why_none(catalogue: Catalogue, kpi: str, figure: Figure | None, used: Iterable[str] = ()) -> str:
    """Why a KPI has no value: nothing recorded, an element that cannot be told apart as asked, or a division by 0.

    Args:
        figure: what was found; None: nothing at all.
        used: what was grouped by or chosen, beside place and period (item, shift, resource, reason).

    Returns:
        A clause that follows "no value, because"; blank where there is a value.
    """
    if figure is None:
        return "nothing was recorded"
    if figure.value is not None:
        return ""
    for name in catalogue.needed(kpi):
        element = catalogue.elements[name]
        if not element.formula and figure.elements.get(name) is None:
            wrong = sorted(set(used) - SOURCE_DIMENSIONS[element.source])
            by = f" by {' or '.join(wrong)}" if wrong else " in this way"
            return f"{name} ({element.meaning}) cannot be told apart{by}"
    zero = _zero(catalogue, kpi, figure, set())
    return f"{zero} is 0, and nothing can be divided by 0" if zero else "the result is not a number"


def said(node: tree.Node) -> str:
    """A formula's part as it would be written."""
    if isinstance(node, tree.Number):
        return f"{node.value:g}"
    if isinstance(node, tree.Name):
        return node.name
    if isinstance(node, tree.Call):
        return f"{node.function}({', '.join(said(p) for p in node.parts)})"
    left, right = (
        f"({said(p)})" if isinstance(p, tree.Operation) and p.sign in "+-" and node.sign in "*/" else said(p)
        for p in (node.left, node.right)
    )
    return f"{left} {node.sign} {right}"


def _zero(catalogue: Catalogue, name: str, figure: Figure, seen: set[str]) -> str:
    """What is divided by and is 0, wherever the name's formula leads."""
    if name in seen or name not in catalogue.trees:
        return ""
    seen.add(name)
    return _zero_in(catalogue, catalogue.trees[name], figure, seen)


def _zero_in(catalogue: Catalogue, node: tree.Node, figure: Figure, seen: set[str]) -> str:
    if isinstance(node, tree.Name):
        return _zero(catalogue, node.name, figure, seen)
    if isinstance(node, tree.Call):
        return next((z for p in node.parts if (z := _zero_in(catalogue, p, figure, seen))), "")
    if isinstance(node, tree.Number):
        return ""
    inner = _zero_in(catalogue, node.left, figure, seen) or _zero_in(catalogue, node.right, figure, seen)
    if inner or node.sign != "/" or _value(catalogue, node.right, figure) != 0:
        return inner
    name = said(node.right)
    return f"{name} ({catalogue.elements[name].meaning})" if name in catalogue.elements else name


def _value(catalogue: Catalogue, node: tree.Node, figure: Figure) -> float:
    def look(name: str) -> tree.Values:
        if name in catalogue.trees:
            return tree.values(catalogue.trees[name], look)
        found = figure.elements.get(name)
        return np.array(np.nan if found is None else found)

    return float(tree.values(node, look))
