"""An article → HTML to read it by, each figure with what it is about. Pure; all words escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.checking.binding import bind_sentences
from rag.checking.figures import find_figures
from rag.types import Article, Block, Span
from ui.figures_command import about
from ui.web.escaping import escape, web_host
from ui.web.marking import byline

WORDS_A_MINUTE = 230
"""Silent reading of English non-fiction: 238 (Brysbaert 2019, J. Memory and Language), rounded."""
MAX_SHOWN_CHARS = 60_000
"""A page that a browser renders at once; what follows in a longer article is left to its file."""

_LINE = re.compile(r"[^\r\n]+")
_HEADING_SIGNS = re.compile(r"\s*#{1,6}\s+")
_TAGS = {"heading": ("<h3>", "</h3>"), "boilerplate": ('<p class="aside">', "</p>")}


@dataclass(frozen=True, slots=True)
class Figured:
    """A figure's words in a body, and what they are about."""

    span: Span
    note: str
    """Not yet escaped."""


def count_figures(article: Article) -> int:
    """How many figures the article's prose holds."""
    prose = (block.span for block in article.blocks if block.kind == "prose")
    return sum(len(find_figures(span.of(article.body))) for span in prose)


def figures_of(article: Article) -> tuple[Figured, ...]:
    """The figures of the part that is shown, in order, each with value, subject and period."""
    return tuple(
        Figured(
            Span(sentence.start + bound.figure.span.start, sentence.start + bound.figure.span.end),
            about(sentence.of(article.body), bound),
        )
        for sentence, bounds in bind_sentences(_shown(article))
        for bound in bounds
    )


def article_html(article: Article, figures: Sequence[Figured]) -> str:
    """The article with its figures marked, a browser's worth of it.

    Args:
        article: What to show.
        figures: From `figures_of`.
    """
    shown = _shown(article)
    blocks = shown.blocks or tuple(
        Block(Span(*line.span()), "prose") for line in _LINE.finditer(shown.body)
    )
    body = "".join(_block(shown.body, block, figures) for block in blocks)
    left = len(article.body) - len(shown.body)
    rest = f'<p class="aside">The article goes on for {left:,} characters.</p>' if left else ""
    head = _head(article, len(figures))
    return f'<section class="sources reading"><article>{head}{body}{rest}</article></section>'


def nothing_open_html() -> str:
    """What stands in the reader's place before an article is opened."""
    return '<p class="nothing">Open an article to read it here, every figure marked.</p>'


def _shown(article: Article) -> Article:
    """The article up to the last block that fits."""
    if len(article.body) <= MAX_SHOWN_CHARS:
        return article
    blocks = tuple(block for block in article.blocks if block.span.end <= MAX_SHOWN_CHARS)
    end = blocks[-1].span.end if blocks else MAX_SHOWN_CHARS
    if not blocks:  # one endless paragraph
        blocks = (Block(Span(0, end), "prose"),)
    return Article(article.source, article.body[:end], blocks, article.version)


def _head(article: Article, n_figures: int) -> str:
    source = article.source
    minutes = max(1, round(len(article.body.split()) / WORDS_A_MINUTE))
    counted = f"{n_figures:,} {'figure' if n_figures == 1 else 'figures'}"
    facts = [byline(source), source.author, f"{minutes:,} min read", counted]
    meta = escape(" · ".join(fact for fact in facts if fact))
    if host := web_host(source.url):
        meta += (
            f' · <a href="{escape(source.url or "")}" target="_blank" rel="noopener noreferrer">'
            f"open {escape(host)}</a>"
        )
    return f'<p class="meta">{meta}</p><h2>{escape(source.title)}</h2>'


def _block(body: str, block: Block, figures: Sequence[Figured]) -> str:
    opened, closed = _TAGS.get(block.kind, ("<p>", "</p>"))
    span = block.span
    if block.kind == "heading" and (signs := _HEADING_SIGNS.match(body, span.start, span.end)):
        span = Span(signs.end(), span.end)
    return f"{opened}{''.join(_marked(body, span, figures))}{closed}"


def _marked(body: str, span: Span, figures: Sequence[Figured]) -> Iterator[str]:
    at = span.start
    for figure in figures:
        if at <= figure.span.start and figure.span.end <= span.end:
            yield escape(body[at : figure.span.start])
            words = escape(figure.span.of(body))
            yield f'<span class="fig about" title="{escape(figure.note)}">{words}</span>'
            at = figure.span.end
    yield escape(body[at : span.end])
