"""Safety, compliance and waste: documents people must know, who is called for help, and where waste goes."""

from __future__ import annotations

from datetime import datetime

from gemba.operation.noun import Noun, between, choice, duration, flag, moment, noun, number, text

DOCUMENT_KINDS = ("procedure", "instruction", "checklist", "permit", "certificate", "policy", "drawing")
CALL_ROLES = ("supervisor", "planner", "operations_manager", "general_manager")


@noun("documents", "name", "version")
class Document(Noun):
    """A procedure, checklist, permit or certificate, in a version that is valid for a time."""

    name: str = text("Name of the document", example="Working at the saw")
    version: str = text("Version", default="1", example="1")
    kind: str = choice("What it is", DOCUMENT_KINDS, default="procedure", example="procedure")
    place: str = text("Where it applies; blank means everywhere", default="", refers_to="places", example="")
    resource: str = text("The resource it is for", default="", refers_to="resources", example="Saw 1")
    process: str = text("The process it is for", default="", refers_to="processes", example="")
    step: str = text(
        "The step of that process; without a process, the step of this name of any", default="", example=""
    )
    item: str = text("The item it is for", default="", refers_to="items", example="")
    acknowledged: bool = flag("Whether people must confirm that they know it before they work", default=False)
    required: bool = flag("Whether work may only be released while it is valid", default=False)
    start: datetime | None = moment("Valid from; blank means always", default=None, example=None)
    end: datetime | None = moment("Expires at; blank means never", default=None, example=None)
    text: str = text("What it says; of a checklist each line is a check", default="", example="Guard closed")

    def rules(self) -> list[tuple[str, str]]:
        return [] if between(self.start, self.end) else [("end", "later than start")]


@noun("call_kinds", "name")
class CallKind(Noun):
    """A kind of call for help (andon): who is called first, and who next when nobody comes."""

    name: str = text("Unique name, as on the button", example="Material missing")
    place: str = text("Where it is offered; blank means everywhere", default="", refers_to="places", example="")
    first: str = choice("Role that is called first", CALL_ROLES, default="supervisor", example="supervisor")
    minutes: float = duration("Time after which the next role is called too", default=600.0, example="10 min")
    next: str = choice(
        "Role that is called then; blank means nobody",
        ("", *CALL_ROLES),
        default="operations_manager",
        example="planner",
    )
    stops: bool = flag("Whether the resource is down until the call is closed", default=False)


@noun("waste_streams", "name")
class WasteStream(Noun):
    """A kind of waste: its code, what its disposal costs and where it goes."""

    name: str = text("Unique name of the stream", example="Sawdust")
    code: str = text("Code of the waste catalogue (EWC), such as 03 01 05", default="", example="03 01 05")
    unit: str = text("Unit of its quantity", default="kg", example="kg")
    cost: float = number(
        "Cost of disposing of a unit; negative where it is sold", default=0.0, unit="currency", example=0.1
    )
    destination: str = choice(
        "Where it goes",
        ("reuse", "recycling", "energy recovery", "landfill", "incineration", "treatment"),
        default="recycling",
        example="energy recovery",
    )
    hazardous: bool = flag("Whether it is hazardous", default=False, example=False)
