"""A new installation and a new round: every page opens, and every list with nothing in it says what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from tests.webapp.desk import made_app, seated
from tests.webapp.small import OFFICE, clock
from webapp.rights import TABLE, may
from webapp.services import rounds

ROLES = ("office", "secretary", "desk", "results_officer", "organiser", "supervisor", "admin")
SAYS: dict[str, tuple[str, ...]] = {
    "committee.papers": ("名册还没有导入的，导入后列在这里",),
    "committee.votes": ("答辩结束的高级申报人和全部中级申报人列在这里",),
    "day.home": ("发布以后、答辩结束以前，在这里处理突发情况",),
    "desk.index": ("发布后在这里签到、发号",),
    "employers.duplicate_list": ("导入或更改名册后",),
    "employers.index": ("导入申报人员和评审专家名册后",),
    "life.history": ("评委会办公室计算后，每一次都列在这里",),
    "life.objection_list": ("成绩公布后才登记异议",),
    "life.unlocks": ("没有解锁申请",),
    "lots.hand": ("请先在“排程”页生成安排",),
    "lots.index": ("先生成安排，再抽签，然后发布",),
    "office.capacity": ("有了场地、时段、申报人和专家，才能计算够不够",),
    "office.home": ("上传场地与时段表",),
    "panel.console": ("发布后在这里叫号、计时、记录缺席",),
    "panel.note_list": ("答辩结束的申报人在这里写意见和提问",),
    "panel.overview": ("发布以后，每间答辩室在这里有一张卡片",),
    "paper.index": ("请联系评委会办公室",),
    "people.recheck": ("生成安排以后，这里列出和现在的名册不符的地方",),
    "people.recusal_list": ("要登记时，打开申报人或专家",),
    "pool.draw_list": ("还没有抽取过专家",),
    "pool.index": ("请先导入评审专家名册，或逐个登记",),
    "pool.promises": ("请先在“专家邀请”里记下",),
    "prints.index": ("发布后在这里打印",),
    "results.downloads": ("现在还没有可以导出的表格", "改好后可以再导入"),
    "results.overview": ("各专家组签字后由评委会办公室计算", "成绩公布后在这里查看"),
    "rosters.applicants": ("请先导入申报人员名册，或逐个登记",),
    "rosters.experts": ("请先导入评审专家名册，或逐个登记",),
    "rosters.index": ("还没有高级申报人。请先导入申报人员名册", "由评委会办公室导入"),
    "rosters.venue": ("还没有时段。请先导入场地与时段",),
    "schedule.index": ("请先锁定名册，再生成安排",),
    "schedule.published": ("评委会办公室发布后在这里查看",),
    "screens.index": ("还没有答辩室。请先导入场地",),
    "screens.waiting": ("现在没有等候的申报人",),
    "tablets.index": ("安排发布后，在这里打印平板卡片",),
    "trust.report": ("成绩计算后在这里查看",),
    "versions.index": ("没有两个版本的评分表",),
    "wiping.index": ("先归档，再按保存期限清除",),
}
"""Page → what it says while the round is empty; one of several where it depends on who reads."""
NEVER_EMPTY = {"account.index", "admin.accounts", "auth.password", "office.audit_log", "office.settings", "paper.files"}
"""Forms, and lists that have something from the first day on."""
NOT_YET = {"paper.sheet", "prints.calls", "prints.doors", "prints.notices", "prints.waiting"}
"""Papers of a published schedule: refused with a sentence."""


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return made_app(tmp_path_factory.mktemp("bare"), lambda session: None, *ROLES)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return made_app(
        tmp_path_factory.mktemp("empty"), lambda session: rounds.create(session, OFFICE, clock, "空批次", {}), *ROLES
    )


def pages(app: Flask, role: str) -> Iterator[tuple[str, str]]:
    """The pages of a menu or a link that need no more than their address, as far as this role may open them."""
    for rule in app.url_map.iter_rules():
        area, verbs = getattr(app.view_functions[rule.endpoint], "right", ("", ()))
        own = rule.endpoint.startswith(("tablet.", "tablet_data.", "live.")) or rule.endpoint == "versions.count"
        if (
            "GET" in (rule.methods or ())
            and not rule.arguments
            and not own
            and area in TABLE
            and may(role, area, *verbs)
        ):
            yield rule.endpoint, rule.rule


def main(text: str) -> str:
    """The page without its menu and its help."""
    (body,) = re.findall(r"<main.*</main>|<body.*</body>", text, re.S)[:1]
    return re.sub(r'<details class="help">.*?</details>', "", body, flags=re.S)


@pytest.mark.parametrize("role", ROLES)
def test_an_empty_round_says_what_to_do(empty: Flask, role: str) -> None:
    client = seated(empty, role)
    for endpoint, address in pages(empty, role):
        answer = client.get(address)
        if endpoint in NOT_YET:
            assert (endpoint, answer.status_code) in ((endpoint, 409), (endpoint, 404))
            assert "请" in main(answer.text), endpoint
            continue
        assert (endpoint, answer.status_code) == (endpoint, 200)
        text = main(answer.text)
        assert not re.search(r"<(tbody|ul|ol)\b[^>]*>\s*</\1>", text), f"{endpoint} has a list with nothing in it"
        if endpoint not in NEVER_EMPTY:
            assert any(says in text for says in SAYS[endpoint]), endpoint


@pytest.mark.parametrize("role", ROLES)
def test_without_a_round_every_page_says_that_there_is_none(bare: Flask, role: str) -> None:
    client = seated(bare, role)
    for endpoint, address in pages(bare, role):
        text = main(client.get(address).text)
        assert endpoint in NEVER_EMPTY or "还没有评审批次" in text, endpoint


def test_no_sentence_is_of_a_page_that_is_not_there(empty: Flask) -> None:
    assert {endpoint for role in ROLES for endpoint, _address in pages(empty, role)} == {*SAYS, *NEVER_EMPTY, *NOT_YET}
