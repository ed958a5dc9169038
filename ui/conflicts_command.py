"""The command `footnote conflicts`: the indexed articles → figures of one thing that differ."""

from __future__ import annotations

import argparse
import sys
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, assert_never

from ui.terminal import ProgressDisplay, print_json, text_width

if TYPE_CHECKING:
    from rag.answer import ConflictKind
    from rag.checking.conflicts import Clash

OK = 0
PURPOSE = "list the things that articles give different figures for"
EXAMPLES = (
    "footnote conflicts",
    "footnote conflicts --json",
    "footnote conflicts --home my-index",
)
_MIN_WIDTH = 30
_STAGE = "reading figures"
_KINDS: tuple[ConflictKind, ...] = ("disagreement", "update", "scope")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds what `footnote conflicts` takes."""
    parser.add_argument("--json", action="store_true", help="print JSON (see docs/conflicts.md)")


def run(args: argparse.Namespace) -> int:
    """Lists what the articles of the index disagree on, by kind and then by subject."""
    from rag.chatbot import Chatbot
    from rag.checking.conflicts import find_clashes
    from rag.config import load_config
    from rag.indexing.archive import Archive
    from rag.indexing.facts import find_facts

    with ProgressDisplay() as progress:
        config = load_config(home=args.home)
        with Chatbot.open(config=config, progress=progress) as bot:
            versions = bot.versions()
            wanted = [(source, versions[source.article_id]) for source in bot.articles()]
        with Archive(config.home) as archive:
            n = len(wanted)
            facts = find_facts(archive, wanted, lambda done: progress(_STAGE, done, n))
            clashes = in_order(find_clashes(facts))
    if args.json:
        print_json([clash_to_dict(clash) for clash in clashes])
    else:
        sys.stdout.write(to_text(clashes, n, text_width()) + "\n")
    return OK


def in_order(clashes: Sequence[Clash]) -> list[Clash]:
    """By kind, what is most in doubt first, and then by subject."""
    return sorted(clashes, key=lambda clash: (_KINDS.index(clash.kind), clash.subject.casefold()))


def to_text(clashes: Sequence[Clash], n_articles: int, width: int | None) -> str:
    """Each clash with its sides, and how many there are; None as width wraps nothing."""
    blocks = [_block(clash, width) for clash in clashes]
    conflicts, articles = _count(len(clashes), "conflict"), _count(n_articles, "article")
    return "\n\n".join([*blocks, f"{conflicts} in {articles}"])


def clash_to_dict(clash: Clash) -> dict[str, Any]:
    """The clash as JSON values; offsets count in the article's body."""
    return {
        "subject": clash.subject,
        "kind": clash.kind,
        "sides": [
            {
                "figure": side.words,
                "value": f"{side.bound.figure.value:f}",
                "unit": side.bound.figure.unit,
                "article_id": side.source.article_id,
                "title": side.source.title,
                "outlet": side.source.outlet,
                "published": side.source.published and side.source.published.isoformat(),
                "start_char_index": side.span.start,
                "end_char_index": side.span.end,
                "sentence": [side.sentence.start, side.sentence.end],
                "cited_text": side.text,
            }
            for side in clash.sides
        ],
    }


def _block(clash: Clash, width: int | None) -> str:
    lines = [_fill(f"{clash.subject}: {_said(clash.kind)}", width)]
    for side in clash.sides:
        source = side.source
        day = source.published.isoformat() if source.published else "no date"
        place = f"{source.article_id} {side.sentence.start}:{side.sentence.end}"
        lines.append(_fill(f"{side.words} ({source.outlet or source.title}, {day})", width, "  "))
        lines.append(_fill(f"“{side.text}”", width, "    "))
        lines.append(_fill(place, width, "    "))
    return "\n".join(lines)


def _fill(text: str, width: int | None, indent: str = "") -> str:
    """On lines of the width; characters that would steer the terminal are escaped."""
    from ui.render import one_line

    if width is None:
        return indent + one_line(text)
    return textwrap.fill(
        one_line(text),
        max(width, _MIN_WIDTH),
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _said(kind: ConflictKind) -> str:
    match kind:
        case "update":
            return "update, the later figure supersedes the earlier one"
        case "scope":
            return "scope, the figures are of another part, place or extent"
        case "disagreement":
            return "disagreement, nothing in the articles says which is right"
    assert_never(kind)


def _count(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"
