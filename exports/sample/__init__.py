"""The sample round that belongs to the project: synthetic people in three workbooks."""

from importlib.resources import files

_NAMES = {"applicants": "申报人员名册.xlsx", "experts": "评审专家名册.xlsx", "venue": "场地与时段.xlsx"}


def sample_files() -> dict[str, tuple[str, bytes]]:
    """Return kind → (file name, workbook)."""
    return {kind: (name, files(__name__).joinpath(name).read_bytes()) for kind, name in _NAMES.items()}
