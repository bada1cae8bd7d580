"""QR codes on pages: dark on white whatever the page's colours, for many cameras read no code that is light on dark."""

from __future__ import annotations

import segno
from markupsafe import Markup

WHITE = "#fff"


def picture(text: str) -> str:
    """The code as an image's address."""
    return segno.make(text, micro=False).svg_data_uri(scale=4, border=2, light=WHITE)


def drawing(text: str) -> Markup:
    """The code as a drawing in the page, for print: with more to spare where the paper suffers."""
    return Markup(segno.make_qr(text, error="m").svg_inline(scale=4, border=3, light=WHITE))  # noqa: S704  (paths only)
