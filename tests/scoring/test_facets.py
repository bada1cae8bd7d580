"""Many-facet Rasch: published analyses, data made from known measures, the laws of the maximum, who is comparable."""

from __future__ import annotations

import json
from decimal import Decimal
from math import exp
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.connected import groups
from scoring.document import answer, parse
from scoring.errors import NotComputable, ScoringError
from scoring.facets import Rating, facets
from scoring.rasch import Ratings, chances, estimate
from scoring.report import Element
from scoring.scales import partial_credit

D = Decimal
DATA = Path(__file__).parents[1] / "data"


def published(name):
    found = json.loads((DATA / name).read_text())
    return found, [
        Rating(f"P{p}", "E", f"I{i}", D(mark)) for p, row in enumerate(found["marks"]) for i, mark in enumerate(row)
    ]


def worst(elements, prefix, rows, column, name):
    pairs = [(getattr(elements[f"{prefix}{n}"], name), row[column]) for n, row in enumerate(rows)]
    return max(abs(ours - theirs) for ours, theirs in pairs if ours is not None)


def test_liking_for_science_as_winsteps_published_it():
    """75 × 25 marks, a scale for each item, one child with all highest marks: 5.98 ± 1.84 published."""
    found, ratings = published("liking-for-science.json")
    ours = facets(ratings, "partial_credit", {f"I{i}": D(2) for i in range(25)})
    for elements, prefix, rows in ((ours.items, "I", found["items"]), (ours.applicants, "P", found["children"])):
        assert worst(elements, prefix, rows, 0, "measure") < 0.015
        assert worst(elements, prefix, rows, 1, "se") < 0.006
        assert worst(elements, prefix, rows, 2, "infit") < 0.01
        assert worst(elements, prefix, rows, 3, "outfit") < 0.03
    assert [steps[-1] for steps in ours.steps] == pytest.approx(found["second_step"], abs=0.01)
    assert ours.applicants["P1"].extreme
    assert ours.applicants["P1"].infit is None
    assert "最高分" in ours.applicants["P1"].reason
    assert ours.applicants["P1"].fair == pytest.approx(49.7)


CONVERGED = json.loads((DATA / "winsteps-converged.json").read_text())


@pytest.mark.parametrize("name", CONVERGED)
def test_every_measure_of_winsteps_run_to_its_maximum(name):
    """Dichotomous with extreme tasks and children, partial credit, rating scale, two forms linked by common items: all
    published digits of measures, errors and steps, through the document a user writes; fit to its two published digits.
    """
    found = CONVERGED[name]
    ratings = [
        {"applicant": f"P{p}", "expert": "E", "item": f"I{i}", "mark": None if mark == "-" else mark}
        for p, row in enumerate(found["marks"])
        for i, mark in enumerate(row)
    ]
    body = {"ratings": ratings}
    if len(found.get("steps", ())) > 1:
        body |= {"model": "partial_credit", "full": {f"I{i}": 3 for i in range(len(found["items"]))}}
    ours = answer(parse(json.dumps({"facets": body})))
    items = [ours["items"][f"I{i}"] for i in range(len(found["items"]))]
    people = [ours["applicants"][f"P{p}"] for p in range(len(found["applicants"]))]
    assert [one["measure"] for one in items] == pytest.approx(found["items"], abs=1.1e-4)
    assert [one["measure"] for one in people] == pytest.approx(found["applicants"], abs=1.1e-4)
    if "steps" in found:
        steps = ours["steps"] if len(found["steps"]) > 1 else [ours["steps"]]
        assert np.array(steps) == pytest.approx(np.array(found["steps"]), abs=1.1e-4)
    for key, near in (("se", 1.1e-4), ("infit", 0.0051), ("outfit", 0.0051)):
        for one, theirs in zip(items, found.get(key, ()), strict=False):
            assert one[key] == (theirs if theirs is None else pytest.approx(theirs, abs=near))


SCIENTISTS = {
    "Avogadro": "55353 97585 33371 73133 97785 35351 77555",
    "Brahe": "65463 87572 45366 56455 24323 44642 33554",
    "Cavendish": "55573 77575 35555 53331 97777 33353 77757",
}


def test_three_facets_of_guilford_as_the_manual_of_facets_published_them():
    """Guilford (1954), p. 282: three senior scientists of seven junior ones in five traits. The marks are those of the
    manual of Facets (Linacre), page "Creativity", as issue 15 of the R package TAM copies them; its page on estimation
    counts Betty's 79 and Fred's 39 above the lowest, and 31 marks of 5, 6 of 6. Table 13.1.1 has Brahe .24, David −.46,
    Edward .42, and of Brahe's 25 and 14 marks for them 17.3 and 27.0 expected. Examinees are centred there,
    judges float.

    All its measures are 4.5 % nearer to 0 than the maximum: the program's default is to stop where no score is half a
    mark from the expected one, and so near its measures are. Where Winsteps goes on (above) ours are equal to 0.0001.
    """
    names = ("Anne", "Betty", "Chris", "David", "Edward", "Fred", "George")
    ratings = [
        Rating(name, judge, f"T{i}", D(mark))
        for judge, row in SCIENTISTS.items()
        for name, marks in zip(names, row.split(), strict=True)
        for i, mark in enumerate(marks)
    ]
    totals = {name: sum(r.mark - 1 for r in ratings if r.applicant == name) for name in ("Betty", "Fred")}
    assert totals == {"Betty": 79, "Fred": 39}
    assert [sum(r.mark == mark for r in ratings) for mark in (5, 6)] == [31, 6]
    ours = facets(ratings)
    middle = np.mean([one.measure for one in ours.applicants.values()])
    david, edward = (ours.applicants[name].measure - middle for name in ("David", "Edward"))
    brahe = ours.experts["Brahe"].measure - middle
    assert np.array([brahe, david, edward]) / 1.045 == pytest.approx([0.24, -0.46, 0.42], abs=0.007)
    assert 0.1 < off_balance(ratings, ours, 1.045) < 0.5
    for name, seen, sum_expected in (("David", 25, 17.3), ("Edward", 14, 27.0)):
        assert sum(r.mark for r in ratings if (r.applicant, r.expert) == (name, "Brahe")) == seen
        logit = ours.applicants[name].measure - ours.experts["Brahe"].measure
        found = sum(expected(logit - trait.measure, ours.steps[0]) + 1 for trait in ours.items.values())
        assert found == pytest.approx(sum_expected, abs=0.1)


def made(seed, applicants=150, experts=12, panel=5, items=(-0.6, 0.0, 0.6), steps=(-2.0, -0.5, 0.5, 2.0)):
    """Ratings drawn from known measures; every applicant is heard by ``panel`` experts drawn by lot."""
    random = np.random.default_rng(seed)
    able, severe = random.normal(0.5, 1, applicants), random.normal(0, 0.6, experts)
    severe -= severe.mean()
    ratings = []
    for a in range(applicants):
        for e in random.choice(experts, panel, replace=False):
            for i, hard in enumerate(items):
                weight = np.exp(np.concatenate(([0], np.cumsum(able[a] - severe[e] - hard - np.array(steps)))))
                mark = random.choice(len(weight), p=weight / weight.sum())
                ratings.append(Rating(f"A{a}", f"E{e}", f"I{i}", D(int(mark))))
    return able, severe, ratings


def test_known_measures_come_back():
    able, severe, ratings = made(1)
    ours = facets(ratings)
    measures = np.array([ours.applicants[f"A{n}"].measure for n in range(150)])
    errors = np.array([ours.applicants[f"A{n}"].se for n in range(150)])
    assert np.corrcoef(measures, able)[0, 1] > 0.92
    assert 0.8 < np.sqrt((((measures - able) / errors) ** 2).mean()) < 1.3
    severities = np.array([ours.experts[f"E{n}"].measure for n in range(12)])
    assert np.abs(severities - severe).max() < 0.3
    assert [ours.items[f"I{n}"].measure for n in range(3)] == pytest.approx([-0.6, 0, 0.6], abs=0.15)
    assert ours.steps[0] == pytest.approx([-2, -0.5, 0.5, 2], abs=0.3)
    assert 0.9 < np.mean([one.infit for one in ours.experts.values()]) < 1.1
    assert ours.reliability["applicants"] > 0.85
    assert ours.reason == ""


def test_separation_and_reliability_by_hand():
    ours = facets(made(2)[2])
    logits = np.array([one.measure for one in ours.experts.values()])
    error = np.mean([one.se**2 for one in ours.experts.values()])
    true = logits.var() - error
    assert ours.separation["experts"] == pytest.approx((true / error) ** 0.5)
    assert ours.reliability["experts"] == pytest.approx(true / logits.var())


def expected(logit, steps):
    """The expected category, written from the model alone."""
    weights = [exp(k * logit - sum(steps[:k])) for k in range(len(steps) + 1)]
    return sum(k * weight for k, weight in enumerate(weights)) / sum(weights)


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.integers(8, 15), st.integers(3, 4))
def test_at_the_maximum_everyone_has_the_expected_score(seed, applicants, experts):
    ratings = made(seed, applicants, experts, 3)[2]
    ours = facets(ratings)
    if any(one.measure is None or one.extreme for one in (*ours.applicants.values(), *ours.experts.values())):
        return
    assert off_balance(ratings, ours) < 1e-5
    for centred in (ours.experts, ours.items):
        assert abs(sum(one.measure for one in centred.values())) < 1e-7
    assert abs(sum(ours.steps[0])) < 1e-7


def off_balance(ratings, ours, nearer=1):
    """The largest difference between anybody's score and the score the measures expect; 0 at the maximum.

    With ``nearer`` all measures are first divided by it.
    """
    seen = sorted({r.mark for r in ratings})
    apart = dict.fromkeys((*ours.applicants, *ours.experts, *ours.items), 0.0)
    for r in ratings:
        logit = ours.applicants[r.applicant].measure - ours.experts[r.expert].measure - ours.items[r.item].measure
        for name in (r.applicant, r.expert, r.item):
            apart[name] += seen.index(r.mark) - expected(logit / nearer, [step / nearer for step in ours.steps[0]])
    return max(map(abs, apart.values()))


def test_the_maximum_is_found_where_a_whole_step_overshoots():
    """Six applicants × four experts × three items, nearly all marks 2."""
    rows = (
        "222 202 525 222",
        "5-2 012 252 052",
        "525 -22 22- 222",
        "222 -22 2-0 225",
        "-22 22- 252 225",
        "222 242 222 222",
    )
    ratings = [
        Rating(f"A{a}", f"E{e}", f"I{i}", D(mark))
        for a, row in enumerate(rows)
        for e, marks in enumerate(row.split())
        for i, mark in enumerate(marks)
        if mark != "-"
    ]
    assert off_balance(ratings, facets(ratings)) < 1e-5


def test_an_estimate_that_is_not_there_in_time_is_none():
    places = np.array([0, 0, 1, 1])
    others = np.array([0, 1, 0, 1])
    zero = np.zeros(4, dtype=int)
    ratings = Ratings(places, others, zero, zero, np.array([0, 1, 1, 0]), np.array([1]), (2, 2, 1), [np.arange(2)])
    assert estimate(ratings).applicant == pytest.approx([0, 0])
    with pytest.raises(NotComputable):
        estimate(ratings, rounds=0)


def test_neither_order_nor_names_matter_and_marks_shift_nothing():
    ratings = made(3, 30, 6, 4)[2]
    ours = facets(ratings)
    turned = facets([Rating(f"x{r.applicant}", r.expert, r.item, r.mark * 5 + 50) for r in reversed(ratings)])
    for name, one in ours.applicants.items():
        other = turned.applicants[f"x{name}"]
        assert (other.measure, other.se, other.infit) == pytest.approx((one.measure, one.se, one.infit), abs=1e-6)
        assert other.fair == pytest.approx(one.fair * 5 + 50, abs=1e-4)


def test_fair_averages_by_hand():
    ours = facets(made(4)[2])
    middle = np.mean([one.measure for one in ours.applicants.values() if not one.extreme])
    one = ours.applicants["A3"]
    assert one.fair == pytest.approx(expected(one.measure, ours.steps[0]))
    everyone = np.mean([one.measure for one in ours.applicants.values()])
    assert ours.experts["E1"].fair == pytest.approx(expected(everyone - ours.experts["E1"].measure, ours.steps[0]))
    assert ours.items["I2"].fair == pytest.approx(expected(middle - ours.items["I2"].measure, ours.steps[0]))


def two_panels(share):
    """Two panels of their own people; E-0-0 and E-1-0 are one expert where ``share``."""
    for panel in (0, 1):
        for r in made(5 + panel, 12, 4, 4)[2]:
            expert = "E0" if share and r.expert == "E0" else f"{r.expert}-{panel}"
            yield Rating(f"{r.applicant}-{panel}", expert, r.item, r.mark)


def test_panels_without_a_link_are_named_and_centred_each():
    apart = facets(list(two_panels(share=False)))
    assert [len(group.applicants) for group in apart.subsets] == [12, 12]
    assert "不能比较" in apart.reason
    for group in apart.subsets:
        assert sum(apart.experts[name].measure for name in group.experts) == pytest.approx(0, abs=1e-7)
    linked = facets(list(two_panels(share=True)))
    assert len(linked.subsets) == 1
    assert linked.reason == ""


def test_a_fair_average_meets_the_own_subset():
    apart = facets(list(two_panels(share=False)))
    group = apart.subsets[1]
    middle = np.mean([apart.applicants[name].measure for name in group.applicants])
    one = apart.experts[group.experts[2]]
    assert one.fair == pytest.approx(expected(middle - one.measure, apart.steps[0]))


def test_who_alone_links_two_panels_with_highest_marks_only_links_nothing():
    top = [Rating("star", expert, f"I{i}", D(4)) for expert in ("E1-0", "E1-1") for i in range(3)]
    once = [Rating("low", "E2-1", f"I{i}", D(0)) for i in range(3)]
    ours = facets([*two_panels(share=False), *top, *once])
    assert [set(group.applicants) & {"star", "low"} for group in ours.subsets] == [set(), {"low"}, {"star"}]
    assert ours.applicants["star"].measure > 2
    assert ours.applicants["low"].measure < -1


def test_an_expert_with_lowest_marks_only_is_measured_against_the_others():
    hard = [Rating(f"A{n}-0", "hard", f"I{i}", D(0)) for n in range(12) for i in range(3)]
    ours = facets([*two_panels(share=True), *hard])
    assert ours.experts["hard"].measure > max(one.measure for name, one in ours.experts.items() if name != "hard")
    assert "hard" in ours.subsets[0].experts


def test_nothing_to_measure_with():
    ratings = made(6, 12, 4, 4)[2]
    only = [Rating("star", "kind", f"I{i}", D(4)) for i in range(3)]
    ours = facets([*ratings, *only])
    assert ours.applicants["star"].measure is None
    assert ours.experts["kind"].fair is None
    assert "无从度量" in ours.applicants["star"].reason
    same = [Rating(r.applicant, r.expert, "same", D(3)) for r in ratings if r.item == "I0"]
    banded = facets([*ratings, *same], "partial_credit", {"I0": D(4), "I1": D(4), "I2": D(4), "same": D(4)})
    assert (banded.items["same"].measure, banded.items["same"].fair) == (None, None)
    assert banded.items["I0"].measure is not None


FLAT, RUN_AWAY, NOT_CROSSED = "没有差别", "完全错开", "没有充分交叉"


@pytest.mark.parametrize(
    ("ratings", "word"),
    [
        ([], FLAT),
        ([Rating("A", "E", "I", D(3))], FLAT),
        ([Rating(f"A{n}", f"E{e}", "I", D(3)) for n in range(3) for e in range(3)], FLAT),
        ([Rating("A", f"E{e}", "I", D(e)) for e in range(2)], FLAT),
        # the items' marks do not overlap: the likelihood rises for ever
        (
            [
                Rating(f"A{n}", f"E{e}", f"I{i}", D(5 * i + (n + e) % 2))
                for n in range(4)
                for e in range(4)
                for i in (0, 1)
            ],
            RUN_AWAY,
        ),
        # two applicants on one mark in common
        (
            [Rating(f"A{a}", f"E{e}", "I", D(x)) for a, row in enumerate(("0010", "3431")) for e, x in enumerate(row)],
            RUN_AWAY,
        ),
        # each expert has an item of their own: neither can be told from the other
        ([Rating(f"A{n}", f"E{e}", f"I{e}", D((n * e + n) % 3)) for n in range(5) for e in range(3)], NOT_CROSSED),
    ],
)
def test_what_cannot_be_computed_says_why(ratings, word):
    ours = facets(ratings)
    assert ours.reason.endswith("。")
    assert word in ours.reason
    elements = [*ours.applicants.values(), *ours.experts.values(), *ours.items.values()]
    assert set(elements) <= {Element(None, None, None, None, None, False, ours.reason)}
    people = len({r.applicant for r in ratings}), len({r.expert for r in ratings}), len({r.item for r in ratings})
    assert (len(ours.applicants), len(ours.experts), len(ours.items)) == people
    assert ours.separation == ours.reliability == {"applicants": None, "experts": None, "items": None}
    assert ours.steps == []
    assert ours.subsets == groups((r.applicant, r.expert) for r in ratings)


def test_one_applicant_and_one_expert_are_still_measured():
    marks = {("E1", "a"): 3, ("E1", "b"): 4, ("E2", "a"): 4, ("E2", "b"): 2, ("E3", "a"): 2, ("E3", "b"): 3}
    alone = facets([Rating("A", expert, item, D(mark)) for (expert, item), mark in marks.items()])
    assert alone.applicants["A"].measure is not None
    assert alone.separation["applicants"] is None
    assert "只有一个" in alone.reason


def test_partial_credit_folds_marks_into_bands():
    random = np.random.default_rng(8)
    ratings = []
    for a in range(40):
        for e in range(4):
            for item, full in (("talk", 20), ("work", 25), ("short", 5)):
                share = 0.75 + 0.1 * np.sin(a) - 0.03 * e + random.normal(0, 0.05)
                ratings.append(Rating(f"A{a}", f"E{e}", item, D(round(min(max(share, 0), 1) * full))))
    ours = facets(ratings, "partial_credit", {"talk": D(20), "work": D(25), "short": D(5)})
    assert [len(steps) for steps in ours.steps] == [4, 5, len({r.mark for r in ratings if r.item == "short"}) - 1]
    assert [one.measure for one in ours.experts.values()] == sorted(one.measure for one in ours.experts.values())
    total = np.mean([float(r.mark) for r in ratings]) * 3
    assert np.mean([one.fair for one in ours.applicants.values()]) == pytest.approx(total, abs=0.5)
    assert ours.items["talk"].fair == pytest.approx(0.7 * 20, abs=1)


def test_bands_by_hand():
    """Seven marks from 13 to 25: bands of 2, the last with 23, 24 and 25; 17 and 18 are nobody's."""
    marks = [D(m) for m in (13, 14, 15, 19, 21, 23, 25)]
    scaled = partial_credit([*marks, D(1), D(3)], [*["work"] * 7, "short", "short"], {"work": D(25), "short": D(5)})
    assert scaled.band == [0, 0, 1, 2, 3, 4, 4, 0, 1]
    assert scaled.values == [[13.5, 15, 19, 21, 24], [1, 3]]
    assert scaled.scale == [0] * 7 + [1, 1]
    six = [D(m) for m in (60, 61, 62, 63, 64, 99)]
    assert partial_credit(six, ["work"] * 6, {"work": D(100)}).band == [0, 1, 2, 3, 4, 5]


def test_chances_far_out_are_still_chances():
    found = chances(np.array([50.0, -50.0, 0.0]), np.zeros(3, dtype=int), [np.linspace(-2, 2, 25)])
    assert found.sum(axis=1) == pytest.approx([1, 1, 1])
    assert found[0, 25] == pytest.approx(1)
    assert found[1, 0] == pytest.approx(1)
    assert found[2] == pytest.approx(found[2, ::-1])


def test_as_a_document():
    ratings = [
        {"applicant": r.applicant, "expert": r.expert, "item": r.item, "mark": int(r.mark)}
        for r in two_panels(share=False)
    ]
    ratings.append({"applicant": "A0-0", "expert": "E0-0", "item": "I9", "mark": None})
    found = answer(parse(json.dumps({"facets": {"ratings": ratings}})))
    assert set(found) == {"applicants", "experts", "items", "steps", "subsets", "separation", "reliability", "reason"}
    assert set(found["experts"]["E0-1"]) >= {"measure", "se", "infit", "outfit", "fair"}
    assert len(found["steps"]) == 4
    assert found["subsets"][0][0] == "A0-0"
    assert found["subsets"][0][-1] in found["experts"]
    full = {"I0": 4, "I1": "4", "I2": 4}
    banded = answer(parse(json.dumps({"facets": {"ratings": ratings, "model": "partial_credit", "full": full}})))
    assert [len(steps) for steps in banded["steps"]] == [4, 4, 4]


ONE = {"applicant": "A", "expert": "E", "item": "talk", "mark": 4}


@pytest.mark.parametrize(
    "body",
    [
        {"ratings": [ONE, ONE]},
        {"ratings": [{**ONE, "mark": -1}]},
        {"ratings": [{**ONE, "mark": "x"}]},
        {"ratings": [{**ONE, "total": 1}]},
        {"ratings": [ONE], "model": "best"},
        {"ratings": [ONE], "full": {"talk": 20}},
        {"ratings": [ONE], "model": "partial_credit"},
        {"ratings": [ONE], "model": "partial_credit", "full": {"talk": 3}},
        {"ratings": [ONE], "model": "partial_credit", "full": {"talk": None}},
        {"ratings": [ONE], "model": "partial_credit", "full": []},
    ],
)
def test_nonsense_is_refused(body):
    with pytest.raises(ScoringError):
        answer(parse(json.dumps({"facets": body})))
