"""Figures are read once a version and kept; what is lost or outdated is read anew."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from fakes import FakeEmbedder, make_article, write_article

from rag.checking.clashes.facts import facts_of
from rag.indexing import archive as archives
from rag.indexing.archive import Archive
from rag.indexing.facts import find_facts
from rag.indexing.sync import sync
from rag.splitting.passages import SPLITTER
from rag.types import Article

ARTICLE = make_article("/corpus/oil.md", ["Oil costs $70.", "Output rose 4 percent to 2 barrels."])
OTHER = make_article("/corpus/gas.md", ["Gas costs $9, and 12 wells are shut."])
FACTS = facts_of(ARTICLE)


def put(archive: Archive, article: Article) -> None:
    archive.put(article, (), {}, embedder="", splitter=SPLITTER, facts=facts_of(article))


def found(archive: Archive, *articles: Article) -> list[object]:
    wanted = [(article.source, article.version) for article in articles]
    return list(find_facts(archive, wanted, lambda _: None))


def spoil(home: Path, sql: str) -> None:
    with Archive(home) as archive:
        archive._db.script(sql)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with Archive(tmp_path, create=True) as archive:
        put(archive, ARTICLE)
    return tmp_path


def test_facts_come_back_as_they_were_read(home: Path) -> None:
    assert FACTS
    with Archive(home) as archive:
        assert archive.facts(ARTICLE.source, ARTICLE.version) == FACTS


def test_a_changed_article_has_facts_of_its_own(home: Path) -> None:
    changed = make_article("/corpus/oil.md", ["Oil costs $75."])
    with Archive(home) as archive:
        put(archive, changed)
        assert archive.facts(changed.source, changed.version) == facts_of(changed)
        assert archive.facts(ARTICLE.source, ARTICLE.version) == FACTS
        archive.remove("oil")
        assert archive.facts(changed.source, changed.version) is None


def test_facts_of_a_text_that_was_read_otherwise_since_are_not_kept(home: Path) -> None:
    # Another process may index the same file by a newer reader while this one reads figures.
    other = replace(ARTICLE, body=ARTICLE.body.replace("70", "80"))
    with Archive(home) as archive:
        put(archive, other)
        archive.keep_facts(ARTICLE, FACTS)
        assert archive.facts(other.source, other.version) == facts_of(other)


def test_newer_rules_read_again_and_keep_what_they_read(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "READER", "newer rules")
    with Archive(home) as archive:
        assert archive.incomplete("", SPLITTER) == ("oil",)
        assert archive.facts(ARTICLE.source, ARTICLE.version) is None
        assert found(archive, ARTICLE) == list(FACTS)
        assert archive.facts(ARTICLE.source, ARTICLE.version) == FACTS
        assert archive.incomplete("", SPLITTER) == ()


@pytest.mark.parametrize(
    "fault",
    [
        "DROP TABLE facts",
        "DELETE FROM facts",
        "UPDATE facts SET facts = replace(facts, '70', '80')",
        "UPDATE facts SET facts = x'00ff'",
        "UPDATE facts SET facts = '[[1]]', crc = 2861236371",
    ],
)
def test_lost_and_damaged_facts_are_read_anew_and_kept(home: Path, fault: str) -> None:
    spoil(home, fault)
    with Archive(home) as archive:
        assert archive.facts(ARTICLE.source, ARTICLE.version) is None
        assert found(archive, ARTICLE) == list(FACTS)
        assert archive.facts(ARTICLE.source, ARTICLE.version) == FACTS


def test_an_archive_that_cannot_be_written_to_is_read_from(home: Path) -> None:
    with Archive(home) as archive:
        put(archive, OTHER)
        archive._db.script("DELETE FROM facts; DROP TABLE facts; PRAGMA query_only = ON")
        assert found(archive, OTHER, ARTICLE) == [*facts_of(OTHER), *FACTS]
        assert archive.facts(ARTICLE.source, ARTICLE.version) is None


def test_progress_is_told_after_each_article(home: Path) -> None:
    told: list[int] = []
    with Archive(home) as archive:
        put(archive, OTHER)
        wanted = [(article.source, article.version) for article in (OTHER, ARTICLE)]
        list(find_facts(archive, wanted, told.append))
    assert told == [1, 2]


def test_the_next_sync_fills_an_archive_of_before_without_embedding(tmp_path: Path) -> None:
    home, embedder = tmp_path / "home", FakeEmbedder()
    article = write_article(tmp_path / "corpus" / "oil.txt", "Oil costs $70 a barrel today.")
    first = sync(home, [article], scope=[tmp_path / "corpus"], embedder=embedder)
    spoil(home, "DROP TABLE facts")
    second = sync(home, [article], scope=[tmp_path / "corpus"], embedder=embedder)
    assert second.unchanged == ("oil",)
    assert second.n_embedded == 0
    assert second.generation == first.generation
    with Archive(home) as archive:
        assert archive.facts(article.source, article.version) == facts_of(article)
