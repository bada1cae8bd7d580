"""Every step of a result written out: what a hand recomputes from the page."""

from __future__ import annotations

import random
from decimal import Decimal
from fractions import Fraction

import pytest

from scoring.errors import ScoringError
from scoring.flips import Panels, Rules
from scoring.story import Direction, Step, Story, written
from scoring.together import together

D = Decimal
FIVE = [[28, 25, 30], [30, 20, 34], [24, 30, 32], [27, 28, 20], [22, 27, 36]]


POOL = {"A": (60, 63, 66, 70, 90), "B": (81, 85, 88, 89, 91)}


def sheets(rows: list[list[int]]) -> dict[str, list[Decimal | None]]:
    return {f"E{n}": [D(m) for m in row] for n, row in enumerate(rows, 1)}


def total(*marks: str) -> dict[str, list[Decimal | None]]:
    return {f"E{n}": [D(m)] for n, m in enumerate(marks, 1)}


def steps(story: Story) -> list[tuple[str, str, str, str | None]]:
    return [(s.kind, s.formula, s.exact, None if s.value is None else str(s.value)) for s in story.steps]


def only(rows: list[list[int]], rules: Rules) -> Story:
    return Direction({"P1": {"A1": sheets(rows)}}, rules).of("A1")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(245, 3), "81.66666666…"),
        (Fraction(1, 8), "0.125"),
        (Fraction(-2, 3), "-0.66666666…"),
        (D("80.00"), "80"),
        (Fraction(1, 10**9), "0.00000000…"),
        (Fraction(100), "100"),
        (Fraction(0), "0"),
    ],
)
def test_a_number_is_cut_and_never_rounded(value: Fraction, text: str) -> None:
    assert written(value) == text


def test_the_example_of_the_page_by_total() -> None:
    story = only(FIVE, Rules(method="trim_total"))
    assert story.totals == (D(83), D(84), D(86), D(75), D(85))
    assert story.aggregate.dropped == ((2,), (3,))
    assert steps(story) == [("score", "(83+84+85)÷3", "84", "84.00")]
    assert (story.final, story.rank, story.better, story.tied, story.of) == (D("84.00"), 1, 0, 0, 1)


def test_the_example_of_the_page_by_item() -> None:
    story = only(FIVE, Rules(method="trim_item"))
    assert steps(story) == [
        ("item", "28+24+27", "79", None),
        ("item", "25+28+27", "80", None),
        ("item", "30+34+32", "96", None),
        ("score", "(79+80+96)÷3", "85", "85.00"),
    ]
    assert [s.of for s in story.steps] == ["0", "1", "2", ""]


def test_mean_and_median() -> None:
    assert steps(only(FIVE, Rules())) == [("score", "(83+84+86+75+85)÷5", "82.6", "82.60")]
    assert steps(only(FIVE, Rules(method="median"))) == [("score", "84÷1", "84", "84.00")]
    assert steps(only(FIVE[:4], Rules(method="median"))) == [("score", "(83+84)÷2", "83.5", "83.50")]


def test_a_hole_is_no_sheet_and_nothing_is_told_without_a_score() -> None:
    rows = {"E1": [D(80)], "E2": [None], "E3": [D(81)]}
    story = Direction({"P1": {"A1": rows}}, Rules(min_sheets=3)).of("A1")
    assert story.totals == (D(80), None, D(81))
    assert (story.steps, story.final, story.rank, story.of) == ((), None, None, 0)
    assert "少于 3 份" in story.aggregate.reason


def pair(correction: str) -> Direction:
    panels = {
        "P1": {f"A{n}": total(m, m, m) for n, m in enumerate(("80", "84", "79"), 1)},
        "P2": {"B1": total("90", "90", "90"), "B2": total("81", "80", "81"), "B3": total("70")},
    }
    return Direction(panels, Rules(correction=correction))


def test_a_correction_step_by_step() -> None:
    told = pair("pooled")
    assert steps(told.of("B2")) == [
        ("score", "(81+80+81)÷3", "80.66666666…", "80.67"),
        ("mean", "243.00÷3", "81", "81.00"),
        ("mean", "170.67÷2", "85.335", "85.34"),
        ("grand", "413.67÷5", "82.734", "82.73"),
        ("k", "82.73÷85.34", "0.96941645…", "0.969"),
        ("final", "80.67×0.969", "78.16923", "78.17"),
    ]
    assert [s.of for s in told.of("B2").steps] == ["", "P1", "P2", "", "P2", ""]
    assert [s.decimals for s in told.of("B2").steps] == [2, 2, 2, 2, 3, 2]
    assert (told.refused, told.of("B3").better, told.of("B3").tied) == ("", 0, 0)
    story = told.of("B2")
    assert (story.k, story.final, story.rank, story.better, story.of) == (D("0.969"), D("78.17"), 5, 4, 5)
    assert told.of("B3").k is None
    assert told.of("B3").steps == ()
    assert told.warnings[0].startswith("专家组 P1 到场 3 人")


def test_the_second_mean_is_of_the_means() -> None:
    grand = next(s for s in pair("second_mean").of("A1").steps if s.kind == "grand")
    assert grand == Step("grand", "(81.00+85.34)÷2", "83.17", D("83.17"), 2)


def test_a_correction_that_is_refused_says_so_and_changes_nothing() -> None:
    told = pair("trimmed")
    assert told.refused.startswith("没有修正：去高低后修正要求")
    assert told.warnings == (told.refused,)
    story = told.of("A1")
    assert (story.final, story.k, [s.kind for s in story.steps]) == (D("80.00"), None, ["score"])


def test_one_panel_is_not_corrected() -> None:
    told = Direction({"P1": {"A1": total("80", "80", "80")}, "P2": {"B1": total("70")}}, Rules(correction="pooled"))
    assert (told.correction, told.warnings) == (None, ())


def test_the_guards_use_the_full_mark_and_the_setting() -> None:
    panels = {"P1": {"A1": total("9", "9", "9")}, "P2": {"B1": total("10", "10", "10")}}
    told = Direction(panels, Rules(correction="pooled"), full=D(9), min_present=1)
    assert [w for w in told.warnings if "到场" in w] == []
    assert any("超过满分 9" in w for w in told.warnings)


def test_every_rule_is_the_rounds_own() -> None:
    rules = Rules("trim_total", 3, 1, 1, correction="pooled", correction_decimals=(1, 2, 0))
    told = Direction({"P1": {"A1": total("80", "81", "90")}, "P2": {"B1": total("70.25", "70.5")}}, rules)
    assert steps(told.of("A1"))[0] == ("score", "81÷1", "81", "81.0")
    assert [str(v) for v in (told.scores["B1"].score, *told.correction.k.values())] == ["70.4", "0.93", "1.08"]  # type: ignore[union-attr]
    assert [s.decimals for s in told.of("A1").steps] == [1, 1, 1, 1, 2, 0]
    assert str(told.of("A1").final) == "75"
    alone = Direction({"P1": {"A1": total("80")}}, Rules(min_sheets=1)).of("A1")
    assert (str(alone.final), steps(alone)) == ("80.00", [("score", "80÷1", "80", "80.00")])


def test_eight_present_are_enough_and_the_full_mark_is_a_hundred_unless_said() -> None:
    for size, warned in ((8, False), (7, True)):
        panels = {p: {f"{p}{n}": total(m, m, m) for n in range(size)} for p, m in (("P1", "98"), ("P2", "100"))}
        told = Direction(panels, Rules(correction="pooled"))
        assert any("少于 8 人" in w for w in told.warnings) is warned
        assert not any("超过满分" in w for w in told.warnings), "98 × 1.010 is under 100"


def test_ties_are_counted_and_broken() -> None:
    rows = {"A1": sheets([[20, 60]] * 3), "A2": sheets([[30, 50]] * 3), "A3": sheets([[20, 60]] * 3)}
    shared = Direction({"P1": rows}, Rules()).of("A2")
    assert (shared.rank, shared.better, shared.tied, shared.of) == (1, 0, 2, 3)
    broken = Direction({"P1": rows}, Rules(tie_break=(1,)))
    assert broken.breaks["A2"] == [D(50)]
    assert (broken.of("A2").rank, broken.of("A2").better, broken.of("A1").tied) == (3, 2, 1)
    assert (shared.ties, broken.of("A2").ties) == ((), (("A1", ("60",)), ("A3", ("60",)), ("A2", ("50",))))
    alone = Direction({"P1": {**rows, "A4": sheets([[30, 60]] * 3), "A5": sheets([[30, 60]])}}, Rules(tie_break=(1,)))
    assert (alone.of("A4").ties, alone.of("A5").ties) == ((), ())


def test_the_last_step_is_the_result_in_a_hundred_directions() -> None:
    chance = random.Random(5)
    for _ in range(100):
        panels: Panels = {
            panel: {
                f"{panel}-{n}": {f"{panel}E{e}": [D(chance.randint(5, 20)) for _ in range(3)] for e in range(5)}
                for n in range(6)
            }
            for panel in ("P1", "P2")
        }
        method = chance.choice(("mean", "trim_total", "trim_item", "median"))
        correction = chance.choice(("off", "pooled", "second_mean", "trimmed"))
        told = Direction(panels, Rules(method=method, correction=correction))
        for who in told.home:
            story = told.of(who)
            assert story.steps[-1].value == story.final
            assert sum(other > story.final for other in told.final.values()) == story.better


def test_papers_and_defence_by_weights() -> None:
    found = together(D("80.5"), D("90.33"), (40, 60))
    assert (found.score, found.formula, found.exact) == (D("86.40"), "80.5×40%+90.33×60%", "86.398")
    assert together(D(80), D(90), (100, 0), decimals=0).score == D(80)


def test_a_missing_part_is_named_and_nothing_is_added() -> None:
    assert together(None, D(90), (40, 60)).reason == "没有材料评审分，不合成总分。"
    assert together(D(80), None, (40, 60)).reason == "没有答辩成绩，不合成总分。"
    assert together(None, None, (40, 60)).reason == "没有材料评审分和答辩成绩，不合成总分。"
    assert together(None, D(90), (40, 60)).score is None


@pytest.mark.parametrize("weights", [(40, 50), (-10, 110), (110, -10)])
def test_weights_that_make_no_hundred_are_refused(weights: tuple[int, int]) -> None:
    said = f"材料与答辩的权重 {weights[0]} 与 {weights[1]} 合计应为 100，且不小于 0。"
    with pytest.raises(ScoringError, match=said):
        together(D(80), D(90), weights)


def test_a_mean_says_which_scores_it_leaves_out_and_sums_carry_no_zeros() -> None:
    """The pool leaves out its own ends: a hand that adds what the panels kept comes to something else."""
    panels: Panels = {p: {f"{p}{n}": total(f"{m}.5", "0.5") for n, m in enumerate(marks)} for p, marks in POOL.items()}
    told = Direction(panels, Rules(min_sheets=2, correction="trimmed", decimals=0))
    story = told.of("A0")
    assert story.steps[0].formula == "(60.5+0.5)÷2"
    out = {f"{s.kind} {s.of}": list(map(int, s.out)) for s in story.steps if s.out}
    assert out == {"mean A": [31, 32, 36, 46], "mean B": [41, 43, 45, 46], "grand ": [31, 32, 46, 46]}
    halves = Direction({"P": {"A": {"E1": [D("40.5"), D("25.5")]}}}, Rules(min_sheets=1)).of("A")
    assert [str(t) for t in halves.totals] == ["66"]
    assert halves.steps[0].formula == "66÷1"
