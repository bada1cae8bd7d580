"""The office's schedule: start and watch a job, read drafts on the board and in lists, publish one."""

from __future__ import annotations

from flask import Blueprint

from webapp.db import db
from webapp.models import Round, ScheduleVersion
from webapp.rights import may
from webapp.services import drafts
from webapp.services.kernel import Forbidden
from webapp.views import acting, current_round

bp = Blueprint("schedule", __name__, url_prefix="/schedule")


def version_of(number: int) -> tuple[Round, ScheduleVersion]:
    """A version of the present round that this role may read."""
    round_ = current_round()
    version = drafts.load(db.session(), round_, number)
    if version.status != "published" and not may(acting().role, "drafts", "read"):
        raise Forbidden("第 %(n)s 版没有发布。您的角色只能看已发布的安排。", n=number)
    return round_, version


from webapp.views.schedule import jobs, listed, publishing, reading, seen  # noqa: E402, F401 they add their routes
