"""What is noted with a version of the schedule: how it came about, in Chinese as the workbooks and the log have it."""

STOPPED = "提前停止"
AGAIN = "从第 %(n)s 版重新计算"
AGAIN_STOPPED = "从第 %(n)s 版重新计算，提前停止"
BY_HAND = "在第 %(n)s 版上手工修改"
DRAWN = "第 %(n)s 版抽签"
READ = "读自 %(file)s"
WITHDRAWN = "撤回第 %(n)s 版：%(reason)s"
REPAIRED = "%(event)s：%(way)s（调整自第 %(n)s 版）"

NOTES = (STOPPED, AGAIN_STOPPED, AGAIN, BY_HAND, DRAWN, READ, WITHDRAWN, REPAIRED)
"""The longer one of two that begin alike comes first."""
