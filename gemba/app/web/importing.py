"""Import: upload, see what would change or every fault, confirm. Nothing is stored as current before that."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from gemba import demonstrations
from gemba.app import actions
from gemba.app.queries.imports import import_preview
from gemba.app.store.models import DRAFT, Dataset
from gemba.app.store.operations import NotFoundError
from gemba.app.web.sheets import XLSX
from gemba.app.web.shell import Shell
from gemba.exchange import write_template
from gemba.operation import Fault, OperationError

FAULTS_SHOWN = 500


def _importer(view: Any) -> Any:
    return login_required(permission_required("store.import_operation", raise_exception=True)(view))


@_importer
def upload(request: HttpRequest) -> HttpResponse:
    """The form; after an upload the faults, or the way to the preview."""
    if request.method != "POST":
        return _page(request)
    files = request.FILES.getlist("file")
    name = ", ".join(file.name for file in files)
    try:
        operation, source = actions.read_upload(request.user, files)
        draft = actions.preview_import(request.user, operation, source)
    except OperationError as error:
        return _faulty(request, error.faults, name)
    except actions.RefusedError as refused:
        messages.error(request, str(refused), extra_tags="late")
        return _page(request, status=422)
    return redirect("web:preview", draft.pk)


def _faulty(request: HttpRequest, faults: tuple[Fault, ...], name: str) -> HttpResponse:
    shown = faults[:FAULTS_SHOWN]
    return _page(request, status=422, faults=shown, fault_count=len(faults), file_name=name or "the file")


@_importer
def preview(request: HttpRequest, draft: int) -> HttpResponse:
    """What the import would change, table by table."""
    found = Dataset.objects.filter(pk=draft, state=DRAFT).first()
    if found is None:
        messages.error(request, "This preview is gone: it was confirmed, discarded, or is older than a day.")
        return redirect("web:import")
    return _page(request, preview=_described(found))


def _described(draft: Dataset) -> dict[str, Any]:
    changes = import_preview(draft.pk)
    return {
        **changes,
        "source": draft.source or "The file",
        "confirm_url": reverse("web:confirm", args=[draft.pk]),
        "discard_url": reverse("web:discard", args=[draft.pk]),
    }


@_importer
@require_POST
def confirm(request: HttpRequest, draft: int) -> HttpResponse:
    try:
        dataset = actions.confirm_import(request.user, draft)
    except (NotFoundError, actions.RefusedError) as refused:
        messages.error(request, str(refused), extra_tags="late")
        return redirect("web:import")
    messages.success(request, f"{dataset.name} is imported. Make a plan of it now.", extra_tags="good")
    return redirect("web:plans", dataset.name)


@_importer
@require_POST
def discard(request: HttpRequest, draft: int) -> HttpResponse:
    with suppress(NotFoundError):  # it is gone already, as wished
        actions.discard_import(request.user, draft)
    return redirect("web:import")


@_importer
@require_POST
def demonstration(request: HttpRequest) -> HttpResponse:
    """Take over one of the demonstrations as an operation."""
    name = request.POST.get("name", "")
    if name not in demonstrations.names():
        raise Http404(f"there is no demonstration {name}")
    dataset = actions.import_demonstration(request.user, name)
    messages.success(request, f"{dataset.name} is here. Make a plan of it now.", extra_tags="good")
    return redirect("web:plans", dataset.name)


@login_required
def template(request: HttpRequest) -> HttpResponse:
    """The empty workbook to fill in."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "gemba-template.xlsx"
        write_template(path)
        answer = HttpResponse(path.read_bytes(), content_type=XLSX)
    answer["Content-Disposition"] = 'attachment; filename="gemba-template.xlsx"'
    return answer


def _page(request: HttpRequest, status: int = 200, **context: Any) -> HttpResponse:
    shell = Shell(request, "import")
    answer = shell.page("import.html", template_url=reverse("web:template"), **{"faults": None, **context})
    answer.status_code = status
    return answer
