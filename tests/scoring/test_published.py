"""Published and textbook examples through ``rostrum score``, each with its source."""

from __future__ import annotations

import json

import pytest

from scoring.document import answer, parse


def ask(**document):
    return answer(parse(json.dumps(document)))


def table(text):
    return [[float(word) for word in line.split()] for line in text.strip().splitlines()]


def across(text):
    return [list(row) for row in zip(*table(text), strict=True)]


def near(value, digits):
    """A published figure, right to its last digit."""
    return pytest.approx(value, abs=0.5000001 * 10**-digits)


ANXIETY = across("""
3 3 3 4 5 5 2 3 5 2 2 6 1 5 2 2 1 2 4 3
3 6 4 6 2 4 2 4 3 3 2 3 3 3 2 2 1 3 3 4
2 1 4 4 3 2 1 6 1 1 1 2 3 3 1 1 3 3 2 2
""")
WINE = across("""
1 1 3 6 6 7 8 9
2 3 8 4 5 5 7 9
0 3 1 3 5 6 7 9
1 2 4 3 6 2 9 8
""")
ROUNDING = across("""
5.40 5.50 5.55
5.85 5.70 5.75
5.20 5.60 5.50
5.55 5.50 5.40
5.90 5.85 5.70
5.45 5.55 5.60
5.40 5.40 5.35
5.45 5.50 5.35
5.25 5.15 5.00
5.85 5.80 5.70
5.25 5.20 5.10
5.65 5.55 5.45
5.60 5.35 5.45
5.05 5.00 4.95
5.50 5.50 5.40
5.45 5.55 5.50
5.55 5.55 5.35
5.45 5.50 5.55
5.50 5.45 5.25
5.65 5.60 5.40
5.70 5.65 5.55
6.30 6.30 6.25
""")
ATTITUDE = table("""
43 51 30 39 61 92 45
63 64 51 54 63 73 47
71 70 68 69 76 86 48
61 63 45 47 54 84 35
81 78 56 66 71 83 47
43 55 49 44 54 49 34
58 67 42 56 66 68 35
71 75 50 55 70 66 41
72 82 72 67 71 83 31
67 61 45 47 62 80 41
64 53 53 58 58 67 34
67 60 47 39 59 74 41
69 62 57 42 55 63 25
68 83 83 45 59 77 35
77 77 54 72 79 77 46
81 90 50 72 60 54 36
74 85 64 69 79 79 63
65 60 65 75 55 80 60
65 70 46 57 75 85 46
50 58 68 54 64 78 52
50 40 33 34 43 64 33
64 61 52 62 66 80 41
53 66 52 50 63 80 37
40 37 42 58 50 57 49
63 54 42 48 66 75 33
66 77 66 63 88 76 72
78 75 58 74 80 78 49
48 57 44 45 51 83 38
85 85 71 71 77 74 55
82 82 39 59 64 78 39
""")


def test_anxiety_of_the_r_package_irr():
    """irr, ?kendall and ?icc: Wt = 0.54, χ²(19) = 30.8; ICC(A,1) = 0.198 (−0.039, 0.494), ICC(A,k)."""
    found = ask(agreement={"matrix": ANXIETY})
    assert found["kendall_w"] == near(0.540, 3)
    assert found["chi2"] == near(30.8, 1)
    assert found["icc2"] == near(0.198, 3)
    assert found["ci95"]["icc2"] == [near(-0.039, 3), near(0.494, 3)]


def test_wines_of_real_statistics():
    """Zaiontz, Real Statistics, intraclass correlation: four judges of eight wines; pingouin prints all six."""
    found = ask(agreement={"matrix": WINE})
    want = {"icc1": 0.728, "icc2": 0.728, "icc3": 0.729, "icc1k": 0.914, "icc2k": 0.914, "icc3k": 0.915}
    assert {key: round(found[key], 3) for key in want} == want
    assert found["ci95"]["icc2"] == [near(0.43, 2), near(0.93, 2)]


def test_ten_patients_of_streiner_and_norman():
    """Streiner & Norman, Health Measurement Scales, ch. reliability: three observers, .88 fixed and .73 random."""
    rows = ["6 7 8", "4 5 6", "2 2 2", "3 4 5", "5 4 6", "8 9 10", "5 7 9", "6 7 8", "4 6 8", "7 9 8"]
    found = ask(agreement={"matrix": table("\n".join(rows))})
    assert (found["icc3"], found["icc2"]) == (near(0.88, 2), near(0.73, 2))


def test_five_people_of_winer():
    """Winer (1971), four drugs: mean squares 170.20 of people, 9.40 of the rest; α is 1 − their ratio."""
    rows = ["30 28 16 34", "14 18 10 22", "24 20 18 30", "38 34 20 44", "26 28 14 30"]
    assert ask(agreement={"matrix": table("\n".join(rows))})["alpha"] == pytest.approx(1 - 9.40 / 170.20)


def test_three_pairs_of_mcgraw_and_wong():
    """McGraw & Wong (1996), p. 35: (2,4), (4,6), (6,8) agree as to order wholly, absolutely 0.67."""
    found = ask(agreement={"matrix": [[2, 4], [4, 6], [6, 8]]})
    assert (found["icc3"], found["icc2"]) == (near(1.00, 2), near(0.67, 2))


@pytest.mark.parametrize(
    ("matrix", "chi2", "digits"),
    [
        # Hollander & Wolfe (1973), table 7.1, rounding first base, as R's ?friedman.test has it: many ties
        (ROUNDING, 11.143, 3),
        # SciPy, friedmanchisquare: heart rates before, at once after and five minutes after exercise
        (across("72 120 76\n96 120 95\n88 132 104\n92 120 96\n74 101 84\n76 96 72\n82 112 76"), 10.571, 3),
        # R's ?friedman.test, mean breaks of two wools under three tensions
        ([[44.55556, 24, 24.55556], [28.22222, 28.77778, 18.77778]], 0.33333, 5),
    ],
)
def test_kendalls_w_is_friedmans_statistic(matrix, chi2, digits):
    found = ask(agreement={"matrix": matrix})
    assert found["chi2"] == near(chi2, digits)
    assert found["kendall_w"] == pytest.approx(found["chi2"] / (len(matrix[0]) * (len(matrix) - 1)), abs=1e-4)


def test_chatterjee_and_prices_attitudes():
    """R's data set attitude: psych::alpha(attitude) prints 0.84."""
    assert ask(agreement={"matrix": ATTITUDE})["alpha"] == near(0.84, 2)


TRUNCATED = [92, 19, 101, 58, 1053, 91, 26, 78, 10, 13, -40, 101, 86, 85, 15, 89, 89, 28, -5, 41]


def test_the_truncated_mean_of_wikipedia():
    """Wikipedia, Truncated mean and Winsorizing: 5 % of twenty at each end leaves 56.5; here all are 40 higher."""
    sheets = [[value + 40] for value in TRUNCATED]
    assert ask(aggregate={"method": "trim_total", "sheets": sheets})["score"] == "96.50"
    assert ask(aggregate={"method": "mean", "sheets": sheets})["score"] == "141.50"


def test_what_scipy_says_of_its_own_examples():
    """SciPy, trim_mean([1, 2, 3, 5], 0.25) and rankdata([0, 2, 3, 2], "min"), from the least: so 10 − x."""
    four = [[mark] for mark in (1, 2, 3, 5)]
    assert ask(aggregate={"method": "trim_total", "sheets": four, "min_sheets_to_trim": 4})["score"] == "2.50"
    ranks = ask(rank={"scores": {who: 10 - x for who, x in zip("abcd", (0, 2, 3, 2), strict=True)}})["ranks"]
    assert list(ranks.values()) == [1, 2, 4, 2]


def test_standard_competition_ranking():
    """Wikipedia, Ranking: of A, B, C, D with B and C equal the order is 1224; the modified way would be 1334."""
    ranks = ask(rank={"scores": {"A": "90", "B": "85", "C": "85", "D": "80"}})["ranks"]
    assert ranks == {"A": 1, "B": 2, "C": 2, "D": 4}


def test_the_second_pair_of_rooms_of_gaoan():
    """高安市 2015, 3、4 考场 of the posts 财政所: 2015.67 ÷ 26, 1931.77 ÷ 26, 4251.83 ÷ 56 to four decimals."""

    def panel(extremes, total):
        first = round(total / 26, 2)
        rest = [first] * 25
        return [*extremes, *rest, round(total - sum(rest), 2)]

    panels = {
        "3": panel([80.78, 81.69, 72.49, 75.27], 2015.67),
        "4": panel([78.19, 78.44, 70.1, 71.43], 1931.77),
    }
    found = ask(correct={"method": "trimmed", "panels": panels, "decimals": {"mean": 4, "k": 4, "score": 2}})
    assert found["means"] == {"3": "77.5258", "4": "74.2988"}
    assert (found["grand"], found["k"]) == ("75.9255", {"3": "0.9794", "4": "1.0219"})


def test_second_mean_as_henan_describes_it():
    """河南省 “二次平均法”操作办法 (2012): R = (A1 + A2 + … + AN) ÷ N, X = R ÷ A, whatever the panels' sizes."""
    panels = {"1": [80, 90], "2": [70, 72, 74, 76, 78, 80], "3": [80]}
    found = ask(correct={"method": "second_mean", "panels": panels, "decimals": {"mean": 2, "k": 4, "score": 2}})
    assert found["means"] == {"1": "85.00", "2": "75.00", "3": "80.00"}
    assert found["grand"] == "80.00"
    assert found["k"] == {"1": "0.9412", "2": "1.0667", "3": "1.0000"}
    assert found["scores"]["1"] == ["75.30", "84.71"]


EXCEL = [4, 5, 6, 7, 2, 3, 4, 5, 1, 2, 3]


@pytest.mark.parametrize(
    ("method", "marks", "score"),
    [
        # Microsoft's page of TRIMMEAN: a fifth of eleven is one at each end, 3.778
        ("trim_total", EXCEL, "3.78"),
        ("trim_item", EXCEL, "3.78"),
        # Microsoft's page of MEDIAN: of five and of six numbers
        ("median", [1, 2, 3, 4, 5], "3.00"),
        ("median", [1, 2, 3, 4, 5, 6], "3.50"),
        # R, ?mean: c(0:10, 50) has the mean 8.75 and, one twelfth off each end, 5.50
        ("mean", [*range(11), 50], "8.75"),
        ("trim_total", [*range(11), 50], "5.50"),
    ],
)
def test_what_excel_and_r_say_of_their_own_examples(method, marks, score):
    assert ask(aggregate={"method": method, "sheets": [[mark] for mark in marks]})["score"] == score


EXECUTIVES = across("""
1 6 3 2 5 4
1 5 6 4 2 3
6 3 2 5 4 1
""")
TIED = across("""
1 4.5 2 4.5 3 7.5 6 9 7.5 10
2.5 1 2.5 4.5 4.5 8 9 6.5 10 6.5
2 1 4.5 4.5 4.5 4.5 8 8 8 10
""")


@pytest.mark.parametrize(("matrix", "w", "digits"), [(EXECUTIVES, 0.162, 3), (TIED, 0.828, 3)])
def test_concordance_of_siegel_and_kendall(matrix, w, digits):
    """Siegel (1956), ch. 9: three executives of six applicants, s = 25.5; Kendall, three rankings of ten with ties."""
    assert ask(agreement={"matrix": matrix})["kendall_w"] == near(w, digits)


def test_rank_of_excel_and_of_r():
    """Microsoft's page of RANK: 7, 3.5, 3.5, 1, 2; R, ?rank, ties "min", from the least: so 10 − x."""
    excel = ask(rank={"scores": dict(zip("ABCDE", ["7", "3.5", "3.5", "1", "2"], strict=True))})["ranks"]
    assert list(excel.values()) == [1, 2, 2, 5, 4]
    scores = {f"A{n:02}": str(10 - x) for n, x in enumerate([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5])}
    assert list(ask(rank={"scores": scores})["ranks"].values()) == [4, 1, 6, 1, 7, 11, 3, 10, 7, 4, 7]


SHROUT_FLEISS = table("9 2 5 8\n6 1 3 2\n8 4 6 8\n7 1 2 6\n10 5 6 9\n6 2 4 7")


def test_all_six_of_shrout_and_fleiss_with_intervals_as_stata_prints_them():
    """Shrout & Fleiss (1979), table 2; Stata, [R] icc, judges.dta: the six forms and their intervals, seven digits."""
    stata = {
        "icc1": (0.1657418, -0.1329323, 0.7225601),
        "icc2": (0.2897638, 0.0187865, 0.7610844),
        "icc3": (0.7148407, 0.3424648, 0.9458583),
        "icc1k": (0.4427971, -0.8844422, 0.9124154),
        "icc2k": (0.6200505, 0.0711368, 0.9272320),
        "icc3k": (0.9093155, 0.6756747, 0.9858917),
    }
    found = ask(agreement={"matrix": SHROUT_FLEISS})
    for key, figures in stata.items():
        assert (found[key], *found["ci95"][key]) == pytest.approx(figures, abs=5.1e-8)


QUESTIONNAIRE = across("""
3 5 7 2 6 1 4 2 6 5 4 4 5 6 4
2 4 3 4 5 2 3 4 5 4 3 2 5 5 3
4 6 5 3 6 3 5 4 5 6 5 3 6 5 5
1 3 5 3 5 4 3 3 5 4 2 2 2 4 5
4 5 6 2 4 2 5 7 1 3 5 5 3 2 3
5 1 4 2 4 5 2 2 6 5 3 3 3 2 1
1 2 3 2 4 2 1 2 5 3 2 4 2 1 3
4 5 3 6 6 3 2 4 2 1 3 2 4 4 2
3 5 6 6 7 5 4 6 3 7 4 3 4 6 3
2 5 5 3 5 2 3 5 2 2 1 4 5 5 4
""")


def test_the_questionnaire_of_pingouin_with_feldts_interval():
    """pingouin, cronbach_alpha of its data of that name: 0.591719 (0.195, 0.840), as psych of R has it."""
    found = ask(agreement={"matrix": QUESTIONNAIRE})
    assert found["alpha"] == near(0.591719, 6)
    assert found["ci95"]["icc3k"] == [near(0.195, 3), near(0.840, 3)]


def test_birds_of_zar_with_ties():
    """Zar (2010), example 20.5: wing, tail and bill of twelve birds; UNISTAT prints rank sums, W follows by hand."""
    wing = [10.4, 10.8, 11.1, 10.2, 10.3, 10.2, 10.7, 10.5, 10.8, 11.2, 10.6, 11.4]
    tail = [7.4, 7.6, 7.9, 7.2, 7.4, 7.1, 7.4, 7.2, 7.8, 7.7, 7.8, 8.3]
    bill = [17.0, 17.0, 20.0, 14.5, 15.5, 13.0, 19.5, 16.0, 21.0, 20.0, 18.0, 22.0]
    sums = [14.5, 21.0, 30.5, 6.0, 11.0, 3.5, 20.0, 11.5, 29.0, 28.5, 22.5, 36.0]
    ties = 2 * 6 + (2 * 6 + 24) + 2 * 6
    w = 12 * sum((one - 19.5) ** 2 for one in sums) / (3**2 * (12**3 - 12) - 3 * ties)
    found = ask(agreement={"matrix": [list(bird) for bird in zip(wing, tail, bill, strict=True)]})
    assert (found["kendall_w"], found["chi2"]) == (pytest.approx(w), pytest.approx(3 * 11 * w))


def test_ten_projects_of_four_judges():
    """A course text on Kendall's W: squared differences add up to 1048, W = 12 · 1048 ÷ 15840."""
    judges = "1 2 3 4\n3 1 2 2\n4 4 1 3\n5 5 5 1\n2 6 7 6\n8 3 4 7\n6 8 6 5\n7 7 8 9\n10 10 9 8\n9 9 10 10"
    assert ask(agreement={"matrix": table(judges)})["kendall_w"] == pytest.approx(12 * 1048 / (16 * 990))


@pytest.mark.parametrize(
    ("marks", "dropped", "score"),
    [
        # International Jump Rope Union, technical manual 3.0, calculations: 115, 118 and 119 are left, 117.33
        ([112, 115, 118, 119, 121], [[4], [0]], "117.33"),
        # diving with five judges: (5.5) 5 5 5 (4.5), three times 5.00 are left: 15
        ([5.5, 5, 5, 5, 4.5], [[0], [4]], "5.00"),
    ],
)
def test_highest_and_lowest_of_sports(marks, dropped, score):
    found = ask(aggregate={"method": "trim_total", "sheets": [[mark] for mark in marks]})
    assert (found["dropped"], found["score"]) == (dropped, score)


def test_the_first_pair_of_rooms_of_gaoan_with_its_own_extremes():
    """高安市 2015, 1、2 考场 of the posts 水务站: each room's and the pool's dropped ones are named in the notice."""
    extremes = {"1": [76.59, 76.32, 68.64, 70.16], "2": [77.94, 79.24, 64.22, 68.72]}
    panels = {}
    for room, (total, n) in {"1": (1620.66, 22), "2": (1452.89, 20)}.items():
        rest = [round(total / n, 2)] * (n - 1)
        panels[room] = [*extremes[room], *rest, round(total - sum(rest), 2)]
    found = ask(correct={"method": "trimmed", "panels": panels, "decimals": {"mean": 4, "k": 4, "score": 2}})
    assert found["means"] == {"1": "73.6664", "2": "72.6445"}
    assert (found["grand"], found["k"]) == ("73.1596", {"1": "0.9931", "2": "1.0071"})
