"""Exchange with files and other systems: reading operations, writing operations and plans."""

from gemba.exchange.assemble import operation_from_rows
from gemba.exchange.folder import write_folder
from gemba.exchange.plan_json import plan_document, write_plan_json
from gemba.exchange.plan_workbook import write_plan_workbook
from gemba.exchange.read import read
from gemba.exchange.summary import summary
from gemba.exchange.workbook_out import write_template, write_workbook

__all__ = [
    "operation_from_rows", "plan_document", "read", "summary", "write_folder", "write_plan_json", "write_plan_workbook",
    "write_template", "write_workbook",
]  # fmt: skip
