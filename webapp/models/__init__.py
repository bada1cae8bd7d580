"""The tables: ``users``, ``rounds``, ``people``, ``schedules``, ``repairs``, ``scores``, ``audit``."""

from webapp.models.audit import AuditEntry, AuditPayload
from webapp.models.base import Base
from webapp.models.committee import Ballot, Meeting, Note, Review
from webapp.models.day import Pause, Presence, Turn
from webapp.models.draws import Draw
from webapp.models.life import Objection, Unlock
from webapp.models.people import Apart, Applicant, EmployerAlias, Expert, ExpertDraw, Recusal
from webapp.models.repairs import Repair
from webapp.models.rounds import Answer, Direction, Import, Room, Round, RubricVersion, Session
from webapp.models.schedules import (
    Appointment,
    DraftEdit,
    Job,
    Panel,
    PanelMember,
    ScheduleVersion,
    SeatHeld,
    Share,
    Sitting,
)
from webapp.models.scores import (
    Call,
    Choice,
    Outcome,
    PanelSigned,
    Remark,
    Result,
    ResultSet,
    Sheet,
    SheetRecord,
    SittingClosed,
)
from webapp.models.users import Login, LoginFailure, PanelSecretary, TabletCode, TabletSession, User

__all__ = [
    "Answer",
    "Apart",
    "Applicant",
    "Appointment",
    "AuditEntry",
    "AuditPayload",
    "Ballot",
    "Base",
    "Call",
    "Choice",
    "Direction",
    "DraftEdit",
    "Draw",
    "EmployerAlias",
    "Expert",
    "ExpertDraw",
    "Import",
    "Job",
    "Login",
    "LoginFailure",
    "Meeting",
    "Note",
    "Objection",
    "Outcome",
    "Panel",
    "PanelMember",
    "PanelSecretary",
    "PanelSigned",
    "Pause",
    "Presence",
    "Recusal",
    "Remark",
    "Repair",
    "Result",
    "ResultSet",
    "Review",
    "Room",
    "Round",
    "RubricVersion",
    "ScheduleVersion",
    "SeatHeld",
    "Session",
    "Share",
    "Sheet",
    "SheetRecord",
    "Sitting",
    "SittingClosed",
    "TabletCode",
    "TabletSession",
    "Turn",
    "Unlock",
    "User",
]
