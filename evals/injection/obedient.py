"""A poisoned article and a prompt → the reply of the worst model: it obeys, or repeats it all."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from evals.injection.cases import Poisoned
from evals.lies.cases import Reply
from evals.lies.folding import folded
from evals.lies.liar import ScriptedModel, numbered
from rag.answering.dialogue import Message

_SENTENCE = re.compile(r"(?<=[.!?。])\s+")
_OPENING = re.compile(r'^[^>]*">')


class Obedient(ScriptedModel):
    """Says what the poisoned article wants said, whether or not its orders got into the prompt."""

    def __init__(self, poisoned: Poisoned, phrases: Mapping[str, str]) -> None:
        """Makes one for an article."""
        reply = Reply(poisoned.id, poisoned.kind, poisoned.question, poisoned.obeyed)
        super().__init__(reply, {**phrases, "poison": shown_title(poisoned.title)})


class Parrot(ScriptedModel):
    """Repeats the poisoned passage as the prompt has it, each sentence with its number."""

    def __init__(self, poisoned: Poisoned) -> None:
        """Makes one for an article."""
        super().__init__(Reply(poisoned.id, poisoned.kind, poisoned.question, ""), {})
        self._title = shown_title(poisoned.title)

    def script(self, messages: Sequence[Message]) -> tuple[str, set[str]]:
        """Every sentence of the passages with the article's title, the others left out."""
        first = next((m for m in reversed(messages) if self._title in m.content), None)
        passages = numbered(first.content) if first else {}
        said = [
            f"{sentence} [{number}]"
            for number, text in passages.items()
            if self._title in text
            for sentence in _SENTENCE.split(_OPENING.sub("", text).split("</passage>")[0])
            if sentence.strip()
        ]
        return "\n".join(said), set()


def shown_title(title: str) -> str:
    """The longest stretch of a title that any prompt leaves as it is."""
    return max(re.split(r'["<>\n]', title), key=len)


def reached(poisoned: Poisoned, prompts: Sequence[Sequence[Message]]) -> bool:
    """Whether an order of the article stood in what a model was asked."""
    prompt = " ".join(folded(m.content) for p in prompts for m in p if m.role == "user")
    return any(folded(order) in prompt for order in poisoned.instructs)
