"""What goes wrong in this package.

SchedulerError
└── Unreadable    a document breaks its format; the sentence names the path
"""


class SchedulerError(Exception):
    """The base of this package's errors."""


class Unreadable(SchedulerError):
    """A document breaks its format."""
