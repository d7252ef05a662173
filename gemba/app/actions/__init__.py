"""What changes the store: one function for each change. Permission, rule, write and audit row, in one transaction.

Pages, API and commands all call these; nothing else writes, but for the jobs, which keep their own state.
"""

from gemba.app.actions.accounts import create_token, create_user, revoke_token
from gemba.app.actions.imports import (
    confirm_import,
    discard_import,
    import_demonstration,
    import_operation,
    preview_import,
    read_upload,
)
from gemba.app.actions.jobs import cancel_job, request_plan, stop_job
from gemba.app.actions.operations import delete_operation
from gemba.app.actions.plans import delete_plan, publish_plan
from gemba.app.actions.refused import RefusedError

__all__ = [
    "RefusedError", "cancel_job", "confirm_import", "create_token", "create_user", "delete_operation", "delete_plan",
    "discard_import", "import_demonstration", "import_operation", "preview_import", "publish_plan", "read_upload", "request_plan",
    "revoke_token", "stop_job",
]  # fmt: skip
