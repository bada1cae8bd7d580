"""Arrays of whole numbers, as what is compiled takes them (:mod:`scheduler.compiled`, which is slow to load)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
NOBODY = -1
"""In an array of experts."""
