"""Rosters with other headers and other mess, made before the code that reads them was looked at."""

from tests.exports.strange import applicants, more_applicants, experts, venue, offices, forms, other_offices  # isort: skip
from tests.exports.strange.making import CASES, DIRS

__all__ = ["CASES", "DIRS", "applicants", "experts", "forms", "more_applicants", "offices", "other_offices", "venue"]
