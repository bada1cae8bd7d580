"""The solver's process starts without pandas, half a second of which the first schedule would wait for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import scheduler

ALL = """
import importlib, pkgutil, sys
import scheduler
for found in pkgutil.walk_packages(scheduler.__path__, "scheduler."):
    importlib.import_module(found.name)
assert "pandas" not in sys.modules, "somebody imports cp_model past scheduler.cp"
from scheduler.cp import cp_model
model = cp_model.CpModel()
x = model.new_int_var(0, 9, "x")
model.add(2 * x >= 7)
model.minimize(x)
solver = cp_model.CpSolver()
assert solver.solve(model) == cp_model.OPTIMAL
assert solver.value(x) == 4
import pandas
assert pandas.Series([1, 2]).sum() == 3, "who wants pandas gets it"
"""


def test_no_module_of_the_scheduler_imports_pandas() -> None:
    done = subprocess.run([sys.executable, "-c", ALL], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_cp_sat_is_imported_in_one_place() -> None:
    files = sorted(Path(scheduler.__file__).parent.rglob("*.py"))
    assert [file.name for file in files if "ortools.sat" in file.read_text(encoding="utf-8")] == ["cp.py"]
