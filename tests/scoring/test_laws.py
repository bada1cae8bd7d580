"""Laws of aggregates, corrections and ranks: order, scale, ties, a missing sheet, equal marks, one of anything."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.aggregate import METHODS, aggregate
from scoring.correction import METHODS as CORRECTIONS
from scoring.correction import correct
from scoring.errors import NotComputable, ScoringError
from scoring.marks import half_up, mark
from scoring.rank import rank

D = Decimal
marks = st.integers(0, 250).map(lambda n: D(n) / 10)
sheets = st.lists(st.lists(marks, min_size=3, max_size=3), min_size=5, max_size=9)
methods = st.sampled_from(METHODS)


@given(sheets, methods, st.integers(2, 9))
def test_scaled_marks_scale_the_exact_result(rows, method, scale):
    one = aggregate(method, rows)
    other = aggregate(method, [[m * scale for m in row] for row in rows])
    assert (other.kept, other.over, other.dropped) == (one.kept * scale, one.over, one.dropped)
    assert one.score == half_up(Fraction(one.kept) / one.over, 2)


@given(sheets, methods, st.integers(0, 8))
def test_a_sheet_with_a_hole_is_as_if_it_were_not_there(rows, method, place):
    n = place % len(rows)
    holed = aggregate(method, [*rows[:n], [*rows[n][:2], None], *rows[n + 1 :]])
    without = aggregate(method, rows[:n] + rows[n + 1 :])
    assert (holed.score, holed.valid, holed.method) == (without.score, len(rows) - 1, without.method)
    assert all(place[0] != n for place in holed.dropped)


@given(st.lists(marks, min_size=1, max_size=5), methods, st.integers(1, 9))
def test_equal_sheets_give_their_total(sheet, method, experts):
    found = aggregate(method, [sheet] * experts, min_sheets=1)
    assert found.score == sum(sheet)
    assert len(found.dropped) == {"trim_total": 2, "trim_item": 2 * len(sheet)}.get(method, 0) * (experts >= 5)


@given(sheets, st.sampled_from(["trim_total", "trim_item"]))
def test_trimming_drops_one_of_the_highest_and_one_of_the_lowest(rows, method):
    found = aggregate(method, rows)
    for item in range(3) if method == "trim_item" else [None]:
        column = [sum(row) if item is None else row[item] for row in rows]
        dropped = [place[0] for place in found.dropped if item is None or place[1] == item]
        assert [column[n] for n in dropped] == [max(column), min(column)]
        assert len(set(dropped)) == 2


@pytest.mark.parametrize(("totals", "middle"), [([1, 9, 5], "5.00"), ([1, 9, 5, 6], "5.50"), ([7, 8, 8], "8.00")])
def test_the_median(totals, middle):
    assert str(aggregate("median", [[D(t)] for t in totals]).score) == middle


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        ("2.345", 2, "2.35"),
        ("2.3449999999", 2, "2.34"),
        ("-2.345", 2, "-2.35"),
        ("2.5", 0, "3"),
        ("84", 2, "84.00"),
        ("2.5", None, "2.5"),
    ],
)
def test_half_up(value, decimals, shown):
    assert str(half_up(D(value), decimals)) == shown
    assert str(half_up(Fraction(value), decimals)) == shown


@given(st.fractions(0, 1000, max_denominator=999), st.integers(0, 6))
def test_a_fraction_is_rounded_from_its_exact_value(value, decimals):
    shown = half_up(value, decimals)
    apart = Fraction(shown) - value
    assert -Fraction(1, 2 * 10**decimals) < apart <= Fraction(1, 2 * 10**decimals)
    assert shown == shown.quantize(D(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


panels = st.dictionaries(
    st.sampled_from("ABCD"),
    st.lists(st.integers(500, 1000).map(lambda n: D(n) / 10), min_size=5, max_size=9),
    min_size=1,
)


@given(panels, st.sampled_from(CORRECTIONS), st.randoms())
def test_corrected_panels_have_one_mean_when_nothing_is_rounded(groups, method, random):
    found = correct(method, groups, decimals=(None, None, None))
    for panel, scores in found.scores.items():
        cut = 2 if method == "trimmed" else 0
        kept = sorted(scores)[cut : len(scores) - cut]
        assert float(sum(kept) / len(kept)) == pytest.approx(float(found.grand))
        order = list(range(len(scores)))
        random.shuffle(order)
        mixed = correct(method, {**groups, panel: [groups[panel][n] for n in order]}, decimals=(None, None, None))
        assert mixed.scores[panel] == tuple(scores[n] for n in order)
    assert found.pool.over == {"second_mean": len(groups)}.get(method, sum(map(len, groups.values())) - 2 * cut)


@given(panels, st.sampled_from(CORRECTIONS))
def test_every_step_can_be_done_again_by_hand(groups, method):
    found = correct(method, groups)
    for panel, part in found.parts.items():
        assert found.means[panel] == half_up(Fraction(part.kept) / part.over, 2)
        assert found.k[panel] == half_up(Fraction(found.grand) / Fraction(found.means[panel]), 3)
        assert found.scores[panel] == tuple(half_up(x * found.k[panel], 2) for x in groups[panel])
    assert found.grand == half_up(Fraction(found.pool.kept) / found.pool.over, 2)


def test_equal_panels_are_left_alone_and_one_panel_too():
    for method in CORRECTIONS:
        equal = correct(method, {"A": [D(80)] * 8, "B": [D(80)] * 8})
        assert set(equal.scores["A"] + equal.scores["B"]) == {D(80)}
        assert equal.warnings == ()
        assert correct(method, {"A": [D(n) for n in range(70, 80)]}).k == {"A": D(1)}


def test_a_product_that_ends_in_five_is_rounded_up_though_k_has_no_end():
    found = correct("pooled", {"A": [D("80.125"), D("79.875")], "B": [D("40"), D("120")]}, decimals=(None, None, 2))
    assert found.scores["A"][0] == D("80.13")
    third = correct(
        "pooled", {"A": [D("30"), D("60"), D("90")], "B": [D("10"), D("10"), D("11")]}, decimals=(None, None, 2)
    )
    assert third.scores["A"][0] == half_up(Fraction(30) * Fraction(211, 6) / 60, 2)


def test_a_mean_of_zero_has_no_k():
    with pytest.raises(NotComputable, match="B 的平均分为 0"):
        correct("pooled", {"A": [D(1)], "B": [D("0.004")]})


def test_where_the_guards_stand():
    def warned(low, high, present=8):
        return correct("pooled", {"A": [D(low)] * present, "B": [D(high)] * 8}, full=D(100)).warnings

    assert warned(80, 80, 7) == ("专家组 A 到场 7 人，少于 8 人，系数不稳。",)
    assert warned(80, 80) == ()
    edge = correct("pooled", {"A": [D(100)] * 8, "B": [D(80)] * 8}, decimals=(2, 2, 2))
    assert edge.k == {"A": D("0.90"), "B": D("1.13")}
    assert edge.warnings == ("专家组 B 的系数 1.13 超出 0.90–1.10。",)
    assert correct("pooled", {"A": [D(75)] * 8, "B": [D(90)] * 8}, decimals=(2, 2, 2)).k["A"] == D("1.10")
    assert correct("pooled", {"A": [D(75)] * 8, "B": [D(90)] * 8}, decimals=(2, 2, 2)).warnings == ()


@pytest.mark.parametrize(("trim", "present", "word"), [(2, 4, "至少 5 人"), (3, 6, "至少 7 人"), (-1, 9, "至少 1 人")])
def test_trimming_needs_somebody_left(trim, present, word):
    with pytest.raises(ScoringError, match=word):
        correct("trimmed", {"A": [D(80)] * present}, trim=trim)
    assert correct("trimmed", {"A": [D(80)] * (2 * max(trim, 0) + 1)}, trim=max(trim, 0)).k == {"A": D(1)}


scores = st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.integers(0, 9).map(D), max_size=12)


@given(scores)
def test_a_rank_is_one_more_than_who_stands_higher(found):
    assert rank(found) == {who: 1 + sum(other > score for other in found.values()) for who, score in found.items()}


def test_ranks_with_a_tie_break():
    assert rank({}) == {}
    assert rank({"A": D(1)}) == {"A": 1}
    tied = {"A": D(80), "B": D(80), "C": D("80.00"), "D": D(90)}
    assert rank(tied, {"A": [D(1), D(2)], "B": [D(1), D(3)], "C": [D(1), D(2)]}) == {"D": 1, "B": 2, "A": 3, "C": 3}
    with pytest.raises(ScoringError, match=r"A、B|B、A"):
        rank({"A": D(1), "B": D(1)}, {"A": [D(1)]})
    with pytest.raises(ScoringError, match="X 没有成绩"):
        rank({"A": D(1)}, {"X": [D(1)]})


@pytest.mark.parametrize("text", ["", "x", "1_0", "NaN", "Infinity", "-inf", "1e12", "1e-25", True, [], {}, object()])
def test_what_is_no_mark(text):
    with pytest.raises(ScoringError, match="此处"):
        mark(text, "此处")


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (" 84.5 ", "84.5"),
        ("-0", "0"),
        ("８４", "84"),
        (84, "84"),
        (0.1, "0.1"),
        (999999999999, "999999999999"),
        ("1e-24", "1E-24"),
    ],
)
def test_what_is_a_mark(value, read):
    assert str(mark(value, "x")) == read
    assert mark(None, "x") is None
