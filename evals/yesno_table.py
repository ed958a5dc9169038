"""A table of yes/no questions → how often yes or no is said, and how often rightly.

python -m evals.yesno_table evals/yesno/test.jsonl realtimeqa-dev.json.gz
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast, get_args

from evals.benchmarks.files import read_realtimeqa
from evals.cases import Polarity
from evals.metrics import said_polarity
from evals.suite import BUILT_IN
from rag.answer import Answer
from rag.chatbot import Chatbot, index_articles
from rag.config import Config
from rag.errors import RagError
from rag.indexing.sync import sync
from rag.models.embedding import load_embedder

NEWS = "realtimeqa"
"""What the rows about RealTime QA's articles are of."""


class TableError(RagError):
    """A table of yes/no questions cannot be read."""


@dataclass(frozen=True, slots=True)
class Row:
    """A question and what may be said to it."""

    question: str
    said: Polarity
    """The right word; `neither` where the articles decide nothing, or disagree."""
    of: str
    """Suite whose articles are asked, or `realtimeqa`."""
    article: str | None
    """Id of the article that it is about, among RealTime QA's."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was said to a question."""

    row: Row
    said: Polarity
    answer: Answer

    @property
    def is_wrong(self) -> bool:
        """Whether a yes or no was said that is not the right one."""
        return self.said not in {"neither", self.row.said}


def load_rows(path: Path) -> tuple[Row, ...]:
    """The table's rows.

    Raises:
        TableError: The file cannot be read, or a line is none; the message names its place.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise TableError(f"{path}: cannot be read ({error.strerror}); name a table") from error
    return tuple(_row(line, f"{path}:{n}") for n, line in enumerate(lines, 1) if line.strip())


def _row(line: str, where: str) -> Row:
    try:
        fields = json.loads(line)
        said = fields["said"]
        row = Row(fields["question"], cast("Polarity", said), fields["of"], fields.get("article"))
    except (ValueError, KeyError, TypeError) as error:
        raise TableError(f"{where}: no row ({error!r}); give question, said and of") from error
    if said not in get_args(Polarity):
        raise TableError(f"{where}: said is {said!r}; give yes, no or neither")
    return row


def ask_rows(rows: Sequence[Row], news: Path | None) -> Iterator[Outcome]:
    """Asks each question of its articles; those of RealTime QA only where its file is named."""
    for of in dict.fromkeys(row.of for row in rows):
        if of == NEWS and news is None:
            continue
        asked = [row for row in rows if row.of == of]
        with TemporaryDirectory() as folder:
            config = Config(home=Path(folder))
            _index(asked, of, config, news)
            with Chatbot.open(config=config) as bot:
                for row in asked:
                    answer = bot.ask(row.question)
                    yield Outcome(row, said_polarity(answer), answer)


def _index(rows: Sequence[Row], of: str, config: Config, news: Path | None) -> None:
    if of != NEWS or news is None:
        index_articles([BUILT_IN / f"{of}.articles"], config=config)
        return
    wanted = {row.article for row in rows}
    articles, _ = read_realtimeqa(news, None)
    about = [article for article in articles if article.source.article_id in wanted]
    sync(config.home, about, scope=[], embedder=load_embedder(config))


def table(outcomes: Sequence[Outcome]) -> str:
    """The counts, in all and by the articles asked, and every wrong word.

    >>> row = Row("Is it?", "yes", "corpus", None)
    >>> print(table([Outcome(row, "yes", Answer("", "", "extractive", "Yes: it is"))]))
    all: 1 questions, 1 with a right word; yes or no said to 1, wrongly to 0
    corpus: 1 questions, 1 with a right word; yes or no said to 1, wrongly to 0
    """
    parts: Mapping[str, list[Outcome]] = {
        "all": list(outcomes),
        **{of: [o for o in outcomes if o.row.of == of] for of in {o.row.of for o in outcomes}},
    }
    lines = [f"{name}: {_counts(part)}" for name, part in parts.items()]
    wrong = [o for o in outcomes if o.is_wrong]
    return "\n".join(
        [*lines, *(f"wrong: {o.said}, not {o.row.said}: {o.row.question}" for o in wrong)]
    )


def _counts(part: Sequence[Outcome]) -> str:
    decidable = sum(o.row.said != "neither" for o in part)
    said = sum(o.said != "neither" for o in part)
    wrong = sum(o.is_wrong for o in part)
    return (
        f"{len(part)} questions, {decidable} with a right word; yes or no said to {said},"
        f" wrongly to {wrong}"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("table", type=Path)
    parser.add_argument("news", type=Path, nargs="?", help="RealTime QA's realtimeqa-dev.json.gz")
    options = parser.parse_args(arguments)
    try:
        outcomes = list(ask_rows(load_rows(options.table), options.news))
    except RagError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{table(outcomes)}\n")
    if options.news is None:
        sys.stdout.write("the rows about RealTime QA are left out: name its file to ask them\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
