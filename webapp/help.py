"""A few sentences beside each page on how it is used: template → its paragraphs.

A page may say it itself in a block ``help``; a test holds that each page has one or the other.
"""

from __future__ import annotations

from jinja2 import pass_context
from jinja2.runtime import Context

NONE = ("error.html", "screens/waiting.html", "screens/screen.html")
"""An error is itself a sentence and a way back; a public screen is read from afar."""
HELP: dict[str, tuple[str, ...]] = {
    "auth/login.html": (
        "账号由系统管理员建立。连续输错几次要等一会儿再试。",
        "专家不用账号：在平板上打开专家入口，输入进入码。",
    ),
    "auth/password.html": ("新密码至少 10 个字符。改好后其他电脑上的登录都会退出。",),
    "admin/accounts.html": (
        "一人一个账号，不要合用：记录写的是账号。",
        "停用的账号不能再登录，已有的记录不变。初始密码只显示一次，本人第一次登录要改掉。",
    ),
    "admin/password.html": ("这个密码只显示这一次。请当面交给本人，本人第一次登录要改掉。",),
    "office/first.html": ("一个批次从导入名册到公示归档。建好以后，首页始终写明下一步。",),
    "office/home.html": (
        "最上面是下一步。做完一步，这里自动换成后面一步。",
        "缺什么、哪里不对，也列在这一页。",
    ),
    "office/settings.html": (
        "每一项旁边写明它管什么。安排发布后，时间与专家组的设置不能再改；叫到第一位申报人后，计分的设置不能再改。",
    ),
    "office/rubric.html": (
        "右边是平板上的样子，改一个字就更新。",
        "每次保存是新的一版，旧版留着。叫到第一位申报人后不能再改。",
    ),
    "office/audit.html": (
        "谁在什么时候做了什么，改前改后各是什么。"
        "记录只增不减，每一条和上一条用 SHA-256 相连，少一条、改一条都看得出来。",
    ),
    "rosters/index.html": (
        "先导入场地与时段，再导入申报人员和评审专家。先检查，确认后才写入。",
        "处理完单位、回避和重复，再锁定名册。锁定后更改属于例外，要写原因。",
    ),
    "rosters/check.html": (
        "现在什么也没有写入。有错误就按所列单元格改正，或在这里回答问题，再重新检查。",
        "“注意”不影响导入，请看一遍。",
    ),
    "rosters/venue.html": ("答辩室、时段和休息来自场地与时段表。要改就改表再导入；已有安排草案时不能更换。",),
    "schedule/index.html": (
        "“生成安排”开始计算，随时可以停止，已有的最好安排会存为草案。",
        "七级目标从上到下比较：前一级相同才比后一级。“最优”表示已证明不能再好。",
    ),
    "schedule/pictures.html": (
        "每位专家的场次、答辩室的使用、一天的时间、到场天数和候考时间。看看有没有谁太累、哪里太空。",
    ),
    "lots/index.html": (
        "先定承诺值并公布，再由监督人员和申报人当众报数字，最后公布密语，由此抽定次序。",
        "也可以当场抽号后录入。两种办法留下同样的记录，任何人都可以验算。",
    ),
    "lots/hand.html": ("照当场抽到的号码逐人录入，没有到场抽号的留空。录完核对一遍再确认。",),
    "lots/show.html": ("一次抽签的全部记录：承诺值、数字、密语、种子和次序。可以打印，由在场的人签名。",),
    "schedule/none.html": ("还没有已发布的安排。评委会办公室发布后，这里能看到。",),
    "schedule/board.html": (
        "横排是答辩室，竖排是时间，颜色是专业方向。先看有没有红字，再看每场的组长和人数。",
        "拖动申报人、场次或专家来改；拖到哪里，右侧就写明会违反什么、代价多少。放错了按“撤销”。",
    ),
    "schedule/why.html": ("上面写每项指标还能好多少，下面写为什么有人没有位置。“采用”会改动批次数据，并重新计算。",),
    "schedule/fix.html": ("写入前请先与有关人员确认。改动和原因都写入审计记录。",),
    "schedule/compare.html": ("谁的时间或地点变了、哪位专家的到场变了。已发布的版本可从这里只打印有变动者的通知。",),
    "schedule/publish.html": ("先看完警告。发布后这一版冻结，名单、通知和平板都按它；撤回要写原因。",),
    "schedule/read.html": ("读入在 Excel 里改过的答辩安排总表。先核对规则和代价，确认后才存为草案。",),
    "prints/index.html": ("选一种在浏览器里打印，A4。门牌和候考须知可以张贴，叫号单内部使用。",),
    "panel/console.html": (
        "按顺序：叫号 → 开始陈述 → 开始答辩 → 记结果。按错了用“撤回一步”。",
        "大钟是服务器的时间，各屏一致。一场结束后关闭场次，组长再签字。",
    ),
    "panel/code.html": ("进入码只用一次。让专家在平板上扫码或输入，进去以后不要合用。",),
    "panel/totals.html": ("场次关闭、组长签字后才能看到合计。打印出来由记分员、核分人、组长签名。",),
    "panel/notes.html": (
        "每位申报人一份：答辩记录写问题和回答，答辩意见写专家组的意见。写好后由组长签字，签了不能再改。",
    ),
    "paper/index.html": ("平板不能用时的办法。扫描评分表上的二维码，或输入编号，再录入分数。录入的由组长核对确认。",),
    "paper/sheet.html": ("照纸上的分数录入，合计要和纸上一致。回车到下一项。",),
    "paper/files.html": ("填好的评分录入模板和平板存下的文件在这里读入，走和平板一样的检查。",),
    "paper/check.html": ("现在什么也没有写入。看完每一行再确认。",),
    "results/overview.html": (
        "办公室计算，成绩管理员确认并公布，两个人。点编号看成绩由来，每一步都写明。",
        "达到或未达到参考线只是参考，结论由评委会表决。",
    ),
    "results/applicant.html": (
        "从每位专家的分数到成绩，一步一行，去掉什么、怎样四舍五入都写明。可以打印给要求复核的人，专家只写编号。",
    ),
    "results/downloads.html": (
        "表格按现在的数据生成。内部表格可以加密码。标“公开”的不含专家、证件、电话和分数。",
        "以后可以用 rostrum verify 核对一份表格和数据是否一致。",
    ),
    "life/versions.html": ("每次计算、复查都留一版。选两版看改了什么、谁改的、为什么。",),
    "life/objections.html": ("公示期间收到的异议登记在这里，复查后写明决定。没有决定的异议，批次不能归档。",),
    "life/settle.html": ("先看两份各由谁、什么时候交的。一方提议并写明原因，另一方同意后才改变计入的评分表。",),
    "life/unlocks.html": ("提交后的评分表要改，须组长和成绩管理员两人同意，并写原因。",),
    "committee/papers.html": ("材料评审分由秘书录入、成绩管理员确认。中级只评材料，高级另有答辩。",),
    "committee/votes.html": (
        "记录评委会的无记名投票：出席、赞成、反对、弃权、废票。赞成达到出席人数的三分之二为通过。",
    ),
    "trust/round.html": ("看专家打分是否一致、各组松紧是否相同、换一种合分办法谁的名次会变。每张图下写明该怎么办。",),
    "trust/panel.html": ("这一组里谁打得偏高、偏低，差多少才算差。人少时区间宽，不要据此下结论。",),
    "trust/none.html": ("计算成绩以后才有可信程度的报告。",),
    "screens/index.html": ("每块大屏一个账号，登录后直接打开那一屏，自动更新，不超时退出。按 F11 全屏。",),
    "panel/overview.html": ("各答辩室现在叫到谁、进行到哪一步、晚了多少。点一间看它的控制台。",),
    "desk/index.html": ("核对证件后签到。迟到、没来的也在这里记，答辩室和大屏马上看到。",),
    "day/home.html": (
        "有专家缺席、答辩室不能用、申报人迟到或退出时，先记下发生了什么。",
        "系统算出几个方案，写明各改动谁；选定一个，一按发布。已经开始的不动。",
    ),
    "day/new.html": ("写明发生了什么，再计算方案。这时还没有改动任何安排。",),
    "day/repair.html": ("比较各方案改动了谁、还有谁没有着落，选定一个再采用。没有采用就什么也不变。",),
    "day/changes.html": ("和上一版相比谁变了时间、地点或专家组。只需通知名单上的人。",),
    "tablet/check.html": ("在场内的无线网络下打开。标“不行”的先处理，标“受限”的可以用，但要留意说明。",),
    "tablets/index.html": (
        "卡片打印后当面交给专家，各人只扫自己的一张。换平板、用不了卡片时，在答辩现场页给进入码。",
        "收回一台平板后，它不能再看和送；没有送出的评分留在那台平板上，同一位专家再进入时送出。",
    ),
    "tablet/enter.html": ("进入码向小组秘书要，只用一次。请不要借用别人的平板。",),
    "tablet/notes.html": ("秘书写好的答辩意见和记录，组长看过再签。要改就退回并写明。",),
    "tablet/paper.html": ("秘书录入的纸质评分表，和纸上核对无误再确认。",),
}


@pass_context
def help_of(context: Context) -> tuple[str, ...]:
    """The sentences of the page that is rendered."""
    return HELP.get(context.name or "", ())
