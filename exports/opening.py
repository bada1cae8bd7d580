"""Open a roster safely: in a process of its own, sizes and dangers checked before anything is unpacked."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from exports.apart import CHECK, READ, apart
from exports.errors import UnreadableFile
from exports.said import say
from exports.sheet import Packed, Sheet, packed

MAX_BYTES = 10 * 2**20


@contextmanager
def uncollected() -> Iterator[None]:
    """No search for circles in what is still being built: a large roster is hundreds of thousands of cells."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def open_sheets(data: bytes, filename: str) -> list[Sheet]:
    """Return the sheets of an .xlsx, .xls or .csv file in their order.

    Raises
    ------
    UnreadableFile
        with a sentence that says what is wrong and what to do.
    """
    return [sheet.unpacked() for sheet in each_packed(data, filename)]


def each_packed(data: bytes, filename: str, *, results: bool = False) -> Iterator[Packed]:
    """Each sheet of such a file in turn; ``results`` of ten thousand may take more memory and time to read.

    Raises
    ------
    UnreadableFile
        with a sentence that says what is wrong and what to do.
    """
    if not data:
        raise UnreadableFile(say("文件“%(name)s”是空的，请重新选择文件。", name=filename))
    if len(data) > MAX_BYTES:
        raise UnreadableFile(say("文件“%(name)s”超过 10 MB，请删去图片和无关的表后再导入。", name=filename))
    yield from packed(apart(CHECK if results else READ, data, filename))
