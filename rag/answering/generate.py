"""Passages and a language model → an answer whose every sentence was checked before it is shown."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace

from rag.answer import Answer, Withheld, Working
from rag.answering.anchoring import Place
from rag.answering.candidates import Scorer
from rag.answering.choosing import Choice
from rag.answering.compose import ArticleOf, refuse
from rag.answering.dialogue import Dialogue, LanguageModel
from rag.answering.drafts import Draft, ReplyReader
from rag.answering.gate import Gate
from rag.answering.prompts import MAX_SENTENCES, SCHEMA, Prompt, write_prompt, write_repair
from rag.answering.writing import Writing, with_notice
from rag.errors import LlmError
from rag.types import Passage, Query

SURE = 0.75
"""From this confidence on a quotation is shown although the model finds no answer."""
HEARTBEAT = 0.2
"""Seconds after which it is said again what is being done."""
MAX_DRAFTED = 16
"""Sentences of one reply that are read: a model that writes more does not answer."""
MAX_REPAIRED = 4
"""Failed sentences that a model is asked to write again."""
IRRELEVANT = "it does not answer the question"
_OWN_WORDS = "these are the articles' own words."

Growing = Iterator[Answer | Working]


@dataclass(frozen=True, slots=True)
class Brief:
    """What a model is to answer, and what is shown if it fails."""

    question: str
    """As asked."""
    query: Query
    """Standing on its own."""
    choice: Choice
    """What an extractive answer would show, and all sentences that were judged for it."""
    passages: tuple[Passage, ...]
    """To be cited from, the most promising first."""
    extractive: Answer
    started: float
    """When it was asked, in seconds of the performance counter."""
    article_of: ArticleOf = lambda _: None


class Generation:
    """One answer in the making."""

    def __init__(
        self, brief: Brief, model: LanguageModel, dialogue: Dialogue, scorer: Scorer
    ) -> None:
        """Asks nothing yet."""
        self._brief = brief
        self._model = model
        self._dialogue = dialogue
        self._scorer = scorer
        self._writing = Writing(brief.question, brief.query.text, brief.article_of)
        self._withheld: list[Withheld] = []
        self._rested_on: list[Place] = []
        """Words that withheld sentences rest on, and that answer as they stand."""
        self._follows = False
        """Whether the sentence before the next one is shown."""
        self._refused = False
        self._failure: LlmError | None = None
        self._drafted: set[str] = set()
        self.seconds = dict(brief.extractive.seconds)
        """Of the steps before, and when the first piece came and the first claim was shown."""

    def run(self) -> Growing:
        """The answer as it grows, a claim at a time, and what is being done in between."""
        prompt = self._prompt(self._brief.passages)
        yield from self._read(prompt)
        if self._failure and getattr(self._failure, "too_long", False) and self._may_ask():
            self._failure = None
            prompt = self._prompt(prompt.passages[: (len(prompt.passages) + 1) // 2])
            yield from self._read(prompt)
        if self._wants_repair():
            faults = [(w.text, w.reason) for w in self._withheld if w.reason != IRRELEVANT]
            yield Working(f"Asking {self._model.name} to correct itself …")
            structured = self._model.structured
            yield from self._read(
                write_repair(prompt, faults[:MAX_REPAIRED], structured=structured)
            )
        yield self._whole()

    def _prompt(self, passages: tuple[Passage, ...]) -> Prompt:
        model = self._model
        return write_prompt(
            self._brief.query.text,
            passages,
            n_tokens=model.n_tokens,
            window=model.window,
            structured=model.structured,
        )

    def _read(self, prompt: Prompt) -> Growing:
        """Asks, and shows each sentence of the reply once it is checked."""
        choice = self._brief.choice
        gate = Gate(choice.query, prompt.passages, choice.candidates, self._scorer)
        reader = ReplyReader()
        asking, checking = (
            Working(f"Asking {self._model.name} …"),
            Working(f"Checking what {self._model.name} writes …"),
        )
        yield asking
        try:
            schema = SCHEMA if self._model.structured else None
            with closing(self._dialogue.stream(prompt.messages, schema=schema)) as pieces:
                said = time.perf_counter()
                for piece in pieces:
                    if piece:
                        self._note("first_token")
                    yield from self._shown([*reader.feed(piece)], gate)
                    if reader.is_full or self._has_enough():
                        break
                    if time.perf_counter() - said > HEARTBEAT:
                        yield checking if "first_token" in self.seconds else asking
                        said = time.perf_counter()
        except LlmError as error:
            self._failure = error
        yield from self._shown([*reader.end()], gate)
        self._refused = self._refused or reader.refused

    def _shown(self, drafts: list[Draft], gate: Gate) -> Growing:
        writing = self._writing
        for draft in drafts:
            told = writing.says(draft.text) or draft.text in self._drafted
            if told or self._has_enough():
                continue
            self._drafted.add(draft.text)
            checked = gate.check(draft, writing.numbers, follows=self._follows)
            reason = checked.reason or ("" if checked.answers or writing.claims else IRRELEVANT)
            self._follows = not reason
            if reason:
                if all(checked.text != w.text for w in self._withheld):
                    self._withheld.append(Withheld(checked.text, reason))
                if checked.answers:
                    self._rested_on.append(checked.places[0])
                continue
            writing.add(checked)
            self._note("first_claim")
            yield writing.answer()

    def _note(self, what: str) -> None:
        self.seconds.setdefault(what, round(time.perf_counter() - self._brief.started, 4))

    def _has_enough(self) -> bool:
        full = len(self._writing.claims) >= MAX_SENTENCES
        return full or len(self._drafted) >= MAX_DRAFTED

    def _may_ask(self) -> bool:
        return self._dialogue.requests_left > 0

    def _wants_repair(self) -> bool:
        """Whether nothing can be shown or quoted, and what was dropped may be written better."""
        failed = any(w.reason != IRRELEVANT for w in self._withheld)
        empty = not self._writing.claims and not self._rested_on
        return failed and empty and not self._failure and not self._refused and self._may_ask()

    def _whole(self) -> Answer:
        """What the reply came to; without a claim the articles' own words, or the refusal."""
        writing, brief, name = self._writing, self._brief, self._model.name
        withheld = tuple(self._withheld)
        worded = bool(writing.claims)
        self._quote_instead()
        if writing.claims:
            writing.add_other_sides(brief.choice.query, brief.choice.candidates)
            answer = writing.answer()
            if brief.choice.notice:
                answer = with_notice(answer, brief.choice.notice)
            if not worded:
                words = f"The wording of {name} could not be verified; what it rests on is quoted."
                answer = with_notice(replace(answer, mode="extractive"), words)
            if self._failure:
                words = (
                    f"The reply of {name} broke off ({self._failure}); what is shown was checked."
                )
                answer = with_notice(answer, words)
        elif self._failure and not self._drafted:
            answer = unavailable(brief.extractive, name, self._failure)
        elif self._refused and not withheld:
            answer = self._refusal()
        else:
            answer = with_notice(brief.extractive, self._why_not())
        return replace(answer, withheld=withheld, usage=self._dialogue.usage)

    def _quote_instead(self) -> None:
        """Shows the words that failed sentences rest on, those of which nothing is shown yet."""
        for place in self._rested_on[: MAX_SENTENCES - len(self._writing.claims)]:
            if not self._writing.cites_some_of(place):
                self._writing.quote(place)

    def _refusal(self) -> Answer:
        brief, name = self._brief, self._model.name
        found = brief.extractive
        if found.refusal is None and (found.confidence or 0.0) >= SURE:
            return with_notice(found, f"{name} found no answer here; {_OWN_WORDS}")
        if found.refusal is None:
            found = refuse(brief.question, brief.query, brief.choice.candidates)
        return replace(found, mode="llm")

    def _why_not(self) -> str:
        name, own = self._model.name, _own_words(self._brief.extractive)
        if not self._drafted:
            return f"{name} wrote nothing{own}"
        beside = all(w.reason == IRRELEVANT for w in self._withheld)
        what = "does not answer the question" if beside else "could not be verified"
        why = f" ({self._failure})" if self._failure else ""
        return f"What {name} wrote {what}{why}{own}"


def generate(brief: Brief, model: LanguageModel, dialogue: Dialogue, scorer: Scorer) -> Growing:
    """The model's answer as it grows; the last one is whole.

    Args:
        brief: What to answer.
        model: Words the answer.
        dialogue: The talk with it about this question, of which a request may be used already.
        scorer: What models say of claims and cited words.
    """
    generation = Generation(brief, model, dialogue, scorer)
    for step in generation.run():
        if isinstance(step, Answer):
            total = round(time.perf_counter() - brief.started, 4)
            yield replace(step, seconds={**generation.seconds, "total": total})
        else:
            yield step


def unavailable(extractive: Answer, name: str, error: LlmError) -> Answer:
    """The answer without the model, with why."""
    words = f"The model {name} is unavailable ({error}){_own_words(extractive)}"
    return with_notice(extractive, words)


def _own_words(answer: Answer) -> str:
    return "." if answer.refusal else f"; {_OWN_WORDS}"
