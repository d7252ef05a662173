"""Process mining: from an event log to how the work really goes. Pure functions on columns, results as dataclasses."""

from gemba.measure.mining.arrivals import Arrivals, arrivals, arrivals_at
from gemba.measure.mining.between import Between, between
from gemba.measure.mining.bottlenecks import Bottleneck, activity_bottlenecks, arc_bottlenecks
from gemba.measure.mining.conformance import CaseFit, Conformance, Deviation, Finding, conformance
from gemba.measure.mining.expected import Expected, expected, expected_of
from gemba.measure.mining.flow import ActivityFigures, Arc, FlowMap, flow_map
from gemba.measure.mining.fold import Folding, Transitions, fold
from gemba.measure.mining.labels import MISSING, Labels
from gemba.measure.mining.log import EventLog, event_log
from gemba.measure.mining.people import HandOver, HandOvers, Workload, hand_overs, names_per_case, overlaps, workload
from gemba.measure.mining.propose import Proposal, proposed
from gemba.measure.mining.recorded import Recorded, recorded
from gemba.measure.mining.simplify import simplified
from gemba.measure.mining.spread import Spread, spread, spreads
from gemba.measure.mining.variants import (
    Rework,
    Throughput,
    Variant,
    Variants,
    rework,
    throughput,
    throughput_times,
    variants,
)

__all__ = [
    "MISSING", "ActivityFigures", "Arc", "Arrivals", "Between", "Bottleneck", "CaseFit", "Conformance",
    "Deviation", "EventLog", "Expected", "Finding", "FlowMap", "Folding", "HandOver", "HandOvers", "Labels",
    "Proposal", "Recorded", "Rework", "Spread", "Throughput", "Transitions", "Tree", "Variant", "Variants", "Workload",
    "activity_bottlenecks", "arc_bottlenecks", "arrivals", "arrivals_at", "between", "conformance", "event_log",
    "expected", "expected_of", "flow_map", "fold", "hand_overs", "names_per_case", "overlaps", "process_tree",
    "proposed", "recorded", "rework", "simplified", "spread", "spreads", "throughput", "throughput_times", "variants",
    "workload",
]  # fmt: skip
