"""What a person reads when something does not go: a sentence and a way back, never an internal."""

from __future__ import annotations

from dataclasses import asdict

from flask import Flask, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from webapp import denials
from webapp.db import db, trouble
from webapp.languages import sentence
from webapp.services.kernel import Forbidden, Missing, Refused, Stale, TooOften, Two, Unreadable, without_words

STATUS = {Unreadable: 400, Forbidden: 403, Missing: 404, Stale: 409, TooOften: 429, Refused: 409}


def answer(text: str, status: int, two: tuple[Two, ...] = ()) -> ResponseReturnValue:
    """The sentence as a page, or as JSON where JSON was asked for; where somebody was quicker, with both values."""
    if request.is_json or request.accept_mimetypes.best == "application/json":
        return jsonify(error=text, **({"two": [asdict(one) for one in two]} if two else {})), status
    return render_template("error.html", text=text, status=status, two=two), status


def _roll_back() -> None:
    """Give the connection back, even one that is dead."""
    try:
        db.session.rollback()
    except OperationalError:
        db.session.remove()


def init_app(app: Flask) -> None:
    """Register the handlers."""

    @app.errorhandler(Refused)
    def _refused(error: Refused) -> ResponseReturnValue:
        db.session.rollback()
        status = next(code for kind, code in STATUS.items() if isinstance(error, kind))
        if status in (403, 429):
            denials.note()
        made = app.make_response(answer(sentence(error), status, error.two if isinstance(error, Stale) else ()))
        if isinstance(error, TooOften):
            made.headers["Retry-After"] = str(error.seconds)
        return made

    @app.errorhandler(StaleDataError)
    def _stale(_error: StaleDataError) -> ResponseReturnValue:
        db.session.rollback()
        return answer(_("别人刚刚改过这一项。请返回刷新后再改。"), 409)

    @app.errorhandler(DataError)
    @app.errorhandler(OverflowError)
    def _beyond(_error: Exception) -> ResponseReturnValue:
        """A number or text that no column holds: it names nothing that is there."""
        db.session.rollback()
        return answer(_("请求不能处理。请返回后重试。"), 400)

    @app.errorhandler(OSError)
    @app.errorhandler(NoConnection)
    @app.errorhandler(OperationalError)
    def _not_now(error: Exception) -> ResponseReturnValue:
        """The disk or the database does not take it now: nothing was written, and it may go in a while."""
        kind = trouble(error)
        if kind is None:
            return _unexpected(error)
        _roll_back()
        app.logger.error("%s at %s: %s", kind, request.endpoint, without_words(error))
        texts = {
            "full": _("服务器的磁盘写不进（已满或出错），刚才的操作没有写入。请腾出空间后重试，平板上的评分不会丢。"),
            "busy": _("数据库正被占用，刚才的操作没有写入。请过一会儿重试。"),
            "away": _("数据库暂时连不上，刚才的操作没有写入。请过一会儿重试；仍不行请告诉系统管理员。"),
        }
        made = app.make_response(answer(texts[kind], 503))
        made.headers["Retry-After"] = "5"
        return made

    @app.errorhandler(CSRFError)
    def _csrf(_error: CSRFError) -> ResponseReturnValue:
        text = _("页面已过期。请返回、刷新页面后再提交。")
        return (jsonify(error=text, code="token"), 400) if request.is_json else answer(text, 400)

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> ResponseReturnValue:
        db.session.rollback()
        code = error.code or 500
        if code < 400:
            return error
        if code == 403:
            denials.note()
        texts = {
            401: _("请先登录。"),
            403: _("您的角色不能打开这一页。如需权限，请联系系统管理员。"),
            404: _("没有这一页。请从上方菜单重新进入。"),
            405: _("这一页不能这样打开。请从上方菜单重新进入。"),
            413: _("文件超过 10 MB。请删去多余的工作表或图片后再上传。"),
        }
        return answer(texts.get(code, _("请求不能处理。请返回后重试。")), code)

    @app.errorhandler(Exception)
    def _unexpected(error: Exception) -> ResponseReturnValue:
        _roll_back()
        if app.testing and not app.config.get("ROSTRUM_SHOW_500"):
            raise error
        app.logger.error("unexpected error at %s: %s", request.endpoint, without_words(error))
        return answer(_("程序出错，已记入日志，刚才的操作没有写入。请重试；仍不行请把时间告诉系统管理员。"), 500)
