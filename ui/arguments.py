"""The words after `footnote` → the command they name and its settings, checked at the door."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TypeAlias

from ui import commands, conflicts_command, evaluation, figures_command, model_flags, serve_command
from ui.doctor_command import add_to as add_doctor

_DESCRIPTION = """\
Answers from a folder of news articles, each sentence with a footnote to the exact words it
rests on. When the articles do not say, it says so.
"""
_EXAMPLES = """\
examples:
  footnote index corpus/
  footnote ask "How much is trade between India and Azerbaijan worth?"
  footnote chat

exit codes: 0 done or answered, 1 error, 2 wrong usage, 3 refused to answer
"""
_ID = "azerbaijan-inquiry-indian-arms"
_ID_HELP = "as 'footnote articles' lists it"
_Run: TypeAlias = Callable[[argparse.Namespace], int]
_Parsers: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """The settings of the command, with `run`, the function that carries it out.

    Raises:
        SystemExit: The words ask for help or the version (0), or cannot be used (2).
    """
    parser = build_parser()
    for word in argv:
        if any("\ud800" <= character <= "\udfff" for character in word):
            parser.error(f"{word!a} is not valid UTF-8; type it in a UTF-8 terminal")
    args = parser.parse_args(argv)
    if args.run is None:
        parser.print_help(sys.stderr)
        parser.exit(2)
    since, until = getattr(args, "since", None), getattr(args, "until", None)
    if since and until and since > until:
        parser.error(f"--since {since} is after --until {until}; no article can be in between")
    return args


class _Version(argparse.Action):
    """Prints the version; looked up only when asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        sys.stdout.write(f"footnote {version('footnote-rag')}\n")
        parser.exit()


def build_parser() -> argparse.ArgumentParser:
    """The parser of every command; each sets `run` to the function that carries it out."""
    parser = argparse.ArgumentParser(
        prog="footnote",
        description=_DESCRIPTION,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.set_defaults(run=None)
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version")
    _add_home(parser, None)
    parsers = parser.add_subparsers(title="commands", metavar="COMMAND")
    _add_index(parsers)
    _add_ask(parsers)
    _add_search(parsers)
    _add_showing(parsers)
    _add_chat(parsers)
    _add_serve(parsers)
    _add_keeping(parsers)
    add_doctor(lambda *words: _add(parsers, *words))
    purpose = "ask suites of known questions, score the answers, and write a report"
    evaluation.add_arguments(
        _add(parsers, "eval", evaluation.evaluate, purpose, *evaluation.EXAMPLES)
    )
    return parser


def _add_home(parser: argparse.ArgumentParser, default: str | None) -> None:
    parser.add_argument(
        "--home",
        type=_path,
        metavar="DIR",
        default=default,
        help="folder that holds the index (default: $FOOTNOTE_HOME, else .footnote)",
    )


def _add(
    parsers: _Parsers, name: str, run: _Run, purpose: str, *examples: str
) -> argparse.ArgumentParser:
    command = parsers.add_parser(
        name,
        help=purpose,
        description=f"{purpose[0].upper()}{purpose[1:]}.",
        epilog="\n  ".join(["examples:", *examples]),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    command.set_defaults(run=run)
    # SUPPRESS: without it the command's default would overwrite a --home typed before it.
    _add_home(command, argparse.SUPPRESS)
    return command


def _add_index(parsers: _Parsers) -> None:
    examples = ["footnote index corpus/", "footnote index corpus/ --json"]
    purpose = "index articles; only what is new or changed costs time"
    index = _add(parsers, "index", commands.index, purpose, *examples)
    index.add_argument("paths", nargs="+", type=_path, metavar="PATH", help="article or folder")
    _add_json(index)


def _add_ask(parsers: _Parsers) -> None:
    examples = [
        'footnote ask "How much is trade between India and Azerbaijan worth?"',
        "footnote ask --outlet IDRW.ORG --json Who supplies Azerbaijan with drones?",
        """echo '["Who visited Pakistan in July?", "And in May?"]' | footnote ask -""",
    ]
    purpose = "answer a question from the articles, or say that they do not say"
    ask = _add(parsers, "ask", commands.ask, purpose, *examples)
    ask.add_argument(
        "question",
        nargs="+",
        metavar="QUESTION",
        help="its words; - reads one question a line from standard input, where a JSON array of "
        "strings is a conversation whose last question is answered",
    )
    _add_json(ask)
    _add_filters(ask)
    model_flags.add_model_flags(ask)


def _add_search(parsers: _Parsers) -> None:
    examples = ['footnote search "arms exports"', "footnote search oil --top-k 3 --json"]
    purpose = "list the passages that a question finds, best first"
    search = _add(parsers, "search", commands.search, purpose, *examples)
    search.add_argument("question", nargs="+", metavar="QUESTION", help="its words")
    most = "passages to list (default: %(default)s)"
    search.add_argument("--top-k", type=_count, default=10, metavar="N", help=most)
    _add_json(search)
    _add_filters(search)


def _add_showing(parsers: _Parsers) -> None:
    examples = ["footnote articles", "footnote articles --json"]
    articles = _add(parsers, "articles", commands.articles, "list the indexed articles", *examples)
    _add_json(articles)
    examples = [f"footnote show {_ID}", f"footnote show {_ID} --raw > body.txt"]
    show = _add(parsers, "show", commands.show, "print an article as it was indexed", *examples)
    show.add_argument("article_id", metavar="ARTICLE_ID", help=_ID_HELP)
    form = show.add_mutually_exclusive_group()
    form.add_argument("--raw", action="store_true", help="the body alone, character for character")
    _add_json(form)
    examples = [f"footnote figures {_ID}", f"footnote figures {_ID} --json"]
    purpose = "list an article's figures: what each is about, and when"
    figures = _add(parsers, "figures", figures_command.figures, purpose, *examples)
    figures_command.add_arguments(figures)
    conflicts = _add(
        parsers,
        "conflicts",
        conflicts_command.run,
        conflicts_command.PURPOSE,
        *conflicts_command.EXAMPLES,
    )
    conflicts_command.add_arguments(conflicts)


def _add_chat(parsers: _Parsers) -> None:
    examples = ["footnote chat", "footnote chat --port 8080 --no-browser"]
    purpose = "ask in a browser page, served to this computer only"
    chat = _add(parsers, "chat", commands.chat, purpose, *examples)
    chat.add_argument("--host", default="127.0.0.1", help="address to serve at (%(default)s)")
    chat.add_argument("--port", type=_port, default=7860, help="port to serve at (%(default)s)")
    chat.add_argument("--no-browser", action="store_true", help="do not open a browser")
    model_flags.add_model_flags(chat)


def _add_serve(parsers: _Parsers) -> None:
    purpose, examples = serve_command.PURPOSE, serve_command.EXAMPLES
    serve_command.add_arguments(
        _add(parsers, "serve", serve_command.serve, purpose, *examples), _port
    )


def _add_keeping(parsers: _Parsers) -> None:
    purpose = "check that the index is whole"
    _add(parsers, "verify", commands.verify, purpose, "footnote verify")
    purpose = "rebuild the index from its archive; nothing is embedded again"
    _add(parsers, "repair", commands.repair, purpose, "footnote repair")
    purpose = "take articles out of the index; their files stay"
    remove = _add(parsers, "remove", commands.remove, purpose, f"footnote remove {_ID}")
    remove.add_argument("article_ids", nargs="+", metavar="ARTICLE_ID", help=_ID_HELP)


def _add_json(parser: argparse._ActionsContainer) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON (see docs/json.md)")


def _add_filters(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("only articles")
    group.add_argument(
        "--outlet",
        action="append",
        default=[],
        metavar="NAME",
        help="from this outlet (repeatable)",
    )
    group.add_argument(
        "--article", action="append", default=[], metavar="ID", help="with this id (repeatable)"
    )
    group.add_argument("--since", metavar="DATE", type=_date, help="published on DATE or later")
    group.add_argument("--until", metavar="DATE", type=_date, help="published on DATE or earlier")


def _path(text: str) -> Path:
    if not text:
        raise argparse.ArgumentTypeError("an empty path; write . for the working directory")
    return Path(text)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date; write it as 2025-05-20") from None


def _count(text: str) -> int:
    if not (text.isdecimal() and int(text) > 0):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of passages; give 1 or more")
    return int(text)


def _port(text: str) -> int:
    if not (text.isdecimal() and 0 < int(text) < 65536):
        raise argparse.ArgumentTypeError(f"{text!r} is no port; give 1 to 65535")
    return int(text)
