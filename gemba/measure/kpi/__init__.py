"""Key performance indicators: elements that are sums over records, and formulas over them, both kept as data.

``catalogue.toml`` says what there is; ``formula`` reads formulas; ``rows`` and ``facts`` turn records into sums;
``series`` brings sums, open hours and formulas together. Page: docs/reference/kpis.md.
"""

from gemba.measure.kpi.ask import Ask
from gemba.measure.kpi.catalogue import Catalogue, Definition, Element, catalogue_of
from gemba.measure.kpi.facts import Fact, Plain, Records
from gemba.measure.kpi.formula import FormulaError, parse
from gemba.measure.kpi.series import Figure, evaluate, figures
from gemba.measure.kpi.slices import Slices

__all__ = [
    "Ask",
    "Catalogue",
    "Definition",
    "Element",
    "Fact",
    "Figure",
    "FormulaError",
    "Plain",
    "Records",
    "Slices",
    "catalogue_of",
    "evaluate",
    "figures",
    "parse",
]
