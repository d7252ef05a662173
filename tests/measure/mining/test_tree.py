"""The process tree: what is worked out by hand, and that every case fits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemba.measure.mining.tree import Tree, process_tree
from tests.measure.mining.logs import traces


def names(tree: Tree) -> set[str]:
    return {tree.name} if tree.kind == "activity" else set().union(*map(names, tree.parts))


def accepts(tree: Tree, word: str) -> bool:
    """Whether a word is in the tree's language, from the definition; parts share no activity."""
    if tree.kind in ("activity", "nothing"):
        return word == tree.name
    if tree.kind == "choice":
        return any(accepts(part, word) for part in tree.parts)
    if tree.kind == "parallel":
        every = all(accepts(p, "".join(a for a in word if a in names(p))) for p in tree.parts)
        return every and set(word) <= names(tree)
    first, *rest = tree.parts
    if tree.kind == "sequence":
        if not rest:
            return accepts(first, word)
        after = Tree("sequence", parts=tuple(rest))
        return any(accepts(first, word[:i]) and accepts(after, word[i:]) for i in range(len(word) + 1))
    return accepts(first, word) or any(
        accepts(first, word[:i]) and any(accepts(redo, word[i:j]) for redo in rest) and accepts(tree, word[j:])
        for j in range(1, len(word) + 1)
        for i in range(j + 1)
    )


@pytest.mark.parametrize(("cases", "tree"), [
    (["ABC"], "sequence(A, B, C)"),
    (["AB", "AC"], "sequence(A, choice(B, C))"),
    (["ABCD", "ACBD"], "sequence(A, parallel(B, C), D)"),
    (["AB", "ABCAB", "ABCABCAB"], "loop(sequence(A, B), C)"),
    (["A", "AB"], "sequence(A, choice(nothing(), B))"),
    (["A", "AA"], "loop(A, nothing())"),
])  # fmt: skip
def test_a_tree_worked_out_by_hand(cases: list[str], tree: str) -> None:
    assert str(process_tree(traces(*cases))) == tree


def test_rare_variants_can_be_left_out() -> None:
    log = traces(*["AB"] * 9, "BA")
    assert str(process_tree(log, share=0.9)) == "sequence(A, B)"
    assert str(process_tree(log)) == "parallel(A, B)"


def test_cases_are_counted() -> None:
    tree = process_tree(traces("AB", "AC", "AC"))
    assert (tree.cases, [p.cases for p in tree.parts[1].parts]) == (3, [1, 2])


def test_a_log_without_cases_has_no_tree() -> None:
    with pytest.raises(ValueError, match="at least one case"):
        process_tree(traces())


@given(st.lists(st.text("ABCDE", min_size=1, max_size=7), min_size=1, max_size=6))
def test_every_case_fits_the_tree_of_its_log(cases: list[str]) -> None:
    tree = process_tree(traces(*cases))
    assert [c for c in cases if not accepts(tree, c)] == []


@given(st.permutations("ABCDE"))
def test_the_tree_of_one_variant_allows_nothing_else(word: list[str]) -> None:
    tree = process_tree(traces("".join(word)))
    assert accepts(tree, "".join(word))
    assert not accepts(tree, "".join(reversed(word)))
    assert not accepts(tree, "".join(word[:-1]))
