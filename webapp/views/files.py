"""Files that a page hands out."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response

_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
    "json": "application/json",
}


def attached(name: str, data: bytes) -> Response:
    """A file to be saved under this name; a header holds no Chinese, so the name is written as RFC 6266 says."""
    answer = Response(data, mimetype=_TYPES[name.rpartition(".")[2]])
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer
