"""How values are shown: dates and times of the office, decimals, masked names, words for codes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from flask import Flask, g
from flask_babel import gettext as _

from scoring.marks import total
from webapp.db import db
from webapp.help import help_of
from webapp.languages import day as in_words
from webapp.models import Sheet
from webapp.rights import may
from webapp.services import rounds
from webapp.services.names import masked

ROLE_NAMES = {
    "office": "评委会办公室",
    "expert": "评审专家",
    "chair": "专家组组长",
    "secretary": "小组秘书",
    "desk": "签到台",
    "results_officer": "成绩管理员",
    "organiser": "组织人员",
    "supervisor": "监督人员",
    "admin": "系统管理员",
    "screen": "大屏",
}
STATE_NAMES = {
    "draft": "筹备",
    "rosters_locked": "名册已锁定",
    "scheduled": "已排草案",
    "published": "已发布",
    "in_session": "答辩中",
    "complete": "答辩结束",
    "computed": "成绩已计算",
    "confirmed": "成绩已确认",
    "voted": "已表决",
    "released": "成绩已公布",
    "public_notice": "公示中",
    "archived": "已归档",
}
OUTCOME_NAMES = {"heard": "已答辩", "absent": "缺席", "gave_up": "放弃", "disqualified": "取消资格", "deferred": "延期"}
ACT_NAMES = {
    "round.new": "新建批次",
    "round.settings": "改批次设置",
    "round.like": "沿用以前的批次",
    "round.directions": "改专业方向",
    "import.look": "检查文件",
    "round.archive": "归档",
    "round.wipe": "清除个人信息",
    "books.locked": "导出带密码的表格",
    "import.answer": "回答导入的问题",
    "person.add": "登记人员",
    "person.edit": "更改人员",
    "person.remove": "删去人员",
    "person.merge": "合并重复人员",
    "person.apart": "确认不是同一人",
    "recusal.add": "登记回避",
    "recusal.point": "选定回避的人",
    "recusal.reason": "写明回避原因",
    "recusal.drop": "删去回避",
    "employer.join": "确认同一单位",
    "employer.split": "取消同一单位",
    "employer.apart": "确认不是同一单位",
    "pool.standing": "记专家邀请情况",
    "pool.promise": "记承诺书",
    "pool.commit": "抽专家：定承诺值",
    "pool.draw": "抽专家：抽取",
    "import.write": "导入名册",
    "rubric.save": "改评分标准",
    "rosters.lock": "锁定名册",
    "rosters.unlock": "解锁名册",
    "job.start": "开始排程",
    "job.cancel": "停止排程",
    "schedule.draft": "存为草案",
    "draft.edit": "修改草案",
    "draft.undo": "撤销草案的修改",
    "draft.redo": "重做草案的修改",
    "applicant.pin": "固定或取消固定",
    "round.fix": "采用建议改动数据",
    "schedule.publish": "发布安排",
    "schedule.withdraw": "撤回发布",
    "lots.commit": "公布抽签承诺值",
    "lots.call": "记下抽签数字",
    "lots.draw": "抽签",
    "lots.void": "作废抽签",
    "repair.ask": "报告突发情况",
    "repair.apply": "采用调整方案",
    "repair.drop": "放弃调整方案",
    "panel.secretary": "指定小组秘书",
    "panel.dismiss": "撤下小组秘书",
    "tablet.code": "给进入码",
    "tablet.enter": "平板进入",
    "tablet.leave": "平板退出",
    "call": "叫号",
    "call.enter": "到场",
    "call.late": "迟到",
    "call.pause": "暂停计时",
    "call.resume": "继续计时",
    "desk.arrive": "签到",
    "desk.depart": "撤回签到",
    "desk.expert_in": "专家签到",
    "desk.expert_out": "撤回专家签到",
    "recusal.day": "临场回避",
    "recusal.withdraw": "撤回回避",
    "call.talk": "开始陈述",
    "call.answers": "开始答辩",
    "call.undo": "撤回一步",
    "outcome": "记结果",
    "outcome.undo": "撤回结果",
    "sheet.submit": "提交评分表",
    "sheet.take_back": "收回评分表修改",
    "sheet.conflict": "评分表有两个版本",
    "sheet.settle.ask": "提议用哪个版本",
    "sheet.settle": "决定用哪个版本",
    "sheet.settle.refuse": "不同意用这个版本",
    "remark.write": "专家写意见",
    "tablet.cards": "打印平板卡片",
    "tablet.revoke": "收回平板",
    "rehearsal.begin": "开始演练",
    "rehearsal.fill": "填入编造的评分",
    "rehearsal.wipe": "清除演练",
    "sheet.type": "录入评分表",
    "sheet.confirm": "确认录入的评分表",
    "sheet.send_back": "退回录入的评分表",
    "sheets.enter": "读入评分文件",
    "sitting.close": "关闭场次",
    "sitting.reopen": "重新打开场次",
    "panel.sign": "组长签字",
    "sheet.unlock.ask": "申请解锁评分表",
    "sheet.unlock": "解锁评分表",
    "sheet.unlock.refuse": "不同意解锁",
    "objection.receive": "登记异议",
    "objection.decide": "决定异议",
    "results.recheck": "进入复查",
    "review.write": "录入材料评审分",
    "review.confirm": "确认材料评审分",
    "note.write": "写答辩意见",
    "note.sign": "组长签答辩意见",
    "note.back": "退回答辩意见",
    "vote.write": "记录表决结果",
    "vote.finish": "结束表决",
    "vote.reopen": "重新打开表决",
    "meeting.write": "写会议记录",
    "notice.begin": "开始公示",
    "results.compute": "计算成绩",
    "results.confirm": "确认成绩",
    "results.send_back": "退回成绩",
    "results.release": "公布成绩",
    "audit.erase": "删除审计记录的内容",
    "login": "登录",
    "logout": "退出",
    "login.end": "结束自己的登录",
    "denied": "被拒绝",
    "user.new": "新建账号",
    "user.password": "改密码",
    "user.screen": "改大屏",
    "user.disable": "停用账号",
    "user.enable": "启用账号",
    "user.second": "开启两步验证",
    "user.second_off": "关闭两步验证",
}
LEVEL_NAMES = {"senior": "高级", "intermediate": "中级"}


def day(value: date | datetime | str) -> str:
    """7月15日, or 15 July."""
    value = datetime.fromisoformat(value) if isinstance(value, str) else value
    return in_words(value)


def clock(value: datetime | str) -> str:
    """08:30."""
    value = datetime.fromisoformat(value) if isinstance(value, str) else value
    return f"{value:%H:%M}"


def half_day(value: datetime | str) -> str:
    """上午, 下午 or 晚上."""
    value = datetime.fromisoformat(value) if isinstance(value, str) else value
    return str(_("上午") if value.hour < 12 else _("下午") if value.hour < 18 else _("晚上"))


def wall(value: datetime | str) -> str:
    """7月15日 上午 08:30."""
    return f"{day(value)} {half_day(value)} {clock(value)}"


def moment(value: datetime | None) -> str:
    """A record's moment in the machine's local time, to the second."""
    return (
        ""
        if value is None
        else f"{(value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone():%Y-%m-%d %H:%M:%S}"
    )


def local(value: datetime) -> str:
    """08:31, a record's moment by the machine's clock."""
    return f"{value.astimezone():%H:%M}"


def mark(value: Decimal | str | None) -> str:
    """A mark as it is, an en dash for none."""
    return "–" if value in (None, "") else str(value)


def plain(value: Any) -> str:
    """A recorded value as people read it: ``key: value``, empty ones left out."""
    if isinstance(value, dict):
        return "；".join(f"{key}: {plain(one)}" for key, one in value.items() if one not in ("", None, [], {}))
    return "、".join(map(plain, value)) if isinstance(value, list) else str(value)


def sum_of(marks: Mapping[str, str | None]) -> str:
    """The sum of marks as they were handed in; what is not scored adds nothing."""
    return format(total(Decimal(mark) for mark in marks.values() if mark is not None), "f")


def sheet_total(sheet: Sheet) -> str:
    """The sum of a sheet's marks."""
    return sum_of(sheet.marks)


def tint(position: int) -> str:
    """The CSS class of a direction's colour, of eight."""
    return f"tint-{position % 8}"


def who(name: str | None) -> str:
    """Who did something: an account as it is, an expert at a tablet by code."""
    kind, _colon, code = (name or "").partition(":")
    return _("专家 %(n)s", n=code) if kind == "expert" else name or "–"


def init_app(app: Flask) -> None:
    """Give the templates the filters and words."""
    app.jinja_env.filters.update(
        day=day,
        clock=clock,
        half_day=half_day,
        wall=wall,
        moment=moment,
        local=local,
        mark=mark,
        plain=plain,
        masked=masked,
        tint=tint,
        total=sheet_total,
        sum_of=sum_of,
        who=who,
    )

    app.jinja_env.globals["help_of"] = help_of

    @app.context_processor
    def _words() -> dict[str, Any]:
        return {
            "role_name": lambda role: _(ROLE_NAMES[role]),
            "state_name": lambda state: _(STATE_NAMES[state]),
            "outcome_name": lambda kind: _(OUTCOME_NAMES[kind]),
            "act_name": lambda act: _(ACT_NAMES.get(act, act)),
            "rounds_beside": lambda round_: [r for r in rounds.on_the_day(db.session(), True) if r.id != round_.id],
            "level_name": lambda level: _(LEVEL_NAMES[level]),
            "may": lambda area, *verbs: bool(g.get("actor")) and may(g.actor.role, area, *verbs),
        }
