"""OR-Tools' CP-SAT without pandas.

``cp_model`` imports pandas for the names of two types, and for functions on series that nobody here calls: half of
what a solver process imports, a third of a second before it begins. While it is imported two empty types stand there.
"""

from __future__ import annotations

import sys
from types import ModuleType


def _stand_in() -> ModuleType:
    made = ModuleType("pandas")
    made.Index, made.Series = type("Index", (), {}), type("Series", (), {})  # type: ignore[attr-defined]
    return made


if "ortools.sat.python.cp_model" in sys.modules or "pandas" in sys.modules:
    from ortools.sat.python import cp_model
else:
    sys.modules["pandas"] = _stand_in()
    try:
        from ortools.sat.python import cp_model
    finally:
        del sys.modules["pandas"]

__all__ = ["cp_model"]
