"""Records (what happened) in and out of files: read in chunks, checked against themselves and the operation, written."""

from gemba.exchange.records.doubts import doubts, doubts_between
from gemba.exchange.records.faults import contradictions
from gemba.exchange.records.reading import Reading, read_chunks, read_records
from gemba.exchange.records.rows import Chunk, chunks_from_rows
from gemba.exchange.records.writing import write_records_folder, write_records_template, write_records_workbook

__all__ = [
    "Chunk", "Reading", "chunks_from_rows", "contradictions", "doubts", "doubts_between", "read_chunks", "read_records",
    "write_records_folder", "write_records_template", "write_records_workbook",
]  # fmt: skip
