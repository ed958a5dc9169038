"""What a system showed for one question, whatever the system, as a line of JSON and back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from evals.benchmarks.measure_engines import bare
from evals.benchmarks.seen import Reply
from rag.answer import Answer
from rag.checking.figures import find_figures
from rag.splitting.sentences import split_sentences
from rag.types import Span

System = Literal["footnote", "citing"]
"""Footnote with the model, and LlamaIndex's `CitationQueryEngine` with the same."""

# A reply that an engine's model words itself; it is told of in no other way.
_REFUSAL = re.compile(
    r"\b(?:none of the (?:provided |given |above )?(?:sources|texts|passages)"
    r"|(?:sources?|texts?|passages?|articles?|context|information)\b[^.]{0,40}\b(?:not|don't|doesn't)"
    r"\s+(?:\w+\s+)?(?:provide|mention|contain|say|state|specify|include|give|address|discuss)"
    r"|(?:cannot|can't|(?:un|not )able to|impossible to) (?:be )?(?:answer|determine|provide|find)"
    r"|(?:there is|there's|i have|i found) no (?:\w+ ){0,2}(?:information|mention|answer|data)"
    r"|no (?:relevant )?information|empty response|i don't know|i'm sorry|not in the passages)",
    re.IGNORECASE,
)
_MARK = re.compile(r"\[(\d{1,3}(?:\s*,\s*\d{1,3})*)\]")
# "… in 2024. [1]": the mark belongs to the sentence before.
_BEHIND = re.compile(rf"([.!?]+[”\"’')]*)((?:\s*{_MARK.pattern})+)")


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence that was shown."""

    text: str
    """Without its marks."""
    marks: tuple[int, ...]
    """Numbers of the texts that it cites, as printed."""
    cited: tuple[str, ...]
    """Those texts; a number that no text has is left out."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What one system made of one question."""

    set: str
    """The suite, or `realtimeqa`."""
    id: str
    """Of the question, in its set."""
    system: System
    sentences: tuple[Said, ...]
    """What is shown as an answer; empty where it refuses."""
    read: tuple[str, ...]
    """The texts that it was found in: what the system retrieved, and what it cites."""
    refused: bool
    worded: bool = True
    """Whether a model worded it."""
    withheld: tuple[str, ...] = ()
    """Sentences of the model that were not shown."""
    failure: str | None = None
    """Why the model did not word it, as a reader was told."""
    computed: tuple[str, ...] = ()
    """Figures that are told to be computed from cited ones."""
    scores: tuple[float | None, ...] = ()
    """How far each sentence's cited texts support it, 0 to 1; None without a mark."""
    seconds: float = 0.0

    @property
    def text(self) -> str:
        """All that is shown as an answer."""
        return " ".join(sentence.text for sentence in self.sentences)


def of_answer(set_name: str, case_id: str, answer: Answer, read: Sequence[str]) -> Shown:
    """What Footnote showed: claims, each with the quotes that its footnotes point at."""
    quotes = {c.number: c.cited_text for c in answer.citations}
    told = answer.notice or ""
    return Shown(
        set=set_name,
        id=case_id,
        system="footnote",
        sentences=tuple(
            Said(bare(c.text), c.citations, tuple(quotes[n] for n in c.citations if n in quotes))
            for c in answer.claims
        ),
        read=tuple(dict.fromkeys([*read, *quotes.values()])),
        refused=answer.refusal is not None,
        worded=answer.mode == "llm",
        withheld=tuple(withheld.text for withheld in answer.withheld),
        failure=told if "unavailable" in told or "broke off" in told else None,
        computed=tuple(f.text for c in answer.claims for f in c.figures if f.state == "computed"),
        seconds=answer.seconds.get("total", 0.0),
    )


def of_reply(set_name: str, case_id: str, reply: Reply, seconds: float) -> Shown:
    """What an engine showed: the sentences of its reply, each with the texts it was given.

    A reply that opens by saying that the texts do not tell is a refusal, unless it gives a figure.
    """
    sentences = tuple(_sentences(reply))
    figures = any(find_figures(said.text) for said in sentences)
    refused = not sentences or (bool(_REFUSAL.search(sentences[0].text)) and not figures)
    return Shown(
        set_name,
        case_id,
        "citing",
        () if refused else sentences,
        reply.sources,
        refused,
        seconds=seconds,
    )


def _sentences(reply: Reply) -> Iterator[Said]:
    for line in _BEHIND.sub(r"\2\1", reply.text).splitlines():
        for span in split_sentences(line, Span(0, len(line))):
            sentence = span.of(line)
            text = " ".join(bare(sentence).split())
            if not any(character.isalnum() for character in text):
                continue
            found = (int(n) for mark in _MARK.finditer(sentence) for n in mark[1].split(","))
            marks = tuple(dict.fromkeys(found))
            sources = reply.sources
            yield Said(text, marks, tuple(sources[n - 1] for n in marks if 0 < n <= len(sources)))


def to_line(shown: Shown) -> str:
    """The record as a line."""
    return json.dumps(asdict(shown), ensure_ascii=False) + "\n"


def of_line(line: str) -> Shown:
    """The record of a line that `to_line` wrote."""
    fields: Mapping[str, Any] = json.loads(line)
    lists = {name: tuple(value) for name, value in fields.items() if isinstance(value, list)}
    sentences = tuple(
        Said(said["text"], tuple(said["marks"]), tuple(said["cited"]))
        for said in fields["sentences"]
    )
    return Shown(**{**fields, **lists, "sentences": sentences})


def read_shown(path: Path) -> list[Shown]:
    """What a run has written so far; a last line that a kill has cut off is taken away."""
    if not path.exists():
        return []
    text = path.read_text(encoding="utf-8")
    whole = text[: text.rfind("\n") + 1]
    if whole != text:
        path.write_text(whole, encoding="utf-8")
    # Not `splitlines`, which would also break a line at a separator inside a string.
    return [of_line(line) for line in whole.split("\n") if line]
