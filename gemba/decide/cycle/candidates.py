"""Who can do what a step asks for: the one resource that it names, the members of a group, or all who have a skill."""

from __future__ import annotations

from collections import defaultdict

from gemba.operation import Operation, StepResource


class Candidates:
    """The resources that can serve a need, at some time at least."""

    def __init__(self, operation: Operation) -> None:
        children: dict[str, list[str]] = defaultdict(list)
        for r in operation.resources:
            if r.group:
                children[r.group].append(r.name)
        self._children = children
        self._skilled: dict[str, set[str]] = defaultdict(set)
        self._levels: dict[tuple[str, str], int] = {}
        for s in operation.resource_skills:
            self._skilled[s.skill].add(s.resource)
            key = (s.resource, s.skill)
            self._levels[key] = max(s.level, self._levels.get(key, 0))
        self._groups: dict[str, set[str]] = {}
        self._able: dict[tuple[str, str, int], frozenset[str]] = {}

    def members(self, group: str) -> set[str]:
        """The resources of a group, groups in it opened up; a resource that is none stands for itself."""
        if group not in self._children:
            return {group}
        if group not in self._groups:
            self._groups[group] = set[str]().union(*(self.members(c) for c in self._children[group]))
        return self._groups[group]

    def able(self, need: StepResource) -> frozenset[str]:
        """Resources of the group (all where none is named) that have the skill at its level."""
        key = (need.resource, need.skill, need.level)
        if key not in self._able:
            self._able[key] = frozenset(self._find(need))
        return self._able[key]

    def _find(self, need: StepResource) -> set[str]:
        if not need.skill:
            return self.members(need.resource)
        skilled = {r for r in self._skilled[need.skill] if self._levels[r, need.skill] >= need.level}
        return skilled & self.members(need.resource) if need.resource else skilled

    def pooled(self, need: StepResource) -> bool:
        """Whether any member of several will do."""
        return not need.resource or need.resource in self._children
