"""The columns of the three rosters: key → the canonical header, then what else is seen (sheets.md)."""

APPLICANT: dict[str, tuple[str, ...]] = {
    "name": ("姓名", "申报人", "申报人姓名", "考生姓名"),
    "unit": ("工作单位", "单位", "单位名称", "所在单位", "所属单位", "申报单位", "现工作单位"),
    "level": ("申报级别", "级别", "申报层级", "拟晋升级别", "申报等级"),
    "direction": ("专业方向", "申报专业", "专业", "申报资格专业名称", "方向", "现从事专业", "从事专业"),
    "id_no": ("身份证号", "证件号码", "身份证号码", "公民身份号码", "身份证件号"),
    "title": ("申报职称", "申报资格", "申报专业技术资格", "申报专业技术职务", "申报职务", "拟评职称"),
    "sex": ("性别",),
    "birth": ("出生年月", "出生日期", "出生时间"),
    "edu": ("学历", "最高学历", "学历学位", "文化程度"),
    "school": ("毕业院校",),
    "major": ("所学专业",),
    "cur_title": ("现职称", "现任专业技术职务", "现专业技术资格", "现任职资格"),
    "cur_date": ("取得时间", "资格取得时间", "现资格取得时间", "任职资格审批时间"),
    "hire_date": ("聘任时间",),
    "county": ("所属县（区）或主管部门", "呈报单位", "推荐单位", "主管部门", "审核单位"),
    "insured_unit": ("参保单位",),
    "phone": ("联系电话", "手机", "手机号", "手机号码", "电话"),
    "unavailable": ("不可用时间",),
    "recuse": ("回避专家",),
    "note": ("备注", "说明"),
}
EXPERT: dict[str, tuple[str, ...]] = {
    "name": ("姓名", "专家姓名"),
    "unit": ("工作单位", "单位", "所属机构", "所在单位"),
    "direction": ("专业方向", "专业", "从事专业", "研究领域", "专业领域"),
    "title": ("职称", "专业技术职务", "职称级别"),
    "post": ("职务", "行政职务"),
    "role": ("角色",),
    "available": ("可用时间", "时段", "可参加时间"),
    "max_sessions": ("最多场次",),
    "recuse_units": ("回避单位",),
    "recuse_people": ("回避人员",),
    "phone": ("联系电话", "手机", "手机号", "手机号码", "电话"),
    "id_no": ("身份证号", "证件号码", "身份证号码", "公民身份号码"),
    "note": ("备注", "说明"),
}
ROOM: dict[str, tuple[str, ...]] = {
    "room": ("答辩室", "答辩室名称", "答辩地点"),
    "waiting": ("候考室", "候考室名称"),
    "available": ("可用时段", "可用时间"),
}
SESSION: dict[str, tuple[str, ...]] = {
    "date": ("日期",),
    "name": ("时段名", "时段", "时段名称"),
    "start": ("开始", "开始时间"),
    "end": ("结束", "结束时间"),
    "breaks": ("休息", "休息时间"),
}
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
