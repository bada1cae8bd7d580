"""Workbooks through LibreOffice: recalculated from nothing, or printed."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from collections.abc import Mapping
from pathlib import Path


def without_values(data: bytes) -> bytes:
    """The workbook with the stored values of its formulas stripped, so that only a recalculation can fill them."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name.startswith("xl/worksheets/"):
                part = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", part)
            new.writestr(name, part)
    return out.getvalue()


def converted(books: Mapping[str, bytes], to: str, folder: Path) -> dict[str, Path]:
    """Each workbook as LibreOffice recalculates or prints it, all in one go."""
    source = folder / "in"
    source.mkdir(exist_ok=True)
    for name, data in books.items():
        (source / f"{name}.xlsx").write_bytes(data)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    files = [str(source / f"{name}.xlsx") for name in books]
    command = ["soffice", profile, "--headless", "--convert-to", to, "--outdir", str(folder), *files]
    subprocess.run(command, check=True, capture_output=True, timeout=120 + 30 * len(files))
    return {name: folder / f"{name}.{to}" for name in books}
