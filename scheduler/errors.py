"""What goes wrong in this package.

SchedulerError
├── Unreadable    a document breaks its format; the sentence names the path
└── Refused       a readable wish that cannot be met; the sentence names the object
"""


class SchedulerError(Exception):
    """The base of this package's errors."""


class Unreadable(SchedulerError):
    """A document breaks its format."""


class Refused(SchedulerError):
    """A readable wish that cannot be met."""
