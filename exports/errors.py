"""The errors of this package.

ExportError
└── UnreadableFile     the file cannot be opened as a roster at all
"""


class ExportError(Exception):
    """Base of every error of this package; its text is a sentence for the user."""


class UnreadableFile(ExportError):
    """The file is no workbook, is broken, too large, encrypted or carries something dangerous."""
