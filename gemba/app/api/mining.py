"""Process mining: the map of the work, variants, waiting, hand-overs and conformance, of the own or an uploaded log."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from gemba.app.api.answers import ERRORS, answer
from gemba.app.api.schemas import Text
from gemba.app.queries import mining as queries
from gemba.app.security.permission import require
from gemba.app.security.scope import places_of
from gemba.app.store.operations import find

router = Router(tags=["process mining"])


class OfMap(Schema):
    """Whose work; ``source`` is the number of a log that you uploaded, 0 the operation's own records."""

    operation: Text
    source: int = Field(0, ge=0, le=2**63 - 1)
    process: Text = Field("", description="Of the own records: only this process; and what the log is compared with")
    place: Text = ""
    item: Text = ""
    days: int = Field(queries.USUAL_DAYS, ge=0, le=36500, description="Orders released in the last days; 0 is all")
    activities: float = Field(1.0, ge=0, le=1, description="Share of the activities shown, the most frequent first")
    arcs: float = Field(1.0, ge=0, le=1)
    by: Literal["resource", "group"] = "resource"


@router.get("/process-map", response={200: dict[str, Any], **ERRORS}, summary="How work really goes")
def process_map(request: HttpRequest, of: Query[OfMap]) -> Any:
    """Map, variants, throughput times, bottlenecks, rework, hand-overs and conformance; times in seconds."""
    require(request.user, "see_operations")
    name = find(of.operation).name
    if of.source:
        chosen = queries.uploaded_log(request.user, of.source)
    else:
        wanted = queries.Filter(of.process, of.place, of.item, of.days)
        chosen = queries.own_log(name, wanted, places_of(request.user, name))
    fit = queries.conformance(chosen.log, name, of.process)
    return answer({
        "log": {"title": chosen.title, "cases": len(chosen.log.case.names), "rows": len(chosen.log),
                "left_out": chosen.left_out, "faults": list(chosen.faults), "doubts": list(chosen.doubts)},
        "map": queries.flow(chosen.log, of.activities, of.arcs), "variants": queries.variant_rows(chosen.log, fit),
        "throughput": queries.throughput(chosen.log), "bottlenecks": queries.bottlenecks(chosen.log),
        "rework": queries.rework(chosen.log), "hand_overs": queries.hand_overs(chosen.log, of.by),
        "conformance": {
            "process": fit.process, "fitness": fit.fitness, "mean_fitness": fit.mean_fitness, "fitting": fit.fitting,
            "conforming": fit.conforming, "deviations": queries.deviation_rows(fit),
        } if fit else None,
    })  # fmt: skip
