"""A round's tables as workbooks: what is in them, who may take which, and as files."""

from webapp.services.books.content import content, of_people
from webapp.services.books.files import bundle, filled, workbook
from webapp.services.books.rights import EVERYTHING, may_take, seen_by
from webapp.services.books.scores import OUTCOMES
from webapp.services.books.which import BEFORE_A_SCHEDULE, kinds_now, version_if_any, version_of

__all__ = [
    "BEFORE_A_SCHEDULE",
    "EVERYTHING",
    "HINTS",
    "OUTCOMES",
    "bundle",
    "content",
    "filled",
    "kinds_now",
    "may_take",
    "of_people",
    "seen_by",
    "version_if_any",
    "version_of",
    "workbook",
]
HINTS = {
    "schedule": "办公室用：每天的编排表，按时间、专家组和单位的名单",
    "groups": "公开：分组、次序、报到时间和地点，不含专家和证件",
    "experts": "内部：每位专家的场次、答辩室、专家组和角色",
    "signin": "签到台用：每场一张，留签名栏",
    "lots": "每场一张：承诺值、数字、种子和次序，留签名栏",
    "sheets": "纸质备用：每位专家对每位申报人一张，带二维码",
    "entry": "没有网络时录入评分，填好后在“答辩现场”读回",
    "summary": "各专家合计、去掉的分数、成绩和名次，公式可重算",
    "origins": "复核用：每位申报人一页，成绩的每一步，专家只编号",
    "results": "评委会用：各方向成绩、统计、所用设置和评分明细",
    "minutes": "评委会会议记录，每位申报人一页答辩记录，已写的内容已填好",
    "opinions": "每位申报人一页专家组意见，组长已签的已填好，留签名栏",
    "votes": "评委会投票用：已记录的票数已填好，没有的填入后算出是否通过",
    "attendance": "每位专家应到、实到几个半天",
    "fees": "半天数已填，金额和签名留空",
    "contacts": "内部：通知申报人和专家的电话",
    "notice": "公开：表决通过人员，不含分数、证件和专家",
    "rosters": "内部：申报人员、评审专家、场地与时段，改好后可以再导入",
}
"""Kind of a workbook → what it is for."""
