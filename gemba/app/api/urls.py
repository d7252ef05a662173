"""The API itself: its routers, errors and OpenAPI document (/api/v1/openapi.json)."""

from __future__ import annotations

from ninja import NinjaAPI

from gemba.app.api import (
    audit,
    calls,
    concerns,
    costs,
    errors,
    jobs,
    kpis,
    learning,
    ledger,
    maintenance,
    mining,
    operations,
    plans,
    quality,
    records,
    safety,
    targets,
    work,
)
from gemba.app.api.answers import Renderer
from gemba.app.api.auth import AUTH

api = NinjaAPI(
    title="Gemba",
    version="1",
    description=__doc__,
    auth=AUTH,
    renderer=Renderer(),
    docs_url=None,  # its page would load scripts from elsewhere
    openapi_url="/openapi.json",
    urls_namespace="api",
)
errors.register(api)
for _router in (
    operations.router,
    jobs.router,
    plans.router,
    audit.router,
    concerns.router,
    work.router,
    calls.router,
    ledger.router,
    learning.router,
    mining.router,
    costs.router,
    kpis.router,
    targets.router,
    maintenance.router,
    safety.router,
    records.router,
    quality.router,
):
    api.add_router("", _router)
