"""The Articles tab without a browser: list, reader, what is stored, removed and restored."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from shutil import copytree

import pytest
from browser.reader import Page
from fakes import make_article, write_article

from rag.chatbot import Chatbot, index_articles
from rag.config import Config, EmbeddingConfig
from rag.errors import IndexLockedError, QuestionError
from rag.indexing.disk import writer_lock
from rag.types import Filters, Source
from ui.web import shelf as shelves
from ui.web import uploads
from ui.web.filters import (
    article_choices,
    describe,
    outlet_choices,
    refreshed,
    to_filters,
)
from ui.web.library import _Library
from ui.web.library_view import row_updates
from ui.web.listing import (
    PAGE,
    count_html,
    find,
    label,
    meta_html,
    outcomes_html,
    page_of,
)
from ui.web.reader import MAX_SHOWN_CHARS, article_html, count_figures, figures_of
from ui.web.shelf import Outcome, Shelf
from ui.web.uploads import MAX_FILE_BYTES, Upload, admitted, pasted, safe_name

QUICK = EmbeddingConfig(provider="fakes.HashingEmbedding")
HARBOUR = b"""---
title: The harbour of Velm
outlet: Coast Post
published: 2025-06-01
---
The harbour of Velm handled 41,300 containers in 2024. Its dredging cost 12.5 million euros.
"""
MILL = b"# The mill of Ostrav\n\nThe mill of Ostrav ground 7,200 tonnes of rye in 2023."


def card(
    n: int, *, title: str = "", outlet: str | None = "Post", day: date | None = None
) -> Source:
    return Source(f"a{n}", title or f"Report {n}", outlet, None, day, None, f"/x/a{n}.md")


@pytest.fixture(scope="module")
def ferry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An article in a folder of the reader's own."""
    path = tmp_path_factory.mktemp("own") / "ferry.md"
    write_article(path, "# The ferry\n\nThe ferry carried 310 people.")
    return path


@pytest.fixture(scope="module")
def fresh(ferry: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of it, with an embedder that is quick."""
    home = tmp_path_factory.mktemp("fresh") / "home"
    index_articles([ferry], config=Config(home=home, embedding=QUICK))
    return home


@pytest.fixture
def bot(fresh: Path, tmp_path: Path) -> Iterator[Chatbot]:
    """A chatbot on a copy of the index, to be changed."""
    home = Path(copytree(fresh, tmp_path / "home"))
    with Chatbot.open(config=Config(home=home, embedding=QUICK)) as opened:
        yield opened


def told(outcomes: list[Outcome]) -> list[tuple[str, str]]:
    return [(outcome.name, outcome.state) for outcome in outcomes]


def titles(bot: Chatbot) -> list[str]:
    return sorted(source.title for source in bot.articles())


def stored(bot: Chatbot) -> dict[str, bytes]:
    folder = bot.config.home / uploads.FOLDER
    return {path.name: path.read_bytes() for path in folder.iterdir()} if folder.is_dir() else {}


# The list


def test_list_is_searched_by_every_word_and_sorted_newest_first():
    cards = [
        card(1, title="Rye prices"),
        card(2, title="Rye harvest", day=date(2024, 1, 2)),
        card(3, title="Wheat", outlet="The Rye Post", day=date(2025, 1, 2)),
    ]
    assert [c.article_id for c in find(cards, "  RYE ")] == ["a3", "a2", "a1"]
    assert [c.article_id for c in find(cards, "rye post harvest")] == ["a2"]
    assert find(cards, "barley") == ()


def test_thousand_articles_come_in_pages_that_hold_each_once():
    cards = [card(n) for n in range(1_000)]
    pages = [page_of(cards, n) for n in range(page_of(cards, 0).n_pages)]
    assert [c for page in pages for c in page.cards] == cards
    assert max(len(page.cards) for page in pages) == PAGE
    assert page_of(cards, 999).number == pages[-1].number
    assert Page(count_html(pages[1], 1_000)).words == "21\N{EN DASH}40 of 1,000 articles"
    assert Page(count_html(page_of([], 0), 9)).words.startswith("No article has these words")


def test_row_that_goes_on_showing_its_article_stays_selected():
    updates = row_updates(page_of([card(1), card(2)], 0), lambda _: 0, ("a1", "a9"))
    picked = updates[1::4]
    assert "value" not in picked[0]
    assert picked[1]["value"] is False
    assert all(update["value"] is False for update in picked[2:])


def test_label_is_one_plain_line():
    assert label(card(1, title="a\u202eb\n\x00 c")) == "a b c"
    assert label(card(1, title="\u200b\n")) == "Untitled"
    assert len(label(card(1, title="word " * 99))) <= 160


def test_line_under_a_title_counts_its_figures():
    words = [Page(meta_html(card(1, day=date(2025, 5, 20)), n)).words for n in (0, 1, 2_000)]
    assert words == [
        f"Post · 20 May 2025 · {n}" for n in ("no figures", "1 figure", "2,000 figures")
    ]


# The reader


def test_reader_marks_each_figure_with_what_it_is_about():
    article = make_article("a.md", ["# Rye", "Prices rose by 12% in 2024.", "No figure here."])
    figures = figures_of(article)
    page = Page(article_html(article, figures))
    notes = [a["title"] for tag, a in page.tags if a.get("class") == "fig about"]
    assert [figure.span.of(article.body) for figure in figures] == ["12%", "2024"]
    assert notes[0].startswith("12 %")
    assert "rices" in notes[0]
    assert len(figures) == count_figures(article) == 2
    assert "Prices rose by 12% in 2024." in page.words


def test_reader_shows_a_browsers_worth_of_an_endless_article():
    short = make_article("a.md", ["One sentence. " * 20] * 400)
    endless = make_article("a.md", ["word " * 40_000])
    for article in (short, endless):
        page = Page(article_html(article, figures_of(article)))
        left = len(article.body) - MAX_SHOWN_CHARS
        assert len(page.words) < MAX_SHOWN_CHARS + 500
        assert "The article goes on for" in page.words
        assert left > 0


# What is taken


NAMES = [
    "../../etc/passwd.md",
    "/etc/cron.d/x.txt",
    "C:\\Windows\\x.md",
    ".bashrc.txt",
    "a\x00b.md",
]
NAMES += ["\u202ecod.md", "x" * 999 + ".md", "é" * 300 + ".txt", "-.md", "a/../b.TXT", " .md"]


@pytest.mark.parametrize("name", NAMES)
def test_names_are_safe_whatever_the_browser_sends(name):
    safe = safe_name(name)
    assert Path(safe).name == safe
    assert safe.endswith((".md", ".txt"))
    assert not safe.startswith((".", "-"))
    assert len(safe.encode()) <= 130
    assert safe.isprintable()


def test_uploads_beyond_a_limit_are_refused_with_the_limit(monkeypatch):
    monkeypatch.setattr(uploads, "MAX_FILES", 4)
    monkeypatch.setattr(uploads, "MAX_TOTAL_BYTES", MAX_FILE_BYTES + 10)
    data = [b"x" * MAX_FILE_BYTES, b"x" * (MAX_FILE_BYTES + 1), b"x" * 20, b"ok", b"late"]
    given = [Upload(f"{n}.txt", each) for n, each in enumerate(data)]
    reasons = [reason or "" for _, reason in admitted(given, room=10**9)]
    starts = [
        "",
        "too large: 1,000,001 bytes",
        f"more than {MAX_FILE_BYTES + 10:,} bytes",
        "",
        "one of",
    ]
    assert all(reason.startswith(start) for reason, start in zip(reasons, starts, strict=True))
    assert [bool(reason) for reason in reasons] == [bool(start) for start in starts]
    assert "full" in next(admitted([Upload("a.md", b"xx")], room=1))[1]


def test_pasted_text_is_kept_to_the_character_under_its_front_matter(tmp_path):
    text = "---\nNot front matter: it's the text.\n\n  Ends with spaces  "
    upload = pasted(text, title='A "title": with #signs\n', outlet="Post", published="2025-05-20")
    path = tmp_path / upload.name
    path.write_bytes(upload.data)
    from rag.reading.articles import read_article

    article = read_article(path)
    assert article.body == text
    assert article.source.title == 'A "title": with #signs'
    assert (article.source.outlet, article.source.published) == ("Post", date(2025, 5, 20))


# Adding


def test_added_files_are_indexed_and_each_has_its_line(bot):
    given = [
        Upload("harbour.md", HARBOUR),
        Upload("photo.png", b"\x89PNG"),
        Upload("empty.txt", b" \n"),
        Upload("latin.txt", "café".encode("latin-1")),
        Upload("broken.md", b"---\ntitle: [\n---\nText."),
        Upload("copy.md", HARBOUR),
    ]
    outcomes = Shelf(bot).add(given)
    assert told(outcomes) == [
        ("harbour.md", "added"),
        *((name, "refused") for name in ("photo.png", "empty.txt", "latin.txt", "broken.md")),
        ("copy.md", "refused"),
    ]
    reasons = [outcome.detail for outcome in outcomes]
    assert reasons[0] == "The harbour of Velm"
    for reason, words in zip(
        reasons[1:],
        ["not read", "no text", "not UTF-8", "not YAML", "the same as “The harbour of Velm”"],
        strict=True,
    ):
        assert words in reason
        assert str(bot.config.home) not in reason
    assert titles(bot) == ["The ferry", "The harbour of Velm"]
    assert stored(bot) == {"harbour.md": HARBOUR}
    folder = bot.config.home / uploads.FOLDER
    assert (folder.stat().st_mode & 0o777, (folder / "harbour.md").stat().st_mode & 0o777) == (
        0o700,
        0o600,
    )


def test_articles_are_served_while_others_are_indexed_and_then_the_new_ones_too(bot):
    seen: list[tuple[str, int]] = []
    Shelf(bot).add(
        [Upload("harbour.md", HARBOUR)],
        lambda stage, *_: seen.append((stage, len(bot.articles()))),
    )
    assert {stage for stage, _ in seen} >= {"embed", "index"}
    assert {n for _, n in seen} == {1}
    assert len(bot.articles()) == 2


def test_same_file_again_is_unchanged_and_a_new_version_updates_it(bot):
    shelf = Shelf(bot)
    shelf.add([Upload("harbour.md", HARBOUR)])
    assert told(shelf.add([Upload("harbour.md", HARBOUR)])) == [("harbour.md", "unchanged")]
    newer = HARBOUR.replace(b"41,300", b"42,000")
    assert told(shelf.add([Upload("harbour.md", newer)])) == [("harbour.md", "updated")]
    assert stored(bot) == {"harbour.md": newer}
    assert "42,000" in bot.article("harbour").body
    assert len(bot.articles()) == 2


def test_another_article_of_the_same_name_never_overwrites_the_first(bot):
    shelf = Shelf(bot)
    shelf.add([Upload("report.md", HARBOUR)])
    assert told(shelf.add([Upload("report.md", MILL)])) == [("report.md", "added")]
    assert sorted(stored(bot).values()) == sorted([HARBOUR, MILL])
    assert titles(bot) == ["The ferry", "The harbour of Velm", "The mill of Ostrav"]
    assert told(shelf.add([Upload("report.md", MILL)])) == [("report.md", "unchanged")]


def test_two_files_of_one_name_at_once_are_both_kept(bot):
    assert told(Shelf(bot).add([Upload("a.md", HARBOUR), Upload("a.md", MILL)])) == [
        ("a.md", "added"),
        ("a.md", "added"),
    ]
    assert len(bot.articles()) == 3


def test_article_of_a_folder_of_the_reader_s_is_never_touched(bot, ferry):
    before = ferry.read_bytes()
    shelf = Shelf(bot)
    assert told(shelf.add([Upload("ferry.md", before)])) == [("ferry.md", "refused")]
    assert told(shelf.add([Upload("ferry.md", before + b" And dogs.")])) == [("ferry.md", "added")]
    assert ferry.read_bytes() == before
    assert len(bot.articles()) == 2


def test_another_process_at_work_refuses_the_files_and_leaves_nothing(bot):
    shelf = Shelf(bot)
    shelf.add([Upload("harbour.md", HARBOUR)])
    newer = HARBOUR.replace(b"41,300", b"42,000")
    with writer_lock(bot.config.home):
        outcomes = shelf.add([Upload("mill.md", MILL), Upload("harbour.md", newer)])
    assert {outcome.state for outcome in outcomes} == {"refused"}
    assert "is being written by process" in outcomes[0].detail
    assert stored(bot) == {"harbour.md": HARBOUR}
    assert len(bot.articles()) == 2


def test_folder_takes_no_more_than_its_limit(bot, monkeypatch):
    monkeypatch.setattr(uploads, "MAX_STORED_BYTES", len(HARBOUR) + 5)
    shelf = Shelf(bot)
    assert told(shelf.add([Upload("harbour.md", HARBOUR)])) == [("harbour.md", "added")]
    (outcome,) = shelf.add([Upload("mill.md", MILL)])
    assert "folder of added articles is full" in outcome.detail


def test_link_in_the_folder_is_not_written_through(bot, tmp_path):
    shelf = Shelf(bot)
    shelf.add([Upload("mill.md", MILL)])
    target = tmp_path / "secret"
    (bot.config.home / uploads.FOLDER / "harbour.md").symlink_to(target)
    shelf.add([Upload("harbour.md", HARBOUR)])
    assert not target.exists()


# Removing


def test_removed_articles_come_back_as_they_were(bot):
    shelf = Shelf(bot)
    shelf.add([Upload("harbour.md", HARBOUR), Upload("mill.md", MILL)])
    before = {i: bot.article(i) for i in bot.versions()}
    removed = shelf.remove(["harbour", "ferry"])
    assert titles(bot) == ["The mill of Ostrav"]
    assert stored(bot) == {"mill.md": MILL}
    shelf.restore(removed)
    assert {i: bot.article(i) for i in bot.versions()} == before
    assert stored(bot) == {"mill.md": MILL, "harbour.md": HARBOUR}


def test_undo_finds_a_place_where_the_old_one_was_taken(bot):
    shelf = Shelf(bot)
    shelf.add([Upload("report.md", HARBOUR)])
    removed = shelf.remove(["report"])
    shelf.add([Upload("report.md", MILL)])
    shelf.restore(removed)
    assert titles(bot) == ["The ferry", "The harbour of Velm", "The mill of Ostrav"]
    assert sorted(stored(bot).values()) == sorted([HARBOUR, MILL])


def test_removal_and_undo_change_nothing_while_another_process_writes(bot):
    shelf = Shelf(bot)
    shelf.add([Upload("harbour.md", HARBOUR)])
    with writer_lock(bot.config.home), pytest.raises(IndexLockedError):
        shelf.remove(["harbour"])
    assert stored(bot) == {"harbour.md": HARBOUR}
    removed = shelf.remove(["harbour"])
    with writer_lock(bot.config.home), pytest.raises(IndexLockedError):
        shelf.restore(removed)
    assert stored(bot) == {}
    shelf.restore(removed)
    assert titles(bot) == ["The ferry", "The harbour of Velm"]


def test_handlers_tell_a_lock_in_plain_words_and_keep_the_pasted_text(bot):
    library = _Library(bot, Shelf(bot))
    with writer_lock(bot.config.home):
        *_, last = library.add_text("The text.", "A title", "", "")
        *_, gone = library.remove(("ferry",), True)
    assert "is being written by process" in Page(last[0]).words
    assert all(isinstance(value, dict) for value in last[1:])  # gr.skip(): the fields stay
    assert "is being written by process" in Page(gone[0]).words
    *_, last = library.add_text("The text.", "A title", "", "")
    assert Page(last[0]).words.startswith("added")
    assert last[1:] == ["", "", "", ""]


def test_bug_in_the_shelf_is_told_without_its_insides(bot, monkeypatch):
    monkeypatch.setattr(shelves, "index_articles", lambda *_, **__: 1 / 0)
    *_, last = _Library(bot, Shelf(bot)).add_text("The text.", "A title", "", "")
    assert Page(last[0]).words.startswith("Something went wrong on this machine.")


# Filters


def test_values_become_filters():
    assert to_filters([], None, "", " ") == Filters()
    given = to_filters(["Post"], ["a1"], "2025-05", "2024-02-29"[:0] or "2025-06")
    assert given == Filters(("Post",), ("a1",), date(2025, 5, 1), date(2025, 6, 30))
    assert to_filters([], [], None, "2024-02").until == date(2024, 2, 29)
    assert to_filters([], [], None, "2024").until == date(2024, 12, 31)


@pytest.mark.parametrize("text", ["May", "2025-13", "2025-02-30", "20250501", "0000", "2025-00"])
def test_what_is_no_date_is_refused_with_examples(text):
    with pytest.raises(QuestionError, match="2025-05-20, 2025-05 or 2025"):
        to_filters([], [], text, None)
    with pytest.raises(QuestionError, match="no date"):
        to_filters([], [], None, text)


def test_dates_that_exclude_each_other_are_refused():
    with pytest.raises(QuestionError, match="exchange or remove"):
        to_filters([], [], "2025", "2024")


@pytest.mark.parametrize(
    ("filters", "words"),
    [
        (Filters(), "All outlets · any date"),
        (Filters(outlets=("a",)), "1 outlet"),
        (Filters(articles=("a", "b")), "2 articles"),
        (Filters(since=date(2025, 5, 1)), "All outlets · since 1 May 2025"),
        (
            Filters(("a", "b"), ("c",), date(2025, 5, 1), date(2025, 6, 30)),
            "2 outlets · 1 article · since 1 May 2025 until 30 June 2025",
        ),
    ],
)
def test_filters_are_described_in_a_line(filters, words):
    assert describe(filters) == words


def test_choices_name_outlets_once_and_articles_newest_first():
    cards = [
        card(1, outlet="Post"),
        card(2, outlet="POST", day=date(2025, 5, 20)),
        card(3, outlet=None),
        card(4, outlet="Ánchor"),
    ]
    assert outlet_choices(cards) == [("Post (2)", "Post"), ("Ánchor (1)", "Ánchor")]
    assert article_choices(cards)[0] == ("Report 2 · POST · 20 May 2025", "a2")
    named, picked = refreshed(cards, ["Post", "Gone"], ["a9", "a1"])
    assert (named["value"], picked["value"]) == (["Post"], ["a1"])


def test_filters_that_admit_nothing_refuse_instead_of_failing(corpus_home):
    with Chatbot.open(home=corpus_home) as bot:
        for filters in (Filters(outlets=("None",)), Filters(until=date(1990, 1, 1))):
            assert bot.ask("What were India's exports worth?", filters=filters).refusal


def test_question_is_answered_from_the_admitted_articles_only(corpus_home):
    question = "What were India's exports to Azerbaijan worth in FY2024-25?"
    with Chatbot.open(home=corpus_home) as bot:
        sources = {c.source.article_id for c in bot.ask(question).citations}
        others = tuple(s.article_id for s in bot.articles() if s.article_id not in sources)
        answer = bot.ask(question, filters=Filters(articles=others))
        cited = (answer.refusal.nearest if answer.refusal else answer.citations) or ()
    assert sources == {"azerbaijan-boycott-calls-india"}
    assert {c.source.article_id for c in cited} <= set(others)


def test_outcomes_are_lines_in_the_order_of_the_files():
    page = Page(outcomes_html([Outcome("a.md", "added", "A <b>"), Outcome("b", "refused", "no")]))
    assert [a["class"] for tag, a in page.tags if tag == "li"] == ["added", "refused"]
    assert page.words == "added a.md A <b>refused b no"
    assert "and 5 more" in Page(outcomes_html([Outcome("x", "added", "y")] * 65)).words
