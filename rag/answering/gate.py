"""A drafted sentence → a claim that its cited words bear, or the reason why it is not shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from rag.answering.anchoring import Place, anchor
from rag.answering.candidates import Candidate, Scorer
from rag.answering.drafts import Draft
from rag.answering.yesno.verdict import polarity
from rag.checking.evidence import ELSEWHERE, Evidence, fit
from rag.checking.syntax.names import find_names, is_named
from rag.checking.verify import Cited, Verdict, verify
from rag.types import Passage, Query, Span

MAX_CLAIM_CHARS = 600
"""A longer sentence says more than can be checked as one claim."""
LEAST_CONFIDENCE = 0.1
"""Least estimated probability that a sentence answers, for a model's claim to rest on it as the
answer; what a model finds may stand in words that the estimate is unsure of."""

# Addresses, Markdown's links and images, HTML, code, tables, formulas: none is needed to answer.
_MARKUP = re.compile(
    r"\w{2,}://|\bwww\.|\b(?:javascript|data|mailto|file)\s*:|\]\s*[(\[]|!\[|<\s*[/!a-z]|\{\{|\\\w"
    r"|\|.*\||\$\$|<\||\[/?INST\]|</?s>",
    re.IGNORECASE,
)
# "[file.png]", "[INST]": a mark with words in it is no footnote.
_BRACKETS = re.compile(r"[\[\]{}【】]")
# What is told of the prompt, not of the world.
_OF_PROMPT = re.compile(
    r"\b(?:system prompt|(?:my|these|the|your|above|previous|following) instructions?"
    r"|numbered passages?|as an? (?:ai|language|assistant)\b|language model)"
    r"|^\W*(?:system|user|assistant|developer|human)\s*:",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"[,;:—]\s|\s(?:and|but|while|whereas|than|against|compared (?:with|to)|which|who)\s"
)
# "It has fallen": what has, the sentence before says.
_LEANS = re.compile(
    r"(?:It|Its|They|Their|Them|He|His|She|Her|This|That|These|Those|Both|Such"
    r"|The (?:former|latter))\b"
)
_CHANGE = re.compile(
    r"\b(?:rose|risen|rises?|fell|fallen|falls?|grew|grown|grows?|dropped|declined|increased"
    r"|decreased|shrank|shrunk|climbed|slipped|changed|became|doubled|tripled|halved|up|down)\b",
    re.IGNORECASE,
)
# "No, it fell", "Yes. Trade rose", "Wrong: it fell"; neither "No agreement" nor "No. 1".
_VERDICT = re.compile(
    r"^(yes|no|right|wrong|correct|incorrect|true|false)(?:\s*[,:;–—-]\s*|[.!]\s+(?=[A-Za-z]))",
    re.IGNORECASE,
)


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
        for places in self._anchors(draft):
            cited = [p.cited(n) for p, n in zip(places, number(places), strict=True)]
            verdict = verify(draft.text, cited, scorer=self._scorer)
            reason = "" if verdict.supported else verdict.reason
            reason = reason or _mixed(draft.text, cited, verdict) or _joined(draft.text, places)
            if not reason and not follows and _LEANS.match(draft.text):
                reason = "it leans on a sentence that is not shown"
            checked = Checked(draft.text, places, verdict, reason)
            if not reason:
                return self._judged(checked)
            last = last if last.places else checked
        near = self._near(last.places[:1])
        quotable = [c for c in near if c.is_admissible and c.confidence >= LEAST_CONFIDENCE]
        return replace(last, answers=bool(quotable))

    def _anchors(self, draft: Draft) -> Iterator[tuple[Place, ...]]:
        """Where it may rest: the passages that it cites, then any of the prompt."""
        named = [self._passages[n - 1] for n in draft.passages if 0 < n <= len(self._passages)]
        first = anchor(draft.text, named)
        if first:
            yield first
        anywhere = anchor(draft.text, self._passages)
        if anywhere and set(anywhere) != set(first):
            yield anywhere

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
        answers = bool(able) and not fitting.gaps and confidence >= LEAST_CONFIDENCE
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


def _mixed(claim: str, cited: Sequence[Cited], verdict: Verdict) -> str:
    """A name beside a figure that stands in other cited words than the figure does, or nothing.

    "The tent of Orra weighs 3.1 kg" is made of two true sentences, about two tents.
    """
    bearing = {one.number: one for one in cited}
    names = find_names(claim)
    for checked in verdict.figures if len(cited) > 1 else ():
        one = bearing.get(checked.citation or 0)
        if checked.state != "verified" or one is None or checked.figure.kind == "date":
            continue
        clause = _clause(claim, checked.figure.span)
        for name in names:
            beside = clause.start <= name.span.start and name.span.end <= clause.end
            told = f"{one.outlet or ''}. {one.around} {one.text}"
            if beside and not is_named(name, told):
                return f"“{checked.text}” and “{name.text}” stand in different words cited"
    return ""


def _joined(claim: str, places: Sequence[Place]) -> str:
    """Why a change between what two articles say is none, or nothing.

    Where one calls India the largest and another the fourth-largest, nothing has fallen.
    """
    articles = {place.passage.source.article_id for place in places}
    if len(articles) > 1 and _CHANGE.search(claim):
        return "a change is told between the words of different articles"
    return ""


def _clause(text: str, span: Span) -> Span:
    """The part of a sentence, between marks or conjunctions, that a figure stands in."""
    breaks = [found.span() for found in _CLAUSE.finditer(text)]
    start = max((end for _, end in breaks if end <= span.start), default=0)
    return Span(start, min((first for first, _ in breaks if first >= span.end), default=len(text)))


def unfit(text: str) -> str:
    """Why a sentence is shown in no case, whatever the passages say; empty if it may be.

    >>> unfit("See [here](https://example.org).")
    'it holds a link or markup'
    """
    if _MARKUP.search(text) or _BRACKETS.search(text):
        return "it holds a link or markup"
    if _OF_PROMPT.search(text):
        return "it speaks of its instructions"
    if len(text) > MAX_CLAIM_CHARS:
        return f"it is longer than {MAX_CLAIM_CHARS} characters"
    return ""
