"""For machines that watch: does the server answer, and its figures."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import ip_address

from flask import Blueprint, Response, abort, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from webapp import health
from webapp.db import db
from webapp.models import Job, TabletSession
from webapp.rights import public
from webapp.services.kernel import system_clock

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """Whether the server and its database answer, and marks reach the second place."""
    db.session.connection().exec_driver_sql("SELECT 1")
    return jsonify(status="degraded" if health.COUNTS.journal_down else "ok")


@bp.get("/metrics")
@public
def metrics() -> ResponseReturnValue:
    """Figures in Prometheus' text format, for this machine and its own network only."""
    if not ip_address(request.remote_addr or "0.0.0.0").is_private:  # noqa: S104
        abort(404)
    session, now = db.session(), system_clock()
    counted = session.execute(select(Job.state, func.count()).group_by(Job.state))
    states: dict[str, int] = {row[0]: row[1] for row in counted}
    silent = select(func.count()).where(Job.state == "running", Job.heartbeat_at < now - timedelta(seconds=30))
    tablets = select(func.count()).where(TabletSession.revoked_at.is_(None), TabletSession.expires_at > now)
    gauges = {f"jobs_{state}": float(states.get(state, 0)) for state in ("queued", "running", "failed")}
    gauges |= {"jobs_silent": float(session.scalar(silent) or 0), "tablets": float(session.scalar(tablets) or 0)}
    return Response(health.text(gauges), mimetype="text/plain; version=0.0.4")
