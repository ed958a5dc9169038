"""A claim and the words it cites → which figures, dates and names of it stand in those words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from rag.answer import CheckedFigure
from rag.checking.claims.borne import Borne, CitedSentence, check_sentence
from rag.checking.claims.parallel import without_lead
from rag.checking.figures import find_figures
from rag.checking.lacking import Told
from rag.checking.support import Scorer
from rag.checking.syntax.names import find_names, is_named
from rag.checking.thresholds import LEAST_SUPPORT
from rag.checking.whole import Whole, check_whole
from rag.splitting.sentences import split_sentences
from rag.types import Figure, Span

_OPENS = re.compile(r"(?:^|[“\"‘:.!?\]])\s*$")
_CLOSES = re.compile(r"\s*(?:$|[”\"’\[])")
_BRACKETED = re.compile(r"\((\d{4}-\d\d-\d\d)\)")  # "According to The Paper (2025-05-20):"
_ARTICLE = re.compile(r"\b(?:reports?|articles?|sources?|passages?|pieces?|story|stories)\b")
_MARK = re.compile(r"\[\d+\]")
_QUOTES = re.compile(r"[^.!?\n]{1,160}:\s*[“\"](?=\s{3})")  # "The Paper quotes Ann Lee: “"
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")  # of a time of day, a score, a name: no figures


@dataclass(frozen=True, slots=True)
class Cited:
    """The words of one citation, and what stands before them in the article."""

    number: int
    """As printed, from 1."""
    text: str
    before: str = ""
    title: str = ""
    outlet: str | None = None
    published: date | None = None

    @property
    def around(self) -> str:
        """What may say whom or when the words are about."""
        return f"{self.title}. {self.before}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a claim's figures and names."""

    figures: tuple[CheckedFigure, ...]
    missing_names: tuple[str, ...]
    """Names, and numbers that are no figures, which the cited words lack."""
    reasons: tuple[str, ...]
    """One a figure, in its order."""
    faults: tuple[str, ...] = ()
    """What else of the claim the cited words do not say, for a reader."""
    contradicted: bool = False
    """Whether one of the faults is that they say otherwise."""
    score: float | None = None
    """Estimated probability that they support all of it; None for quotations, without models, and
    where a rule has decided."""

    @property
    def supported(self) -> bool:
        """Whether the cited words have all figures and names, and say the claim as a whole."""
        borne = all(f.state != "not_verified" for f in self.figures)
        return borne and not self.missing_names and not self.faults

    @property
    def reason(self) -> str:
        """In words for a reader: what is wrong, else what was computed, else that all is there."""
        pairs = list(zip(self.figures, self.reasons, strict=True))
        wrong = [f"“{f.text}”: {why}" for f, why in pairs if f.state == "not_verified"]
        wrong += [f"“{name}” is not in the words cited" for name in self.missing_names]
        wrong += self.faults
        if wrong:
            return "; ".join(wrong)
        computed = [f"“{f.text}” is {why}" for f, why in pairs if f.state == "computed"]
        return "; ".join(computed) or "every figure and name stands in the words cited"


def verify(
    claim: str,
    cited: Sequence[Cited],
    *,
    scorer: Scorer | None = None,
    least_support: float = LEAST_SUPPORT,
) -> Verdict:
    """Checks a claim's figures, dates and names against the words it cites, then the whole of it.

    Args:
        claim: A sentence or a few, also of the form `According to X (date): “words” [n]`.
        cited: What it cites, in the order of the numbers.
        scorer: What models say of a claim that is no quotation; without one its words decide.
        least_support: Least score that they have to give it.
    """
    quoted, found = _quoted(claim, cited), []
    for span, source in quoted:
        same = Borne("verified", source.number, "quoted word for word")
        found += [(moved(f, span.start), same) for f in find_figures(span.of(claim))]
    days = _publication_days(claim, cited)
    for figure, source in days:
        found.append((figure, Borne("verified", source.number, "it is the article's date")))
    rest = _blanked(claim, [span for span, _ in quoted] + [figure.span for figure, _ in days])
    unquoted = _blanked(claim, [span for span, _ in quoted])
    leads = [Span(*lead.span()) for lead in _QUOTES.finditer(unquoted)]
    found += _checked(without_lead(rest), cited)
    found.sort(key=lambda pair: pair[0].span.start)
    computed = any(b.state == "computed" for _, b in found)
    missing = _missing(rest, cited)
    if missing or any(b.state == "not_verified" for _, b in found):
        scorer = None  # models take most of the time, and could change nothing any more
    asked = partial(check_whole, computed=computed, scorer=scorer, least=least_support)
    wholes = list(_wholes(_blanked(rest, leads), cited, asked))
    scores = [whole.score for whole in wholes if whole.score is not None]
    return Verdict(
        tuple(CheckedFigure(f.span.of(claim), f, b.state, b.citation) for f, b in found),
        missing,
        tuple(b.reason for _, b in found),
        tuple(dict.fromkeys(fault for whole in wholes for fault in whole.faults)),
        any(whole.opposed for whole in wholes),
        min(scores, default=None),
    )


def _wholes(rest: str, cited: Sequence[Cited], check: Callable[..., Whole]) -> Iterator[Whole]:
    """Each sentence of the claim that is no quotation against all that it cites."""
    whole = without_lead(rest)
    lead = rest[: len(rest) - len(whole.lstrip())]
    bare = _MARK.sub(" ", rest if _names_speaker(rest, cited) else whole)
    if not any(character.isalnum() for character in bare):
        return
    told = told_by(cited)
    for span in split_sentences(bare, Span(0, len(bare))):
        yield check(span.of(bare), told, lead=lead)


def told_by(cited: Sequence[Cited]) -> list[Told]:
    """The cited sentences, each with what stands around it."""
    return [
        Told(one.text, one.before, f"{source.outlet or ''}. {source.around}")
        for source in cited
        for one in _sentences(source)
    ]


def check_figures(claim: str, cited: Sequence[Cited]) -> tuple[CheckedFigure, ...]:
    """The claim's figures, each with what became of its check.

    >>> source = Cited(1, "The stove weighs 2.4 kg and the tent 3.1 kg.")
    >>> [f.state for f in check_figures("The tent weighs 2.4 kg.", [source])]
    ['not_verified']
    """
    return verify(claim, cited).figures


def moved(figure: Figure, by: int) -> Figure:
    """The figure with its places counted from so many characters earlier."""
    subject = figure.subject and Span(figure.subject.start + by, figure.subject.end + by)
    span = Span(figure.span.start + by, figure.span.end + by)
    return replace(figure, span=span, subject=subject)


def _checked(rest: str, cited: Sequence[Cited]) -> list[tuple[Figure, Borne]]:
    if not find_figures(" ".join(rest.split())):
        return []
    sentences = [sentence for source in cited for sentence in _sentences(source)]
    found: list[tuple[Figure, Borne]] = []
    before = ""
    for span in split_sentences(rest, Span(0, len(rest))):
        own = span.of(rest)
        found += [(moved(f, span.start), b) for f, b in check_sentence(own, before, sentences)]
        before = own
    return found


def _names_speaker(claim: str, cited: Sequence[Cited]) -> bool:
    """Whether the words that lead a claim in name somebody else than the article or its outlet."""
    lead = claim[: len(claim) - len(without_lead(claim).lstrip())].lower()
    if not lead.startswith("according to ") or "(" in lead:
        return False
    outlets = [c.outlet.lower() for c in cited if c.outlet]
    return not _ARTICLE.search(lead) and not any(o in lead for o in outlets)


def _sentences(source: Cited) -> Iterator[CitedSentence]:
    before = source.before
    for span in split_sentences(source.text, Span(0, len(source.text))):
        text = span.of(source.text)
        yield CitedSentence(source.number, text, before, source.title, source.published)
        before = f"{before} {text}".strip()


def _quoted(claim: str, cited: Sequence[Cited]) -> list[tuple[Span, Cited]]:
    """Where the claim repeats cited words or a whole sentence of them, as it stands."""
    found: list[tuple[Span, Cited]] = []
    for source in cited:
        if _add_quoted(claim, source.text.strip(), source, found):
            continue
        for span in split_sentences(source.text, Span(0, len(source.text))):
            _add_quoted(claim, span.of(source.text), source, found)
    return found


def _add_quoted(claim: str, words: str, source: Cited, found: list[tuple[Span, Cited]]) -> bool:
    at = claim.find(words) if words else -1
    span = Span(at, at + len(words))
    if at < 0 or any(at < s.end and s.start < span.end for s, _ in found):
        return False
    ends = words[-1] in ".!?" or _CLOSES.match(claim, span.end)
    if ends and _OPENS.search(claim[:at]):
        found.append((span, source))
        return True
    return False


def _publication_days(claim: str, cited: Sequence[Cited]) -> list[tuple[Figure, Cited]]:
    """The dates in brackets that say when a cited article appeared."""
    found = []
    for day in _BRACKETED.finditer(claim):
        said = day.group(1)
        source = next((c for c in cited if c.published and c.published.isoformat() == said), None)
        if source is not None:
            found += [(moved(figure, day.start(1)), source) for figure in find_figures(said)]
    return found


def _blanked(text: str, spans: Sequence[Span]) -> str:
    for span in spans:
        text = text[: span.start] + " " * (span.end - span.start) + text[span.end :]
    return text


def _missing(rest: str, cited: Sequence[Cited]) -> tuple[str, ...]:
    """Names of a claim that the cited words do not bear, and numbers that are no figures."""
    bare = " ".join(_MARK.sub(" ", rest).split())
    outlets = [c.outlet for c in cited if c.outlet]
    own = [name for name in find_names(bare) if not any(name.text in o for o in outlets)]
    text = " ".join(f"{c.outlet or ''}. {c.around} {c.text}" for c in cited)
    names = [name.text for name in own if not is_named(name, text)]
    if not any(character.isdigit() for character in bare):
        return tuple(dict.fromkeys(names))
    held = {number.replace(",", "") for number in _DIGITS.findall(text)}
    others = _DIGITS.findall(_blanked(bare, [figure.span for figure in find_figures(bare)]))
    numbers = [number for number in others if number.replace(",", "") not in held]
    return tuple(dict.fromkeys([*names, *numbers]))
