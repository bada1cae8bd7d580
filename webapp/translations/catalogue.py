"""Keeps the English catalogue in step with the code: ``make words`` merges what is new and compiles it.

Sentences are found where they are written: in ``_()``, in what a service raises or says, in templates, and in the
tables of words below.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

HOME = Path(__file__).parent
PO, MO = HOME / "en/LC_MESSAGES/messages.po", HOME / "en/LC_MESSAGES/messages.mo"
MADE = datetime(2026, 1, 1, tzinfo=UTC)
"""One date for all: today's would change the file each time and make two people's changes collide."""
SPEAKERS = ("__init__", "Refused", "Unreadable", "Missing", "Forbidden", "Stale", "Sentence", "Step")
METHODS = [("templates/**.html", "jinja2"), ("**.py", "python")]
READERS = HOME.parents[1] / "exports"
"""Where the sentences about files and cells are written."""
SCORING = HOME.parents[1] / "scoring"
"""Where reasons, warnings and refusals of marks are written."""
SOLVER = HOME.parents[1] / "scheduler"
"""Where causes, fixes and reasons are written."""

LABELLED = {"Column": (2,), "Facet": (2,)}
"""What is called with a word at that place: columns of lists and what they are chosen by."""


def tables() -> Iterator[str]:
    """The words that stand in tables and are translated where they are shown."""
    from exports.aside import ASIDE
    from exports.columns import COLUMNS
    from exports.finding import ALL, LISTS
    from exports.header import NONE
    from exports.out import KINDS as BOOKS
    from exports.rosters import CHAIR, MEMBER
    from exports.skipping import SKIPPED
    from exports.ticks import COME, STAY_AWAY
    from scheduler.explain import elsewhere
    from scheduler.explain import words as causes
    from scoring.story import NOTES
    from webapp import help as helps
    from webapp import shown
    from webapp.models import Round
    from webapp.services import (
        books,
        change_lists,
        clocks,
        committee_lists,
        drafts,
        draws,
        duplicates,
        employers,
        entering,
        events,
        life,
        likeness,
        notes,
        objections,
        overview,
        people_lists,
        person_form,
        pictures,
        proof,
        rechecks,
        recusals,
        result_lists,
        rework_words,
        rosters,
        rubrics,
        schedule_lists,
        setting_entries,
        settling,
        sheets,
        trust,
        turns,
        uncounted,
        unlocking,
        version_notes,
        versions,
        violations,
        voting,
    )
    from webapp.views.prints import KINDS as PRINTS
    from webapp.views.results import LISTS as LISTS_OF_RESULTS
    from webapp.views.schedule.jobs import JOB_WORDS
    from webapp.views.schedule.listed import CHANGED
    from webapp.views.schedule.listed import LISTS as LISTS_OF_A_VERSION
    from webapp.worker import BROKE_OFF

    for table in (
        shown.ROLE_NAMES,
        shown.STATE_NAMES,
        shown.OUTCOME_NAMES,
        shown.LEVEL_NAMES,
        shown.ACT_NAMES,
        JOB_WORDS,
    ):
        yield from table.values()
    yield from (*causes.WHY.values(), *elsewhere.BROKEN.values(), causes.CHAIRS, causes.SPECIALISTS)
    for words in (BOOKS, books.HINTS, rosters.KINDS, entering.WORDS, entering.AHEAD, events.KINDS, draws.STATES):
        yield from words.values()
    for pair in PRINTS.values():
        yield from pair
    for words in (rubrics.KINDS, objections.DECISIONS, unlocking.STATES, uncounted.WHY, versions.FIELDS):
        yield from words.values()
    yield from settling.STATES.values()
    yield from (*life.WORDS, *trust.WORDS, *turns.STEPS.values(), *clocks.REASONS)
    yield from (*drafts.LEVEL_WORDS, *proof.UNITS, *rework_words.WORDS.values(), *rework_words.PINS.values())
    yield from (*people_lists.titles(), *NOTES, *version_notes.NOTES, *events.WAYS)
    for words in (schedule_lists.PLACES, schedule_lists.CHAIRS, change_lists.CHANGES, change_lists.TOLD):
        yield from words.values()
    yield from (*change_lists.SIDES.values(), *result_lists.LINE.values(), *books.OUTCOMES.values())
    yield from (title for lists in (LISTS_OF_A_VERSION, CHANGED, LISTS_OF_RESULTS) for _make, title in lists.values())
    yield from (rechecks.CANNOT, sheets.CONFLICT, BROKE_OFF, *draws.STATES.values())
    for paragraphs in helps.HELP.values():
        yield from paragraphs
    for words in (
        person_form.STRENGTHS,
        person_form.YES_NO,
        recusals.WHY,
        violations.RULES,
        employers.KINDS,
        likeness.WHY,
        duplicates.WHY,
    ):
        yield from words.values()
    for kind in person_form.TABLES:
        yield from (field.label for field in person_form.fields(Round(id=0), kind))
    yield from (
        *SKIPPED,
        ALL,
        *(text for texts in ASIDE.values() for text in texts),
        CHAIR,
        MEMBER,
        NONE,
        COME,
        STAY_AWAY,
    )
    yield from LISTS.values()
    for columns in COLUMNS.values():
        yield from (words[0] for words in columns.values())
    yield from (*notes.WORDS.values(), *voting.COUNTS.values(), *voting.WORDS.values())
    yield from (*committee_lists.PAPERS.values(), *committee_lists.VOTES.values())
    yield from (*overview.HOW.values(), "姓名、拼音、单位、编号", "单位名称", "专家组、成员姓名或拼音")
    yield from (*overview.COUNTS, *pictures.HEADINGS)
    for entry in setting_entries.ENTRIES.values():
        yield from (entry.label, entry.hint, *entry.choices.values())


def found() -> Catalog:
    """All message ids of the code, each once, in a fixed order."""
    catalogue = Catalog(locale="en", project="Rostrum", charset="utf-8", creation_date=MADE)
    words = {**DEFAULT_KEYWORDS, **dict.fromkeys(SPEAKERS), **LABELLED}
    ours = extract_from_dir(HOME.parent, METHODS, keywords=words)
    for name, _line, message, _comments, _context in (
        *ours,
        *extract_from_dir(READERS, METHODS, keywords={"say": None}),
        *extract_from_dir(SOLVER, METHODS, keywords={"say": None}),
        *extract_from_dir(SCORING, METHODS, keywords={"say": None}),
    ):
        for text in (message,) if isinstance(message, str) else message:
            if text and not name.startswith("translations"):
                catalogue.add(text)
    for text in tables():
        catalogue.add(text)
    return catalogue


def kept() -> Catalog:
    """The catalogue as it is translated."""
    with PO.open("rb") as file:
        return read_po(file, locale="en")


def compiled(catalogue: Catalog) -> bytes:
    """What the program reads."""
    buffer = BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def main() -> None:
    """Merge, write and compile."""
    old = {m.id: m.string for m in kept()} if PO.exists() else {}
    catalogue = found()
    for message in catalogue:
        if message.id:
            message.string = old.get(message.id, "")
    with PO.open("wb") as file:
        write_po(file, catalogue, sort_output=True, no_location=True, omit_header=False, width=0)
    MO.write_bytes(compiled(kept()))
    print(*(m.id for m in catalogue if m.id and not m.string), sep="\n")


if __name__ == "__main__":
    main()
