"""Formulas of KPIs: numbers, names, + - * / ( ), min and max. Nothing else can be written, so nothing else can happen.

A name is a word, several words (``quality ratio``), or any text in double quotes. Where something is divided by zero,
or a name has no value, the formula has none either.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from gemba.measure.kpi.tree import Call, Name, Node, Number, Operation

LONGEST = 500
DEEPEST = 40
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?|\.\d+)(?![A-Za-z_])"
    r'|"(?P<quoted>[^"]+)"|(?P<name>[^\W\d]\w*(?: +[^\W\d]\w*)*)|(?P<sign>[-+*/(),]))'
)
_CALLS = ("min", "max")


class FormulaError(ValueError):
    """A formula that cannot be read. ``at`` is the place in it, from 0."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.at = at


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # number, name, sign, end
    text: str
    at: int


def parse(formula: str) -> Node:
    """The formula as a tree.

    Raises:
        FormulaError: where it cannot be read; says at which character, and what would be allowed there.
    """
    if len(formula) > LONGEST:
        raise FormulaError(f"a formula has at most {LONGEST} characters, not {len(formula)}", LONGEST)
    reader = _Reader(list(_tokens(formula)))
    tree = reader.sum(0)
    reader.expect("end", "", "an operator or the end")
    return tree


def _tokens(formula: str) -> Iterator[_Token]:
    at, text = 0, formula.rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if not found:
            at += len(text[at:]) - len(text[at:].lstrip())
            raise FormulaError(f"{text[at]!r} at character {at + 1} has no meaning in a formula", at)
        kind = found.lastgroup or ""
        words = " ".join(found.group(kind).split()) if kind in ("name", "quoted") else found.group(kind)
        yield _Token("name" if kind == "quoted" else kind, words, found.start(kind))
        at = found.end()
    yield _Token("end", "", len(text))


class _Reader:
    """Recursive descent: a sum of products of signed atoms."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens, self.i = tokens, 0

    @property
    def next(self) -> _Token:
        return self.tokens[self.i]

    def take(self) -> _Token:
        self.i += 1
        return self.tokens[self.i - 1]

    def is_sign(self, signs: str) -> bool:
        return self.next.kind == "sign" and self.next.text in signs

    def expect(self, kind: str, text: str, wanted: str) -> None:
        token = self.next
        if token.kind != kind or token.text != text:
            raise FormulaError(f"{_said(token)} at character {token.at + 1}; expected {wanted}", token.at)
        self.i += 1

    def sum(self, depth: int) -> Node:
        return self._chain("+-", self.product, depth)

    def product(self, depth: int) -> Node:
        return self._chain("*/", self.signed, depth)

    def _chain(self, signs: str, part: Callable[[int], Node], depth: int) -> Node:
        tree = part(depth)
        while self.is_sign(signs):
            tree = Operation(self.take().text, tree, part(depth))
        return tree

    def signed(self, depth: int) -> Node:
        if depth > DEEPEST:
            raise FormulaError(f"more than {DEEPEST} levels deep at character {self.next.at + 1}", self.next.at)
        if self.is_sign("-"):
            self.take()
            return Operation("-", Number(0.0), self.signed(depth + 1))
        return self.atom(depth)

    def atom(self, depth: int) -> Node:
        token = self.take()
        if token.kind == "number":
            return Number(float(token.text))
        if token.kind == "name":
            return (
                self._call(token, depth) if token.text in _CALLS and self.is_sign("(") else Name(token.text, token.at)
            )
        if token.kind == "sign" and token.text == "(":
            inner = self.sum(depth + 1)
            self.expect("sign", ")", "a closing parenthesis")
            return inner
        raise FormulaError(f"{_said(token)} at character {token.at + 1}; expected a number, a name or (", token.at)

    def _call(self, token: _Token, depth: int) -> Node:
        self.take()
        parts = [self.sum(depth + 1)]
        while self.is_sign(","):
            self.take()
            parts.append(self.sum(depth + 1))
        self.expect("sign", ")", "a comma or a closing parenthesis")
        return Call(token.text, tuple(parts))


def _said(token: _Token) -> str:
    return "the formula ends" if token.kind == "end" else repr(token.text)


def unknown(name: Name, known: Mapping[str, object]) -> FormulaError:
    """The fault of a name that nothing has, with the names near it."""
    lower = {k.lower(): k for k in known}
    near = [lower[n] for n in get_close_matches(name.name.lower(), lower, n=3, cutoff=0.6)]
    hint = f"; did you mean {', '.join(near)}?" if near else ""
    return FormulaError(f"there is no element or KPI {name.name!r} (character {name.at + 1}){hint}", name.at)
