"""A generation is found whole or refused with a message; nothing in it takes the program down."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fakes import DIM, FakeEmbedder, hashed, make_article

from rag.errors import IndexDamagedError, IndexMismatchError, IndexMissingError, RagError
from rag.indexing.build import build, clear_unfinished
from rag.indexing.check import Probes, find_problems
from rag.indexing.disk import write_durably
from rag.indexing.generation import Generation, check_manifest, current_number
from rag.indexing.manifest import Manifest, read_manifest, seal, write_manifest
from rag.indexing.rows import Contents
from rag.splitting.passages import split_passages
from rag.splitting.terms import stems
from rag.types import Article, Passage, Span

EMBEDDER = FakeEmbedder().fingerprint
ARTICLES = (
    make_article("/corpus/gas.md", ["Gas costs less than oil."], outlet="Gazette"),
    make_article("/corpus/none.md", []),
    make_article("/corpus/oil.md", ["Oil costs $70."], title="Prices of crude"),
)


def silent(*_: object) -> None:
    pass


def contents_of(articles: Sequence[Article], passages: Sequence[Passage]) -> Contents:
    vectors = [hashed(passage.text) for passage in passages]
    return Contents(
        embedder=EMBEDDER,
        state="state",
        sources=tuple(article.source for article in articles),
        versions={article.source.article_id: article.version for article in articles},
        passages=tuple(passages),
        vectors=np.array(vectors, dtype=np.float32).reshape(len(passages), DIM),
    )


def built(home: Path, articles: Sequence[Article] = ARTICLES) -> Path:
    passages = [passage for article in articles for passage in split_passages(article)]
    number = build(home, contents_of(articles, passages), silent)
    return home / f"gen-{number:06d}"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("sound")
    built(home)
    return home


@pytest.fixture
def home(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sound, tmp_path / "home"))


def test_everything_that_went_in_is_found(home: Path) -> None:
    generation = Generation.open(home)
    passages = [passage for article in ARTICLES for passage in split_passages(article)]
    assert generation.number == current_number(home) == 1
    assert len(generation) == 2
    assert generation.sources == tuple(article.source for article in ARTICLES)
    assert generation.versions == {a.source.article_id: a.version for a in ARTICLES}
    assert generation.source_of_row.tolist() == [0, 2]
    assert generation.passages([1, 0, np.int64(1)]) == [passages[1], passages[0], passages[1]]
    assert generation.rows(["oil#0", "gas#0"]) == [1, 0]
    found = generation.collection.query(query_embeddings=[hashed("oil costs 70")], n_results=1)
    assert found["ids"] == [["oil#0"]]
    assert found["metadatas"] == [[{"article_id": "oil"}]]
    assert generation.lexical.get_scores(stems("$70")).argmax() == 1
    generation.close()


def test_headline_and_outlet_are_in_the_lexical_text_only(home: Path) -> None:
    generation = Generation.open(home)
    assert generation.lexical.get_scores(stems("crude")).tolist()[0] == 0
    assert generation.lexical.get_scores(stems("crude")).argmax() == 1
    assert generation.lexical.get_scores(stems("gazette")).argmax() == 0
    (stored,) = generation.collection.get(ids=["oil#0"], include=["embeddings"])["embeddings"]
    assert np.allclose(stored, hashed("Oil costs $70."), atol=1e-6)
    generation.close()


def test_unknown_row_or_passage_is_damage(home: Path) -> None:
    generation = Generation.open(home)
    with pytest.raises(IndexDamagedError, match="no passage of row 7"):
        generation.passages([0, 7])
    with pytest.raises(IndexDamagedError, match="no passage of id 'x#0'"):
        generation.rows(["x#0"])
    generation.close()


def test_index_without_a_single_word_works(tmp_path: Path) -> None:
    article = make_article("/corpus/marks.md", ["... --- !!!"], title="", outlet="")
    built(tmp_path, [article])
    generation = Generation.open(tmp_path)
    assert len(generation) == len(split_passages(article)) == 1
    assert generation.lexical.get_scores(["oil"]).tolist() == [0]
    asked = generation.collection.query(query_embeddings=[hashed("oil")], n_results=1)
    assert asked["ids"] == [["marks#0"]]
    generation.close()


def test_more_passages_than_chroma_takes_at_once(tmp_path: Path) -> None:
    # 5,461 rows is Chroma's limit; the last of them must be in the flushed files like the first.
    n_passages = 6000
    article = make_article("/corpus/long.md", ["Oil"])
    passages = [
        Passage(f"long#{n}", article.source, f"o{n}", Span(0, len(f"o{n}")), ())
        for n in range(n_passages)
    ]
    vectors = np.random.default_rng(0).standard_normal((n_passages, 16)).astype(np.float32)
    vectors[::24] = vectors[0]  # wire copies: each must pass its check, whichever comes first
    contents = replace(contents_of([article], passages), vectors=vectors)
    directory = tmp_path / f"gen-{build(tmp_path, contents, silent):06d}"
    assert (tmp_path / "CURRENT").read_text() == "gen-000001\n"
    assert sum(p.stat().st_size for p in directory.rglob("*") if p.is_file()) < 10_000_000
    generation = Generation.open(tmp_path)
    assert len(generation.ids()) == generation.collection.count() == n_passages
    assert generation.passages([5999])[0].id == "long#5999"
    generation.close()


def test_newest_two_generations_are_kept(home: Path) -> None:
    (home / "gen-000002").mkdir()
    built(home, ARTICLES[:1])
    names = sorted(path.name for path in home.iterdir())
    assert names == ["CURRENT", "gen-000002", "gen-000003"]


def test_what_a_killed_writer_left_is_cleared(home: Path) -> None:
    for left in ("gen-000002.tmp", "gen-000002", "gen-000007"):
        (home / left).mkdir()
        (home / left / "junk").write_text("x")
    clear_unfinished(home)
    assert sorted(path.name for path in home.iterdir()) == ["CURRENT", "gen-000001"]


def test_generations_are_kept_while_current_cannot_be_read(home: Path) -> None:
    (home / "CURRENT").write_text("?")
    clear_unfinished(home)
    assert (home / "gen-000001").is_dir()


def test_no_index_says_how_to_make_one(tmp_path: Path) -> None:
    for home in (tmp_path, tmp_path / "none"):
        assert current_number(home) is None
        with pytest.raises(IndexMissingError, match=r"no index in .*; run `footnote index PATH"):
            Generation.open(home)


@pytest.mark.parametrize("text", ["", "gen-000001 \n gen-000002", "../../etc", "gen-1", "\xff\x00"])
def test_current_that_names_nothing_is_damage(home: Path, text: str) -> None:
    (home / "CURRENT").write_bytes(text.encode("latin-1"))
    with pytest.raises(IndexDamagedError, match="CURRENT: names no generation; run `footnote rep"):
        Generation.open(home)


def test_current_that_names_a_missing_generation_is_damage(home: Path) -> None:
    (home / "CURRENT").write_text("gen-000009\n")
    with pytest.raises(IndexDamagedError, match="run `footnote repair`"):
        Generation.open(home)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", "{}", '{"sha256": "", "schema": 1}', "[" * 100_000, "\xff"]
)
def test_manifest_that_is_none_is_damage(home: Path, text: str) -> None:
    (home / "gen-000001/manifest.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(IndexDamagedError, match=r"manifest\.json.*run `footnote repair`"):
        Generation.open(home)


def test_changed_manifest_is_damage(home: Path) -> None:
    path = home / "gen-000001/manifest.json"
    fields = json.loads(path.read_text())
    path.write_text(json.dumps({**fields, "n_passages": 1}))
    with pytest.raises(IndexDamagedError, match="was changed"):
        Generation.open(home)
    path.write_text(json.dumps({**fields, "schema": 99}))
    with pytest.raises(IndexDamagedError, match="has schema 99, this release reads 1"):
        Generation.open(home)


def use_all(home: Path) -> None:
    generation = Generation.open(home)
    try:
        assert generation.lexical.get_scores(["oil"]).size == 2
        assert generation.collection.query(query_embeddings=[hashed("oil")], n_results=2)["ids"]
    finally:
        generation.close()


def files_of(home: Path) -> list[Path]:
    return sorted(path for path in (home / "gen-000001").rglob("*") if path.is_file())


def test_any_missing_or_emptied_file_is_damage(home: Path) -> None:
    assert len(files_of(home)) == 13
    for path in files_of(home):
        whole = path.read_bytes()
        path.unlink()
        with pytest.raises(IndexDamagedError):
            use_all(home)
        path.write_bytes(b"")
        with pytest.raises(IndexDamagedError):
            use_all(home)
        path.write_bytes(whole)
    use_all(home)


def test_any_changed_byte_is_damage(home: Path) -> None:
    for path in files_of(home):
        whole = path.read_bytes()
        for place in (0, len(whole) // 2, len(whole) - 1):
            path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
            with pytest.raises(IndexDamagedError):
                use_all(home)
        path.write_bytes(whole)
    use_all(home)


def test_a_thousand_openings_are_not_damage(home: Path) -> None:
    # Chroma notes each in its database, whose file grows by it.
    path = home / "gen-000001/chroma/chroma.sqlite3"
    before = path.stat().st_size
    with closing(sqlite3.connect(path)) as database, database:
        for _ in range(1000):
            database.execute("INSERT INTO acquire_write (lock_status) VALUES (TRUE)")
    assert path.stat().st_size > before
    use_all(home)


def test_link_file_of_60_gb_is_refused_unread(home: Path) -> None:
    (links,) = (home / "gen-000001").glob("chroma/*/link_lists.bin")
    os.truncate(links, 60_000_000_000)  # sparse, as Chroma leaves it
    (problem,) = find_problems(home / "gen-000001", None)
    assert "link_lists.bin: is far too large" in problem


def test_check_names_vectors_that_are_not_found(home: Path) -> None:
    # As if the vectors had been swapped: every count and hash is right, every answer wrong.
    directory = home / "gen-000001"
    passages = [passage for article in ARTICLES for passage in split_passages(article)]
    ids = tuple(passage.id for passage in reversed(passages))
    probes = Probes(ids, np.array([hashed(p.text) for p in passages], dtype=np.float32))
    (problem,) = find_problems(directory, probes)
    assert "only 0 of 2 passages are found by their own vectors" in problem


def test_check_outlives_a_crash_of_its_child(home: Path) -> None:
    # Junk in the vectors under a manifest that vouches for it: Chroma ends in SIGSEGV.
    directory = home / "gen-000001"
    (level0,) = directory.glob("chroma/*/data_level0.bin")
    level0.write_bytes(os.urandom(level0.stat().st_size))
    (header,) = directory.glob("chroma/*/header.bin")
    header.write_bytes(b"\xff" * header.stat().st_size)
    manifest = read_manifest(directory)
    write_manifest(directory, replace(manifest, files=seal(directory)))
    assert find_problems(directory, None) != []


def manifest_like(**changes: object) -> Manifest:
    from rag.indexing.manifest import SCHEMA, library_versions
    from rag.splitting.passages import SPLITTER
    from rag.splitting.terms import TERMS

    fields: dict[str, object] = {
        "schema": SCHEMA,
        "number": 1,
        "embedder": EMBEDDER,
        "dim": DIM,
        "splitter": SPLITTER,
        "terms": TERMS,
        "n_articles": 1,
        "n_passages": 1,
        "ids_sha256": "",
        "state": "",
        "libraries": library_versions(),
        "files": {},
    }
    return Manifest(**{**fields, **changes})  # type: ignore[arg-type]


def test_fitting_manifest_passes() -> None:
    check_manifest(manifest_like(), EMBEDDER)


def test_other_embedder_is_a_clear_message() -> None:
    with pytest.raises(IndexMismatchError) as caught:
        check_manifest(manifest_like(embedder="bge:1:384"), EMBEDDER)
    assert str(caught.value) == (
        "index was built with embedder bge:1:384, the settings name hashing:64; run"
        " `footnote index PATH...` to rebuild, or set [embedding] back"
    )


@pytest.mark.parametrize("changed", ["splitter", "terms", "libraries"])
def test_other_release_is_a_clear_message(changed: str) -> None:
    value: object = {"chromadb": "0.1", "bm25s": "0.1"} if changed == "libraries" else "older-1"
    with pytest.raises(IndexMismatchError, match="run `footnote repair` to rebuild it"):
        check_manifest(manifest_like(**{changed: value}), EMBEDDER)


def test_many_threads_open_and_read_at_once(home: Path) -> None:
    # Unlocked, 3 or 4 of 16 threads fail to open a client.
    failures: list[Exception] = []
    generation = Generation.open(home)

    def read() -> None:
        try:
            use_all(home)
            assert generation.collection.count() == 2
            assert [passage.id for passage in generation.passages([1, 0])] == ["oil#0", "gas#0"]
        except (RagError, AssertionError, ValueError) as error:
            failures.append(error)

    threads = [threading.Thread(target=read) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    generation.close()
    assert failures == []


def n_open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_closed_generations_leave_no_files_open(home: Path) -> None:
    use_all(home)
    before = n_open_files()
    for _ in range(10):
        use_all(home)
    assert n_open_files() <= before + 2


def test_planted_settings_have_no_effect(home: Path, tmp_path: Path) -> None:
    planted = "MIGRATIONS=foo\nCHROMA_API_IMPL=planted.Class\nALLOW_RESET=true\n"
    (tmp_path / ".env").write_text(planted)
    (tmp_path / "numpy.py").write_text("raise SystemExit('planted')")
    variables = dict(line.split("=") for line in planted.split())
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); from pathlib import Path;"
        "from rag.indexing.generation import Generation;"
        "print(Generation.open(Path(sys.argv[2])).collection.count())"
    )
    root = str(Path(__file__).parent.parent)
    done = subprocess.run(
        [sys.executable, "-P", "-c", code, root, str(home)],
        cwd=tmp_path,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "2\n"), done.stderr


def test_durable_write_replaces_whole_files(tmp_path: Path) -> None:
    write_durably(tmp_path / "CURRENT", "one")
    write_durably(tmp_path / "CURRENT", "two")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("CURRENT", "two")]
