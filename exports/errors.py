"""The errors of this package.

ExportError
└── UnreadableFile     the file cannot be opened as a roster at all
"""

from exports.said import Said


class ExportError(Exception):
    """Base of every error of this package; ``said`` is a sentence for the user."""

    def __init__(self, said: Said) -> None:
        super().__init__(said)
        self.said = said


class UnreadableFile(ExportError):
    """The file is no workbook, is broken, too large, encrypted or carries something dangerous."""
