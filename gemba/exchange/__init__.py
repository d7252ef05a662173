"""Exchange with files and other systems: reading operations, writing operations and plans."""

from gemba.exchange.assemble import operation_from_rows
from gemba.exchange.folder import write_folder
from gemba.exchange.read import read

__all__ = ["operation_from_rows", "read", "write_folder"]
