"""``rostrum score``: the documents of the page, answered to the letter; nonsense is one line and status 2."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.document import TASKS, answer, parse
from scoring.errors import ScoringError


def ask(**document):
    return answer(parse(json.dumps(document)))


SHEETS = [[28, 25, 30], [30, 20, 34], [24, 30, 32], [27, 28, 20], [22, 27, 36]]


def test_aggregate():
    trimmed = ask(aggregate={"method": "trim_total", "sheets": SHEETS, "min_sheets_to_trim": 5})
    assert trimmed == {"score": "84.00", "dropped": [[2], [3]], "valid": 5}
    assert ask(aggregate={"method": "mean", "sheets": SHEETS})["score"] == "82.60"
    by_item = ask(aggregate={"method": "trim_item", "sheets": SHEETS, "decimals": 1})
    assert by_item["score"] == "85.0"
    assert by_item["dropped"] == [[1, 0], [4, 0], [2, 1], [1, 1], [4, 2], [3, 2]]


def test_a_sheet_with_a_hole_does_not_count_and_too_few_give_null():
    holes = [[28, None], ["30", 20.5], [24, 30]]
    assert ask(aggregate={"method": "mean", "sheets": holes, "min_sheets": 2})["score"] == "52.25"
    few = ask(aggregate={"method": "mean", "sheets": holes})
    assert few == {"score": None, "dropped": [], "valid": 2, "reason": "有效评分表 2 份，少于 3 份，没有成绩。"}
    assert "不去高低" in ask(aggregate={"method": "trim_item", "sheets": SHEETS[:4]})["reason"]
    assert ask(aggregate={"method": "mean", "sheets": []})["score"] is None


ITEMS = [{"name": "汇报", "full": 30}, {"name": "答辩", "full": "40", "step": "0.5"}]


def test_with_a_rubric_marks_are_checked_against_it():
    found = ask(
        aggregate={"method": "mean", "items": ITEMS, "sheets": [[28, 30.5], [30, None], [0, 40]], "min_sheets": 2}
    )
    assert found == {"score": "49.25", "dropped": [], "valid": 2}
    half = [{"name": 7, "full": "0.5", "step": "0.5"}, {"name": "答辩", "full": 3}]
    assert ask(aggregate={"method": "mean", "items": half, "sheets": [[0.5, 3]], "min_sheets": 1})["score"] == "3.50"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"sheets": [[28, 30], [31, 20]]}, "评分表 1，汇报：31 不在 0 到 30 之间。"),
        ({"sheets": [[28, 30.2]]}, "评分表 0，答辩：30.2 不是 0.5 的整数倍。"),
        ({"sheets": [[-1, 30]]}, "评分表 0，汇报：-1 不在 0 到 30 之间。"),
        ({"sheets": [[28, 30, 1]]}, "评分表 0 有 3 项，评分标准有 2 项。"),
        ({"sheets": [["优", 30]]}, "评分表 0，汇报：“优”不是分数。"),
        ({"items": [{"name": "汇报", "full": 0}]}, "项目 汇报：满分和步长应大于 0。"),
        ({"items": [{"name": "汇报", "full": 5, "step": 0}]}, "项目 汇报：满分和步长应大于 0。"),
        ({"items": [{"name": "汇报", "full": 5, "weight": 1}]}, "“items 0”中没有“weight”这一项。"),
        ({"items": [{"name": "汇报"}]}, "“items 0”缺少“full”。"),
        ({"items": []}, "“aggregate”的“items”没有项目。"),
        ({"items": [*ITEMS, {"name": "汇报", "full": 20}]}, "项目 汇报 写了两次。"),
        ({"items": [{"name": "汇报", "full": 20, "step": 3}]}, "项目 汇报：满分 20 不是步长 3 的整数倍。"),
        ({"items": [{"name": "汇报", "full": None}]}, "full：没有分数。"),
        ({"items": [{"name": "汇报", "full": 5, "step": None}]}, "step：没有分数。"),
        ({"items": [{"name": "汇报", "full": 5}], "sheets": [[4.5]]}, "评分表 0，汇报：4.5 不是 1 的整数倍。"),
        (
            {"items": [{"name": "汇报", "full": 5}], "sheets": [[3]], "method": "middle"},
            "没有合分办法“middle”，可用：mean、trim_total、trim_item、median。",
        ),
    ],
)
def test_a_mark_that_does_not_fit_the_rubric_is_refused_by_name(change, said):
    body = {"method": "mean", "items": ITEMS, "sheets": []} | change
    with pytest.raises(ScoringError) as error:
        ask(aggregate=body)
    assert str(error.value) == said


def test_correct():
    body = {
        "method": "pooled",
        "panels": {"A": [76.5, 81.25], "B": [83.0]},
        "decimals": {"mean": 2, "k": 3, "score": 2},
    }
    found = ask(correct=body)
    warned = found.pop("warnings")
    assert found == {
        "means": {"A": "78.88", "B": "83.00"},
        "grand": "80.25",
        "k": {"A": "1.017", "B": "0.967"},
        "scores": {"A": ["77.80", "82.63"], "B": ["80.26"]},
    }
    assert len(warned) == 2
    free = ask(correct={**body, "decimals": {"mean": None, "k": None}, "min_present": 1})
    assert free["k"]["A"].startswith("1.0174326465927")
    assert free["warnings"] == []
    assert ask(correct={**body, "full": 84, "min_present": 1})["warnings"] == []
    above = ask(correct={"method": "pooled", "panels": {"A": [82.5, 70], "B": [82]}, "full": 82.5, "min_present": 1})
    assert above["warnings"] == ["专家组 A 有修正后成绩超过满分 82.5，照实显示。"]


def test_the_ends_of_a_setting():
    body = {"method": "trimmed", "panels": {"A": [80, 90]}, "trim": 0, "decimals": {"k": 0}, "min_present": 100}
    assert ask(correct=body)["scores"] == {"A": ["80.00", "90.00"]}
    assert ask(aggregate={"method": "mean", "sheets": [["1e2"]], "min_sheets": 1, "decimals": 0})["score"] == "100"
    thirds = ask(aggregate={"method": "mean", "sheets": [[1], [2], [2]], "decimals": 12})
    assert thirds["score"] == "1.666666666667"
    long = ask(aggregate={"method": "mean", "sheets": SHEETS, "min_sheets_to_trim": 100})
    assert long["score"] == "82.60"


def test_the_least_and_the_largest_a_mark_may_be():
    """Thirty-six digits apart: no step of the way is cut short."""
    most, least = "999999999999", "1e-24"
    items = [{"name": "汇报", "full": most, "step": least}]
    found = ask(aggregate={"method": "mean", "items": items, "sheets": [[most], [1], [1]]})
    assert found["score"] == "333333333333.67"
    panels = {"A": [*[0] * 7, least, most, most], "B": [most] * 100}
    far = ask(correct={"method": "trimmed", "panels": panels, "decimals": {"mean": None, "k": 12, "score": 12}})
    k = Fraction(100 * int(most) * 10**24 + 1, 106) * 6  # of the pool 106 are kept; A's mean is a sixth of the least
    assert abs(Fraction(far["k"]["A"]) - k) <= Fraction(1, 2 * 10**12)
    assert Fraction(far["scores"]["A"][-1]) == Fraction(far["k"]["A"]) * int(most)


def test_a_correction_that_cannot_be_computed_is_null_with_a_reason():
    found = ask(correct={"method": "pooled", "panels": {"A": [0, 0], "B": [83]}})
    assert (found["k"], found["scores"]) == (None, None)
    assert "A 的平均分为 0" in found["reason"]


def test_rank():
    tied = {"scores": {"A": "84.00", "B": 84, "C": 90, "D": 1}}
    assert ask(rank=tied) == {"ranks": {"A": 2, "B": 2, "C": 1, "D": 4}}
    assert ask(rank={**tied, "tie_break": {"A": ["25"], "B": ["26"]}})["ranks"] == {"A": 3, "B": 2, "C": 1, "D": 4}
    missing = ask(rank={"scores": {"A": None, "B": 3}, "tie_break": {"A": []}})
    assert missing == {"ranks": {"A": None, "B": 1}, "reason": "没有成绩，不排名：A。"}


def test_agreement():
    found = ask(
        agreement={"matrix": [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]}
    )
    assert round(found["icc2"], 3) == 0.290
    assert [round(x, 3) for x in found["ci95"]["icc2"]] == [0.019, 0.761]
    assert found["alpha"] == found["e_rho2"] == found["icc3k"]
    assert found["phi"] == found["icc2k"]
    assert round(found["kendall_w"], 3) == 0.887
    assert round(found["chi2"], 2) == 17.74
    assert "reason" not in found
    assert "不完整" in ask(agreement={"matrix": [[1, None], [2, 3]]})["reason"]


def test_severity():
    ratings = [
        {"applicant": a, "expert": e, "total": t}
        for a, e, t in (("A", 1, 80), ("A", 2, 90), ("B", 1, 70), ("B", 2, 82))
    ]
    found = ask(severity={"ratings": [*ratings, {"applicant": "B", "expert": "3", "total": None}]})["experts"]
    assert found["1"]["severity"] == -11
    assert (found["1"]["n"], found["2"]["n"], found["3"]["n"]) == (2, 2, 0)
    assert found["3"]["severity"] is None
    assert found["3"]["reason"]
    assert ask(severity={"ratings": []}) == {"experts": {}, "reason": "没有评分。"}


NONSENSE = [
    "[1",
    "[" * 100_000,
    "[" + "9" * 5000 + "]",
    "[]",
    "{}",
    "null",
    "3",
    '{"what": {}}',
    '{"aggregate": 3}',
    '{"aggregate": {}, "rank": {}}',
    '{"aggregate": {"method": "mean", "sheets": [[1]], "method": "mean"}}',
    '{"aggregate": {"sheets": [[1]]}}',
    '{"aggregate": {"method": 3, "sheets": [[1]]}}',
    '{"aggregate": {"method": "", "sheets": [[1]]}}',
    '{"aggregate": {"method": "best", "sheets": [[1]]}}',
    '{"aggregate": {"method": "mean", "sheets": {}}}',
    '{"aggregate": {"method": "mean", "sheets": [null]}}',
    '{"aggregate": {"method": "mean", "sheets": [[1], [1, 2]]}}',
    '{"aggregate": {"method": "mean", "sheets": [[]]}}',
    '{"aggregate": {"method": "mean", "sheets": [[-1]]}}',
    '{"aggregate": {"method": "mean", "sheets": [["x"]]}}',
    '{"aggregate": {"method": "mean", "sheets": [["1_0"]]}}',
    '{"aggregate": {"method": "mean", "sheets": [[true]]}}',
    '{"aggregate": {"method": "mean", "sheets": [[[1]]]}}',
    '{"aggregate": {"method": "mean", "sheets": [[NaN]]}}',
    '{"aggregate": {"method": "mean", "sheets": [[Infinity]]}}',
    '{"aggregate": {"method": "mean", "sheets": [[1e999999]]}}',
    '{"aggregate": {"method": "mean", "sheets": [[1e-999]]}}',
    '{"aggregate": {"method": "mean", "sheets": [[1]], "min_sheets": 0}}',
    '{"aggregate": {"method": "mean", "sheets": [[1]], "min_sheets": 2.5}}',
    '{"aggregate": {"method": "mean", "sheets": [[1]], "min_sheets_to_trim": 2}}',
    '{"aggregate": {"method": "mean", "sheets": [[1]], "decimals": -1}}',
    '{"aggregate": {"method": "mean", "sheets": [[1]], "decimals": null}}',
    '{"aggregate": {"method": "mean", "sheets": [[1], [2], [2]], "decimals": 13}}',
    '{"correct": {"method": "pooled", "panels": {"A": [1, 2, 2]}, "decimals": {"k": 13}}}',
    '{"aggregate": {"method": "mean", "sheets": [[1]], "decimals": true}}',
    '{"aggregate": {"method": "mean", "sheets": [[1]], "min": 3}}',
    '{"correct": {"method": "best", "panels": {"A": [1]}}}',
    '{"correct": {"method": "pooled", "panels": {}}}',
    '{"correct": {"method": "pooled", "panels": []}}',
    '{"correct": {"method": "pooled", "panels": {"A": 3}}}',
    '{"correct": {"method": "pooled", "panels": {"A": []}}}',
    '{"correct": {"method": "pooled", "panels": {"A": [null]}}}',
    '{"correct": {"method": "pooled", "panels": {"A": [101]}, "full": 100}}',
    '{"correct": {"method": "pooled", "panels": {"A": [1]}, "decimals": {"mean": "2"}}}',
    '{"correct": {"method": "pooled", "panels": {"A": [1]}, "decimals": {"y": 2}}}',
    '{"correct": {"method": "pooled", "panels": {"A": [1]}, "decimals": 2}}',
    '{"correct": {"method": "trimmed", "panels": {"A": [1, 2, 3, 4]}}}',
    '{"correct": {"method": "trimmed", "panels": {"A": [1, 2, 3, 4, 5, 6]}, "trim": 3}}',
    '{"rank": {"scores": {"A": -1}}}',
    '{"rank": {"scores": {"A": 1}, "tie_break": {"B": [1]}}}',
    '{"rank": {"scores": {"A": 1, "B": 1}, "tie_break": {"B": [1]}}}',
    '{"rank": {"scores": {"A": 1}, "tie_break": {"A": 1}}}',
    '{"agreement": {"matrix": []}}',
    '{"agreement": {"matrix": [[]]}}',
    '{"agreement": {"matrix": [[1, 2], [3]]}}',
    '{"agreement": {"matrix": [1, 2]}}',
    '{"severity": {"ratings": {}}}',
    '{"severity": {"ratings": [3]}}',
    '{"severity": {"ratings": [{"applicant": "A", "expert": "E"}]}}',
    '{"severity": {"ratings": [{"applicant": true, "expert": "E", "total": 3}]}}',
    '{"severity": {"ratings": [{"applicant": "A", "expert": "E", "total": 3, "item": 2}]}}',
    '{"severity": {"ratings":[{"applicant": 2, "expert": 1, "total": 3},{"applicant": 2, "expert": "1", "total": 3}]}}',
]


@pytest.mark.parametrize("text", NONSENSE)
def test_nonsense_is_refused_in_one_sentence(text):
    with pytest.raises(ScoringError) as refused:
        answer(parse(text))
    assert str(refused.value).endswith("。")


values = st.none() | st.booleans() | st.integers(-5, 5) | st.floats() | st.text(max_size=3)
bodies = st.recursive(
    values, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3)
)


@given(st.dictionaries(st.sampled_from([*TASKS, "x"]), bodies, max_size=2))
def test_any_document_is_answered_or_refused(document):
    with suppress(ScoringError):
        assert json.dumps(answer(parse(json.dumps(document))), allow_nan=False)


def score(tmp_path, text):
    file = tmp_path / "d.json"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    command = [sys.executable, "-c", "from webapp.cli import main; main()", "score", str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_command(tmp_path):
    good = score(tmp_path, '{"rank": {"scores": {"甲": "84.00"}}}')
    assert (good.returncode, good.stdout, good.stderr) == (0, '{"ranks": {"甲": 1}}\n', "")
    for text in (
        '{"rank": {"scores": {"A\\nB": -1}}}',
        '{"rank": {"scores": {"\\ud800": 1}}}',
        b"\xff",
        "",
        '{"rank": 1',
    ):
        bad = score(tmp_path, text)
        assert (bad.returncode, bad.stdout, bad.stderr.count("\n")) == (2, "", 1)
        assert "d.json：" in bad.stderr


def test_a_file_that_is_not_there(tmp_path):
    command = [sys.executable, "-c", "from webapp.cli import main; main()", "score", str(tmp_path / "no.json")]
    answered = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (answered.returncode, answered.stderr.count("\n")) == (2, 1)


def test_score_loads_no_web_no_database_and_no_solver():
    unwanted = {"flask", "sqlalchemy", "openpyxl", "ortools"}
    code = f"import webapp.cli, webapp.cli_score, sys; print({unwanted} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "set()"
