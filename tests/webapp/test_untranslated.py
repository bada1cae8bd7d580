"""No Chinese that an English visitor would meet, in Python, templates or scripts; each page has its help."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from scoring.rubric import example, papers
from webapp.help import HELP, NONE
from webapp.services.kernel import Refused, Sentence, Sentences
from webapp.translations import catalogue

HOME = Path(catalogue.__file__).parents[1]
CHINESE = re.compile(r"[一-鿿]")
MOST_SCRIPT = 300_000
"""Bytes of script a page may load."""
DATA = {
    "committees.py": "answered before a language can be known",
    "authority.py": "the name in a certificate",
    "deploy/bundle.py": "names of files",
    "deploy/install.py": "what the start file says, before anything is installed",
    "services/journal.py": "sentences of rostrum commands",
    "keeper.py": "what rostrum serve says, Chinese as the command line is",
    "services/rehearsals.py": "made-up people",
    "languages.py": "the names of languages",
    "spelling.py": "surnames and their readings",
    "services/kernel.py": "a date",
    "services/audit.py": "rostrum audit, Chinese as the command line is",
    "services/books/scores.py": "workbooks are Chinese",
    "services/books/content.py": "workbooks are Chinese",
    "services/books/corrected.py": "workbooks are Chinese",
    "services/books/files.py": "workbooks are Chinese",
    "services/books/__init__.py": "workbooks are Chinese",
    "services/likeness.py": "what names of employers are made of",
    "services/rounds.py": "the directions a round starts with",
    "services/prints.py": "papers are Chinese",
    "services/fixing.py": "the name of a room",
    "services/grid.py": "what names of employers are made of",
    "services/reworking.py": "sentences of the board",
    "services/tablet_view.py": "the notice's topics of the talk",
    "services/objections.py": "a reason, kept as it was written",
    "services/records.py": "a workbook's note",
    "services/versions.py": "values of a version, kept as they were written",
    "services/effects.py": "a made-up name",
    "services/findings.py": "a date",
    "services/entering.py": "places in a file",
    "services/rubrics.py": "a pattern",
    "shown.py": "a date",
    "views/pool.py": "papers are Chinese",
    "views/rosters.py": "the name of a file",
}
"""Files with Chinese that is no sentence for a visitor, and what it is."""
COMMAND_LINE = {
    *("答辩室 ", " 专家组 ", "专家组 ", " 月 ", " 日", " 日 ", "（", "）", "、", "：", "，", "；", " 起）"),
    *(" 任组长）", " 改到 ", "（加开一场）", "各项不变", "新专家", "新时段", "新答辩室", "方向"),
    *("（?<=[\\u4e00-\\u9fff])(?=[0-9A-Za-z])",),
}
"""Pieces of the scheduler's text that only the command line shows, or that name an id."""
SCORED_FILE = ("document.py", "fields.py")
"""What only ``rostrum score`` says, Chinese as the command line is."""
RUBRIC = {part for one in (example(), papers()) for item in one.items for part in (item.name, *item.prompts)} | {
    *(word for item in example().items for word, _mark in item.bands),
    "、",
}
"""What the shipped rubrics hold, which an office writes for itself, and the mark between names."""
PAPERS = ("prints/", "people/promises.html", "results/origin_print.html")
"""Templates of papers, which are Chinese whatever the language of the page."""


def sources() -> Iterator[Path]:
    """Everything of the web that speaks to a visitor; the command line is Chinese."""
    skipped = ("translations", "migrations", "cli", "demo", "bench", "services/invariants")
    return (p for p in sorted(HOME.rglob("*.py")) if not p.relative_to(HOME).as_posix().startswith(skipped))


def texts(tree: ast.Module) -> Iterator[ast.Constant]:
    """The Chinese strings of a module that are no docstring."""
    first = [node.body[0] for node in ast.walk(tree) if isinstance(getattr(node, "body", None), list) and node.body]  # type: ignore[attr-defined]
    bare = [node for node in ast.walk(tree) if isinstance(node, ast.Expr)]
    said = {id(e.value) for e in (*first, *bare) if isinstance(e, ast.Expr)}
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and id(node) not in said else None
        if isinstance(node, ast.Constant) and isinstance(text, str) and CHINESE.search(text):
            yield node


def test_every_chinese_string_of_the_web_is_in_the_catalogue() -> None:
    known = {m.id for m in catalogue.kept()}
    found = []
    for path in sources():
        name = path.relative_to(HOME).as_posix()
        if name not in DATA:
            found += [
                f"{name}:{t.lineno} {t.value!r}"
                for t in texts(ast.parse(path.read_text("utf-8")))
                if t.value not in known
            ]
    assert found == [], "say it with _() or Sentence(), or write in DATA what it is"


def test_every_phrase_of_the_scheduler_is_in_the_catalogue() -> None:
    """What reaches a page comes as phrases; the rest are the command line's lines and marks."""
    known = {m.id for m in catalogue.kept() if m.string}
    found = []
    for path in sorted(catalogue.SOLVER.rglob("*.py")):
        name = path.relative_to(catalogue.SOLVER).as_posix()
        if not name.startswith(("bench/", "cli.py")) and not name.endswith("/cli.py"):
            found += [
                f"{name}:{t.lineno} {t.value!r}"
                for t in texts(ast.parse(path.read_text("utf-8")))
                if t.value not in known and t.value not in COMMAND_LINE
            ]
    assert found == [], "say it with say(), or write it in COMMAND_LINE"


def test_every_sentence_of_the_scoring_is_in_the_catalogue() -> None:
    """Reasons, warnings and refusals stand on pages; ``rostrum score`` reads a file and speaks Chinese."""
    known = {m.id for m in catalogue.kept() if m.string}
    found = []
    for path in sorted(catalogue.SCORING.rglob("*.py")):
        if path.name not in SCORED_FILE:
            found += [
                f"{path.name}:{t.lineno} {t.value!r}"
                for t in texts(ast.parse(path.read_text("utf-8")))
                if t.value not in known and t.value not in RUBRIC
            ]
    assert found == [], "say it with say()"


def test_what_is_said_is_written_where_it_is_said() -> None:
    """The catalogue finds a sentence in the call itself, not in a variable."""
    speakers = {*catalogue.SPEAKERS, "_", "gettext", "say"}
    found = []
    for path in (
        *sources(),
        *sorted(catalogue.READERS.rglob("*.py")),
        *sorted(catalogue.SCORING.rglob("*.py")),
    ):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in speakers
                and node.args
            ):
                first = node.args[0]
                if isinstance(first, ast.JoinedStr | ast.BinOp) and CHINESE.search(ast.unparse(first)):
                    found.append(f"{path.name}:{node.lineno}")
    assert found == []


def templates() -> dict[str, str]:
    """Name → text."""
    folder = HOME / "templates"
    return {p.relative_to(folder).as_posix(): p.read_text("utf-8") for p in sorted(folder.rglob("*.html"))}


def test_no_template_speaks_chinese_outside_the_catalogue() -> None:
    found = []
    for name, text in templates().items():
        if name.startswith(PAPERS):
            continue
        kept = re.sub(r"\{#.*?#\}|<!--.*?-->", "", text, flags=re.DOTALL)
        kept = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "", kept, flags=re.DOTALL)
        kept = re.sub(r'value="[^"]*"', "", kept)  # what a form sends is no text
        found += [f"{name}: {line.strip()[:80]}" for line in kept.splitlines() if CHINESE.search(line)]
    assert found == []


def test_no_script_speaks_chinese() -> None:
    found = []
    for path in sorted((HOME / "static" / "js").glob("*.js")):
        text = re.sub(r"/\*.*?\*/|(?<![:\"'])//[^\n]*", "", path.read_text("utf-8"), flags=re.DOTALL)
        found += [f"{path.name}: {line.strip()[:80]}" for line in text.splitlines() if CHINESE.search(line)]
    assert found == [], "a script is given its words by the page"


def test_each_page_has_its_help() -> None:
    pages = [name for name, text in templates().items() if 'extends "base.html"' in text]
    own = [name for name, text in templates().items() if "{% block help %}" in text]
    assert [name for name in pages if name not in (*HELP, *own, *NONE)] == [], "webapp/help.py, or a block help"
    assert [name for name in HELP if name not in pages] == [], "there is no such page"


def loaded(name: str, every: dict[str, str]) -> set[str]:
    """The scripts a template loads, its parents' and parts' too, and what they import."""
    text = every[name]
    found = set(re.findall(r"filename='(js/[\w-]+\.js|vendor/[\w./-]+\.js)'", text))
    for other in re.findall(r'(?:extends|include|from) "([\w/.]+)"', text):
        found |= loaded(other, every) if other in every else set()
    return found


def size(script: str, seen: set[str]) -> int:
    path = (HOME / "static" / script).resolve()
    if str(path) in seen or not path.exists():
        return 0
    seen.add(str(path))
    text = path.read_text("utf-8")
    inner = re.findall(r'(?:from|import)\s*"(\./[\w.-]+\.js)"', text)
    return len(text.encode()) + sum(size(str(path.parent / one), seen) for one in inner)


def test_no_page_loads_more_script_than_allowed() -> None:
    every = templates()
    heavy = {name: sum(size(script, seen) for script in loaded(name, every)) for name in every for seen in [set[str]()]}
    assert {name: bytes_ for name, bytes_ in heavy.items() if bytes_ > MOST_SCRIPT} == {}
    assert heavy["people/person.html"] > 5000, "the measure sees scripts"


def test_several_sentences_in_one_speak_one_language() -> None:
    from flask import session

    from webapp import create_app
    from webapp.config import from_environment
    from webapp.languages import sentence

    both = [Sentence("%(code)s：没有这位申报人。", code="A1"), Sentence("有两项用了同一个代码。请删去一项再加。")]
    refusal = Refused("评分标准有误，没有保存：%(wrong)s", wrong=Sentences.of(both))
    assert str(refusal).startswith("评分标准有误，没有保存：A1：没有这位申报人。有两项")
    with create_app(from_environment(testing=True)).test_request_context():
        session["language"] = "en"
        assert not CHINESE.search(sentence(refusal))
