"""The rosters of people, applicants and experts: what reads them and what a row is."""

from exports.applicants import ApplicantRow, read_applicants
from exports.availability import SessionRow
from exports.experts import CHAIR, MEMBER, ExpertRow, read_experts
from exports.people import Known

__all__ = [
    "CHAIR",
    "MEMBER",
    "ApplicantRow",
    "ExpertRow",
    "Known",
    "SessionRow",
    "read_applicants",
    "read_experts",
]
