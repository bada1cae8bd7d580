"""What scoring refuses.

ScoringError    input that makes no sense; the text names the place and is shown as it is
"""


class ScoringError(ValueError):
    """Input that makes no sense."""
