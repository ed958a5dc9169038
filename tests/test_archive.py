"""The archive gives back what was put in, or says that it cannot."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeEmbedder, hashed, make_article

from rag.checking.clashes.facts import facts_of
from rag.errors import IndexDamagedError, IndexMissingError, RagError, UnknownArticleError
from rag.indexing.archive import Archive
from rag.indexing.records import digest, load_article, load_passage, text_hash
from rag.splitting.passages import SPLITTER, split_passages
from rag.types import Article, Block, Span

EMBEDDER = FakeEmbedder().fingerprint
ARTICLE = make_article("/corpus/oil.md", ["Oil costs $70.", "Gas — “natural” — costs less."])


def put(archive: Archive, article: Article, splitter: str = SPLITTER) -> None:
    passages = split_passages(article)
    vectors = {text_hash(p.text): np.array(hashed(p.text), dtype=np.float32) for p in passages}
    facts = facts_of(article)
    archive.put(article, passages, vectors, embedder=EMBEDDER, splitter=splitter, facts=facts)


def edited(article: Article, body: str) -> Article:
    return replace(
        article, body=body, blocks=(Block(Span(0, len(body)), "prose"),), version=text_hash(body)
    )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with Archive(tmp_path, create=True) as archive:
        put(archive, ARTICLE)
    return tmp_path


def test_article_and_passages_come_back_whole(home: Path) -> None:
    odd = replace(
        make_article("/corpus/odd.md", ["A lone \ud800 surrogate. A nul \x00 too."]),
        blocks=(Block(Span(0, 3), "heading"), Block(Span(4, 20), "boilerplate")),
    )
    odd = replace(odd, source=replace(odd.source, outlet=None, published=None))
    with Archive(home) as archive:
        put(archive, odd)
        assert archive.article("oil") == ARTICLE
        assert archive.passages(ARTICLE) == split_passages(ARTICLE)
        assert list(archive.articles()) == [odd, ARTICLE]
        archive.check()


def test_vectors_come_back_by_embedder_and_text(home: Path) -> None:
    (passage,) = split_passages(ARTICLE)
    with Archive(home) as archive:
        found = archive.vectors(EMBEDDER, [text_hash(passage.text), "none"])
        assert list(found) == [text_hash(passage.text)]
        expected = np.array(hashed(passage.text), dtype=np.float32)
        assert np.array_equal(found[text_hash(passage.text)], expected)
        assert archive.vectors("another", [text_hash(passage.text)]) == {}


def test_changed_article_keeps_its_older_version(home: Path) -> None:
    newer = edited(ARTICLE, "Oil costs $80.")
    with Archive(home) as archive:
        put(archive, newer)
        assert archive.article("oil") == replace(newer, supersedes=ARTICLE.version)
        assert archive.article("oil", ARTICLE.version) == ARTICLE
        assert [stored.digest for stored in archive.stored()] == [digest(newer)]


def test_unknown_article_and_version_are_named(home: Path) -> None:
    with Archive(home) as archive:
        with pytest.raises(UnknownArticleError, match="no article 'gas' is indexed"):
            archive.article("gas")
        with pytest.raises(UnknownArticleError, match="'oil' at version 'x'"):
            archive.article("oil", "x")


def test_removed_article_leaves_nothing_after_pruning(home: Path) -> None:
    hashes = [text_hash(p.text) for p in split_passages(ARTICLE)]
    with Archive(home) as archive:
        put(archive, edited(ARTICLE, "Oil costs $80."))
        archive.remove("oil")
        assert archive.stored() == ()
        assert archive.vectors(EMBEDDER, hashes)  # a renamed file still finds its vectors
        archive.prune()
        assert archive.vectors(EMBEDDER, hashes) == {}
    database = sqlite3.connect(home / "archive.sqlite")
    for table in ("articles", "versions", "passages", "vectors"):
        assert database.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    database.close()


def test_incomplete_names_articles_of_other_rules_or_without_vectors(home: Path) -> None:
    with Archive(home) as archive:
        put(archive, make_article("/corpus/gas.md", ["Gas costs less."]), splitter="older")
        assert archive.incomplete(EMBEDDER, SPLITTER) == ("gas",)
        assert archive.incomplete("another", SPLITTER) == ("gas", "oil")


def test_interrupted_put_leaves_nothing(home: Path) -> None:
    article = make_article("/corpus/gas.md", ["Gas costs less."])
    with Archive(home) as archive:
        before = archive.state()
        with pytest.raises(KeyboardInterrupt):
            archive.put(article, Interrupting(), {}, embedder=EMBEDDER, splitter=SPLITTER)
        assert archive.state() == before
    with Archive(home) as archive:
        assert [stored.article_id for stored in archive.stored()] == ["oil"]


class Interrupting(tuple[()]):
    def __iter__(self):
        raise KeyboardInterrupt


def test_missing_index_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError, match="run `footnote index PATH"):
        Archive(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("create", [True, False])
def test_archive_gone_from_beside_a_generation_is_damage(home: Path, create: bool) -> None:
    (home / "CURRENT").write_text("gen-000001\n")
    for emptied in (True, False):
        (home / "archive.sqlite").write_bytes(b"") if emptied else (
            home / "archive.sqlite"
        ).unlink()
        with pytest.raises(IndexDamagedError, match=r"missing or empty; remove the folder"):
            Archive(home, create=create)


def test_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "archive.sqlite").mkdir()
    with pytest.raises(RagError, match=r"archive\.sqlite: unable to open"):
        Archive(tmp_path, create=True)


def read_all(home: Path) -> list[Article]:
    with Archive(home) as archive:
        archive.check()
        return list(archive.articles())


@pytest.mark.parametrize("kept", [0.0, 0.2, 0.5, 0.9])
def test_cut_file_is_damage_not_a_traceback(home: Path, kept: float) -> None:
    file = home / "archive.sqlite"
    os.truncate(file, int(file.stat().st_size * kept))
    with pytest.raises(IndexDamagedError, match=r"archive\.sqlite"):
        read_all(home)


def test_junk_anywhere_is_damage_or_harmless(home: Path) -> None:
    file = home / "archive.sqlite"
    sound = file.read_bytes()
    for start in range(0, len(sound), 1500):
        file.write_bytes(sound[:start] + b"\xa5" * 64 + sound[start + 64 :])
        found = None
        with contextlib.suppress(IndexDamagedError):
            found = read_all(home)
        assert found in (None, [ARTICLE])


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("versions", "article", "{"),
        ("versions", "article", "[]"),
        ("versions", "article", "{}"),
        ("versions", "article", "[" * 100_000),
        ("versions", "article", None),
        ("passages", "passage", '{"id":"oil#0","text":"Oil","span":[0,3],"sentences":7}'),
        ("passages", "passage", '{"id":"oil#0","text":"Gas","span":[0,3],"sentences":[]}'),
        ("passages", "sha256", "0"),
    ],
)
def test_damaged_row_is_named(home: Path, table: str, column: str, value: str | None) -> None:
    database = sqlite3.connect(home / "archive.sqlite")
    if value is None:
        changed = f"UPDATE {table} SET {column} = replace({column}, '$70', '$90')"
    else:
        changed = f"UPDATE {table} SET {column} = '{value}'"
    with database:
        database.execute(changed)
    database.close()
    with pytest.raises(IndexDamagedError, match="'oil' is damaged"):
        read_all(home)


def test_damaged_vector_is_left_out_and_forgotten(home: Path) -> None:
    hashes = [text_hash(p.text) for p in split_passages(ARTICLE)]
    database = sqlite3.connect(home / "archive.sqlite")
    with database:
        database.execute("UPDATE vectors SET vector = zeroblob(256)")
    database.close()
    with Archive(home) as archive:
        assert archive.vectors(EMBEDDER, hashes) == {}
        assert archive.n_damaged_vectors() == 1
        assert archive.incomplete(EMBEDDER, SPLITTER) == ()
        archive.forget_damaged_vectors()
        assert archive.incomplete(EMBEDDER, SPLITTER) == ("oil",)


def test_digest_is_of_the_words_not_of_the_place() -> None:
    moved = replace(ARTICLE.source, article_id="other", path="/elsewhere")
    assert digest(replace(ARTICLE, source=moved, supersedes="v")) == digest(ARTICLE)
    assert digest(replace(ARTICLE, blocks=())) != digest(ARTICLE)
    retitled = replace(ARTICLE, source=replace(ARTICLE.source, title="Other"))
    assert digest(retitled) != digest(ARTICLE)


@pytest.mark.parametrize("text", ["", "7", '{"body": 7}', '{"source": [], "body": ""}'])
def test_records_refuse_what_they_did_not_write(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any of its kind becomes IndexDamagedError
        load_article(text)
    with pytest.raises(ValueError):  # noqa: PT011
        load_passage(text, ARTICLE.source)
