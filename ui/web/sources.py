"""Cited articles → HTML for the sources pane, the cited words marked at their exact offsets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from rag.answer import Answer, Citation
from rag.types import Article, Block, Source, Span
from ui.web.escaping import escape, web_host
from ui.web.marking import byline, mark_id

WORDS_A_MINUTE = 230
"""Silent reading of English non-fiction: 238 (Brysbaert 2019, J. Memory and Language), rounded."""
MAX_LISTED = 40
"""Articles named before any question is asked."""

_LINE = re.compile(r"[^\r\n]+")
_HEADING_SIGNS = re.compile(r"\s*#{1,6}\s+")
_TAGS = {"heading": ("<h3>", "</h3>"), "boilerplate": ('<p class="aside">', "</p>")}


def citations_of(answer: Answer) -> tuple[Citation, ...]:
    """What an answer points at: its citations, or a refusal's nearest passages."""
    return answer.refusal.nearest if answer.refusal else answer.citations


def library_html(sources: Sequence[Source]) -> str:
    """The pane before the first question: what there is to ask about."""
    rows = "".join(
        f'<li><span class="meta">{escape(byline(source))}</span>'
        f'<span class="title">{escape(source.title)}</span></li>'
        for source in sources[:MAX_LISTED]
    )
    more = len(sources) - MAX_LISTED
    rest = f'<p class="meta">and {more:,} more</p>' if more > 0 else ""
    if not rows:
        return '<section class="library"><p class="meta">No articles are indexed yet.</p></section>'
    lead = "The article" if len(sources) == 1 else "The articles"
    return f'<section class="library"><p class="lead">{lead}</p><ul>{rows}</ul>{rest}</section>'


def sources_html(answer: Answer, articles: Mapping[str, Article], turn: int) -> str:
    """The cited articles, the first cited one first, every cited span marked.

    Args:
        answer: The answer whose sources are shown.
        articles: The cited articles by id; one that is no longer indexed is absent.
        turn: As given to `answer_html`.
    """
    cited: dict[str, list[Citation]] = {}
    for citation in citations_of(answer):
        cited.setdefault(citation.source.article_id, []).append(citation)
    parts = [_bar(sum(map(len, cited.values())))] if cited else []
    for article_id, citations in cited.items():
        article = articles.get(article_id)
        parts.append(_article(article, citations, turn) if article else _absent(citations, turn))
    if not parts:
        parts = ['<p class="meta">This answer points at no article.</p>']
    return f'<section class="sources">{"".join(parts)}</section>'


def _bar(n_cited: int) -> str:
    if n_cited < 2:
        return ""
    return (
        '<p class="bar"><a class="step" href="#previous">&lsaquo; previous</a>'
        f'<span class="where">1 of {n_cited} cited passages</span>'
        '<a class="step" href="#next">next &rsaquo;</a></p>'
    )


def _article(article: Article, citations: Sequence[Citation], turn: int) -> str:
    # Words that are not where the citation says (a changed article) are left unmarked:
    # a highlight on other words is worse than none.
    right = [c for c in citations if c.span.of(article.body) == c.cited_text]
    blocks = article.blocks or tuple(
        Block(Span(*line.span()), "prose") for line in _LINE.finditer(article.body)
    )
    body = "".join(_block(article.body, block, right, turn) for block in blocks)
    return f"<article>{_head(article)}{body}</article>"


def _head(article: Article) -> str:
    source = article.source
    minutes = max(1, round(len(article.body.split()) / WORDS_A_MINUTE))
    facts = [byline(source), source.author, f"{minutes} min read"]
    meta = escape(" · ".join(fact for fact in facts if fact))
    if host := web_host(source.url):
        meta += (
            f' · <a href="{escape(source.url or "")}" target="_blank" rel="noopener noreferrer">'
            f"open {escape(host)}</a>"
        )
    return f'<p class="meta">{meta}</p><h2>{escape(source.title)}</h2>'


def _block(body: str, block: Block, citations: Sequence[Citation], turn: int) -> str:
    opened, closed = _TAGS.get(block.kind, ("<p>", "</p>"))
    span = block.span
    if block.kind == "heading" and (signs := _HEADING_SIGNS.match(body, span.start, span.end)):
        span = Span(signs.end(), span.end)
    return f"{opened}{''.join(_marked(body, span, citations, turn))}{closed}"


def _marked(body: str, span: Span, citations: Sequence[Citation], turn: int) -> Iterator[str]:
    """The span's words, cut wherever a cited span begins or ends."""
    inside = [c for c in citations if c.span.start < span.end and span.start < c.span.end]
    bounds = {bound for c in inside for bound in (c.span.start, c.span.end)}
    cuts = sorted({span.start, span.end} | {b for b in bounds if span.start < b < span.end})
    for start, end in pairwise(cuts):
        over = [c for c in inside if c.span.start <= start and end <= c.span.end]
        words = escape(body[start:end])
        if not over:
            yield words
            continue
        yield _mark(words, over, start, turn)
        for number in (c.number for c in over if c.span.end == end):
            yield f'<a class="back" href="#{mark_id(turn, number)}">{number}</a>'


def _mark(words: str, over: Sequence[Citation], start: int, turn: int) -> str:
    """Words that citations cover; each citation's name is given once, where it begins."""
    classes = " ".join(mark_id(turn, c.number) for c in over)
    begun = [mark_id(turn, c.number) for c in over if c.span.start == start]
    own = f' id="{begun[0]}"' if begun else ""
    others = "".join(f'<span id="{name}"></span>' for name in begun[1:])
    return f'{others}<mark{own} class="{classes}">{words}</mark>'


def _absent(citations: Sequence[Citation], turn: int) -> str:
    """The quotes alone, when the article they stand in is no longer indexed."""
    source = citations[0].source
    quotes = "".join(
        f'<p><mark id="{mark_id(turn, c.number)}" class="{mark_id(turn, c.number)}">'
        f"{escape(c.cited_text)}</mark></p>"
        for c in citations
    )
    return (
        f'<article><p class="meta">{escape(byline(source))}</p><h2>{escape(source.title)}</h2>'
        f'<p class="aside">No longer indexed; these are the words that were cited.</p>'
        f"{quotes}</article>"
    )
