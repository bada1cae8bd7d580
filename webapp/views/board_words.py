"""The words of the board's script, in the visitor's language; ``{name}`` is filled in there."""

from __future__ import annotations

from flask_babel import gettext as _


def board_words() -> dict[str, str]:
    """Key → words."""
    return {
        "comma": _("，"),
        "semicolon": _("；"),
        "same": _("各项指标不变"),
        "breaks": _("会违反 {n} 条规则"),
        "and-more": _("另有 {n} 条。"),
        "fits": _("各项规则都符合"),
        "mends": _("同时消除 {n} 条违反"),
        "asking": _("正在计算……"),
        "offline": _("没有连上服务器。请检查网络后刷新页面。"),
        "offline-kept": _("没有连上服务器，这一步还没有保存。网络恢复后按“再试一次”。"),
        "to": _("移到…（{n} 处可以，按代价从小到大）"),
        "nowhere": _("没有不违反规则的其他地方。"),
        "nowhere-today": _("这一天没有不违反规则的其他地方。"),
        "more": _("另有 {n} 处代价更高，没有列出。"),
        "barred": _("为什么不能去别处（{n} 处）"),
        "who": _("由谁接替（{n} 位可以，按代价从小到大）"),
        "nobody": _("没有不违反规则的接替人选。"),
        "more-who": _("另有 {n} 位代价更高，没有列出。"),
        "barred-who": _("为什么不能是别人（{n} 位）"),
        "every-day": _("看所有日期"),
        "now": _("现在 {time} {panel}"),
        "not-here": _("不能放在这里。请从右侧“移到…”里选一处。"),
        "not-here-carried": _("不能放在这里。请换一处，或按 Esc 放回。"),
        "read-only": _("这一版不能修改，这里只能查看。"),
        "carry": _("拿起（键盘移动）"),
        "carrying": _("已拿起 {name}：方向键移动，Enter 放下，Esc 放回。"),
        "put-back": _("已放回原处。"),
        "put": _("就放这里"),
        "out": _("移出安排"),
        "unpin": _("取消固定"),
        "to-chair": _("改任组长"),
        "pin-session": _("固定时段"),
        "pin-room": _("固定答辩室"),
        "pin-start": _("固定时间"),
        "pin-panel": _("固定专家组"),
        "pin-chair": _("固定为组长"),
        "pin-member": _("固定在本组"),
        "leave": _("不改了"),
        "free": _("取消固定后再改"),
        "anyway": _("仍要这样改"),
        "kept-broken": _("违反规则的草案可以保存，改好之前不能发布。"),
        "both": _("两个人同时在改"),
        "theirs": _("对方的修改（第 {n} 版）"),
        "mine": _("您的修改（没有写入）"),
        "now-costs": _("放在现在的安排上"),
        "again": _("再试一次"),
        "look": _("看现在的安排"),
        "apart": _("另存一版，互不影响"),
        "drop": _("放弃我的修改"),
        "kept": _("您刚才的修改，放在这一版上："),
        "hint": _(
            "点一张卡片、一个场次或一位专家，这里说明能移到哪里、为什么不能去别处。"
            "拖动时这里显示会违反什么、代价多少。键盘：方向键在表中移动，Enter 选中并到这里，Esc 回到表中。"
        ),
        "uncalled-carry": _("这位专家还没有被安排。按“拿起”，再点要由其替换的专家，或用方向键走到那里按 Enter。"),
        "uncalled": _("未被安排"),
        "unscheduled": _("未安排"),
    }
