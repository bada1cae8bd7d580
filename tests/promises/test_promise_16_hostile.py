"""Promise 16: whatever the file, one clear sentence, in little time and memory; or it is read and harmless."""

import json
import os
import re
import subprocess
import sys

import pytest

from exports.apart import LIMITS, READ, apart
from exports.errors import UnreadableFile
from exports.formats import read
from exports.opening import open_sheets
from exports.rewriting import annotated
from exports.rosters import read_applicants
from exports.sheet import packed
from tests.exports.hostile import CASES, GOOD, HEAD, book, sheet

MEASURED = (
    "import re, sys; from exports.apart import main; code = main(); "
    "print(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1], file=sys.stderr); sys.exit(code)"
)
"""The child as it is, telling the most memory it had."""


@pytest.mark.parametrize("name", CASES)
def test_a_hostile_file_gets_one_sentence_or_is_read(name):
    filename, data, says = CASES[name]()
    if says is None:
        assert read_applicants(data, filename, directions=["隔膜"]).rows[0].name == GOOD[0]
        return
    with pytest.raises(UnreadableFile, match=says) as caught:
        open_sheets(data, filename)
    said = str(caught.value)
    assert said.startswith(f"文件“{filename}”")
    assert said.endswith("。")
    assert "\n" not in said
    assert said.count("请") == 1


MEMORY = ("more_strings_than_memory", "one_endless_line", "deep_nesting_in_the_workbook")
"""Only the child's limit ends these."""


@pytest.mark.parametrize("name", [name for name in CASES if name not in (*MEMORY, "nothing", "eleven_megabytes")])
def test_what_the_child_does_it_does_anywhere(name):
    filename, data, says = CASES[name]()
    if says is None:
        assert next(packed(read(data, filename))).unpacked().cells[2, 1] == GOOD[0]
    else:
        with pytest.raises(UnreadableFile, match=says):
            read(data, filename)


def test_the_column_of_problems_is_written_without_a_child_too():
    for data, filename in ((book(), "a.xlsx"), (",".join(HEAD).encode(), "a.csv")):
        name = next(packed(read(data, filename))).name
        back = annotated(data, filename, "问题", [(name, 1, 5, {"2": "B2：单位"})])
        assert next(packed(read(back, "b.xlsx"))).unpacked().cells[2, 5] == "B2：单位"
    with pytest.raises(UnreadableFile, match="已损坏"):
        annotated(b"PK", "a.xlsx", "问题", [])
    with pytest.raises(UnreadableFile, match="不能加上"):
        annotated(book(), "a.xlsx", "问题", [("没有的表", 1, 5, {})])


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is limited on Linux only")
@pytest.mark.parametrize(
    "name", ["a_bomb_of_zeros", "six_million_shared_strings", "two_million_rows", "one_endless_line"]
)
def test_the_memory_of_the_child_stays_below_150_mb(name):
    filename, data, _ = CASES[name]()
    head = json.dumps({"task": READ, "filename": filename, "more": {}}).encode()
    done = subprocess.run(
        [sys.executable, "-c", MEASURED], input=head + b"\n" + data, capture_output=True, env=os.environ, check=False
    )
    told = re.search(rb"^(\d+)$", done.stderr, re.MULTILINE)
    assert not told or int(told[1]) < 150 * 1024
    assert told or done.returncode < 0, "ended by the limit"


def test_a_child_that_works_too_long_is_ended(monkeypatch):
    monkeypatch.setitem(LIMITS, f"{__name__}:asleep", (0.1, 100))
    with pytest.raises(UnreadableFile, match="时间"):
        apart(f"{__name__}:asleep", b"", "a.xlsx")


def asleep(data: bytes, filename: str) -> bytes:
    import time

    time.sleep(60)
    return data


def test_a_formula_in_a_name_is_named_and_a_text_that_looks_like_one_stays_text():
    command = "=cmd|'/c calc'!A0"
    rows = [HEAD, (command, *GOOD[1:])]
    found = read_applicants(book(sheet=sheet(*rows)), "a.xlsx", directions=["隔膜"])
    assert [row.name for row in found.rows] == [command]
    formula = sheet(HEAD, ("", *GOOD[1:])).replace(
        b'<c r="A2" t="inlineStr"><is><t></t></is></c>', b'<c r="A2" t="str"><f>HYPERLINK("x")</f><v>x</v></c>'
    )
    found = read_applicants(book(sheet=formula), "a.xlsx", directions=["隔膜"])
    assert [(p.rule, p.cell, p.value) for p in found.problems] == [("formula-in-name", "A2", '=HYPERLINK("x")')]


def test_control_characters_are_cleaned():
    odd = sheet(HEAD, ("张_x0007_三", "甲\u200b公\u202e司", "高级", "隔膜"))
    (row,) = read_applicants(book(sheet=odd), "a.xlsx", directions=["隔膜"]).rows
    assert (row.name, row.unit) == ("张三", "甲公司")
