"""Safety: documents, checklists, and who knows what. Start with ``documents.py``."""

from gemba.execute.safety.documents import (
    acknowledgements,
    applies,
    check_lines,
    invalid_documents,
    missing_acknowledgements,
    subject_of,
    valid,
)

__all__ = [
    "acknowledgements", "applies", "check_lines", "invalid_documents", "missing_acknowledgements", "subject_of", "valid",
]  # fmt: skip
