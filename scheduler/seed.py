"""Drawing by computer so that anyone can recompute it: the commitment, the seed and the keys that put people in order.

Source: the domain page, Lots. Where it writes ``‖`` the fields are joined by one ``|``; text is UTF-8 exactly as given
(nothing trimmed, nothing folded); every digest is 64 lower-case hex digits, and goes into the next one as that text.
"""

from __future__ import annotations

import hashlib

from scheduler.errors import Refused


def digest(*fields: str) -> str:
    """SHA-256 of the fields joined by ``|``."""
    return hashlib.sha256("|".join(fields).encode()).hexdigest()


def commitment(secret: str) -> str:
    """What is published before digits are called out: SHA-256 of the secret alone.

    Raises:
        Refused: the secret is empty or no text.
    """
    return digest(_given("secret", secret))


def seed_of(secret: str, digits: str) -> str:
    """SHA-256 of ``secret|digits``.

    Raises:
        Refused: one of them is empty or no text, or a digit was typed full-width (it would give another seed).
    """
    wide = [c for c in digits if c.isdecimal() and not c.isascii()]
    if wide:
        raise Refused(f"digits: '{wide[0]}' is not one of 0-9; switch the keyboard to half-width and type them again")
    return digest(_given("secret", secret), _given("digits", digits))


def _given(name: str, text: str) -> str:
    if not text:
        raise Refused(f"{name}: is empty; a draw needs a secret and the digits called out")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise Refused(f"{name}: is no UTF-8 text; type it again") from error
    return text
