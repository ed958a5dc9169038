"""One function a command: arguments → exit code; answers on stdout, all else on stderr."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rag.errors import ConfigError, QuestionError, UnknownArticleError
from ui.local_model import local_model
from ui.model_flags import settings_of
from ui.telling import tell, tell_who_is_asked
from ui.terminal import (
    ProgressDisplay,
    complain,
    print_json,
    question_lines,
    read_questions,
    text_width,
)

if TYPE_CHECKING:
    from rag.answer import Answer, Working
    from rag.chatbot import Chatbot
    from rag.config import Config
    from rag.types import Filters, Turn

OK, ERROR, REFUSED = 0, 1, 3


def index(args: argparse.Namespace) -> int:
    """Indexes the articles of the paths; refused files are named on stderr."""
    from rag.chatbot import index_articles

    config = _config(args)
    with ProgressDisplay() as progress:
        report = index_articles(args.paths, config=config, progress=progress)
    for refused in report.refused:
        complain(f"{refused.path}: {refused.reason}")
    done = report.sync
    counts = {
        name: len(getattr(done, name)) for name in ("added", "changed", "unchanged", "removed")
    }
    if args.json:
        ids = {name: list(getattr(done, name)) for name in counts}
        refusals = [{"path": str(r.path), "reason": r.reason} for r in report.refused]
        sizes = {"n_passages": done.n_passages, "n_embedded": done.n_embedded}
        print_json({**ids, "refused": refusals, **sizes, "home": str(config.home)})
        return OK
    n_articles = _count(sum(counts.values()) - counts["removed"], "article")
    listed = ", ".join(f"{n} {name}" for name, n in counts.items())
    n_passages = _count(done.n_passages, "passage")
    print(f"{n_articles} ({listed}), {n_passages}; index in {config.home}")
    return OK


def ask(args: argparse.Namespace) -> int:
    """Answers the question, or those of standard input for `-`."""
    with local_model(args), _open(args) as bot:
        filters = _filters(args, bot)
        tell_who_is_asked(bot)
        if args.question == ["-"]:
            return _ask_lines(bot, args, filters)
        steps = bot.steps(" ".join(args.question), filters=filters)
        answer = tell(steps, as_json=args.json)
    return REFUSED if answer.refusal else OK


def search(args: argparse.Namespace) -> int:
    """Lists the passages found for the question."""
    with _open(args) as bot:
        filters = _filters(args, bot)
        hits = bot.search(" ".join(args.question), top_k=args.top_k, filters=filters)
    from ui.render import hit_to_dict, hit_to_text

    if args.json:
        print_json([hit_to_dict(rank, hit) for rank, hit in enumerate(hits, start=1)])
    elif hits:
        texts = (hit_to_text(rank, hit, text_width()) for rank, hit in enumerate(hits, start=1))
        print("\n\n".join(texts))
    else:
        complain("no passage found")
    return OK


def articles(args: argparse.Namespace) -> int:
    """Lists the indexed articles."""
    with _open(args) as bot:
        sources = bot.articles()
    from ui.render import source_to_dict, sources_to_text

    if args.json:
        print_json([source_to_dict(source) for source in sources])
    else:
        print(sources_to_text(sources))
    return OK


def show(args: argparse.Namespace) -> int:
    """Prints an article, or its body alone, unchanged, so that offsets count in it."""
    with _open(args) as bot:
        article = bot.article(args.article_id)
    from ui.render import article_to_dict, article_to_text

    if args.json:
        print_json(article_to_dict(article))
    elif args.raw:
        sys.stdout.buffer.write(article.body.encode("utf-8"))
    else:
        print(article_to_text(article))
    return OK


def chat(args: argparse.Namespace) -> int:
    """Serves the chat page until it is stopped."""
    from ui.web.app import serve_chat

    with local_model(args):
        config = _config(args)
        serve_chat(config, host=args.host, port=args.port, open_browser=not args.no_browser)
    return OK


def verify(args: argparse.Namespace) -> int:
    """Checks the index and lists its problems."""
    from rag.indexing.sync import verify as verify_index
    from ui.render import one_line

    config = _config(args)
    report = verify_index(config.home)
    for problem in report.problems:
        print(one_line(problem))
    if report.problems:
        complain(f"{config.home}: damaged; 'footnote repair' rebuilds the index from its archive")
        return ERROR
    held = f"{_count(report.n_articles, 'article')}, {_count(report.n_passages, 'passage')}"
    print(f"ok: {held}; index in {config.home}")
    return OK


def repair(args: argparse.Namespace) -> int:
    """Rebuilds the index from its archive."""
    from rag.indexing.sync import repair as repair_index
    from rag.models.embedding import load_embedder

    config = _config(args)
    with ProgressDisplay() as progress:
        done = repair_index(config.home, embedder=load_embedder(config), progress=progress)
    held = f"{_count(len(done.unchanged), 'article')}, {_count(done.n_passages, 'passage')}"
    print(f"rebuilt: {held}; index in {config.home}")
    return OK


def remove(args: argparse.Namespace) -> int:
    """Takes articles out of the index."""
    from rag.indexing.sync import remove as remove_articles
    from rag.models.embedding import load_embedder

    config, ids = _config(args), args.article_ids
    with ProgressDisplay() as progress:
        done = remove_articles(config.home, ids, embedder=load_embedder(config), progress=progress)
    print(f"removed {', '.join(done.removed)}; index in {config.home}")
    return OK


def _config(args: argparse.Namespace) -> Config:
    config = settings_of(args)
    if config.home.exists() and not config.home.is_dir():
        raise ConfigError(f"{config.home}: not a folder; name the folder that holds the index")
    return config


def _open(args: argparse.Namespace) -> Chatbot:
    from rag.chatbot import Chatbot

    with ProgressDisplay() as progress:
        return Chatbot.open(config=_config(args), progress=progress)


def _filters(args: argparse.Namespace, bot: Chatbot) -> Filters:
    """What was typed. A name that no article bears is an error: it would refuse every question."""
    from rag.types import Filters

    if args.outlet or args.article:
        sources = bot.articles()
        ids = {source.article_id for source in sources}
        outlets = {source.outlet.casefold(): source.outlet for source in sources if source.outlet}
        for wanted in args.article:
            if wanted not in ids:
                raise UnknownArticleError(
                    f"--article {wanted!r} is not indexed; 'footnote articles' lists what is"
                )
        for wanted in args.outlet:
            if wanted.casefold() not in outlets:
                known = ", ".join(sorted(outlets.values())) or "none is named"
                raise QuestionError(f"--outlet {wanted!r} has no article; indexed: {known}")
    return Filters(tuple(args.outlet), tuple(args.article), args.since, args.until)


def _ask_lines(bot: Chatbot, args: argparse.Namespace, filters: Filters) -> int:
    """Answers standard input line by line; a line that cannot be asked does not stop the rest."""
    code = OK
    for number, line in question_lines():
        try:
            *earlier, question = read_questions(line)
            steps = bot.steps(question, _asked(bot, earlier, filters), filters=filters)
            tell(_under_its_question(question, steps, args), as_json=args.json)
        except QuestionError as error:
            code = ERROR
            complain(f"line {number}: {error}")
            if args.json:
                print_json({"error": str(error), "line": number})
            continue
        if not args.json:
            print()
    return code


def _asked(bot: Chatbot, questions: Sequence[str], filters: Filters) -> list[Turn]:
    """The questions of a conversation, asked one after the other."""
    history: list[Turn] = []
    for question in questions:
        history.append(bot.ask(question, history, filters=filters).turn)
    return history


def _under_its_question(
    question: str, steps: Iterator[Answer | Working], args: argparse.Namespace
) -> Iterator[Answer | Working]:
    """The same steps, the question printed before the first answer."""
    first = next(steps)  # what cannot be asked has no heading
    if not args.json:
        print(f"> {question}\n")
    yield first
    yield from steps


def _count(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"
