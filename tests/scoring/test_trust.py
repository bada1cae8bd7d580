"""Agreement, severity, quantiles and what would flip: published figures, laws, and what has no answer."""

from __future__ import annotations

import json
from decimal import Decimal
from math import isfinite

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.agreement import ICC, agreement
from scoring.connected import groups
from scoring.flips import Rules, Standing, flips, standings
from scoring.quantiles import beta_below, f_below, f_quantile, t_quantile
from scoring.severity import Severity, severity

D = Decimal
SHROUT_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]


def matrix(rows):
    return [[None if x is None else D(str(x)) for x in row] for row in rows]


def test_shrout_and_fleiss():
    """Shrout & Fleiss (1979), Psychological Bulletin 86, table 4; intervals as the R package psych prints them."""
    found = agreement(matrix(SHROUT_FLEISS))
    assert [round(found.icc[name], 3) for name in ICC] == [0.166, 0.290, 0.715, 0.443, 0.620, 0.909]
    intervals = {name: [round(x, 2) for x in found.ci95[name]] for name in ICC}
    assert intervals == {
        "icc1": [-0.13, 0.72],
        "icc2": [0.02, 0.76],
        "icc3": [0.34, 0.95],
        "icc1k": [-0.88, 0.91],
        "icc2k": [0.07, 0.93],
        "icc3k": [0.68, 0.99],
    }
    assert (round(found.kendall_w, 3), round(found.chi2, 2)) == (0.887, 17.74)
    assert (round(found.alpha, 3), round(found.phi, 3), round(found.e_rho2, 3)) == (0.909, 0.620, 0.909)
    assert found.reason == ""


def test_kendall_with_many_ties():
    """Siegel (1956), Nonparametric Statistics, p. 234, after Kendall: three rankings of ten, W = 0.828."""
    ranks = [
        ["1", "4.5", "2", "4.5", "3", "7.5", "6", "9", "7.5", "10"],
        ["2.5", "1", "2.5", "4.5", "4.5", "8", "9", "6.5", "10", "6.5"],
        ["2", "1", "4.5", "4.5", "4.5", "4.5", "8", "8", "8", "10"],
    ]
    found = agreement([[D(x) for x in row] for row in zip(*ranks, strict=True)])
    assert round(found.kendall_w, 3) == 0.828
    assert found.chi2 == pytest.approx(3 * 9 * found.kendall_w)


@pytest.mark.parametrize(
    ("rows", "none", "word"),
    [
        ([[1, None], [2, 3]], {*ICC, "w"}, "1 处没有评分"),
        ([[1, 2, 3]], {*ICC, "w"}, "至少 2 位"),
        ([[1], [2], [3]], {*ICC, "w"}, "至少 2 位"),
        ([["83.3", "83.3"]] * 3, {*ICC, "w"}, "没有差别"),
        ([[1, 2], [1, 2], [1, 2]], {"icc3", "icc1k", "icc3k", "w"}, "没有分出先后"),
        # over a variance of less than nothing Φ was 3, "very good", where everybody contradicts everybody
        ([[1, 3], [2, 2], [3, 1]], {"icc1k", "icc2k", "icc3k"}, "没有差别"),
        ([[80, 90, 85], [91, 80, 85], [85, 86, 84]], {"icc2k"}, "没有一致性"),
    ],
)
def test_what_has_no_answer_says_why(rows, none, word):
    found = agreement(matrix(rows))
    assert {name for name in ICC if found.icc[name] is None} == none - {"w"}
    assert (found.kendall_w is None, found.chi2 is None) == ("w" in none, "w" in none)
    assert word in found.reason


def test_experts_who_agree_wholly():
    found = agreement(matrix([[1, 1], [2, 2], [4, 4]]))
    assert set(found.icc.values()) == {1.0}
    assert found.ci95["icc3"] == found.ci95["icc1k"] == (1, 1)
    assert found.ci95["icc2"] is None
    assert "区间" in found.reason


tables = st.integers(2, 5).flatmap(
    lambda k: st.lists(st.lists(st.integers(0, 8), min_size=k, max_size=k), min_size=2, max_size=7)
)


@given(tables, st.randoms(), st.integers(1, 9), st.integers(0, 50))
def test_order_shift_and_scale_change_no_agreement(rows, random, scale, shift):
    turned = [[x * scale + shift for x in row] for row in rows]
    random.shuffle(turned)
    one, other = agreement(matrix(rows)), agreement(matrix(turned))
    for name in ICC:
        assert one.icc[name] == (None if other.icc[name] is None else pytest.approx(other.icc[name]))
        low, high = one.ci95[name] or (0, 0)
        assert isfinite(low)
        assert isfinite(high)
        if one.icc[name] is not None and one.ci95[name] is not None and "2" not in name and "k" not in name:
            assert low - 1e-9 <= one.icc[name] <= high + 1e-9
    assert one.kendall_w == (None if other.kendall_w is None else pytest.approx(other.kendall_w))
    assert one.kendall_w is None or 0 <= one.kendall_w <= 1
    assert bool(one.reason) == (None in one.icc.values() or None in one.ci95.values() or one.kendall_w is None)


@pytest.mark.parametrize(
    ("p", "first", "second", "value"),
    [(0.975, 5, 15, 3.58), (0.975, 1, 1, 647.8), (0.95, 10, 10, 2.98), (0.99, 3, 120, 3.95), (0.975, 120, 120, 1.43)],
)
def test_published_tables_of_f(p, first, second, value):
    assert f_quantile(p, first, second) == pytest.approx(value, abs=0.006 if value < 600 else 0.06)


@pytest.mark.parametrize(
    ("freedom", "value"), [(1, 12.706), (2, 4.303), (4, 2.776), (11, 2.201), (30, 2.042), (1e6, 1.960)]
)
def test_published_tables_of_t(freedom, value):
    assert t_quantile(0.975, freedom) == pytest.approx(value, abs=0.0006)


@given(st.floats(0.001, 0.999), st.floats(0.5, 300), st.floats(0.5, 300))
def test_laws_of_f(p, first, second):
    value = f_quantile(p, first, second)
    assert f_below(value, first, second) == pytest.approx(p, abs=1e-9)
    assert value == pytest.approx(1 / f_quantile(1 - p, second, first), rel=1e-6)
    closed = second / 2 * ((1 - p) ** (-2 / second) - 1)  # two degrees of freedom have a formula
    assert f_quantile(p, 2, second) == pytest.approx(closed, rel=1e-8)


def test_f_far_out():
    assert f_below(0, 3, 4) == 0
    assert f_below(1e300, 3, 4) == 1
    assert f_quantile(0.975, 5, 1e-6) > 1e300


TOTALS = {
    ("A", "x"): 80,
    ("A", "y"): 90,
    ("A", "z"): 88,
    ("B", "x"): 70,
    ("B", "y"): 80,
    ("C", "x"): 75,
    ("C", "z"): 77,
}


def decimals(totals):
    return {pair: D(str(total)) for pair, total in totals.items()}


def test_severity_by_hand():
    """x: 80 − 89, 70 − 80, 75 − 77: −9, −10, −2; t of 2 degrees of freedom is 4.3027."""
    found = severity(decimals(TOTALS))
    assert (found["x"].mean, found["x"].n) == (-7, 3)
    half = 4.302653 * (19 / 3) ** 0.5  # the differences vary by 19 around −7
    assert found["x"].ci95 == pytest.approx((-7 - half, -7 + half), abs=1e-4)
    assert not found["x"].flagged
    assert found["y"].mean == 8
    assert found["y"].n == 2


def test_a_flag_needs_three_marks_and_no_accident():
    def panel(*differences):
        pairs = {(f"A{n}", who): 80 + d * (who == "x") for n, d in enumerate(differences) for who in ("x", "y")}
        return severity(decimals(pairs))["x"]

    assert panel(-3, -3, -3).flagged
    assert panel(-3, -3, -3).ci95 == (-3, -3)
    assert panel(3, 3, 3).flagged
    assert not panel(-2, -2, -2).flagged
    assert not panel(-20, 10, 1).flagged
    assert not panel(0, 0).flagged
    assert not panel(-3.5, -3.5, -3.5, -3.5, -3.5, 0).flagged  # under 3
    assert panel(-4, -4, -4, -4, -4, 1).flagged
    wide = panel(-9, -1, -5)  # −5 ± 9.9
    assert wide.ci95[1] > 0
    assert not panel(9, 1, 5).flagged
    assert not panel(-3.2, -7.4).flagged


def test_who_has_nobody_to_be_compared_with():
    found = severity(decimals({("A", "x"): 80, ("B", "x"): 82, ("B", "y"): 80, ("C", "z"): 1, ("C", "y"): 2}))
    assert found["x"] == Severity(2, None, 1, False, "只有 1 位申报人可比，没有区间。")
    alone = severity(decimals({("A", "x"): 80}))["x"]
    assert alone == Severity(None, None, 0, False, "没有其他专家给同一申报人评分，不能比较。")
    apart = severity(decimals({("A", "x"): 80, ("A", "y"): 80, ("B", "u"): 82, ("B", "v"): 80}))
    why = "评分分成 2 组，组与组之间没有共同的专家或申报人，不能比较。"
    assert set(apart.values()) == {Severity(None, None, 0, False, why)}
    assert severity({}) == {}


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=12))
def test_groups_are_what_one_can_walk(pairs):
    found = groups((f"A{a}", f"E{e}") for a, e in pairs)
    assert sorted(a for group in found for a in group.applicants) == sorted({f"A{a}" for a, _ in pairs})
    for a, e in pairs:
        assert sum(f"A{a}" in group.applicants and f"E{e}" in group.experts for group in found) == 1
    links = len({(a, e) for a, e in pairs})
    nodes = len({a for a, _ in pairs}) + len({e for _, e in pairs})
    assert max(nodes - links, bool(pairs)) <= len(found) <= max(nodes // 2, 0)


def sheets(totals):
    return {f"E{n}": [D(total)] for n, total in enumerate(totals)}


LINE = Rules(line=D(80), quota=1)


def test_who_flips_when_a_sheet_goes():
    panels = {"P": {"A": sheets([90, 81, 70]), "B": sheets([80, 80, 80]), "C": sheets([99, 99, 99])}}
    rules = Rules(line=D(80), quota=2, min_sheets=2)
    assert standings(panels, rules)["A"] == Standing(reaches=True, inside=True)
    found = {(f.applicant, f.change, f.to): f for f in flips(panels, rules)}
    assert set(found) == {("A", "without", "E0"), ("B", "without", "E0"), ("B", "without", "E1")}
    assert found["A", "without", "E0"].after == Standing(reaches=False, inside=False)
    assert found["B", "without", "E0"].before == Standing(reaches=True, inside=False)
    strict = flips(panels, Rules(line=D(80), quota=2))
    assert {f.after for f in strict if f.change == "without"} == {Standing(None, None)}
    assert len([f for f in strict if f.change == "without"]) == 9


def test_who_flips_under_trimming():
    panels = {"P": {"A": sheets([81, 81, 81, 81, 70]), "B": sheets([80, 80, 80, 80, 80])}}
    found = [f for f in flips(panels, LINE) if f.change == "method"]
    assert [(f.applicant, f.to, f.after.reaches, f.after.inside) for f in found] == [
        ("A", "trim_total", True, True),
        ("B", "trim_total", True, False),
        ("A", "trim_item", True, True),
        ("B", "trim_item", True, False),
    ]
    assert {f.to for f in flips(panels, Rules(method="trim_item", line=D(80))) if f.change == "method"} == {"mean"}


def test_who_flips_under_correction():
    panels = {
        "P": {"A": sheets([82] * 3), "B": sheets([90] * 3)},
        "Q": {"C": sheets([81] * 3), "D": sheets([70] * 3)},
        "R": {},
    }
    plain = flips(panels, LINE)
    assert {f.to for f in plain if f.change == "correction"} == {"pooled", "second_mean"}  # too few for trimmed
    assert {f.applicant for f in plain if f.change == "correction"} == {"B", "C"}
    corrected = Rules(line=D(80), line_meets_corrected=True, correction="pooled", quota=1)
    assert standings(panels, corrected)["A"] == Standing(reaches=False, inside=False)
    assert "off" in {f.to for f in flips(panels, corrected)}
    assert standings({"P": panels["P"]}, corrected)["A"].reaches


def test_the_rules_are_those_of_the_round():
    panels = {"P": {"A": sheets([79, 80, 80]), "B": sheets([60, 60, 90])}, "Q": {"C": sheets([90] * 3)}}
    assert not standings(panels, Rules(line=D(80)))["A"].reaches  # 79.67
    assert standings(panels, Rules(line=D(80), decimals=0))["A"].reaches
    assert standings(panels, Rules(method="trim_total", min_sheets_to_trim=3, line=D(80)))["A"].reaches
    corrected = Rules(line=D(80), line_meets_corrected=True, correction="pooled")  # A: 79.67 × 1.026, 81.74
    assert (
        standings(panels, Rules(line=D("81.7"), line_meets_corrected=True, correction="second_mean"))["A"].reaches
        is True
    )
    coarse = Rules(line=D(80), line_meets_corrected=True, correction="second_mean", correction_decimals=(0, 0, 0))
    assert [s.reaches for s in standings(panels, corrected).values()] == [True, False, False]
    assert [s.reaches for s in standings(panels, coarse).values()] == [True, False, True]


def test_ties_are_broken_by_the_items_mean():
    panels = {"P": {"A": {"E0": [D(5), D(6)], "E1": [D(5), None]}, "B": {"E0": [D(6), D(5)]}}}
    assert standings(panels, Rules(min_sheets=1, quota=1))["A"].inside
    broken = standings(panels, Rules(min_sheets=1, quota=1, tie_break=(0,)))
    assert (broken["A"].inside, broken["B"].inside) == (False, True)
    assert broken["A"].reaches is None


def test_nothing_flips_where_everyone_agrees():
    panels = {"P": {"A": sheets([90] * 6), "B": sheets([70] * 6)}, "Q": {"C": sheets([90] * 6), "D": sheets([70] * 6)}}
    assert flips(panels, Rules(line=D(80), quota=2)) == []
    assert json.dumps([f.to for f in flips({}, LINE)]) == "[]"


def test_where_both_sides_of_the_fraction_seem_slow_there_is_an_answer() -> None:
    """Rounding puts x and 1 − x both above their own side's limit: found by a law, as a recursion without an end."""
    below = beta_below(6.406668604091771e-08, 0.9999999359333139, 1164282230.5875108, 1.817297304982354e16)
    assert 0 <= below <= 1
