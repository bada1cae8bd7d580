"""A workbook that opens with a password only: the encryption of Office itself (ECMA-376 agile, AES)."""

from __future__ import annotations

import io

from msoffcrypto.exceptions import DecryptionError, FileFormatError, InvalidKeyError
from msoffcrypto.format.ooxml import OOXMLFile

from exports.errors import ExportError, UnreadableFile
from exports.said import say

LEAST = 6


def lock(data: bytes, password: str) -> bytes:
    """The workbook encrypted.

    Raises:
        ExportError: a password that is too short to be one.
    """
    if len(password) < LEAST:
        raise ExportError(say("打开密码至少 %(least)s 位。请换一个。", least=LEAST))
    out = io.BytesIO()
    OOXMLFile(io.BytesIO(data)).encrypt(password, out)
    return out.getvalue()


def unlock(data: bytes, password: str) -> bytes:
    """The workbook behind the password.

    Raises:
        UnreadableFile: another password, or a file that has none.
    """
    out = io.BytesIO()
    try:
        file = OOXMLFile(io.BytesIO(data))
        file.load_key(password=password, verify_password=True)
        file.decrypt(out)
    except (DecryptionError, FileFormatError, InvalidKeyError) as error:
        raise UnreadableFile(say("打开密码不对，或文件没有打开密码。")) from error
    return out.getvalue()
