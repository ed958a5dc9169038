"""Pairs of texts → their scores, each worked out once: many scripted replies meet one question."""

from __future__ import annotations

from collections.abc import Sequence

from rag.chatbot import Chatbot
from rag.models.scorer import SentenceScorer


class Remembering(SentenceScorer):
    """The sentence scorer of a chatbot, which works nothing out twice."""

    def __init__(self, scorer: SentenceScorer) -> None:
        """Remembers nothing yet."""
        self._scorer = scorer
        self._relevance: dict[tuple[str, str], float] = {}
        self._similarity: dict[tuple[str, str], float] = {}

    def relevance(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """As `SentenceScorer.relevance`."""
        new = [pair for pair in dict.fromkeys(pairs) if pair not in self._relevance]
        self._relevance.update(zip(new, self._scorer.relevance(new) if new else [], strict=True))
        return [self._relevance[pair] for pair in pairs]

    def similarity(self, question: str, texts: Sequence[str]) -> list[float]:
        """As `SentenceScorer.similarity`."""
        new = [t for t in dict.fromkeys(texts) if (question, t) not in self._similarity]
        found = self._scorer.similarity(question, new)
        self._similarity.update({(question, t): s for t, s in zip(new, found, strict=True)})
        return [self._similarity[question, text] for text in texts]


def remembering(bot: Chatbot) -> Chatbot:
    """The chatbot, from now on scoring each pair once."""
    bot._scorer = Remembering(bot._scorer)
    return bot
