"""Rooms and sessions."""

import datetime as dt

from tests.exports.strange.making import CASES, book, case


@case("venue", fields="rooms sessions")
def v01_one_sheet_below():
    rows = [
        ["答辩场地安排"],
        ["房间", "楼层", "候考区", "可容纳人数"],
        ["第一会议室", "3楼", "大厅A", 20],
        ["第二会议室", "3楼", "大厅A", 20],
        [],
        ["答辩时间安排"],
        ["日期", "半天", "起", "止", "茶歇"],
        ["2023-7-15", "上午", "8:30", "12:00", "10:00-10:15"],
        ["2023-7-15", "下午", "14:00", "17:30", None],
    ]
    return book(("场地", rows)), {
        "rooms": ["第一会议室", "第二会议室"],
        "sessions": ["2023-07-15 上午 08:30-12:00", "2023-07-15 下午 14:00-17:30"],
    }


CASES[-1].update(ask=("column:",), answers={})


@case("venue", fields="rooms sessions")
def v02_range_in_one_and_date_merged():
    a = [["考场", "备考室"], ["301", "310"], ["302", "310"]]
    b = [["日期", "时段", "起止时间"], [dt.datetime(2023, 7, 15), "上午", "8:30—12:00"], [None, "下午", "14:00～17:30"]]
    return book(("场地", a), ("时间", b), merges=["时间!A2:A3"]), {
        "rooms": ["301", "302"],
        "sessions": ["2023-07-15 上午 08:30-12:00", "2023-07-15 下午 14:00-17:30"],
    }


@case("venue", fields="rooms sessions")
def v03_all_in_one_cell():
    a = [["答辩教室"], ["A101"], ["A102"]]
    b = [["场次", "答辩时间"], ["第一场", "2023年7月15日上午8:30-12:00"], ["第二场", "2023年7月15日下午2:00-5:30"]]
    return book(("教室", a), ("时间", b)), {
        "rooms": ["A101", "A102"],
        "sessions": ["2023-07-15 第一场 08:30-12:00", "2023-07-15 第二场 14:00-17:30"],
    }


CASES[-1].update(ask=("column:",), answers={})
