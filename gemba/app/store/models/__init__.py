"""Every table of the store."""

from gemba.app.store.models.access import ApiToken, PlaceScope, SignInAttempt
from gemba.app.store.models.audit import Audit
from gemba.app.store.models.clock import OperationClock
from gemba.app.store.models.dataset import CURRENT, DRAFT, PAST, STANDS, Dataset
from gemba.app.store.models.event_log import UploadedLog
from gemba.app.store.models.job import Job
from gemba.app.store.models.ledger import StockBalance, StockCheckpoint
from gemba.app.store.models.nouns import MODELS
from gemba.app.store.models.plan import PLAN_TABLES, PlanVersion
from gemba.app.store.models.records import RECORD_MODELS
from gemba.app.store.models.state import OrderState, TaskState

__all__ = [
    "CURRENT", "DRAFT", "MODELS", "PAST", "PLAN_TABLES", "RECORD_MODELS", "STANDS", "ApiToken", "Audit", "Dataset", "Job",
    "OperationClock", "OrderState", "PlaceScope", "PlanVersion", "SignInAttempt", "StockBalance",
    "StockCheckpoint", "TaskState", "UploadedLog",
]  # fmt: skip
