"""Scripted replies and an index → what Footnote showed for each of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from evals.lies.cases import Lie, Reply, Truth
from evals.lies.folding import says
from evals.lies.liar import Said, ScriptedModel
from evals.lies.oracle import Judgement, judge, own_words
from evals.lies.remembering import remembering
from rag.answer import Answer
from rag.chatbot import Chatbot
from rag.config import Config

Told = Literal["worded", "quoted", "withheld"]
"""In the model's words, in the article's own, or not at all."""
Progress = Callable[[int, int], None]
"""Told how many trials are done, and how many there are."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A lie that was told, and what became of it."""

    lie: Lie
    is_structured: bool
    judgement: Judgement
    shown: str
    """The last answer's text."""
    unplaced: tuple[str, ...]
    """Keys of phrases that were in no passage of the prompt: the lie had nothing to lean on."""


class Asker:
    """Asks the bundled articles with one scripted model after the other."""

    def __init__(self, home: Path, phrases: Mapping[str, str]) -> None:
        """Makes one for the index of a folder, which exists."""
        self._config = Config(home=home)
        self._phrases = phrases
        self._bot = remembering(Chatbot(self._config))
        self.bodies = {
            source.article_id: self._bot.article(source.article_id).body
            for source in self._bot.articles()
        }

    def ask(self, reply: Reply, *, structured: bool) -> tuple[list[Answer], Said]:
        """Every answer that is given while a model replies so, in order."""
        model = ScriptedModel(reply, self._phrases, structured=structured)
        # The models of the index are loaded once: only what words the answer is another one.
        self._bot._llm = model
        with closing(self._bot.steps(reply.question)) as steps:
            return [step for step in steps if isinstance(step, Answer)], model.said

    def try_lie(self, lie: Lie, *, structured: bool) -> Trial:
        """What becomes of a lie."""
        try:
            shown, said = self.ask(lie.reply, structured=structured)
        except Exception as error:  # noqa: BLE001 -- no reply may end in any
            crash = f"{type(error).__name__}: {error}"
            return Trial(lie, structured, Judgement("SHOWN", (crash[:300],)), "", ())
        judgement = judge(lie, shown, self.bodies, said.prompts)
        extra = [
            *(["a reply without an end was read on and on"] if said.was_exhausted else []),
            *(["a reply was left open"] if said.n_open else []),
        ]
        if extra:
            judgement = Judgement("SHOWN", (*judgement.faults, *extra))
        text = shown[-1].text if shown else ""
        return Trial(lie, structured, judgement, text, tuple(sorted(said.unplaced)))

    def close(self) -> None:
        """Lets go of the index."""
        self._bot.close()


def try_lies(
    asker: Asker, lies: Sequence[Lie], *, forms: Sequence[bool], progress: Progress
) -> tuple[Trial, ...]:
    """Every lie, told in plain text and, where that says the same, as JSON."""
    todo = [(lie, form) for lie in lies for form in forms if _differs(lie.reply, form, forms)]
    trials: list[Trial] = []
    for lie, form in todo:
        trials.append(asker.try_lie(lie, structured=form))
        progress(len(trials), len(todo))
    return tuple(trials)


def _differs(reply: Reply, structured: object, forms: Sequence[bool]) -> bool:
    """Whether the form makes a trial of its own: what is JSON or endless has one form."""
    if len(forms) == 1:
        return True
    one_form = reply.form == "json" or reply.repeats > 1
    return not one_form or structured is (reply.form == "json")


def try_truths(
    asker: Asker, truths: Sequence[Truth], *, structured: bool = False
) -> tuple[tuple[Truth, Answer, Told], ...]:
    """Every true reply with its answer, and in whose words a reader was told what it says."""
    tried: list[tuple[Truth, Answer, Told]] = []
    for truth in truths:
        shown, _ = asker.ask(truth.reply, structured=structured)
        last = shown[-1]
        own = any(says(own_words(last), words) for words in truth.shown)
        told = any(says(last.text, words) for words in truth.shown)
        tried.append((truth, last, "worded" if own else "quoted" if told else "withheld"))
    return tuple(tried)
