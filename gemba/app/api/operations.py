"""Operations, their tables, and importing them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import File, Form, Query, Router, Status
from ninja.files import UploadedFile

from gemba.app import actions
from gemba.app.api.answers import ERRORS, answer
from gemba.app.api.paging import Listing, UploadForm
from gemba.app.api.schemas import ROWS, Id, OperationDetail, OperationHead, Preview, page_of
from gemba.app.queries import imports, operations
from gemba.app.security.permission import require
from gemba.operation import TABLES

router = Router(tags=["operations"])


@router.get("/operations", response={200: list[OperationHead], **ERRORS}, summary="The operations there are")
def list_operations(request: HttpRequest) -> Any:
    require(request.user, "see_operations")
    return operations.operations()


@router.get("/operations/{dataset_id}", response={200: OperationDetail, **ERRORS}, summary="A version of an operation")
def operation(request: HttpRequest, dataset_id: Id) -> Any:
    require(request.user, "see_operations")
    return operations.operation(dataset_id)


@router.delete("/operations/{dataset_id}", response={204: None, **ERRORS}, summary="Delete it with versions and plans")
def delete_operation(request: HttpRequest, dataset_id: Id) -> Any:
    require(request.user, "delete_operation")
    actions.delete_operation(request.user, operations.operation(dataset_id)["name"])
    return Status(204, None)


def _table_view(name: str) -> Any:
    def table(request: HttpRequest, dataset_id: Id, listing: Query[Listing]) -> Any:
        require(request.user, "see_operations")
        return answer(operations.table(dataset_id, name, **listing.how()))

    table.__name__ = f"table_{name}"
    return table


for _name in TABLES:
    router.get(
        f"/operations/{{dataset_id}}/tables/{_name}",
        response={200: page_of(ROWS[_name]), **ERRORS},
        summary=f"Rows of the table {_name}",
        operation_id=f"table_{_name}",
    )(_table_view(_name))


@router.post("/imports", response={201: Preview, **ERRORS}, summary="Upload files; nothing changes until confirmed")
def upload(request: HttpRequest, files: File[list[UploadedFile]], how: Form[UploadForm]) -> Any:
    found, source = actions.read_upload(request.user, files)
    return Status(201, imports.import_preview(actions.preview_import(request.user, found, source, name=how.name).pk))


@router.get("/imports/{draft_id}", response={200: Preview, **ERRORS}, summary="What an import would change")
def preview(request: HttpRequest, draft_id: Id) -> Any:
    require(request.user, "import_operation")
    return imports.import_preview(draft_id)


@router.post("/imports/{draft_id}/confirm", response={200: OperationDetail, **ERRORS}, summary="Take an import over")
def confirm(request: HttpRequest, draft_id: Id) -> Any:
    return operations.operation(actions.confirm_import(request.user, draft_id).pk)


@router.delete("/imports/{draft_id}", response={204: None, **ERRORS}, summary="Throw an import away")
def discard(request: HttpRequest, draft_id: Id) -> Any:
    actions.discard_import(request.user, draft_id)
    return Status(204, None)
