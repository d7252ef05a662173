"""Files that are damaged, hostile, or something else than they seem."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.exchange.broken.build import Case, Make, case, file, file_in_folder, good, with_cell, write_xlsx, xlsx

MEGABYTE = 1_000_000


def error_cell(book: Any, sheets: dict[str, Any]) -> None:
    sheets["items"].write_formula(1, 2, "=1/0", None, "#DIV/0!")


def broken_reference(book: Any, sheets: dict[str, Any]) -> None:
    sheets["demands"].write_formula(1, 1, "=#REF!", None, "#REF!")


def formula_without_value(book: Any, sheets: dict[str, Any]) -> None:
    sheets["demands"].write_formula(1, 3, "=5*2", None, "")


def merged(book: Any, sheets: dict[str, Any]) -> None:
    sheets["items"].merge_range(1, 0, 2, 0, "Chair")


def far_away(book: Any, sheets: dict[str, Any]) -> None:
    sheets["items"].write(1_048_575, 16_383, "lost")


def empty_book(tmp: Path) -> Path:
    return write_xlsx(tmp / "shop.xlsx", {"Sheet1": []})


def changed_part(change: Callable[[str, bytes], bytes]) -> Make:
    """A right workbook, one of whose parts is changed by ``change(name, content)``."""

    def make(tmp: Path) -> Path:
        right = zipfile.ZipFile(write_xlsx(tmp / "right.xlsx", good()))
        with zipfile.ZipFile(tmp / "shop.xlsx", "w", zipfile.ZIP_DEFLATED) as package:
            for name in right.namelist():
                package.writestr(name, change(name, right.read(name)))
        return tmp / "shop.xlsx"

    return make


def zip_bomb(tmp: Path) -> Path:
    """A gigabyte of blanks in a megabyte."""
    write_xlsx(tmp / "shop.xlsx", good())
    with (
        zipfile.ZipFile(tmp / "shop.xlsx", "a", zipfile.ZIP_DEFLATED) as package,
        package.open("xl/more.xml", "w") as part,
    ):
        for _ in range(1000):
            part.write(b" " * MEGABYTE)
    return tmp / "shop.xlsx"


def dense_zip(tmp: Path) -> Path:
    """Not too large, but packed a thousand times."""
    write_xlsx(tmp / "shop.xlsx", good())
    with zipfile.ZipFile(tmp / "shop.xlsx", "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/more.xml", b" " * (60 * MEGABYTE))
    return tmp / "shop.xlsx"


def lying_zip(tmp: Path) -> Path:
    """A part that declares a hundred bytes and unpacks to three megabytes."""
    write_xlsx(tmp / "shop.xlsx", good())
    true, said = b" " * 3_000_001, b" " * 100
    with zipfile.ZipFile(tmp / "shop.xlsx", "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/more.xml", true)
    content = (tmp / "shop.xlsx").read_bytes()
    for value in (len(true), zlib.crc32(true)):
        assert content.count(struct.pack("<I", value)) == 2
    content = content.replace(struct.pack("<I", len(true)), struct.pack("<I", len(said)))
    content = content.replace(struct.pack("<I", zlib.crc32(true)), struct.pack("<I", zlib.crc32(said)))
    (tmp / "shop.xlsx").write_bytes(content)
    return tmp / "shop.xlsx"


def other_zip(tmp: Path) -> Path:
    with zipfile.ZipFile(tmp / "shop.xlsx", "w") as package:
        package.writestr("word/document.xml", "<document/>")
    return tmp / "shop.xlsx"


def cut_short(tmp: Path) -> Path:
    path = write_xlsx(tmp / "shop.xlsx", good())
    path.write_bytes(path.read_bytes()[:-400])
    return path


def entities(name: str, content: bytes) -> bytes:
    bomb = b'<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    return content.replace(b"?>", b"?>" + bomb, 1) if name == "xl/workbook.xml" else content


def no_xml(name: str, content: bytes) -> bytes:
    return content[: len(content) // 2] if name.startswith("xl/worksheets/sheet3") else content


def gzip_bomb(tmp: Path) -> Path:
    folder = tmp / "shop"
    folder.mkdir()
    packed = io.BytesIO()
    with gzip.open(packed, "wb", compresslevel=1) as out:
        out.write(b"name\n")
        for _ in range(201):
            out.write(b"x" * MEGABYTE)
    (folder / "items.csv.gz").write_bytes(packed.getvalue())
    return folder


def empty_folder(tmp: Path) -> Path:
    (tmp / "shop").mkdir()
    return tmp / "shop"


def nothing(tmp: Path) -> Path:
    return tmp / "nowhere.xlsx"


def same_table_twice(tmp: Path) -> Path:
    made = file_in_folder("items.csv.gz", gzip.compress(b"name\nSeat\n"))(tmp)
    return made


LAUGHS = b'<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><plan><name>&b;</name></plan>'

CASES: list[Case] = [
    case("a_file_that_is_not_there", nothing, "nowhere.xlsx", "no file or folder has this name"),
    case("an_empty_file", file("shop.xlsx", b""), "shop.xlsx", "the file is empty"),
    case("a_file_that_is_not_a_zip", file("shop.xlsx", b"hello, this is text"), "shop.xlsx", "an .xlsx workbook"),
    case("a_workbook_that_is_cut_short", cut_short, "shop.xlsx", "cut short"),
    case("an_old_or_encrypted_workbook", file("shop.xlsx", bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600),
         "shop.xlsx", "without a password", "save it again as .xlsx"),
    case("another_kind_of_zip", other_zip, "shop.xlsx", "another kind of file"),
    case("a_workbook_without_tables", empty_book, "shop.xlsx", "a sheet for each table", "gemba template"),
    case("a_zip_that_unpacks_to_a_gigabyte", zip_bomb, "shop.xlsx", "at most 200 MB unpacked", "100"),
    case("a_zip_packed_too_densely", dense_zip, "shop.xlsx", "at most 200 times"),
    case("a_zip_that_lies_about_its_sizes", lying_zip, "shop.xlsx", "an .xlsx workbook", "open it in a spreadsheet"),
    case("a_value_in_the_last_cell_of_a_sheet", xlsx(good(), far_away), "XFD1048576", "delete it"),
    case("entities_in_a_workbook", changed_part(entities), "shop.xlsx", "a workbook that can be read"),
    case("a_sheet_that_is_no_xml", changed_part(no_xml), "shop.xlsx", "a workbook that can be read", "save it again"),
    case("an_error_in_a_cell",
         xlsx(good(), error_cell), "items, row 2 'Chair', cost", "shows #DIV/0!", "correct its formula"),
    case("a_reference_error_in_a_required_cell", xlsx(good(), broken_reference),
         "demands, row 2 'D-1', item", "shows #REF!"),
    case("a_formula_without_its_value", xlsx(good(), formula_without_value),
         "demands, row 2 'D-1', quantity", "open the file in a spreadsheet and save it"),
    case("merged_cells", xlsx(good(), merged), "items, row 3 'Leg', name", "merged with row 2", "unmerge"),
    case("a_blank_required_cell_in_a_workbook",
         xlsx(with_cell("demands", "due", "")), "demands, row 2 'D-1', due", "blank"),
    case("a_csv_in_another_encoding", file_in_folder("items.csv", "name\nChair\nLeg\nTür\n".encode("latin-1")),
         "items.csv", "in UTF-8", "byte 0xfc in line 4", "save it as CSV UTF-8"),
    case("a_csv_in_utf_16", file_in_folder("items.csv", "name\nChair\n".encode("utf-16")), "items.csv", "UTF-16"),
    case("a_csv_with_nul_bytes", file_in_folder("items.csv", b"name\nCh\0air\n"), "items.csv", "NUL byte in line 2"),
    case("a_csv_with_a_row_too_long", file_in_folder("items.csv", b"name,cost\nChair,1,2\nLeg,3\n"),
         "items.csv, items, row 2", "'Chair,1,2'", "as long as the header"),
    case("a_csv_with_a_row_too_short", file_in_folder("items.csv", b"name,kind,cost\nChair\nLeg,,3\n"),
         "items.csv, items, row 2", "it has 1 cells, the header 3"),
    case("a_csv_with_an_open_quote",
         file_in_folder("items.csv", b'name,cost\n"Chair,1\nLeg,3\n'), "items.csv", "check the quotes"),
    case("an_empty_csv",
         file_in_folder("items.csv", b""), "items.csv", "it is empty", "its first row names the columns"),
    case("a_csv_of_blank_lines", file_in_folder("items.csv", b"\n\n  \n"), "items.csv", "it is empty"),
    case("a_gzip_that_is_none", file_in_folder("items.csv.gz", b"name\nChair\n"), "items.csv.gz", "can be read"),
    case("a_gzip_that_unpacks_to_hundreds_of_megabytes", gzip_bomb, "items.csv.gz", "at most 200 MB"),
    case("a_table_in_two_files", same_table_twice, "items", "given once"),
    case("a_parquet_file_that_is_none", file_in_folder("places.parquet", b"PAR1 or not"), "places.parquet", "Parquet"),
    case("a_folder_without_tables", empty_folder, "folder 'shop'", "items.csv"),
    case("a_text_file", file("notes.txt", b"buy legs"), "notes.txt", "an .xlsx workbook"),
    case("a_pile_of_laughs_in_xml", file("shop.xml", LAUGHS), "shop.xml", "DOCTYPE", "remove them"),
    case("xml_that_is_none", file("shop.xml", b"<plan><"), "shop.xml", "XML"),
]  # fmt: skip
