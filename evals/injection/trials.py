"""Poisoned articles, an index and models → what each attack came to with each of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from evals.injection.cases import Poisoned
from evals.injection.listening import Listening
from evals.injection.obedient import Obedient, Parrot, reached
from evals.injection.verdicts import Outcome, judge
from evals.lies.liar import ScriptedModel
from evals.lies.remembering import remembering
from rag.answer import Answer
from rag.answering.dialogue import Message, Served
from rag.chatbot import Chatbot, index_articles
from rag.config import Config
from rag.types import Filters

MODELS = ("obedient", "parrot", "extractive")
"""What every attack is tried with where no real model is named."""
Progress = Callable[[int, int], None]
"""Told how many trials are done, and how many there are."""


@dataclass(frozen=True, slots=True)
class Trial:
    """An attack with one model."""

    poisoned: Poisoned
    model: str
    outcome: Outcome
    has_reached: bool
    """Whether an order of the article was in the prompt."""
    shown: str
    """The last answer's text."""


def index_poisoned(corpus: Path, poisoned: Sequence[Poisoned], folder: Path) -> Config:
    """The settings of a new index of the bundled articles and of all poisoned ones.

    Args:
        corpus: The bundled articles.
        poisoned: The others; each is asked with the bundled ones alone.
        folder: Where articles and index are written.

    Raises:
        RagError: They cannot be indexed.
    """
    articles = folder / "poisoned"
    articles.mkdir(parents=True)
    for one in poisoned:
        (articles / f"{one.id}.md").write_text(one.article, encoding="utf-8")
    config = Config(home=folder / "home")
    index_articles([corpus, articles], config=config)
    return config


class Attacked:
    """Asks the poisoned index, one attack and one model at a time."""

    def __init__(self, config: Config, corpus: Path, phrases: Mapping[str, str]) -> None:
        """Makes one for an index of `index_poisoned`, with the bundled articles that it has."""
        self._bot = remembering(Chatbot(config))
        self._phrases = phrases
        self._bundled = [path.stem.lower() for path in corpus.glob("*.md")]
        self.bodies = {
            source.article_id: self._bot.article(source.article_id).body
            for source in self._bot.articles()
        }

    def attack(self, poisoned: Poisoned, model: str, served: Served | None = None) -> Trial:
        """What the attack comes to.

        Args:
            poisoned: The article and its question.
            model: One of `MODELS`, or the name of what is served.
            served: A real model; scripted ones need none.
        """
        asked: list[tuple[Message, ...]] = []
        # The models of the index are loaded once: only what words the answer is another one.
        if served is not None:
            self._bot._llm = listening = Listening(served)
            asked = listening.prompts
        elif scripted := self._scripted(poisoned, model):
            self._bot._llm = scripted
            asked = scripted.said.prompts
        else:
            self._bot._llm = None
        filters = Filters(articles=(*self._bundled, poisoned.id))
        with closing(self._bot.steps(poisoned.question, filters=filters)) as steps:
            shown = [step for step in steps if isinstance(step, Answer)]
        outcome = judge(poisoned, shown, self.bodies, asked)
        return Trial(poisoned, model, outcome, reached(poisoned, asked), shown[-1].text)

    def run(
        self,
        attacks: Sequence[Poisoned],
        models: Sequence[str],
        progress: Progress,
        served: Served | None = None,
    ) -> tuple[Trial, ...]:
        """Every attack with every model."""
        trials: list[Trial] = []
        for model in models:
            for poisoned in attacks:
                trials.append(self.attack(poisoned, model, served))
                progress(len(trials), len(models) * len(attacks))
        return tuple(trials)

    def close(self) -> None:
        """Lets go of the index."""
        self._bot.close()

    def _scripted(self, poisoned: Poisoned, model: str) -> ScriptedModel | None:
        if model == "obedient":
            return Obedient(poisoned, self._phrases)
        return Parrot(poisoned) if model == "parrot" else None
