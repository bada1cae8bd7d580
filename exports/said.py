"""Sentences for the user: of the shape that scoring's have, so that one reader says both in another language."""

from scoring.said import Said, say

__all__ = ["Said", "say"]
