"""What is refused is refused by name: the sentence says which mark, whose, and what would do."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from scoring.document import answer, parse
from scoring.errors import ScoringError
from scoring.rubric import Item, Rubric, example

D = Decimal


def said(call) -> str:
    with pytest.raises(ScoringError) as refused:
        call()
    return str(refused.value)


def ask(**document):
    return lambda: answer(parse(json.dumps(document)))


RATED = {"applicant": "甲", "expert": "乙", "item": "汇报", "mark": 4}
TOTAL = {"applicant": "甲", "expert": "乙", "total": 4}
MEAN = {"method": "mean"}
POOLED = {"method": "pooled"}


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: parse("[1"), "不是 JSON：第 1 行第 3 个字符读不通。"),
        (lambda: parse('{"a": 1, "b": 1, "b": 2}'), "“b”写了两次。"),
        (ask(), "文件应是一个对象，恰有以下键中的一个：aggregate、correct、rank、agreement、severity、facets。"),
        (ask(best={}), "没有“best”这一项，可用：aggregate、correct、rank、agreement、severity、facets。"),
        (ask(rank=3), "“rank”应是一个对象。"),
        (ask(rank={}), "“rank”缺少“scores”。"),
        (ask(rank={"scores": 3}), "“rank”的“scores”应是一个对象。"),
        (ask(rank={"scores": {}, "of": 3}), "“rank”中没有“of”这一项。"),
        (ask(rank={"scores": {"甲": "x"}}), "甲：“x”不是分数。"),
        (ask(rank={"scores": {"甲": -1}}), "甲：分数 -1 小于 0。"),
        (ask(rank={"scores": {"甲": 1}, "tie_break": {"甲": [1, None]}}), "甲 的同分比较第 1 项：没有分数。"),
        (ask(rank={"scores": {"甲": 1}, "tie_break": {"甲": 2}}), "“rank”的“tie_break”中“甲”应是列表。"),
        (ask(rank={"scores": {"甲": 1}, "tie_break": {"乙": [2]}}), "同分比较中的 乙 没有成绩。"),
        (ask(rank={"scores": {"甲": 1, "乙": 1}, "tie_break": {"乙": [2]}}), "同分的 甲、乙 用来比较的项目数不同。"),
        (ask(aggregate={**MEAN, "sheets": 3}), "“aggregate”的“sheets”应是列表的列表。"),
        (ask(aggregate={"sheets": [[1]]}), "“aggregate”缺少“method”。"),
        (ask(aggregate={"method": 3, "sheets": [[1]]}), "“aggregate”的“method”应是文字。"),
        (ask(aggregate={"method": "x", "sheets": []}), "没有合分办法“x”，可用：mean、trim_total、trim_item、median。"),
        (ask(aggregate={**MEAN, "sheets": [[1, "x"]]}), "评分表 0 第 1 项：“x”不是分数。"),
        (ask(aggregate={**MEAN, "sheets": [[1], [1, 2]]}), "各份评分表的项目数不同，或没有项目。"),
        (ask(aggregate={**MEAN, "sheets": [], "min_sheets": 101}), "“aggregate”的“min_sheets”应是 0 到 100 的整数。"),
        (ask(aggregate={**MEAN, "sheets": [], "min_sheets": 0}), "有效评分表至少 1 份，去高低至少从 3 份起。"),
        (ask(correct={**POOLED, "panels": {"一": ["x"]}}), "专家组 一 第 0 个成绩：“x”不是分数。"),
        (ask(correct={**POOLED, "panels": {"一": [1, 9]}, "full": 8}), "专家组 一 的 9 超过满分 8。"),
        (ask(correct={**POOLED, "panels": {"一": [1]}, "full": None}), "full：没有分数。"),
        (ask(correct={**POOLED, "panels": {"一": [1]}, "decimals": 3}), "“decimals”应是一个对象。"),
        (
            ask(correct={**POOLED, "panels": {"一": [1]}, "decimals": {"k": "x"}}),
            "“decimals”的“k”应是 0 到 100 的整数。",
        ),
        (ask(correct={"method": "x", "panels": {"一": [1]}}), "没有修正办法“x”，可用：pooled、second_mean、trimmed。"),
        (ask(correct={**POOLED, "panels": {"一": []}}), "每个专家组至少要有一个成绩。"),
        (
            ask(correct={"method": "trimmed", "panels": {"一": [1] * 5, "二": [1] * 4}}),
            "去高低后修正要求每个专家组至少 5 人到场：专家组 二 到场 4 人。",
        ),
        (ask(agreement={"matrix": [[1, "x"]]}), "第 0 行第 1 列：“x”不是分数。"),
        (ask(agreement={"matrix": [[1], [1, 2]]}), "矩阵没有内容，或各行长短不一。"),
        (ask(severity={"ratings": 3}), "“severity”的“ratings”应是列表。"),
        (ask(severity={"ratings": [TOTAL, 3]}), "“ratings 1”应是一个对象。"),
        (ask(severity={"ratings": [TOTAL, TOTAL]}), "申报人 甲、专家 乙 有两个总分。"),
        (ask(severity={"ratings": [{**TOTAL, "total": "x"}]}), "申报人 甲、专家 乙：“x”不是分数。"),
        (ask(severity={"ratings": [{**TOTAL, "expert": ""}]}), "“ratings 0”的“expert”应是文字。"),
        (ask(facets={"ratings": [{**RATED, "mark": "x"}]}), "申报人 甲、专家 乙、项目 汇报：“x”不是分数。"),
        (ask(facets={"ratings": [RATED, RATED]}), "专家 乙 给申报人 甲 的项目 汇报 评了两次。"),
        (ask(facets={"ratings": [], "model": "x"}), "没有“x”这种模型，可用：one_scale、partial_credit。"),
        (ask(facets={"ratings": [], "full": {}}), "满分（full）只用于 partial_credit。"),
        (ask(facets={"ratings": [RATED], "model": "partial_credit"}), "项目 汇报 没有写满分。"),
        (
            ask(facets={"ratings": [RATED], "model": "partial_credit", "full": {"汇报": 3}}),
            "项目 汇报：4 超过满分 3。",
        ),
        (
            ask(facets={"ratings": [], "model": "partial_credit", "full": {"汇报": "x"}}),
            "项目 汇报 的满分：“x”不是分数。",
        ),
        (lambda: example().parse({"talk": "x"}, complete=False), "汇报：“x”不是分数。"),
        (lambda: example().parse({"talk": "21"}, complete=False), "汇报：21 不在 0 到 20 之间。"),
        (lambda: example().parse({"talk": "-1"}, complete=False), "汇报：-1 不在 0 到 20 之间。"),
        (lambda: example().parse({"talk": "1.5"}, complete=False), "汇报：1.5 不是 1 的整数倍。"),
        (lambda: example().parse({"other": "1"}, complete=False), "评分标准中没有项目“other”。"),
        (
            lambda: example().parse({"talk": "1", "skill": "2", "general": 0}, complete=True),
            "还没有评分：业绩与贡献、答辩。",
        ),
        (lambda: Rubric.from_json({"items": []}), "评分标准读不出：'version'。"),
        (lambda: Rubric.from_json({"version": 1, "items": []}), "评分标准没有项目，或有重复的项目代码。"),
        (
            lambda: Rubric.from_json({"version": 1, "items": [{"key": "a", "name": "a", "full": 3, "step": 0}]}),
            "评分项目的满分和步长应大于 0。",
        ),
    ],
)
def test_a_sentence_names_the_place(call, sentence):
    assert said(call) == sentence


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ({"aggregate": {**MEAN, "sheets": [[1]]}}, "有效评分表 1 份，少于 3 份，没有成绩。"),
        (
            {"aggregate": {"method": "trim_item", "sheets": [[1]] * 4}},
            "有效评分表 4 份，少于 5 份，不去高低，取平均分。",
        ),
        ({"correct": {**POOLED, "panels": {"一": [0]}}}, "专家组 一 的平均分为 0，不能修正。"),
        ({"rank": {"scores": {"甲": None, "乙": None}}}, "没有成绩，不排名：甲、乙。"),
        ({"agreement": {"matrix": [[1, None], [None, 2]]}}, "有 2 处没有评分，矩阵不完整，不能计算一致性。"),
        ({"agreement": {"matrix": [[1, 2]]}}, "1 位申报人、2 位专家：各至少 2 位才能计算一致性。"),
        (
            {"agreement": {"matrix": [[1, 1], [1, 1]]}},
            "各位申报人的平均分没有差别，部分系数没有意义。没有差异可供估计的系数没有区间。"
            "每位专家都没有分出先后，没有肯德尔 W。",
        ),
        (
            {"agreement": {"matrix": [[1, 1], [2, 2], [4, 4]]}},
            "没有差异可供估计的系数没有区间。",
        ),
        ({"agreement": {"matrix": [[80, 81], [90, 88]]}}, "ICC2k 的区间向下没有底，不列。"),
        (
            {"agreement": {"matrix": [[80, 90, 85], [91, 80, 85], [85, 86, 84]]}},
            "专家的出入盖过了申报人之间的差别，没有 ICC2k（Φ）：可以当作没有一致性。",
        ),
        ({"severity": {"ratings": []}}, "没有评分。"),
        ({"facets": {"ratings": []}}, "没有评分，或评分没有差别，或只有最高、最低两头，没有多面 Rasch 结果。"),
    ],
)
def test_a_reason_says_why_there_is_no_answer(document, reason):
    assert answer(parse(json.dumps(document)))["reason"] == reason


def test_the_ends_of_a_scale_are_marks():
    item = Item("a", "项目", D(10), D("0.5"))
    assert [item.parse(value) for value in ("0", "10", "9.5", None)] == [0, 10, D("9.5"), None]


def test_a_rubric_says_only_what_it_must():
    found = Rubric.from_json({"version": "2", "items": [{"key": "a", "name": "项目", "full": "1"}]})
    assert found == Rubric(2, (Item("a", "项目", D(1), D(1), (), ()),))
    half = {"key": "b", "name": "乙", "full": 5, "step": "0.5", "prompts": ["清楚"], "bands": [["优", "4.5"]]}
    both = Rubric.from_json({"version": 3, "items": [half]})
    assert both.items == (Item("b", "乙", D(5), D("0.5"), ("清楚",), (("优", D("4.5")),)),)
    assert both.to_json() == {"version": 3, "items": [{**half, "full": "5"}]}


def test_the_example():
    rows = [(i.key, i.name, str(i.full), [f"{word}{mark}" for word, mark in i.bands]) for i in example().items]
    assert rows == [
        ("talk", "汇报", "20", ["优18", "良16", "中14", "差12"]),
        ("skill", "专业技术能力", "25", ["优23", "良20", "中18", "差15"]),
        ("work", "业绩与贡献", "25", ["优23", "良20", "中18", "差15"]),
        ("qa", "答辩", "25", ["优23", "良20", "中18", "差15"]),
        ("general", "综合素质", "5", ["优5", "良4", "中3", "差2"]),
    ]
    assert example().items[0].prompts == ("条理清楚", "按时完成", "脱稿陈述")
    assert sum(len(item.prompts) for item in example().items) == 13
    assert (example().version, example().items[4].step) == (1, 1)
