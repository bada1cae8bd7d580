"""Every call a workbook is made of, to make it once more by plain xlsxwriter."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

CELLS = ("write_string", "write_number", "write_blank", "write_formula", "write_array_formula", "merge_range")
CALLS = (*CELLS, "set_row", "set_column", "set_default_row", "freeze_panes", "autofilter", "data_validation", "protect")


class TapedSheet(Worksheet):  # type: ignore[misc]
    """A worksheet that keeps the calls it gets."""

    def __init__(self) -> None:
        super().__init__()
        self.tape: list[tuple[str, tuple[Any, ...]]] = []


def _taped(name: str) -> Callable[..., Any]:
    plain = getattr(Worksheet, name)

    def call(self: TapedSheet, *given: Any) -> Any:
        self.tape.append((name, given))
        return plain(self, *given)

    return call


for _name in CALLS:
    setattr(TapedSheet, _name, _taped(_name))


class TapedWorkbook(Workbook):  # type: ignore[misc]
    """A workbook of such worksheets, with the properties of each format."""

    worksheet_class = TapedSheet

    def __init__(self, *given: Any) -> None:
        self.looks: list[tuple[Format, dict[str, Any]]] = []
        super().__init__(*given)
        self.looks.clear()  # those every workbook has

    def add_format(self, properties: dict[str, Any] | None = None) -> Format:
        """The format, remembered."""
        made = super().add_format(properties)
        self.looks.append((made, properties or {}))
        return made

    def again(self) -> Callable[[], bytes]:
        """The same cells, styles, heights and widths by plain xlsxwriter; what to call is prepared beforehand."""
        sheets = [(sheet.get_name(), sheet.tape) for sheet in self.worksheets()]
        looks = [(id(made), properties) for made, properties in self.looks]

        def plain() -> bytes:
            out = io.BytesIO()
            book = Workbook(out, {"strings_to_formulas": False})
            formats = {number: book.add_format(properties) for number, properties in looks}
            for name, tape in sheets:
                sheet = book.add_worksheet(name)
                for call, given in tape:
                    getattr(sheet, call)(*[formats[id(one)] if type(one) is Format else one for one in given])
            book.close()
            return out.getvalue()

        return plain
