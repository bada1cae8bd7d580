"""Who must not meet whom (H9), as one index that keeps the reason."""

from __future__ import annotations

from collections import defaultdict

from scheduler.problem import Problem


class Conflicts:
    """Recused experts by applicant: ``conflicts[applicant]`` is a dict of expert id to reason."""

    def __init__(self, problem: Problem) -> None:
        self._of: dict[str, dict[str, str]] = {a.id: {} for a in problem.applicants}
        at: dict[str, list[str]] = defaultdict(list)
        listing: dict[str, list[str]] = defaultdict(list)
        for expert in problem.experts:
            if expert.employer is not None:
                at[expert.employer].append(expert.id)
            for employer in expert.recuse_employers:
                listing[employer].append(expert.id)
            for applicant in expert.recuse_applicants:
                self._of[applicant][expert.id] = "the expert lists the applicant"
        for a in problem.applicants:
            mine = self._of[a.id]
            if a.employer is not None:
                mine.update(dict.fromkeys(listing[a.employer], "the expert lists the employer"))
                mine.update(dict.fromkeys(at[a.employer], "same employer"))
            for employer in a.recuse_employers:
                mine.update(dict.fromkeys(at[employer], "the applicant lists the employer"))
            mine.update(dict.fromkeys(a.recuse_experts, "the applicant lists the expert"))

    def of(self, applicant: str) -> dict[str, str]:
        """The experts who must not hear the applicant, each with the reason."""
        return self._of[applicant]
