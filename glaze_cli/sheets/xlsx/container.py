"""What a file is that is not a zip file: one sentence for each case a person meets."""

from __future__ import annotations

from pathlib import Path

CFB = bytes.fromhex("D0CF11E0A1B11AE1")
"""The first bytes of a compound file: old .xls workbooks, and encrypted new ones."""


def why_not_zip(path: Path) -> str:
    """The sentence to refuse `path` with, which zipfile could not open."""
    with path.open("rb") as file:
        head = file.read(512)
        if not head:
            return f"{path} is empty; it holds no workbook."
        if head.startswith(CFB) and len(head) == 512:
            file.seek((int.from_bytes(head[48:52], "little") + 1) << min(head[30], 12))
            return _compound(path, file.read(8192))
        if head.startswith(b"PK"):
            return f"{path} is damaged or cut short: its zip directory is broken; get a whole copy of it."
        return f"{path} is not an Excel workbook; save it as .xlsx, or name a CSV file."


def _compound(path: Path, directory: bytes) -> str:
    """`directory`: the first entries of the compound file's directory, names in UTF-16."""
    if "EncryptedPackage".encode("utf-16-le") in directory:
        return f"{path} is password-protected; save it without a password."
    if any(f"{name}\0".encode("utf-16-le") in directory for name in ("Workbook", "Book")):
        return f"{path} is an old .xls workbook; save it as .xlsx."
    return f"{path} is not an .xlsx workbook but another kind of Office file; save it as .xlsx."
