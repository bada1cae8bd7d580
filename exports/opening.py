"""Open a roster safely: in a process of its own, sizes and dangers checked before anything is unpacked."""

import json

from exports.apart import CHECK, READ, apart
from exports.errors import UnreadableFile
from exports.said import say
from exports.sheet import Sheet, from_json

MAX_BYTES = 10 * 2**20


def open_sheets(data: bytes, filename: str, *, results: bool = False) -> list[Sheet]:
    """Return the sheets of an .xlsx, .xls or .csv file in their order; ``results`` of ten thousand may be larger.

    Raises
    ------
    UnreadableFile
        with a sentence that says what is wrong and what to do.
    """
    if not data:
        raise UnreadableFile(say("文件“%(name)s”是空的，请重新选择文件。", name=filename))
    if len(data) > MAX_BYTES:
        raise UnreadableFile(say("文件“%(name)s”超过 10 MB，请删去图片和无关的表后再导入。", name=filename))
    return [from_json(sheet) for sheet in json.loads(apart(CHECK if results else READ, data, filename))]
