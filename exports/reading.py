"""What reading a roster gives: rows, counts, questions and problems, in the shape of `rostrum import --json`."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Generic, TypeVar

Row = TypeVar("Row")


@dataclass(frozen=True)
class Answers:
    """Answers of the office to questions: key of the question → the option taken."""

    given: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Problem:
    """One thing wrong at one cell. `rule` is a fixed word, listed in docs/import-rules.md."""

    sheet: str
    cell: str
    column: str
    value: str
    rule: str
    level: str
    message: str
    hint: str


@dataclass(frozen=True)
class Question:
    """What only the office can say; `key` is stable, `best` the best guess or empty."""

    key: str
    text: str
    options: tuple[str, ...]
    best: str


@dataclass(frozen=True)
class SheetFound:
    """A list that was read: the row of its header, the header of each key, and the headers that nobody reads."""

    sheet: str
    header_row: int
    mapping: dict[str, str]
    unused: tuple[str, ...] = ()
    kind: str = ""


@dataclass(frozen=True)
class Skipped:
    """A row that is no data: why, and what stands in it."""

    sheet: str
    row: int
    why: str
    text: str


@dataclass(frozen=True)
class Understood:
    """What a text was taken to mean: "15日下午" → "7月15日下午"; about times, or titles above people."""

    sheet: str
    cell: str
    who: str
    text: str
    meaning: str
    about: str = "times"


@dataclass
class Reading(Generic[Row]):
    """A roster as understood. Nothing may be written while there are errors."""

    sheets: list[SheetFound] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    accepted: int = 0
    review_only: int = 0
    rejected: int = 0
    skipped: int = 0
    by_direction: dict[str, int] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    understood: list[Understood] = field(default_factory=list)
    skips: list[Skipped] = field(default_factory=list)
    """The skipped rows that are not blank."""
    hidden: list[str] = field(default_factory=list)
    """Hidden sheets with such a list; they are not read."""

    @property
    def read(self) -> int:
        """Rows below the header to the last that is not empty."""
        return self.accepted + self.review_only + self.rejected + self.skipped

    @property
    def ok(self) -> bool:
        """True where no problem is an error."""
        return not any(problem.level == "error" for problem in self.problems)

    def ask(self, question: Question) -> None:
        """Add a question once."""
        if question.key not in {known.key for known in self.questions}:
            self.questions.append(question)

    def to_json(self) -> dict[str, object]:
        """The document of `import --json`."""
        counts = ("read", "accepted", "review_only", "rejected", "skipped")
        return {
            "sheets": [asdict(sheet) for sheet in self.sheets],
            "rows": {name: getattr(self, name) for name in counts},
            "by_direction": self.by_direction,
            "questions": [asdict(question) | {"options": list(question.options)} for question in self.questions],
            "problems": [asdict(problem) for problem in self.problems],
            "understood": [asdict(text) for text in self.understood],
            "skipped_rows": [asdict(row) for row in self.skips],
            "hidden_sheets": self.hidden,
        }
