"""What each setting does in this round: one sentence with the round's own figures."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from webapp.models import Round
from webapp.services.capacity import Capacity
from webapp.services.kernel import Sentence
from webapp.services.names import public
from webapp.services.settings import Settings, of_round

SAMPLE = "张明远"
"""Nobody: how names are written is shown on it."""


@dataclass(frozen=True)
class _Round:
    """What the sentences are made of."""

    round: Round
    s: Settings
    capacity: Capacity | None


def of(round_: Round, capacity: Capacity | None) -> dict[str, Sentence]:
    """Setting → its effect, where it can be told."""
    r = _Round(round_, of_round(round_), capacity)
    found = {**_times(r), **_order(r), **_scores(r), "vote": _vote(r)}
    if capacity is not None:
        found |= _panels(r, capacity)
    return found


def _vote(r: _Round) -> Sentence:
    if r.s.vote == "none":
        return Sentence("不表决：成绩确认后即可公布，没有公示名单。")
    return Sentence("成绩确认后先录入表决，表决完成才能公布。")


def _times(r: _Round) -> dict[str, Sentence]:
    s = r.s
    slot = s.talk_minutes + s.answer_minutes + s.turnover_minutes
    found = {
        "reminder_seconds": Sentence(
            "陈述到 %(talk)s、答辩到 %(answer)s 时提醒。",
            talk=_clock(60 * s.talk_minutes - s.reminder_seconds),
            answer=_clock(60 * s.answer_minutes - s.reminder_seconds),
        ),
        "unused_talk": Sentence("提前讲完的，答辩仍是 %(n)s 分钟。", n=s.answer_minutes)
        if s.unused_talk == "lost"
        else Sentence("提前讲完的，答辩最长可到 %(n)s 分钟。", n=s.talk_minutes + s.answer_minutes),
    }
    if r.round.sessions:
        first = r.round.sessions[0].start
        report = first - timedelta(minutes=s.report_minutes)
        found["report_minutes"] = Sentence(
            "%(start)s 开始的一场，%(report)s 前报到。", start=f"{first:%H:%M}", report=f"{report:%H:%M}"
        )
    if r.capacity:
        slots = [half.slots for half in r.capacity.halves]
        found["talk_minutes"] = Sentence(
            "每人 %(slot)s 分钟，一场最多 %(most)s 人，最短的时段 %(least)s 人。",
            slot=slot,
            most=max(slots),
            least=min(slots),
        )
        found["answer_minutes"] = Sentence(
            "全部 %(people)s 人共需答辩 %(hours)s 小时。",
            people=r.capacity.people,
            hours=f"{r.capacity.people * slot / 60:.1f}",
        )
        found["turnover_minutes"] = Sentence(
            "实际换场每比这里多 1 分钟，坐满的一场最后一位晚 %(n)s 分钟。", n=max(slots) - 1
        )
    return found


def _clock(seconds: int) -> str:
    return f"{max(0, seconds) // 60}:{max(0, seconds) % 60:02d}"


def _panels(r: _Round, c: Capacity) -> dict[str, Sentence]:
    s, names = r.s, {d.code: d.name for d in r.round.directions}
    weakest = min(c.lines, key=lambda line: line.specialists)
    largest = max(c.lines, key=lambda line: line.people)
    slots = max(half.slots for half in c.halves)
    firms = Counter(e.employer for e in c.facts.problem.experts if e.employer)
    firm = firms.most_common(1)[0][1] if firms else 0
    small = sum(line.people < s.min_sitting for line in c.lines)
    alone = sum(line.sittings for line in c.lines)
    return {
        "panel_size": Sentence(
            "专家组 %(size)s 人：至少 %(n)s 场，共需 %(need)s 人次，可用 %(there)s 人次。",
            size=c.size,
            n=c.sittings,
            need=c.seats_needed,
            there=c.seats,
        ),
        "min_specialists": Sentence(
            "本方向专家最少的是%(name)s：%(n)s 位。", name=names[weakest.direction], n=weakest.specialists
        ),
        "max_sittings_per_panel": Sentence(
            "一组最多听 %(n)s 人；人最多的%(name)s（%(people)s 人）至少 %(groups)s 组。",
            n=slots * s.max_sittings_per_panel,
            name=names[largest.direction],
            people=largest.people,
            groups=-(-largest.sittings // s.max_sittings_per_panel),
        ),
        "min_sitting": Sentence("%(n)s 个方向全部的人还不到这个数，不合组就有不满的场次。", n=small)
        if small
        else Sentence("每个方向的人数都够这个数。"),
        "max_members_per_employer": Sentence(
            "专家来自 %(n)s 个单位，最多的一个单位有 %(most)s 位。", n=len(firms), most=firm
        ),
        "mixes": Sentence("合组后至少 %(a)s 场，不合组至少 %(b)s 场。", a=c.sittings, b=alone)
        if s.mixes
        else Sentence("不合组，%(d)s 个方向至少 %(n)s 场。", d=len(c.lines), n=alone),
        "correction": Sentence(
            "至少 %(n)s 个方向会有两个以上专家组。",
            n=sum(line.sittings > s.max_sittings_per_panel for line in c.lines),
        )
        if s.correction != "off"
        else Sentence("各组成绩不作修正。"),
    }


def _order(r: _Round) -> dict[str, Sentence]:
    s = r.s
    shown = public(SAMPLE, s.names)
    late = {
        "last": Sentence("叫到时没来的，本场其他人答辩后再叫；散场时仍没来的，由小组秘书记缺席。"),
        "gave_up": Sentence("叫到时没来的，当场记为放弃。"),
        "leftover": Sentence("报到抽签时没来的，得到剩下的号。"),
    }
    return {
        "names": Sentence("例如“%(name)s”写作“%(shown)s”。", name=SAMPLE, shown=shown)
        if shown
        else Sentence("名单和大屏上只有编号。"),
        "order": Sentence("同一场里谁先谁后由抽签决定，排程结果不算数。")
        if s.order == "lot"
        else Sentence("同一场里按名册序号从小到大，不抽签。"),
        "lots": Sentence("发布的名单写明每人的时间。")
        if s.lots == "before"
        else Sentence("发布的名单只写场次和报到时间，抽出的次序作为附件。"),
        "late": late[s.late],
        "experts_see": Sentence("平板上只有编号，专家看不到姓名和单位。")
        if s.experts_see == "number"
        else Sentence("平板上写明姓名、单位和方向。"),
        "sheet_lock": Sentence("专家提交后就不能改，要改须组长和成绩管理员两人解锁。")
        if s.sheet_lock == "submitted"
        else Sentence("本场关闭前专家可以改自己的表，改后要再次提交。"),
    }


def _trims(s: Settings) -> Sentence:
    if not s.aggregate.startswith("trim"):
        return Sentence("现在的合分办法不去高低，用不到。")
    spare = s.panel_size - s.min_sheets_to_trim
    if spare < 0:
        return Sentence("专家组只有 %(size)s 位专家，不会去高低，一律取平均分。", size=s.panel_size)
    return Sentence("%(size)s 位专家中缺 %(n)s 份以上时改用平均分。", size=s.panel_size, n=spare + 1)


def _scores(r: _Round) -> dict[str, Sentence]:
    s = r.s
    names = {item["key"]: item["name"] for item in r.round.rubric["items"]}
    return {
        "aggregate": Sentence("%(n)s 份评分表去掉一高一低，取其余的平均。", n=s.panel_size)
        if s.aggregate.startswith("trim") and s.panel_size >= s.min_sheets_to_trim
        else Sentence("%(n)s 份评分表都计入。", n=s.panel_size),
        "min_sheets_to_trim": _trims(s),
        "min_sheets": Sentence(
            "%(size)s 位专家中最多缺 %(n)s 份，再少就没有成绩。", size=s.panel_size, n=s.panel_size - s.min_sheets
        ),
        "decimals": Sentence("例如 84.5 写作 %(shown)s。", shown=f"{84.5:.{s.decimals}f}"),
        "reference_line": Sentence("不显示参考线。")
        if s.reference_line is None
        else Sentence("低于 %(line)s 的显示“未达到参考线”，不代表评审结果。", line=s.reference_line),
        "correction_decimals": Sentence(
            "平均分 %(a)s 位，系数 %(b)s 位，成绩 %(c)s 位。",
            **dict(zip("abc", s.correction_decimals, strict=True)),
        ),
        "min_present": Sentence("到场不足 %(n)s 人的组照样修正，并提示系数不稳。", n=s.min_present),
        "line_meets": Sentence("没有组间修正，两种都一样。")
        if s.correction == "off"
        else Sentence("用所选的成绩与参考线比较。"),
        "tie_break": Sentence("同分的名次并列。")
        if not s.tie_break
        else Sentence("同分的依次比较 %(items)s。", items="、".join(names.get(key, key) for key in s.tie_break)),
        "weights": Sentence("材料评审分和答辩成绩分别显示，不相加。")
        if s.weights is None
        else Sentence("高级：材料占 %(a)s%%，答辩占 %(b)s%%。", a=s.weights[0], b=s.weights[1]),
        "notice_days": Sentence("从公示首日起数满 %(n)s 个工作日。", n=s.notice_days),
    }
