"""The published checks of the scoring page, the laws of an aggregate, and what is refused."""

from __future__ import annotations

from decimal import Decimal
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.aggregate import METHODS, aggregate
from scoring.correction import correct
from scoring.errors import ScoringError
from scoring.marks import half_up
from scoring.rank import rank
from scoring.rubric import Rubric, example, papers
from scoring.sheet import content_hash

D = Decimal
PUBLISHED = [[D(m) for m in sheet] for sheet in ([28, 25, 30], [30, 20, 34], [24, 30, 32], [27, 28, 20], [22, 27, 36])]


@pytest.mark.parametrize(
    ("method", "score"), [("mean", "82.60"), ("trim_total", "84.00"), ("trim_item", "85.00"), ("median", "84.00")]
)
def test_the_published_example(method, score):
    assert str(aggregate(method, PUBLISHED).score) == score


def test_what_was_dropped_is_named_and_one_of_tied_ones_only():
    assert set(aggregate("trim_total", PUBLISHED).dropped) == {(2,), (3,)}
    tied = [[D(m)] for m in (90, 90, 80, 70, 70)]
    answer = aggregate("trim_total", tied)
    assert (len(answer.dropped), str(answer.score)) == (2, "80.00")
    equal = aggregate("trim_item", [[D(7), D(3)]] * 5)
    assert (str(equal.score), len(equal.dropped)) == ("10.00", 4)


def test_too_few_sheets_are_not_trimmed_or_give_no_score():
    few = aggregate("trim_total", PUBLISHED[:4])
    assert (few.method, few.dropped) == ("mean", ())
    assert "少于 5 份" in few.reason
    none = aggregate("mean", [*PUBLISHED[:2], [D(1), None, D(2)]])
    assert (none.score, none.valid) == (None, 2)
    assert "少于 3 份" in none.reason


sheets = st.lists(st.lists(st.integers(0, 50).map(D), min_size=3, max_size=3), min_size=5, max_size=9)


@given(sheets, st.randoms(), st.sampled_from(METHODS))
def test_the_order_of_sheets_does_not_matter_and_the_score_lies_between(rows, random, method):
    mixed = list(rows)
    random.shuffle(mixed)
    score = aggregate(method, rows).score
    assert score == aggregate(method, mixed).score
    assert score is not None
    if method != "trim_item":
        assert min(map(sum, rows)) - D("0.01") <= score <= max(map(sum, rows)) + D("0.01")


@pytest.mark.parametrize(
    "bad",
    [
        lambda: aggregate("best", PUBLISHED),
        lambda: aggregate("mean", [[D(1)], [D(1), D(2)]]),
        lambda: aggregate("mean", [[]]),
        lambda: aggregate("mean", PUBLISHED, min_sheets=0),
        lambda: correct("best", {"A": [D(1)]}),
        lambda: correct("pooled", {"A": []}),
        lambda: correct("pooled", {"A": [D(0)]}),
        lambda: correct("trimmed", {"A": [D(1)] * 4}),
        lambda: example().parse({"nope": "1"}, complete=False),
        lambda: example().parse({"talk": "21"}, complete=False),
        lambda: example().parse({"talk": "1.5"}, complete=False),
        lambda: example().parse({"talk": "NaN"}, complete=False),
        lambda: example().parse({"talk": "x"}, complete=False),
        lambda: example().parse({"talk": True}, complete=False),
        lambda: example().parse({"talk": "1"}, complete=True),
        lambda: Rubric.from_json({"version": 1}),
        lambda: Rubric.from_json({"version": 1, "items": []}),
        lambda: Rubric.from_json({"version": 1, "items": [{"key": "a", "name": "a", "full": "0"}]}),
    ],
)
def test_nonsense_is_refused(bad):
    with pytest.raises(ScoringError):
        bad()


def test_the_rubric_is_whole_and_comes_back():
    rubric = example()
    assert rubric.full == 100
    assert Rubric.from_json(rubric.to_json()) == rubric
    assert rubric.parse({"talk": "18"}, complete=False)["qa"] is None


def test_the_published_fingerprint():
    expected = "2eb88d5c33d2906e713f50b75609feb8e7f94148c0757a8de0d747aa22175cba"
    marks = {"talk": "18", "qa": None}
    assert content_hash(sheet="R1-P1-A00001-E0001", rubric=1, marks=marks, state="draft") == expected


def test_a_fingerprint_keeps_chinese_as_it_is():
    text = '{"marks":{"汇报":"18","答辩":null},"rubric":2,"sheet":"甲","state":"submitted"}'
    marks = {"答辩": None, "汇报": "18"}
    assert content_hash(sheet="甲", rubric=2, marks=marks, state="submitted") == sha256(text.encode()).hexdigest()


def spread(total: str, people: int) -> list[D]:
    even = half_up(D(total) / people, 2)
    return [even] * (people - 1) + [D(total) - even * (people - 1)]


def test_published_corrections():
    answer = correct("pooled", {"A": spread("1522.42", 20), "B": spread("1494.88", 18)}, decimals=(2, 2, 2))
    assert [str(v) for v in (*answer.means.values(), answer.grand)] == ["76.12", "83.05", "79.40"]
    assert [str(v) for v in answer.k.values()] == ["1.04", "0.96"]
    second = correct("second_mean", {"A": [D(80)], "B": [D(90), D(90)]}, decimals=(2, 3, 2))
    assert (str(second.grand), str(second.k["A"]), str(second.scores["A"][0])) == ("85.00", "1.063", "85.04")
    assert any("少于 8 人" in text for text in second.warnings)
    assert correct("pooled", {"A": [D(3)]}, decimals=(None, None, None)).scores == {"A": (D(3),)}


def test_gaoan_trims_each_panel_and_the_pool():
    """The notice gives the trimmed totals: 1620.66 of 22 and 1452.89 of 20, the pool's 3365.34 of 46."""
    first = [D(10), D(10), *spread("1620.66", 22), D(74), D(74)]
    second = [D("71.89"), D("71.90"), *spread("1452.89", 20), D(99), D(99)]
    answer = correct("trimmed", {"A": first, "B": second}, decimals=(4, 4, 2))
    assert [str(m) for m in answer.means.values()] == ["73.6664", "72.6445"]
    assert (answer.pool.kept, answer.pool.over, str(answer.grand)) == (D("3365.34"), 46, "73.1596")
    assert [str(k) for k in answer.k.values()] == ["0.9931", "1.0071"]
    assert [str(answer.scores["A"][0]), str(answer.scores["B"][-1])] == ["9.93", "99.70"], "trimmed ones are corrected"
    high = correct("trimmed", {"A": [D(60)] * 7 + [D(99)], "B": [D(99)] * 8})
    assert any("超出 0.90" in text for text in high.warnings)
    assert any("超过满分" in text for text in high.warnings)


def test_ties_share_a_rank_until_an_item_decides():
    scores = {"A": D(90), "B": D(80), "C": D(80), "D": D(70)}
    assert rank(scores) == {"A": 1, "B": 2, "C": 2, "D": 4}
    assert rank(scores, {"B": [D(20)], "C": [D(21)]}) == {"A": 1, "C": 2, "B": 3, "D": 4}


def test_the_examples_bands_descend_and_fit() -> None:
    assert [(i.key, i.name, i.full) for i in papers().items] == [
        ("basis", "基本条件", 40),
        ("achievements", "业绩成果", 60),
    ]
    assert papers().full == example().full == 100
    assert papers().items[0].prompts == ("学历资历", "继续教育", "年度考核")
    for item in (*example().items, *papers().items):
        values = [value for _word, value in item.bands]
        assert values == sorted(set(values), reverse=True)
        assert all(0 < value <= item.full and value % item.step == 0 for value in values)
