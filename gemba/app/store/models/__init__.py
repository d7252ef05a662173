"""Every table of the store."""

from gemba.app.store.models.access import ApiToken, PlaceScope, SignInAttempt
from gemba.app.store.models.audit import Audit
from gemba.app.store.models.dataset import CURRENT, DRAFT, PAST, Dataset
from gemba.app.store.models.job import Job
from gemba.app.store.models.nouns import MODELS
from gemba.app.store.models.plan import PLAN_TABLES, PlanVersion

__all__ = [
    "CURRENT", "DRAFT", "MODELS", "PAST", "PLAN_TABLES", "ApiToken", "Audit", "Dataset", "Job", "PlaceScope",
    "PlanVersion", "SignInAttempt",
]  # fmt: skip
