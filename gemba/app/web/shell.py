"""The frame of every page: which operation and plan are seen, and where one can go from here."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, wraps
from types import SimpleNamespace
from typing import Any

from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from gemba import demonstrations
from gemba.app.queries.calls import calls_for
from gemba.app.queries.targets import attention
from gemba.app.security.scope import Scope, places_of
from gemba.app.store.models import CURRENT, MODELS, Dataset, PlanVersion
from gemba.app.store.models.plan import PUBLISHED
from gemba.app.web.addresses import Addresses, twin
from gemba.app.web.formats import age, length
from gemba.app.web.seen import THIN, Seen, seen

SCREENS = {
    "Plan": (
        ("cockpit", "Cockpit"),
        ("board", "Schedule board"),
        ("orders", "Orders"),
        ("stock", "Projected stock"),
        ("capacity", "Capacity"),
        ("problems", "Problems"),
        ("plans", "Plans"),
    ),
    "Run": (
        ("dispatch", "Dispatch list"),
        ("work_orders", "Released orders"),
        ("terminal", "Shop-floor terminal"),
        ("concerns", "Concerns"),
        ("on_hand", "Stock on hand"),
        ("counting", "Counting"),
    ),
    "Quality": (
        ("inspections", "Inspections due"),
        ("control_charts", "Control charts"),
        ("quality_yield", "Yield and defects"),
        ("gauge_studies", "Gauge studies"),
    ),
    "Maintenance": (("assets", "Assets"), ("due_work", "Due work"), ("downtime", "Downtime")),
    "Safety": (("incidents", "Incidents"), ("documents", "Documents"), ("waste_energy", "Waste and energy")),
    "Measure": (
        ("kpis", "KPIs"),
        ("targets", "Targets"),
        ("costs", "Cost"),
        ("profit", "Profit and loss"),
        ("process_map", "Process map"),
        ("learning", "Learning"),
    ),
}

#: Permissions that screens need beside seeing the operation: they are not offered to whoever lacks them.
NEEDS = {"costs": "see_cost", "profit": "see_cost"}


class Shell:
    """What the base template shows around a page."""

    thin, thin_text = THIN, length(THIN)

    def __init__(self, request: HttpRequest, current: str, operation: str = "") -> None:
        self.request, self.current = request, current
        self.names = list(Dataset.objects.filter(state=CURRENT).order_by("name").values_list("name", flat=True))
        operation = operation or request.session.get("operation", "")
        # None where there is none; a view of a plan is only called with one
        self.dataset: Any = Dataset.objects.filter(name=operation, state=CURRENT).first() if operation else None
        self.version: Any
        self.version, self.chosen = self._version(request.GET.get("plan", "")) if self.dataset else (None, False)
        self.twin = ""

    def _version(self, number: str) -> tuple[PlanVersion | None, bool]:
        """The plan the address asks for, else the published one, else the latest; and whether it was asked for."""
        plans = PlanVersion.objects.filter(operation=self.dataset.name).order_by("-number")
        if number.isdigit():
            found = plans.filter(number=int(number)).first()
            if found is None:
                raise Http404(f"{self.dataset.name} has no plan {number}")
            return found, True
        return plans.filter(state=PUBLISHED).first() or plans.first(), False

    @cached_property
    def to(self) -> Addresses:
        return Addresses(self.dataset.name, self.version.number if self.version and self.chosen else None)

    def json(self, what: str, *names: str, **query: Any) -> None:
        """Say which answer of the API is this page's twin."""
        self.twin = twin(what, self.version.pk, *names, **query)

    @property
    def seen(self) -> Seen:
        assert self.version is not None
        return seen(self.version.pk, self.scope)

    @cached_property
    def scope(self) -> Scope:
        """The places the person is kept to in this operation; None is no limit."""
        return places_of(self.request.user, self.dataset.name) if self.dataset else None

    @cached_property
    def operation(self) -> Any:
        """Name and planning moment of what is seen: the plan's version of the operation, else the current one."""
        if self.dataset is None:
            return None
        of = self.version.dataset_id if self.version else self.dataset.pk
        found = MODELS["settings"].objects.filter(dataset_id=of).values("name", "now", "zone", "currency").first()
        return SimpleNamespace(**found) if found else None

    @cached_property
    def zone(self) -> str:
        found = self.operation
        return found.zone if found else ""

    @cached_property
    def plan(self) -> Any:
        version = self.version
        if version is None:
            return None
        title = f"Plan {version.number}, {version.state}, made {age(version.created_at)}"
        return SimpleNamespace(number=version.number, state=version.state, title=title)

    @cached_property
    def operations(self) -> list[dict[str, Any]]:
        chosen = self.dataset.name if self.dataset else ""
        return [{"name": n, "url": Addresses(n).to("cockpit"), "current": n == chosen} for n in self.names]

    @cached_property
    def demonstrations(self) -> list[str]:
        return demonstrations.names() if self.request.user.has_perm("store.import_operation") else []

    @cached_property
    def urls(self) -> dict[str, str]:
        own = {"import": reverse("web:import"), "demonstration": reverse("web:demonstration")}
        if self.dataset is None:
            return own
        names = [name for screens in SCREENS.values() for name, _ in screens]
        return {**own, **{name: self.to.to(name) for name in (*names, "search", "release")}}

    @cached_property
    def calls(self) -> list[Any]:
        """Calls for help that call this user now."""
        return calls_for(self.dataset.name, self.request.user) if self.dataset else []

    @cached_property
    def attention(self) -> int:
        """Targets off track that this user must know of."""
        return attention(self.dataset.name, self.request.user) if self.dataset else 0

    @cached_property
    def nav(self) -> list[dict[str, Any]]:
        sections = []
        if self.dataset:
            may = self.request.user.has_perm
            offered = {
                n: [s for s in of if s[0] not in NEEDS or may(f"store.{NEEDS[s[0]]}")] for n, of in SCREENS.items()
            }
            sections = [{"name": name, "links": [self._link(*s) for s in of]} for name, of in offered.items() if of]
        return [*sections, {"name": "Set up", "links": self._set_up()}]

    def _set_up(self) -> list[dict[str, Any]]:
        """What is not of one operation."""
        screens = [("import", "Import"), ("account", "Account")]
        if self.request.user.has_perm("store.see_audit"):
            screens.insert(1, ("audit", "Audit trail"))
        return [{"name": name, "url": reverse(f"web:{s}"), "current": self.current == s} for s, name in screens]

    def _link(self, screen: str, name: str) -> dict[str, Any]:
        version, counts = self.version, {"targets": self.attention if screen == "targets" else 0}
        if version is not None:
            counts |= {"orders": version.late + version.short, "problems": version.counts.get("problems", 0)}
        words = {"orders": "late or short", "problems": "open", "targets": "off track"}.get(screen, "")
        return {
            "name": name,
            "url": self.to.to(screen),
            "current": self.current == screen,
            "count": counts.get(screen),
            "counted": words,
        }

    def page(self, template: str, **context: Any) -> HttpResponse:
        return render(self.request, f"web/{template}", {"shell": self, **context})


View = Callable[..., HttpResponse]


def screen(current: str, heading: str = "", *, may: str = "see_operations") -> Callable[[View], View]:
    """A view of an operation: who is not signed in signs in first; with a ``heading`` it needs a plan to show."""

    def wrap(view: View) -> View:
        @login_required
        @permission_required(f"store.{may}", raise_exception=True)
        @wraps(view)
        def shown(request: HttpRequest, operation: str, *args: Any, **names: Any) -> HttpResponse:
            shell = Shell(request, current, operation)
            if shell.dataset is None:
                raise Http404(f"there is no operation {operation}")
            if heading and shell.version is None:
                return shell.page("need_plan.html", heading=heading)
            request.session["operation"] = operation
            return view(request, shell, *args, **names)

        return shown

    return wrap
