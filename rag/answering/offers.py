"""A refusal's nearest words → questions that they do answer. Pure but for the asking handed in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from rag.answer import Answer, Citation
from rag.checking.binding import Bound, bind
from rag.checking.syntax.names import find_names
from rag.splitting.terms import stems

MAX_OFFERED = 3
MAX_TRIED = 6
"""Questions that are tried before fewer are offered: each takes a fraction of a second."""
MAX_CHARS = 110
"""A longer question reads like the sentence itself."""

# What goes on behind a measured noun: "exports [to Azerbaijan]", "trade [between India and Nepal]".
_TO_NAME = re.compile(
    r"(?:\s+(?:to|from|of|with|in|between|by|for)\s+(?:the\s+)?[A-Z][\w'’-]*"
    r"(?:\s+(?:and\s+)?[A-Z][\w'’-]*)*)+"
)
_ARTICLE = re.compile(r"\b(?:the|an?)\s+$", re.IGNORECASE)
_CLAUSE = re.compile(r"\s*[,;:.(]|\s+(?:and|but|while|which|that|who|when|as|after|before)\b")
_DETERMINER = re.compile(r"^(?:an?|its|their|this|that|those|these)\s+", re.IGNORECASE)
_PLURAL = re.compile(r"(?:[^s\W]s|people|men|women)(?:\s|$)", re.IGNORECASE)
_PAST = re.compile(r"(?:FY)?(\d{4})")
_SAYS = re.compile(r"\b(?:article|report|author|commentary|study|according)\b", re.IGNORECASE)
_TITLES = frozenset({"President", "Prime Minister", "Minister", "Foreign Minister", "King"})
_OPEN = "What do the articles say about "


def questions_for(sentence: str) -> tuple[str, ...]:
    """Questions that the sentence answers, those about its figures first.

    >>> questions_for("Exports to Korvin came to $86 million in 2024.")
    ('What were exports to Korvin worth in 2024?', 'What do the articles say about Korvin?')
    """
    figures = [question for bound in bind(sentence) for question in _about(sentence, bound)]
    asked = [*figures, *_about_names(sentence)]
    return tuple(dict.fromkeys(question for question in asked if len(question) <= MAX_CHARS))


def answered_questions(
    refused: Answer, ask: Callable[[str], Answer], more: Iterable[str] = ()
) -> tuple[str, ...]:
    """A few questions near the refused one that are answered, each tried before it is offered.

    Args:
        refused: An answer that is a refusal.
        ask: Answers a question; what it refuses is not offered.
        more: Sentences beside the nearest ones, nearest first.
    """
    nearest = refused.refusal.nearest if refused.refusal else ()
    offered: list[str] = []
    told: set[str] = set()
    for question in _tried(refused, nearest, more):
        answer = ask(question)
        words = {citation.cited_text for citation in answer.citations}
        if answer.refusal is None and words - told:
            offered.append(question)
            told |= words
        if len(offered) == MAX_OFFERED:
            break
    return tuple(offered)


def _tried(refused: Answer, nearest: Iterable[Citation], more: Iterable[str]) -> Iterator[str]:
    """One question a sentence first, so that those offered are about different things."""
    sentences = [*(citation.cited_text for citation in nearest), *more]
    asked = [questions_for(sentence) for sentence in dict.fromkeys(sentences)]
    figures = [q for found in asked for q in found[:1] if not q.startswith(_OPEN)]
    rest = [q for found in asked for q in found]
    same = {refused.question.casefold(), refused.query.casefold()}
    distinct = [q for q in dict.fromkeys([*figures, *rest]) if q.casefold() not in same]
    yield from distinct[:MAX_TRIED]


def _about(sentence: str, bound: Bound) -> Iterator[str]:
    subject, figure = bound.figure.subject, bound.figure
    if subject is None or figure.kind not in {"money", "rank", "percent"}:
        return
    if figure.kind == "rank":
        yield from _rank(sentence, bound)
        return
    named = _TO_NAME.match(sentence, subject.end)
    of_what = _plain(sentence[subject.start : named.end() if named else subject.end], bound)
    if _ARTICLE.search(sentence[: subject.start]):  # "include a deal with Nepal worth …"
        of_what = f"the {of_what}"
    if _SAYS.search(of_what) or not named:
        return
    is_ = _verb(of_what, bound.period)
    when = _when(sentence, bound)
    if figure.kind == "money":
        yield f"What {is_} {of_what} worth{when}?"
    elif "share" not in bound.qualifiers:
        yield f"What percentage is given for {of_what}{when}?"


def _rank(sentence: str, bound: Bound) -> Iterator[str]:
    """Of "India is the third-largest buyer of oil": "Where does India rank as a buyer of oil?"."""
    who = next((name for name, role in bound.entities if role == "subject"), None)
    rest = sentence[bound.figure.span.end :]
    cut = _CLAUSE.search(rest)
    what = rest[: cut.start() if cut else len(rest)].strip()
    if not who or not what or who not in sentence:
        return
    if what.startswith("among "):
        yield f"Where does {who} rank {what}?"
    else:
        article = "an" if what[0].lower() in "aeiou" else "a"
        yield f"Where does {who} rank as {article} {what}?"


def _about_names(sentence: str) -> Iterator[str]:
    names = list(dict.fromkeys(name.key for name in find_names(sentence)))
    names = [name for name in names if name not in _TITLES]
    if names:
        yield f"{_OPEN}{' and '.join(sorted(names[:2]))}?"


def _plain(words: str, bound: Bound) -> str:
    """The words as they stand inside of a sentence: "Bilateral trade" without its capital."""
    words = _DETERMINER.sub("the ", " ".join(words.split()))
    first = words.split(" ", 1)[0]
    measured = bound.modifiers | {bound.quantity}
    is_name = any(words.startswith(name.text) for name in find_names(words))
    if is_name or first.isupper() or not set(stems(first)) & measured:
        return words
    return words[:1].lower() + words[1:]


def _verb(of_what: str, period: str | None) -> str:
    head = re.split(r"\s+(?:to|from|of|with|in|between|by|for)\s+", of_what)[0]
    many = bool(_PLURAL.search(head.split()[-1])) if head.split() else False
    if period:
        return "were" if many else "was"
    return "are" if many else "is"


def _when(sentence: str, bound: Bound) -> str:
    """The period in the sentence's own words, where it names one."""
    for other in bind(sentence):
        if other.figure.kind == "date" and other.period == bound.period:
            return f" in {other.figure.span.of(sentence)}"
    return f" in {bound.period}" if bound.period and _PAST.fullmatch(bound.period) else ""
