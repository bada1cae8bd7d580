"""Ends and edges that one changed sign, key or default would move: what a run of ``make mutants`` found untested."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from scoring.aggregate import aggregate
from scoring.correction import correct
from scoring.document import answer, parse
from scoring.errors import ScoringError
from scoring.facets import Rating, facets
from scoring.flips import Rules, standings
from scoring.marks import mark
from scoring.quantiles import beta_below
from scoring.report import Element, told_apart
from scoring.rubric import example, papers
from scoring.severity import severity
from scoring.story import Direction, plus

D = Decimal


def ask(**document):
    return answer(parse(json.dumps(document)))


def test_the_whole_answer_of_severity():
    rows = (("A", 1, 84), ("A", 2, 80), ("B", 1, 76), ("B", 2, 70))
    found = ask(severity={"ratings": [{"applicant": a, "expert": e, "total": t} for a, e, t in rows]})
    assert list(found) == ["experts"], "no reason where there is an answer"
    half = pytest.approx(12.706, abs=0.001)  # of two differences, 4 and 6: t of one degree of freedom times 1
    first = found["experts"]["1"]
    assert (first["severity"], first["n"], first["flagged"]) == (5, 2, False)
    assert [first["ci95"][1] - 5, 5 - first["ci95"][0]] == [half, half]
    assert list(first) == ["severity", "ci95", "n", "flagged"]


@pytest.mark.parametrize("sign", [1, -1])
def test_an_interval_just_beside_0_is_flagged(sign):
    """Differences 2.3, 3.5 and 4.7: the interval is 0.52 to 6.48."""
    totals = {(f"A{n}", "E1"): D(80) + sign * D(x) for n, x in enumerate(("2.3", "3.5", "4.7"))}
    totals |= {(f"A{n}", "E2"): D(80) for n in range(3)}
    found = severity(totals)["E1"]
    assert 0 < min(map(abs, found.ci95)) < 1
    assert found.flagged


def test_the_whole_answer_of_a_correction_that_cannot_be():
    found = ask(correct={"method": "pooled", "panels": {"A": [0, 0], "B": [83]}})
    assert list(found) == ["means", "grand", "k", "scores", "warnings", "reason"]
    assert [found[key] for key in ("means", "grand", "k", "scores", "warnings")] == [None, None, None, None, []]


def test_a_mean_that_is_not_rounded_goes_on_exactly():
    """20/3 and 10: k is 3/2 and rounds up; from 28 digits of 20/3 it would round down."""
    panels = {"A": [D(6), D(7), D(7)], "B": [D(13), D(13), D(14)]}
    found = correct("pooled", panels, decimals=(None, 0, 2))
    assert found.k == {"A": D(2), "B": D(1)}


def test_a_full_mark_is_not_above_the_full_mark():
    panels = {"A": [D(100)] * 8, "B": [D(100)] * 8}
    assert correct("pooled", panels, full=D(100)).warnings == ()
    assert any("满分" in text for text in correct("pooled", {"A": [D(99)] * 7 + [D(85)], "B": [D(100)] * 8}).warnings)


def test_numbers_are_written_without_powers_of_ten():
    assert plus([D("1E+1"), D("2.50")]) == "10+2.50"
    none = {"mean": None, "k": None, "score": None}
    assert ask(correct={"method": "pooled", "panels": {"A": ["1E+2"]}, "decimals": none})["scores"] == {"A": ["100"]}


def test_what_has_no_score_still_says_by_which_method():
    assert aggregate("trim_item", [[D(1)]]).method == "trim_item"


def test_a_tie_is_broken_by_means_not_by_sums():
    """Equal totals; the first item's mean is 1.5 of two sheets against 2 of one."""
    panels = {"P": {"A": {"E0": [D(1), D(9)], "E1": [D(2), D(8)]}, "B": {"E0": [D(2), D(8)]}}}
    broken = standings(panels, Rules(min_sheets=1, quota=1, tie_break=(0,)))
    assert (broken["A"].inside, broken["B"].inside) == (False, True)


def test_a_distribution_has_two_ends():
    assert [beta_below(x, 1 - x, 2, 3) for x in (-1, 0, 1, 2)] == [0, 0, 1, 1]


def test_two_are_enough_to_be_told_apart():
    one, other = (Element(measure, 0.5, None, None, None) for measure in (1.0, -1.0))
    assert told_apart([one, other]) == (pytest.approx(3**0.5), pytest.approx(0.75))
    assert told_apart([one]) == (None, None)


def test_how_many_parts_and_why_an_extreme_has_no_fit():
    ratings = [
        Rating(f"{a}{panel}", f"{e}{panel}", i, D((n * 7 + len(e) * m + k) % 4))
        for panel in "PQ"
        for n, a in enumerate("abcdef")
        for m, e in enumerate(("x", "yy", "zzz"))
        for k, i in enumerate(("talk", "work"))
    ]
    assert facets(ratings).reason.startswith("评分分成 2 组")
    rows = [{"applicant": r.applicant, "expert": r.expert, "item": r.item, "mark": int(r.mark)} for r in ratings]
    rows += [{"applicant": "top", "expert": e, "item": "talk", "mark": 3} for e in ("xP", "yyP")]
    found = ask(facets={"ratings": rows})["applicants"]
    assert "最高分" in found["top"]["reason"]
    assert "reason" not in found["aP"] or "分" in found["aP"]["reason"]


@pytest.mark.parametrize(("marked", "word"), [(3, "最高分"), (0, "最低分")])
def test_which_end_somebody_stands_at(marked, word):
    rows = [
        {"applicant": a, "expert": e, "item": i, "mark": marked if a == "edge" else (n * 7 + m + k) % 4}
        for n, a in enumerate(["a", "b", "c", "d", "edge"])
        for m, e in enumerate("xyz")
        for k, i in enumerate(("talk", "work"))
    ]
    found = ask(facets={"ratings": rows})["applicants"]["edge"]
    assert found["reason"] == f"全是{word}，移入 0.3 分后估计，没有拟合值。"


def test_a_refusal_shows_what_was_written():
    with pytest.raises(ScoringError, match=r"^talk：“1_0”不是分数。$"):
        mark("1_0", "talk")
    with pytest.raises(ScoringError, match=r"^talk：“True”不是分数。$"):
        mark(True, "talk")
    with pytest.raises(ScoringError, match=r"：去掉 -1 个。$"):
        correct("trimmed", {"A": [D(1)], "B": [D(2)]}, trim=-1)


def test_two_tied_ones_see_what_decides_between_them():
    panels = {"P": {a: {e: (D(talk), D(10 - talk)) for e in "efg"} for a, talk in (("a", 2), ("b", 8), ("c", 1))}}
    told = Direction(panels, Rules(tie_break=(1,))).of("a")
    assert told.ties == (("c", ("9",)), ("a", ("8",)), ("b", ("2",)))
    panels["P"].pop("c")
    assert Direction(panels, Rules(tie_break=(1,))).of("a").ties == (("a", ("8",)), ("b", ("2",)))


def test_the_prompts_of_the_shipped_rubrics():
    assert [prompt for item in example().items for prompt in item.prompts] == [
        *("条理清楚", "按时完成", "脱稿陈述", "科研能力", "技改能力", "掌握技能", "取得成果", "为企业所作贡献"),
        *("准确", "深度", "真实", "学习经历", "工作经历"),
    ]
    assert [prompt for item in papers().items for prompt in item.prompts][3:] == ["取得成果", "为企业所作贡献"]
    assert (papers().version, example().version) == (1, 1)
