"""The shape of what the API gives and takes; the tables' and lists' rows are made from the nouns' declarations."""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args, get_type_hints

from ninja import Schema
from pydantic import AfterValidator, Field, create_model

from gemba.operation import TABLES, Objective, PlannedOrder, PlannedTask, Problem, Table
from gemba.operation.noun import Column

#: A key of the store. Larger numbers do not fit any database.
Id = Annotated[int, Field(ge=1, le=2**63 - 1)]


def _storable(text: str) -> str:
    if "\x00" in text or (not text.isascii() and any("\ud800" <= c <= "\udfff" for c in text)):
        raise ValueError("must be Unicode text without NUL")
    return text


#: Text to look for: a database refuses NUL and half characters.
Text = Annotated[str, Field(max_length=500), AfterValidator(_storable)]

_OF_KIND: dict[str, Any] = {
    "text": str, "number": float, "exact": float, "whole": int, "flag": bool, "duration": float, "moment": str,
    "local_moment": str,
    "clock": str,
}  # fmt: skip


def _of_column(column: Column) -> Any:
    hint = Literal[column.choices] if column.kind == "choice" else _OF_KIND[column.kind]
    if not column.required and column.default is None:
        hint = hint | None
    unit = f" ({column.unit})" if column.unit else ""
    return hint, Field(description=column.doc + unit)


def row_schema(table: Table) -> type[Schema]:
    """The schema of a noun's row, with the words of its declaration."""
    fields: dict[str, Any] = {column.name: _of_column(column) for column in table.columns}
    return create_model(f"{table.noun.__name__}Row", __base__=Schema, __doc__=table.doc, **fields)


#: The row of every table.
ROWS = {name: row_schema(table) for name, table in TABLES.items()}


class Page(Schema):
    """A page of a list: how many there are in all, and the rows of this page."""

    count: int
    page: int
    size: int


def page_of(row: type[Schema]) -> type[Schema]:
    """A page of rows of this schema."""
    return create_model(f"{row.__name__}Page", __base__=Page, rows=(list[row], ...))  # type: ignore[valid-type]


def _of_dataclass(cls: type[Any], moments: tuple[str, ...] = ("start", "end")) -> type[Schema]:
    """A list's row by its dataclass; moments are text here."""
    fields: dict[str, Any] = {}
    for name, hint in get_type_hints(cls).items():
        if name in moments:
            hint = str | None if type(None) in get_args(hint) else str
        fields[name] = (hint, ...)
    return create_model(f"{cls.__name__}Row", __base__=Schema, __doc__=cls.__doc__, **fields)


OrderRow, TaskRow, ProblemRow = (_of_dataclass(cls) for cls in (PlannedOrder, PlannedTask, Problem))

#: The objective's figures; what is infinite is null.
_FIGURES: dict[str, Any] = {n: (h | None if h is float else h, ...) for n, h in get_type_hints(Objective).items()}
Figures = create_model("Figures", __base__=Schema, __doc__=Objective.__doc__, gap=(float | None, ...), **_FIGURES)


class VersionRef(Schema):
    id: int
    version: int
    state: str


class OperationHead(Schema):
    """A stored version of an operation."""

    id: int
    name: str
    version: int
    state: Literal["draft", "current", "past", "stands"]
    source: str
    created_at: str
    created_by: str
    counts: dict[str, int]


class OperationDetail(OperationHead):
    settings: dict[str, Any]
    versions: list[VersionRef]
    latest_plan: int | None
    published_plan: int | None


class FieldChange(Schema):
    """A field of a row that an import changes, as text."""

    thing: str
    field: str
    before: str
    after: str


class TableChange(Schema):
    """What an import changes in a table; ``fields`` are the first of its changed fields."""

    table: str
    rows: int
    added: int
    removed: int
    changed: int
    examples: list[str]
    fields: list[FieldChange]


class Preview(Schema):
    """An import that waits to be confirmed; ``replaces`` is the version it would replace."""

    id: int
    name: str
    source: str
    replaces: int | None
    tables: list[TableChange]
    changes: bool


class JobRequest(Schema):
    """Which operation to plan (its name, for the current version), and how."""

    operation: Text
    seconds: float | None = Field(None, ge=0, le=86400)
    steps: int | None = Field(None, ge=1, le=10**12)
    seed: int = Field(0, ge=0, le=2**31 - 1)
    policy: Literal["on_time", "makespan", "least_cost", "least_stock"] = "on_time"


class JobDetail(Schema):
    """A job: its state, and while it runs how far it is."""

    id: int
    kind: str
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    operation: str
    dataset: int
    options: dict[str, Any]
    progress: dict[str, Any] | None
    error: str
    plan: int | None
    stopping: bool
    requested_by: str
    requested_at: str
    started_at: str | None
    finished_at: str | None


class PlanHead(Schema):
    """A stored plan: how it was made and how good it is."""

    id: int
    operation: str
    dataset: int
    dataset_state: str
    number: int
    state: Literal["proposed", "published", "replaced"]
    created_at: str
    created_by: str
    published_at: str | None
    published_by: str
    now: str
    policy: str
    seed: int
    seconds: float
    counts: dict[str, int]
    broken_rules: int
    objective: Figures  # type: ignore[valid-type]


class PlanDetail(PlanHead):
    violations: list[str]


class PublishRequest(Schema):
    """``though_older`` publishes a plan although the operation has changed since it was made."""

    though_older: bool = False


class DemandResult(Schema):
    """What a demand gets of the plan."""

    demand: str
    item: str
    place: str
    customer: str
    priority: int
    quantity: float
    due: str
    delivered: float
    late_quantity: float
    last: str | None
    lateness: int
    slack: int
    status: Literal["on time", "late", "short"]
    cause: str
    reason: str
    short: float


class WhyPart(Schema):
    cause: str
    subject: str
    seconds: int
    start: str
    end: str
    order: str
    step: str
    behind: list[str]


class Why(Schema):
    """Why a demand is late or short; the seconds of the parts add up to the lateness."""

    demand: str
    lateness: int
    short: float
    summary: str
    parts: list[WhyPart]
    chain: list[WhyPart]


class StockLevels(Schema):
    """Projected stock of an item at a place: moments, each with the level from then on."""

    item: str
    place: str
    safety_stock: float
    levels: list[tuple[str, float]]


class LoadRow(Schema):
    """Hours of work of a resource in a period, and the hours it is there."""

    resource: str
    start: str
    end: str
    hours: float
    available: float
    share: float | None


class BoardResource(Schema):
    name: str
    group: str
    place: str


class BoardTasks(Schema):
    """Columns of equal length; row and order are positions in resources and orders."""

    row: list[int]
    start: list[int]
    end: list[int]
    setup: list[int]
    status: list[int] = Field(description="0 normal, 1 firm, 2 thin slack, 3 late")
    order: list[int]
    step: list[str]


class BoardOrder(Schema):
    id: str
    item: str
    qty: float
    demand: str


class Board(Schema):
    """The schedule board; moments are seconds since 1970 UTC."""

    zone: str
    now: int
    t0: int
    t1: int
    resources: list[BoardResource]
    tasks: BoardTasks
    orders: list[BoardOrder]
    links: list[tuple[int, int]]
    closed: list[tuple[int, int, int]]


class AuditRow(Schema):
    """One change."""

    id: int
    at: str
    username: str
    action: str
    subject: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
