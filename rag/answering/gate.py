"""A drafted sentence → a claim that its cited words bear, or the reason why it is not shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from rag.answering.anchoring import Place, anchor, weight
from rag.answering.candidates import Candidate, Scorer
from rag.answering.drafts import Draft
from rag.answering.joining import mixed, parts_of, unrelated
from rag.answering.slots import exchanged
from rag.answering.unfit import unfit
from rag.answering.yesno.verdict import polarity
from rag.checking.evidence import ELSEWHERE, Evidence, fit
from rag.checking.verify import Verdict, verify
from rag.types import Passage, Query

MAX_ARTICLES = 2
"""Articles that a claim is looked for in, those with most of its words."""
LEAST_CONFIDENCE = 0.1
"""Least estimated probability that a sentence answers, for a model's claim to rest on it as the
answer; what a model finds may stand in words that the estimate is unsure of."""

# "It has fallen": what has, the sentence before says.
_LEANS = re.compile(
    r"(?:It|Its|They|Their|Them|He|His|She|Her|This|That|These|Those|Both|Such"
    r"|The (?:former|latter))\b"
)
# "No, it fell", "Yes. Trade rose", "Wrong: it fell"; neither "No agreement" nor "No. 1".
_VERDICT = re.compile(
    r"^(yes|no|right|wrong|correct|incorrect|true|false)(?:\s*[,:;–—-]\s*|[.!]\s+(?=[A-Za-z]))",
    re.IGNORECASE,
)


LEAST_RELEVANCE = 2.0
"""Or so much of the cross-encoder's logit; only six sentences of a question get an estimate. On the
development half of `evals/replies/corpus.jsonl`, 33 questions, one more right sentence is shown and
none to a question that the articles leave open."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft after its check."""

    text: str
    places: tuple[Place, ...]
    """What it rests on, the nearest first; empty where nothing was found."""
    verdict: Verdict | None
    """Of its figures, names and words."""
    reason: str
    """For a reader: why it is not shown; empty if it may be."""
    answers: bool = False
    """Whether it answers what is asked, and is not just true; of one that is not shown, whether the
    words it rests on do."""
    confidence: float = 0.0
    """Estimated probability that the words it rests on answer."""


class Gate:
    """Checks the drafts of one reply."""

    def __init__(
        self,
        query: Query,
        passages: Sequence[Passage],
        candidates: Sequence[Candidate],
        scorer: Scorer,
    ) -> None:
        """Of a prompt.

        Args:
            query: What is asked.
            passages: Those of the prompt, in the order of their numbers.
            candidates: The sentences as judged for an extractive answer.
            scorer: What models say of claims and cited words.
        """
        self._query = query
        self._passages = passages
        self._candidates = candidates
        self._scorer = scorer

    def check(
        self,
        draft: Draft,
        number: Callable[[Sequence[Place]], Sequence[int]],
        *,
        follows: bool = False,
    ) -> Checked:
        """The claim, or why there is none.

        Args:
            draft: What the model wrote.
            number: Gives places the numbers that they are printed with.
            follows: Whether the sentence before it is shown.
        """
        draft = self._without_verdict(draft)
        if reason := unfit(draft.text):
            return Checked(draft.text, (), None, reason)
        last = Checked(draft.text, (), None, "no passage that it cites says so")
        for places, joint in self._anchors(draft):
            checked = self._verified(draft.text, places, number(places), joint=joint)
            if not checked.reason and not follows and _LEANS.match(draft.text):
                checked = replace(checked, reason="it leans on a sentence that is not shown")
            if not checked.reason:
                return self._judged(checked)
            last = last if last.places else checked
        near = self._near(last.places[:1])
        quotable = [c for c in near if c.is_admissible and c.confidence >= LEAST_CONFIDENCE]
        return replace(last, answers=bool(quotable))

    def _verified(
        self, text: str, places: Sequence[Place], numbers: Sequence[int], *, joint: bool
    ) -> Checked:
        """The claim checked against places; those of several articles have to bear it by parts."""
        cited = [place.cited(n) for place, n in zip(places, numbers, strict=True)]
        verdict = verify(text, cited, scorer=self._scorer)
        reason = "" if verdict.supported else verdict.reason
        reason = reason or mixed(text, cited, verdict) or exchanged(text, [c.text for c in cited])
        computed = any(figure.state == "computed" for figure in verdict.figures)
        if joint and not reason and not computed:
            reason = unrelated(text) or self._unborne(text)
        return Checked(text, tuple(places), verdict, reason)

    def _unborne(self, text: str) -> str:
        """Why a claim is not made of parts that one article each bears, or nothing."""
        for part in parts_of(text) or [text]:
            borne = (
                verify(part, [p.cited(n) for n, p in enumerate(places, 1)]).supported
                for places in self._by_article(part, self._passages)
            )
            if not any(borne):
                return "no article says it alone"
        return ""

    def _anchors(self, draft: Draft) -> Iterator[tuple[tuple[Place, ...], bool]]:
        """Where it may rest, and whether on several articles: cited passages, then any.

        Words that hold less of it than those that failed are not tried: each trial takes 25 ms.
        """
        named = [self._passages[n - 1] for n in draft.passages if 0 < n <= len(self._passages)]
        seen: set[tuple[Place, ...]] = set()
        most = 0.0
        for passages in (named, self._passages):
            joint = anchor(draft.text, passages)
            for places in (*self._by_article(draft.text, passages), joint):
                held = weight(draft.text, places)
                if places and places not in seen and held >= most:
                    seen.add(places)
                    most = held
                    yield places, len({p.passage.source for p in places}) > 1

    def _by_article(self, text: str, passages: Sequence[Passage]) -> list[tuple[Place, ...]]:
        """The places of the articles that hold most of the text, each article's own."""
        sources = dict.fromkeys(passage.source for passage in passages)
        own = [anchor(text, [p for p in passages if p.source == source]) for source in sources]
        return sorted(filter(None, own), key=lambda places: -weight(text, places))[:MAX_ARTICLES]

    def _judged(self, checked: Checked) -> Checked:
        """Whether the claim answers: its words lack nothing that is asked, nor is it elsewhere."""
        able = [c for c in self._near(checked.places) if not c.fit.gaps & ELSEWHERE]
        confidence = max((c.confidence for c in able), default=0.0)
        first = checked.places[0]
        source = first.passage.source
        fitting = fit(
            self._query,
            Evidence(
                sentence=checked.text,
                before=" ".join(place.text for place in checked.places),
                after="",
                title=source.title,
                published=source.published,
                passage=first.passage.text,
            ),
        )
        relevance = max((c.relevance for c in able), default=0.0)
        near = confidence >= LEAST_CONFIDENCE or relevance >= LEAST_RELEVANCE
        answers = bool(able) and not fitting.gaps and near
        return replace(checked, answers=answers, confidence=confidence)

    def _near(self, places: Sequence[Place]) -> list[Candidate]:
        """The judged sentences that are among the words cited."""
        return [
            c
            for c in self._candidates
            for place in places
            if c.passage.source == place.passage.source
            and c.span.start < place.span.end
            and place.span.start < c.span.end
        ]

    def _without_verdict(self, draft: Draft) -> Draft:
        """The draft without a "Yes" or "No" in front that no clause of it decides."""
        said = _VERDICT.match(draft.text)
        if not said or not (rest := draft.text[said.end() :]):
            return draft
        if polarity(self._query.text, rest) == said[1].lower():
            return draft
        return replace(draft, text=rest[:1].upper() + rest[1:])
