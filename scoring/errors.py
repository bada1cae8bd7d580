"""What scoring refuses.

ScoringError        input that makes no sense; the text names the place and is shown as it is
└── NotComputable   input that makes sense and has no answer, such as a coefficient over a mean of 0
"""


class ScoringError(ValueError):
    """Input that makes no sense; ``said`` is the sentence that says so."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said


class NotComputable(ScoringError):
    """Input that makes sense and has no answer."""
