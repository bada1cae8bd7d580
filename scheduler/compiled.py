"""Compiling by numba, for loops over numbers in arrays; what was compiled is kept where there is a folder for it.

Numba keeps it by the time of the one file a function stands in, so functions that call each other share a module.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar, cast

from numba import njit

Function = TypeVar("Function", bound=Callable[..., Any])


class Compiler(Protocol):
    """A decorator that leaves a function's type as it is."""

    def __call__(self, function: Function, /) -> Function:
        """The function, compiled when it is called first."""


def kept() -> bool:
    """Whether there is a folder in which numba may keep what it compiled; else each process compiles anew."""
    try:
        njit(cache=True)(kept)
    except RuntimeError:
        return False
    return True


jit = cast(Compiler, njit(cache=kept(), nogil=True))
"""The interpreter is free meanwhile."""
bare = cast(Compiler, njit(cache=kept(), nogil=True, _nrt=False))  # type: ignore[call-overload]
"""The same for functions that make no arrays: without numba's counting of references, up to two thirds of the time."""
