"""Planted defects: `footnote eval` fails for each of them and names the case; without, it passes.

The answers are the chatbot's own, on the shipped corpus; a test spoils the answer of one case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from commandline import run
from scripted import write_suite

from rag import Answer, Article, Chatbot, Citation, Turn
from rag.answer import Claim, Conflict, Reading
from rag.config import load_config
from rag.types import Hit, Source, Span

Defect = Callable[[Answer, "Remembering"], Answer]

TRADE = "How much is bilateral trade between India and Azerbaijan worth?"
DEAL = "What is India's defense deal with Armenia worth?"
EXPORTS = "What were Indian exports to Azerbaijan worth in FY2024-25?"
BALANCE = "How much of a difference do Indian weapons make to the military balance?"
TOURISTS = "How large a source of tourists is India for Azerbaijan?"
PIZZA = "What is the recipe for a Margherita pizza?"

TIES = "india-azerbaijan-ties-opportunities"
BOYCOTT = "azerbaijan-boycott-calls-india"
ARMS = "azerbaijan-inquiry-indian-arms"
RANKS = ("fourth-largest", "largest source of tourists")
CASES: tuple[dict[str, Any], ...] = (
    {"id": "trade", "question": TRADE, "article": f"{TIES}.md",
     "figure": {"value": "1500000000", "unit": "USD"}, "subject": ["trade", "Azerbaijan"]},
    {"id": "exports", "question": EXPORTS, "article": f"{BOYCOTT}.md",
     "figure": "$86.07 million", "subject": ["exports", "Azerbaijan"]},
    {"id": "balance", "question": BALANCE, "article": f"{ARMS}.md",
     "answers": ["negligible difference"], "attribution": ["Defence Ministry"]},
    {"id": "tourists", "question": TOURISTS, "articles": [f"{TIES}.md", f"{BOYCOTT}.md"],
     "answers": ["fourth-largest source", "largest source of tourists"],
     "conflict": {"figures": list(RANKS)}},
    {"id": "pizza", "question": PIZZA, "reason": "off_topic"},
)  # fmt: skip
GATES = "[all]\n" + "".join(
    f"{metric} = {{ min = 1.0 }}\n"
    for metric in (
        "right", "refused", "attribution", "conflict", "offsets", "figures_cited",
        "citation_recall",
    )
)  # fmt: skip


class Remembering:
    """A chatbot that answers a question once; one of its answers can be spoilt."""

    def __init__(self, bot: Chatbot) -> None:
        self._bot = bot
        self._answers: dict[str, Answer] = {}
        self._hits: dict[str, tuple[Hit, ...]] = {}
        self.spoilt: tuple[str, Defect] | None = None

    def ask(self, question: str, history: Sequence[Turn] = (), /) -> Answer:
        assert not history
        if question not in self._answers:
            self._answers[question] = with_conflict(self._bot.ask(question))
        answer = self._answers[question]
        if self.spoilt is not None and self.spoilt[0] == question:
            return self.spoilt[1](answer, self)
        return answer

    def retrieve(self, question: str, /, *, top_k: int = 10) -> tuple[Hit, ...]:
        if question not in self._hits:
            self._hits[question] = self._bot.retrieve(question, top_k=top_k)
        return self._hits[question]

    def article(self, article_id: str, /) -> Article:
        return self._bot.article(article_id)

    def articles(self) -> tuple[Source, ...]:
        return self._bot.articles()

    def versions(self) -> dict[str, str]:
        return self._bot.versions()


def with_conflict(answer: Answer) -> Answer:
    """The answer about tourists with its disagreement, where it does not show one itself."""
    if answer.question != TOURISTS or answer.conflicts:
        return answer
    sides = tuple(Reading(rank, 1) for rank in RANKS)
    return replace(answer, conflicts=(Conflict("tourists", "disagreement", sides),))


@pytest.fixture(scope="module")
def bot(corpus_home: Path) -> Iterator[Remembering]:
    with Chatbot.open(config=load_config(home=corpus_home, environ={})) as opened:
        yield Remembering(opened)


@pytest.fixture
def evaluation(
    bot: Remembering, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[list[str | Path]]:
    """The words that evaluate the suite, with the chatbot of the test behind them."""
    monkeypatch.setattr("evals.run._open_chatbot", lambda *_: bot)
    suite = write_suite(tmp_path / "planted.jsonl", *CASES)
    gates = tmp_path / "gates.toml"
    gates.write_text(GATES, encoding="utf-8")
    yield ["--home", tmp_path / "home", "eval", suite, "--fail-under", gates]
    bot.spoilt = None


def reworded(old: str, new: str) -> Defect:
    """Other words in what is said; what is cited stays."""

    def spoil(answer: Answer, _: Remembering) -> Answer:
        assert old in answer.text
        return with_claims(answer, [claim.text.replace(old, new) for claim in answer.claims])

    return spoil


def with_claims(answer: Answer, texts: Sequence[str]) -> Answer:
    claims: list[Claim] = []
    start = 0
    for claim, text in zip(answer.claims, texts, strict=True):
        claims.append(replace(claim, text=text, span=Span(start, start + len(text))))
        start += len(text) + 1
    return replace(answer, text="\n".join(texts), claims=tuple(claims))


def recited(change: Callable[[Citation, Remembering], Citation]) -> Defect:
    """Other citations; what is said stays."""

    def spoil(answer: Answer, bot: Remembering) -> Answer:
        return replace(answer, citations=tuple(change(c, bot) for c in answer.citations))

    return spoil


def shifted(citation: Citation, _: Remembering) -> Citation:
    return replace(citation, span=Span(citation.span.start + 1, citation.span.end + 1))


def elsewhere(citation: Citation, bot: Remembering) -> Citation:
    return replace(citation, source=bot.article(ARMS).source)


def misread(citation: Citation, _: Remembering) -> Citation:
    return replace(citation, cited_text=citation.cited_text.replace("$1.5", "$1.6"))


def answer_to(question: str) -> Defect:
    return lambda answer, bot: replace(bot.ask(question), question=answer.question)


DEFECTS: dict[str, tuple[str, str, Defect]] = {
    "a wrong digit": ("trade", TRADE, reworded("$1.5 billion", "$1.6 billion")),
    "a wrong digit in the quote": ("trade", TRADE, recited(misread)),
    "right digits, wrong scale": ("trade", TRADE, reworded("$1.5 billion", "$1.5 million")),
    "right digits, wrong unit": ("exports", EXPORTS, reworded("$86.07", "€86.07")),
    "right figure, wrong subject": ("trade", TRADE, answer_to(DEAL)),
    "citation shifted by a character": ("exports", EXPORTS, recited(shifted)),
    "citation to the wrong article": ("trade", TRADE, recited(elsewhere)),
    "an answer to an unanswerable question": ("pizza", PIZZA, answer_to(TRADE)),
    "a dropped attribution": (
        "balance",
        BALANCE,
        reworded("Azerbaijan's Defence Ministry alleged that the", "The"),
    ),
    "a disagreement not shown": ("tourists", TOURISTS, lambda a, _: replace(a, conflicts=())),
}


def test_answers_without_a_defect_pass(evaluation, capsys):
    code, out, err = run(capsys, *evaluation)
    assert (code, [line for line in err.splitlines() if "missed" in line]) == (0, [])
    assert "5 questions of planted" in out


@pytest.mark.parametrize("name", DEFECTS)
def test_a_planted_defect_fails_the_evaluation_and_its_case_is_named(evaluation, bot, capsys, name):
    case_id, question, defect = DEFECTS[name]
    bot.spoilt = question, defect
    code, _, err = run(capsys, *evaluation)
    missed = [line for line in err.splitlines() if line.startswith("footnote: gate missed: ")]
    assert code == 1
    assert missed
    assert all(line.endswith(f": planted/{case_id}") for line in missed), missed


WRONG_NAME = reworded(
    "Bilateral trade between India and Azerbaijan", "Bilateral trade between India and Armenia"
)


def trimmed(citation: Citation, bot: Remembering) -> Citation:
    body = bot.article(citation.source.article_id).body
    span = Span(citation.span.start + 1, citation.span.end + 1)
    return replace(citation, span=span, cited_text=span.of(body))


@pytest.mark.parametrize(
    "defect",
    [
        pytest.param(
            WRONG_NAME,
            id="said of another subject than the cited words",
        ),
        pytest.param(
            recited(trimmed),
            id="a quote that begins and ends a character late",
        ),
    ],
)
def test_a_defect_that_claim_and_quote_share_the_words_of_is_caught(
    evaluation, bot, capsys, defect
):
    bot.spoilt = TRADE, defect
    code, _, err = run(capsys, *evaluation)
    assert code == 1
    assert "planted/trade" in err
