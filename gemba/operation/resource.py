"""Resources: the people, equipment, rooms, tools and vehicles that do the work, and what they can do."""

from __future__ import annotations

from datetime import datetime

from gemba.operation.noun import Noun, between, choice, duration, moment, noun, number, text, whole

RESOURCE_KINDS = ("equipment", "person", "room", "tool", "vehicle")


@noun("setup_matrices", "name")
class SetupMatrix(Noun):
    """A table of change-over times between set-up families."""

    name: str = text("Unique name of the matrix", example="Colours")


@noun("setup_changes", "matrix", "before", "after")
class SetupChange(Noun):
    """Time and cost to change a resource from one set-up family to another."""

    matrix: str = text("The matrix it belongs to", refers_to="setup_matrices", example="Colours")
    before: str = text("Set-up family before; * for any, blank for none yet", default="*", example="white")
    after: str = text("Set-up family after; * for any", default="*", example="black")
    time: float = duration("Time the change takes", example="30 min")
    cost: float = number("Cost of the change, in the operation's currency", default=0.0, low=0, example=0)
    priority: int = whole("Where several rows fit the lowest number wins; then the more specific", default=0, example=0)


@noun("resources", "name")
class Resource(Noun):
    """A person, machine, room, tool or vehicle with limited capacity, or a group of them."""

    name: str = text("Unique name of the resource", example="Saw 1")
    kind: str = choice("What it is", RESOURCE_KINDS, default="equipment", example="equipment")
    place: str = text("Where it is", default="", refers_to="places", example="Plant North")
    group: str = text(
        "The group (a resource too) whose members can stand in for each other",
        default="",
        refers_to="resources",
        example="",
    )
    capacity: float = number(
        "How much work it can do at once, in units of it; 0 means none", default=1.0, low=0, example=1
    )
    capacity_calendar: str = text(
        "Calendar of its capacity where that changes; replaces capacity", default="", refers_to="calendars", example=""
    )
    calendar: str = text(
        "Its working hours; work pauses while it is closed; blank means always open",
        default="",
        refers_to="calendars",
        example="Two shifts",
    )
    efficiency: float = number(
        "Speed against standard: 1 is standard, 0.8 takes 1/0.8 of the time", default=1.0, above=0, high=100, example=1
    )
    efficiency_calendar: str = text(
        "Calendar of its efficiency where that changes; replaces efficiency",
        default="",
        refers_to="calendars",
        example="",
    )
    cost_per_hour: float = number("Cost of an hour of work", default=0.0, low=0, unit="currency/h", example=45)
    setup_matrix: str = text("Its change-over times", default="", refers_to="setup_matrices", example="")
    setup: str = text("Set-up family it has now", default="", example="")
    limited: str = choice(
        "Whether its capacity limits the plan: finite, or infinite (load is only shown)",
        ("finite", "infinite"),
        default="finite",
        example="finite",
    )
    bucket: str = choice(
        "Blank: capacity at every moment; day, week, month: hours of work that may start in that period; calendar: "
        "units that may start in each period of its capacity_calendar",
        ("", "day", "week", "month", "calendar"),
        default="",
        example="",
    )
    maximum_early: float | None = duration(
        "Longest it may work ahead of need; blank means any", default=None, example=None
    )


@noun("skills", "name")
class Skill(Noun):
    """An ability, licence or qualification that a step may ask for."""

    name: str = text("Unique name of the skill", example="Welding")


@noun("resource_skills", "resource", "skill", "start")
class ResourceSkill(Noun):
    """A resource has a skill, at a level, from and until a date."""

    resource: str = text("Who has it", refers_to="resources", example="Welder 1")
    skill: str = text("What they can do", refers_to="skills", example="Welding")
    level: int = whole("Level reached, higher is better", default=1, low=0, example=2)
    priority: int = whole("Who is asked first: the lowest number", default=1, low=0, example=1)
    start: datetime | None = moment("Held from; blank means always", default=None, example=None)
    end: datetime | None = moment("Expires at; blank means never", default=None, example=None)

    def rules(self) -> list[tuple[str, str]]:
        return [] if between(self.start, self.end) else [("end", "later than start")]
