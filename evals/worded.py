"""Records of a run with a language model → what it made of the questions, and at what cost."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evals.records import Record
from evals.statistics import percentile
from evals.usage import to_fields, total
from rag.answer import Answer, Usage

QUOTED = "what it rests on is quoted"
"""Part of the notice of an answer whose words the model chose, and did not get worded."""
TOO_MANY = 0.2
"""Share of answers in the articles' own words from which on a run says little about its model."""

_REASON = re.compile(r"\(([^()]+)\)")  # "The model m is unavailable (timeout after 20 s); these …"


@dataclass(frozen=True, slots=True, kw_only=True)
class Worded:
    """How the answers of a run came about."""

    answers: int
    worded: int
    """Worded by the model: at least one of its sentences is shown."""
    refused: int
    """Refused by the model."""
    quoted: int
    """The words that the model's sentences rest on, quoted in place of the sentences."""
    fallen_back: int
    """Answered or refused without the model's help, with a notice that says why."""
    notices: Mapping[str, int]
    """How often each reason was told, the most frequent first."""
    shown: int
    """Sentences of the model's answers that are shown."""
    withheld: int
    """Sentences that were not."""
    reasons: Mapping[str, int]
    """Why not, as the check words it up to its first figure or name; the most frequent first."""
    computed: int
    """Figures shown that were computed from cited ones."""
    usage: Usage | None
    """All that was asked, for earlier questions of conversations too."""
    seconds: Mapping[str, tuple[float, float]]
    """`first_token` and `first_claim`: median and 95 % of the answers that have it."""

    @property
    def unasked(self) -> int:
        """Answers and refusals for which no model had to be asked."""
        return self.answers - self.worded - self.refused - self.quoted - self.fallen_back

    @property
    def is_doubtful(self) -> bool:
        """Whether so many answers are not the model's that the run is hardly about it."""
        return bool(self.answers) and self.fallen_back / self.answers > TOO_MANY

    def to_fields(self) -> dict[str, Any]:
        """Everything as JSON values."""
        usage = None if self.usage is None else to_fields(self.usage)
        names = "answers worded refused quoted fallen_back unasked shown withheld computed".split()
        return {
            **{name: getattr(self, name) for name in names},
            "notices": dict(self.notices),
            "reasons": dict(self.reasons),
            "usage": usage,
            "seconds": {n: {"median": a, "p95": b} for n, (a, b) in self.seconds.items()},
        }


def worded_of(records: Sequence[Record]) -> Worded:
    """What became of the model's replies in these records; errors have no answer and no part."""
    answers = [record.answer for record in records if record.answer is not None]
    by_model = [a for a in answers if a.mode == "llm"]
    others = [a for a in answers if a.mode != "llm" and a.notice]
    fallen = [a for a in others if QUOTED not in (a.notice or "")]
    given = [a for a in by_model if a.refusal is None]
    return Worded(
        answers=len(answers),
        worded=len(given),
        refused=len(by_model) - len(given),
        quoted=len(others) - len(fallen),
        fallen_back=len(fallen),
        notices=_counted(notice_kind(a.notice or "") for a in others),
        shown=sum(len(a.claims) for a in given),
        withheld=sum(len(a.withheld) for a in answers),
        reasons=_counted(reason_kind(w.reason) for a in answers for w in a.withheld),
        computed=sum(f.state == "computed" for a in given for c in a.claims for f in c.figures),
        usage=total(r.usage or (r.answer.usage if r.answer else None) for r in records),
        seconds=_seconds(answers),
    )


def notice_kind(notice: str) -> str:
    """What a notice tells, without the model's name where it gives a reason in brackets.

    >>> notice_kind("The model m is unavailable (timeout after 20 s); these are the articles'.")
    'timeout after 20 s'
    """
    reason = _REASON.search(notice)
    return reason[1] if reason else notice


def reason_kind(reason: str) -> str:
    """A reason for withholding without what it is about, so that like reasons are counted as one.

    >>> reason_kind("“$5 billion”: not in the words cited; “Baku” is not in the words cited")
    '“…”: not in the words cited'
    """
    first = reason.partition("; ")[0]
    return re.sub(r"\d[\d,.]*", "0", re.sub(r"“[^”]*”", "“…”", first))


def _counted(kinds: Iterable[str]) -> dict[str, int]:
    return dict(Counter(kinds).most_common())


def _seconds(answers: Sequence[Answer]) -> dict[str, tuple[float, float]]:
    found = {}
    for name in ("first_token", "first_claim"):
        if times := [a.seconds[name] for a in answers if name in a.seconds]:
            found[name] = (percentile(times, 50), percentile(times, 95))
    return found
