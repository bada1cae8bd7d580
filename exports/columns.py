"""The columns of the three rosters: key → the canonical header, then what else is seen (sheets.md)."""

from collections.abc import Iterable
from itertools import product


def _of(*parts: Iterable[str]) -> tuple[str, ...]:
    """Every word made of one of each part: 工作 + 单位, 所在 + 企业."""
    return tuple("".join(chosen) for chosen in product(*parts))


_WHOSE = ("", "现", "工作", "现工作", "所在", "所在工作", "所属", "就职", "供职", "任职", "用人", "申报")
_HOUSE = ("单位", "企业", "公司", "机构")
_SOUGHT = ("申报", "拟申报", "申请", "拟评", "评审", "申报评审", "拟评审", "拟晋升", "晋升", "所报")
_TITLES = ("职称", "资格", "专业技术资格", "专业技术职务", "专业技术职称", "任职资格", "专业技术职务任职资格")
_WISH = ("", "需", "需要", "申请", "应", "要求")
_CAN = ("可", "能", "可以", "方便")
_CANNOT = ("不可", "不能", "不便", "无法")
_COME = ("用", "参加", "参会", "到会", "到场", "出席", "评审", "参评", "参与")
_WHEN = ("时间", "时段", "日期")
_PHONES = _of(("", "联系", "联络", "手机", "移动"), ("电话", "电话号码", "手机", "手机号", "手机号码", "方式"))
_PHONES = (
    "联系电话",
    *(word for word in _PHONES if word not in ("方式", "手机方式", "移动方式")),
    "移动号码",
    "手机方式",
)
_IDS = ("身份证号", *_of(("身份证", "居民身份证", "公民身份证"), ("", "号", "号码", "编号")))
_IDS = (*_IDS, *_of(("证件", "身份证件", "有效证件", "公民身份", "身份证明", "身份"), ("号", "号码", "编号")))
_AWAY = (
    *("不可用时间", "请假时间", "不便时间", "不能来的时间"),
    *_of(_CANNOT, _COME, ("", "的"), _WHEN),
    "Unavailable",
)
SURNAMES = ("姓", "姓氏", "Surname", "Last name", "Family name")
"""Columns that hold half a name; the other half stands in one of GIVEN_NAMES."""
GIVEN_NAMES = ("名", "名字", "Given name", "First name")
APPLICANT: dict[str, tuple[str, ...]] = {
    "name": (
        *("姓名", "申报人", "申报人姓名", "考生姓名", "申请人", "申报人员", "参评人", "参评人员", "申报者", "参评者"),
        *("申请者", "姓名全称", "真实姓名", "Name", "Full name", "Applicant", "Applicant name", *SURNAMES),
    ),
    "unit": (
        *("工作单位", "单位", "单位名称", "所在单位", "所属单位", "申报单位", "现工作单位", "用人单位"),
        *("所在工作单位", "现单位", "任职单位", "就职单位", "所在企业", "企业", "所属企业", "申报人单位"),
        *_of(_WHOSE, _HOUSE),
        *("Employer", "Organization", "Organisation", "Company", "Affiliation", "Work unit"),
    ),
    "level": (
        *("申报级别", "级别", "申报层级", "拟晋升级别", "申报等级", "评审级别", "拟申报级别", "申报职称级别"),
        *("申报资格级别", "申报专业技术资格级别", "申报职称等级", "拟评级别", "职称申报级别", "层级"),
        *_of(_SOUGHT, ("", *_TITLES), ("级别", "层级", "等级", "层次", "档次")),
        *("Level", "Level applied for", "Grade", "Rank"),
    ),
    "direction": (
        *(
            "专业方向",
            "申报专业",
            "专业",
            "申报资格专业名称",
            "方向",
            "现从事专业",
            "从事专业",
            "从事专业方向",
            "申报专业方向",
        ),
        *("申报方向", "评审专业", "申报评审专业", "申报资格专业", "申报职称专业", "拟评专业", "拟申报专业", "所属方向"),
        "从事专业方向",
        *_of((*_SOUGHT, "答辩", "参评"), ("", *_TITLES), ("专业", "方向", "专业方向", "学科", "专业名称", "学科专业")),
        *("Field", "Specialty", "Speciality", "Direction", "Discipline", "Expertise"),
    ),
    "id_no": (*_IDS, "ID number", "ID No", "ID card", "Identity number", "ID"),
    "title": (
        *("申报职称", "申报资格", "申报专业技术资格", "申报专业技术职务", "申报职务", "拟评职称", "拟申报职称"),
        *("拟晋升职称", "评审职称", "拟评审职称", "申报职称资格", "拟评资格", "申报专业技术职称"),
        *_of(_SOUGHT, _TITLES),
    ),
    "sex": ("性别", "Sex", "Gender"),
    "birth": ("出生年月", "出生日期", "出生时间", "出生年月日", "生日", "Birth date", "Date of birth", "Birth"),
    "edu": ("学历", "最高学历", "学历学位", "文化程度", "学历层次", "Education", "Degree"),
    "school": ("毕业院校", "毕业学校", "毕业院系", "School", "University"),
    "major": ("所学专业", "毕业专业", "学历专业", "Major"),
    "cur_title": (
        *("现职称", "现任专业技术职务", "现专业技术资格", "现任职资格", "现有职称", "现任职称", "现专业技术职务"),
        *("现有专业技术资格", "现具有专业技术资格", "现任专业技术资格", "目前职称", "现资格", "现有资格"),
    ),
    "cur_date": (
        *("取得时间", "资格取得时间", "现资格取得时间", "任职资格审批时间", "现职称取得时间", "取得资格时间"),
        *("任现职时间", "取得现职称时间", "职称取得时间"),
    ),
    "hire_date": ("聘任时间", "聘任日期", "受聘时间", "聘用时间", "现职称聘任时间"),
    "county": (
        *("所属县（区）或主管部门", "呈报单位", "推荐单位", "主管部门", "审核单位", "县区", "所属县区", "所在县区"),
        *("推荐部门", "上报单位", "主管单位", "呈报部门"),
    ),
    "insured_unit": ("参保单位", "社保缴纳单位", "参保缴费单位", "社保单位", "缴纳社保单位", "社保参保单位"),
    "phone": (*_PHONES, "Phone", "Mobile", "Mobile phone", "Tel", "Telephone", "Phone number", "Contact"),
    "unavailable": _AWAY,
    "recuse": ("回避专家", *_of(_WISH, ("回避",), ("", "的"), ("专家", "评委", "评审专家")), "Recusal"),
    "note": ("备注", "说明", "备注说明", "Note", "Notes", "Remark", "Remarks"),
}
CHAIRS = ("可任组长", "是否组长", "是否可任组长", "能否任组长", "可否任组长", "是否任组长", "可担任组长", "Chair")
"""Columns that say by yes and no whether an expert may chair."""
EXPERT: dict[str, tuple[str, ...]] = {
    "name": (
        *("姓名", "专家姓名", "专家", "评委", "评委姓名", "委员姓名", "Name", "Full name", "Expert", "Expert name"),
        *SURNAMES,
    ),
    "unit": (
        *("工作单位", "单位", "所属机构", "所在单位", "单位名称", "现工作单位", "所属单位", "任职单位", "所在机构"),
        *("机构", "就职单位"),
        *_of(_WHOSE, (*_HOUSE, "院校", "学校")),
        *("Affiliation", "Employer", "Organization", "Organisation", "Institution", "Company"),
    ),
    "direction": (
        *("专业方向", "专业", "从事专业", "研究领域", "专业领域", "评审专业", "研究方向", "擅长领域", "专业特长"),
        *("评审方向", "现从事专业", "可评专业", "可评方向"),
        *_of(
            ("", "从事", "研究", "擅长", "评审", "可评审", "学科", "熟悉"),
            ("专业", "方向", "领域", "学科", "专长", "专业方向"),
        ),
        *("Expertise", "Field", "Fields", "Specialty", "Speciality", "Direction", "Directions", "Discipline"),
    ),
    "title": (
        "职称",
        "专业技术职务",
        "职称级别",
        "现职称",
        "技术职称",
        "专业技术职称",
        "专业技术资格",
        "职称等级",
        "Title",
    ),
    "post": ("职务", "行政职务", "现任职务", "单位职务", "Post", "Position"),
    "role": (
        "角色",
        "评委会职务",
        "组内角色",
        "组内职务",
        "评委职务",
        "担任角色",
        "专家组职务",
        "担任职责",
        "职责",
        *_of(("拟任", "拟担任", "专家组", "组内"), ("角色", "职务", "分工", "职责")),
        "拟任",
        "Role",
        *CHAIRS,
    ),
    "available": (
        *("可用时间", "时段", "可参加时间", "可用时段", "可参会时间", "可评审时间", "可出席时间", "空闲时间"),
        *("可参加时段", "时间安排"),
        *_of(_CAN, _COME, ("", "的"), _WHEN),
        *("Availability", "Available", "Available times"),
    ),
    "unavailable": _AWAY,
    "max_sessions": ("最多场次", "场次上限", "最多参加场次", "最多可参加场次", "最多半天数", "Max sessions"),
    "recuse_units": ("回避单位", *_of(_WISH, ("回避",), ("", "的"), _HOUSE)),
    "recuse_people": (
        "回避人员",
        *_of(_WISH, ("回避",), ("", "的"), ("人员", "人", "申报人", "申报人员", "对象", "申请人")),
    ),
    "phone": (*_PHONES, "Phone", "Mobile", "Mobile phone", "Tel", "Telephone", "Phone number", "Contact"),
    "id_no": (*_IDS, "ID number", "ID No", "ID card", "Identity number", "ID"),
    "note": ("备注", "说明", "备注说明", "Note", "Notes", "Remark", "Remarks"),
}
ROOM: dict[str, tuple[str, ...]] = {
    "room": (
        *("答辩室", "答辩室名称", "答辩地点", "房间", "答辩教室", "会议室", "答辩场地"),
        *_of(
            ("答辩", "面试", "考试", "评审", ""),
            ("室", "教室", "考场", "场地", "场所", "地点", "会议室", "房间", "房间号"),
        ),
        *("Room", "Venue", "Place"),
    ),
    "waiting": (
        *("候考室", "候考室名称", "候场室", "等候室", "待考室", "候考地点", "候考区"),
        *_of(("候考", "候场", "等候", "待考", "备考", "休息"), ("室", "区", "地点", "教室")),
        "Waiting room",
    ),
    "available": ("可用时段", "可用时间", "开放时段", "使用时段"),
}
SESSION: dict[str, tuple[str, ...]] = {
    "date": ("日期", "答辩日期"),
    "name": ("时段名", "时段", "时段名称", "场次", "半天"),
    "start": ("开始", "开始时间", "起始时间", "起", "自", "起始", "起时", "Start"),
    "end": ("结束", "结束时间", "终止时间", "截止时间", "止", "至", "截止", "止时", "End"),
    "span": ("起止时间", "时间", "答辩时间", "时间段"),
    "breaks": ("休息", "休息时间", "茶歇", "休息时段", "中场休息"),
}
_ASKED = ("请填写您的", "请填写", "请输入", "您所在的", "您申报的", "您的", "你的")
"""How a form asks on a telephone: 您的姓名."""
PREFIXES = {
    "applicants": (
        *_ASKED,
        "申报人员",
        "申报人",
        "申报者",
        "申请人员",
        "申请人",
        "申请者",
        "参评人员",
        "参评人",
        "参评者",
        "考生",
        "本人",
        "个人",
        "人员",
    ),
    "experts": (*_ASKED, "评审专家", "专家", "评委", "委员", "本人", "个人", "人员"),
    "rooms": (),
    "sessions": (),
}
"""Words before a column's word that add nothing: 申报人姓名."""
SUFFIXES = ("名称", "全称", "情况", "信息")
"""Words behind it that add nothing: 工作单位全称."""
OTHERS = (
    *("序号", "编号", "年龄", "民族", "政治面貌", "籍贯", "学位", "参加工作时间", "工作年限", "聘任年限", "任职年限"),
    *(
        "毕业时间",
        "学制",
        "单位性质",
        "企业性质",
        "通讯地址",
        "邮箱",
        "电子邮箱",
        "审核意见",
        "是否破格",
        "签名",
        "问题",
        "来源",
        "所用时间",
        "提交时间",
        "提交答卷时间",
    ),
    *("No", "Serial No", "Age", "Email", "E-mail", "Address", "Nationality", "Signature"),
)
"""Columns that rosters have and nobody here needs: no question is asked about them."""
INSTEAD = {"level": "title", "start": "span", "end": "span", "date": "span"}
"""A needed column → another that may say the same."""
NEEDED: dict[str, tuple[str, ...]] = {
    "applicants": ("name", "unit", "level", "direction"),
    "experts": ("name", "unit", "direction"),
    "rooms": ("room",),
    "sessions": ("date", "start", "end"),
}
COLUMNS = {"applicants": APPLICANT, "experts": EXPERT, "rooms": ROOM, "sessions": SESSION}
LONGEST = {"name": 32, "unit": 128, "insured_unit": 128, "available": 256, "note": 256, "phone": 32, "id_no": 32}
"""Characters a cell may have, where it is not 64: what the database keeps; details of applicants may be as long."""
LONGEST_PART = 64
"""Characters of one recused person or employer."""
FREE = ("county", "school", "major", "unavailable", "recuse", "recuse_units", "recuse_people", "direction", "breaks")
"""Columns of any length: kept as they are, or split before they are kept."""
