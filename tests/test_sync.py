"""Indexing again does what is needed and no more, and no crash or damage loses the index."""

from __future__ import annotations

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from fakes import FakeEmbedder, HashingEmbedding, make_article, write_article
from faults_index import Embedder as LengthEmbedder

from rag.errors import (
    IndexDamagedError,
    IndexLockedError,
    IndexMissingError,
    ModelError,
    RagError,
    UnknownArticleError,
)
from rag.indexing.archive import Archive
from rag.indexing.disk import writer_lock
from rag.indexing.generation import Generation, current_number
from rag.indexing.manifest import ids_hash, read_manifest
from rag.indexing.plan import Stored, SyncPlan, is_gone
from rag.indexing.records import digest
from rag.indexing.sync import SyncReport, plan_sync, remove, repair, sync, verify
from rag.reading.articles import read_articles
from rag.splitting.passages import SPLITTER
from rag.types import Article

FAULTS = Path(__file__).with_name("faults_index.py")
OIL, GAS, TEA = "Oil costs $70 a barrel.", "Gas costs less than oil.", "Tea is grown in Assam."


def stored(*articles: Article) -> list[Stored]:
    return [Stored(a.source.article_id, a.source.path, digest(a)) for a in articles]


def ids(articles: tuple[Article, ...]) -> list[str]:
    return [article.source.article_id for article in articles]


def never(_: str) -> bool:
    return False


def always(_: str) -> bool:
    return True


# The plan, without a disk


def test_plan_tells_added_changed_and_unchanged_apart() -> None:
    oil, gas, tea = (make_article(f"/c/{n}.md", [n]) for n in ("oil", "gas", "tea"))
    newer = make_article("/c/gas.md", ["other words"])
    plan = plan_sync(stored(oil, gas), [tea, newer, oil], [Path("/c")], gone=never)
    assert plan == SyncPlan(added=(tea,), changed=(newer,), unchanged=("oil",), removed=())


def test_plan_removes_only_files_that_are_gone_from_the_folders_asked_for() -> None:
    here, there = make_article("/c/oil.md", [OIL]), make_article("/d/gas.md", [GAS])
    assert plan_sync(stored(here, there), [], [Path("/c")], gone=always).removed == ("oil",)
    assert plan_sync(stored(here, there), [], [Path("/c")], gone=never).removed == ()
    assert plan_sync(stored(here, there), [], [Path("/c/oil.md")], gone=always).removed == ("oil",)
    assert plan_sync(stored(here), [], [Path("/cc"), Path("/c/o")], gone=always).removed == ()


def test_plan_keeps_what_came_from_the_web() -> None:
    page = make_article("https://example.org/c/oil", [OIL])
    assert plan_sync(stored(page), [], [Path("/")], gone=always).removed == ()
    assert plan_sync(stored(page), [page], [], gone=always).unchanged == ("oil",)


def test_plan_gives_a_second_file_of_one_name_its_own_stable_id() -> None:
    first, second = make_article("/c/a/oil.md", [OIL]), make_article("/c/b/oil.md", [GAS])
    plan = plan_sync([], [second, first], [Path("/c")], gone=never)
    assert plan.added[0] == first
    assert ids(plan.added) == ["oil", plan.added[1].source.article_id]
    assert len(plan.added[1].source.article_id) == len("oil-") + 6
    known = stored(*plan.added)
    assert plan_sync(known, [second], [], gone=never).unchanged == (
        plan.added[1].source.article_id,
    )


def test_plan_keeps_the_id_of_a_known_path_when_its_namesake_goes() -> None:
    first, second = make_article("/c/a/oil.md", [OIL]), make_article("/c/b/oil.md", [GAS])
    known = stored(*plan_sync([], [first, second], [], gone=never).added)
    plan = plan_sync(known, [second], [Path("/c/a")], gone=always)
    assert plan.removed == ("oil",)
    assert plan.unchanged == (known[1].article_id,)


def test_plan_lets_a_moved_file_keep_its_id() -> None:
    before, after = make_article("/c/a/oil.md", [OIL]), make_article("/c/b/oil.md", [OIL])
    plan = plan_sync(stored(before), [after], [Path("/c")], gone=always)
    assert (ids(plan.added), plan.removed) == (["oil"], ("oil",))


def test_plan_takes_a_file_read_twice_once() -> None:
    oil = make_article("/c/oil.md", [OIL])
    again = replace(oil, source=replace(oil.source, path="/c/../c/oil.md"))
    assert plan_sync([], [oil, again], [], gone=never).added == (oil,)


def test_file_that_cannot_be_looked_at_is_not_gone(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert not is_gone(str(tmp_path / "file"))
    assert is_gone(str(tmp_path / "none"))
    assert is_gone(str(tmp_path / "file/below"))
    assert not is_gone(str(tmp_path / ("long" * 100)))


# The index on disk


class Corpus:
    """A folder of articles and its index."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "corpus"
        self.home = folder / "home"
        self.embedder = FakeEmbedder()

    def write(self, name: str, *paragraphs: str) -> Article:
        return write_article(self.folder / name, *paragraphs)

    def sync(self, *articles: Article, scope: Path | None = None) -> SyncReport:
        scope = scope or self.folder
        return sync(self.home, articles, scope=[scope], embedder=self.embedder)

    def texts(self) -> list[str]:
        """Every text that can be found, in both indexes."""
        generation = Generation.open(self.home)
        assert sorted(generation.collection.get(include=[])["ids"]) == sorted(generation.ids())
        texts = [passage.text for passage in generation.passages(range(len(generation)))]
        generation.close()
        return texts


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A folder with two articles and their index, and a copy to put it back from."""
    folder = tmp_path_factory.mktemp("corpus")
    corpus = Corpus(folder)
    report = corpus.sync(corpus.write("gas.md", GAS), corpus.write("oil.md", OIL))
    assert report == SyncReport(added=("gas", "oil"), n_passages=2, n_embedded=2, generation=1)
    copy = tmp_path_factory.mktemp("pristine") / "copy"
    shutil.copytree(folder, copy)
    return folder, copy


@pytest.fixture
def corpus(pristine: tuple[Path, Path]) -> Corpus:
    """The two articles, indexed: always in one place, as paths are part of an index."""
    folder, copy = pristine
    shutil.rmtree(folder)
    shutil.copytree(copy, folder)
    return Corpus(folder)


def test_index_is_private(tmp_path: Path) -> None:
    with writer_lock(tmp_path / "a" / "home"):
        assert (tmp_path / "a" / "home").stat().st_mode & 0o777 == 0o700


def test_unchanged_articles_cost_nothing(corpus: Corpus) -> None:
    report = corpus.sync(corpus.write("gas.md", GAS), corpus.write("oil.md", OIL))
    assert report == SyncReport(unchanged=("gas", "oil"), n_passages=2, n_embedded=0, generation=1)
    assert corpus.embedder.model.texts == []
    assert corpus.texts() == [GAS, OIL]


def test_one_sync_adds_changes_removes_and_renames(corpus: Corpus) -> None:
    oil = corpus.write("oil.md", "Oil costs $90 a barrel.")
    tea = corpus.write("tea.md", TEA)
    (corpus.folder / "gas.md").rename(corpus.folder / "lng.md")
    lng = write_article(corpus.folder / "lng.md", GAS)
    report = corpus.sync(oil, tea, lng)
    assert report == SyncReport(
        added=("lng", "tea"),
        changed=("oil",),
        removed=("gas",),
        n_passages=3,
        n_embedded=2,  # the renamed file's words were known
        generation=2,
    )
    assert corpus.texts() == [GAS, "Oil costs $90 a barrel.", TEA]
    assert verify(corpus.home).problems == ()


def test_partial_scope_keeps_the_rest(corpus: Corpus) -> None:
    shutil.rmtree(corpus.folder)
    other = write_article(corpus.folder.parent / "other" / "oil.md", TEA)
    report = corpus.sync(other, scope=corpus.folder.parent / "other")
    assert report.removed == ()
    assert len(report.added) == 1
    assert report.added[0].startswith("oil-")
    assert corpus.texts() == [GAS, OIL, TEA]
    generation = Generation.open(corpus.home)
    assert generation.ids() == ["gas#0", "oil#0", f"{report.added[0]}#0"]
    generation.close()


def test_removed_article_is_gone_and_an_empty_index_works(corpus: Corpus) -> None:
    with pytest.raises(UnknownArticleError, match="'tea'"):
        remove(corpus.home, ["oil", "tea"], embedder=corpus.embedder)
    assert corpus.texts() == [GAS, OIL]
    report = remove(corpus.home, ["oil", "gas", "oil"], embedder=corpus.embedder)
    assert report == SyncReport(removed=("oil", "gas"), n_passages=0, n_embedded=0, generation=2)
    assert corpus.texts() == []


def test_other_embedder_rebuilds_the_whole_index(corpus: Corpus) -> None:
    corpus.embedder = FakeEmbedder(HashingEmbedding(dim=32), "hashing:32")
    report = corpus.sync(write_article(corpus.folder / "oil.md", OIL), scope=corpus.folder / "x")
    assert (report.unchanged, report.n_embedded, report.generation) == (("oil",), 2, 2)
    manifest = read_manifest(corpus.home / "gen-000002")
    assert (manifest.embedder, manifest.dim, manifest.n_passages) == ("hashing:32", 32, 2)


def test_failing_embedder_keeps_what_was_done_before(corpus: Corpus) -> None:
    tea, wine = corpus.write("tea.md", TEA), corpus.write("wine.md", "Wine is made of grapes.")
    corpus.embedder = FakeEmbedder(HashingEmbedding(fail_on="Wine"))
    with pytest.raises(ConnectionError):
        corpus.sync(tea, wine)
    assert corpus.texts() == [GAS, OIL]
    with Archive(corpus.home) as archive:
        assert [known.article_id for known in archive.stored()] == ["gas", "oil", "tea"]
        assert archive.incomplete(corpus.embedder.fingerprint, SPLITTER) == ()


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_vector_of_no_number_is_refused(corpus: Corpus, value: float) -> None:
    class Broken(HashingEmbedding):
        def _get_text_embedding(self, text: str) -> list[float]:
            del text
            return [value] * 64

    corpus.embedder = FakeEmbedder(Broken())
    with pytest.raises(ModelError, match="no usable vectors for article 'tea'"):
        corpus.sync(corpus.write("tea.md", TEA))
    assert current_number(corpus.home) == 1


@pytest.mark.parametrize("point", ["embed:1", "verify:0"])
def test_ctrl_c_leaves_the_old_index_and_no_waste(corpus: Corpus, point: str) -> None:
    def interrupt(stage: str, done: int, _total: int) -> None:
        if point == f"{stage}:{done}":
            raise KeyboardInterrupt

    tea = corpus.write("tea.md", TEA)
    with pytest.raises(KeyboardInterrupt):
        sync(corpus.home, [tea], scope=[], embedder=corpus.embedder, progress=interrupt)
    assert corpus.texts() == [GAS, OIL]
    names = sorted(path.name for path in corpus.home.iterdir())
    assert names == [".lock", "CURRENT", "archive.sqlite", "gen-000001"]


def test_home_that_is_a_file_is_named(tmp_path: Path) -> None:
    corpus = Corpus(tmp_path)
    corpus.home.write_text("")
    with pytest.raises(RagError, match="home: File exists; check free space and permissions"):
        corpus.sync(corpus.write("oil.md", OIL))


def test_no_index_is_made_by_the_other_commands(tmp_path: Path) -> None:
    home, embedder = tmp_path / "none", FakeEmbedder()
    for command in (
        lambda: verify(home),
        lambda: repair(home, embedder=embedder),
        lambda: remove(home, ["oil"], embedder=embedder),
    ):
        with pytest.raises(IndexMissingError, match="run `footnote index PATH"):
            command()
    assert not home.exists()


# Damage


def damage_level0(home: Path) -> None:
    (file,) = home.glob("gen-*/chroma/*/data_level0.bin")
    file.write_bytes(os.urandom(file.stat().st_size))


def empty_chroma(home: Path) -> None:
    (home / "gen-000001/chroma/chroma.sqlite3").write_bytes(b"")


def delete_manifest(home: Path) -> None:
    (home / "gen-000001/manifest.json").unlink()


def delete_lexical(home: Path) -> None:
    shutil.rmtree(home / "gen-000001/lexical")


def delete_current(home: Path) -> None:
    (home / "CURRENT").unlink()


def junk_current(home: Path) -> None:
    (home / "CURRENT").write_bytes(b"\xff\xff")


def delete_generation(home: Path) -> None:
    shutil.rmtree(home / "gen-000001")


def damage_vector(home: Path) -> None:
    with Archive(home) as archive, archive._db.transaction() as db:
        db.execute("UPDATE vectors SET vector = zeroblob(256) WHERE rowid = 1")


def cut_off(home: Path) -> None:
    with Archive(home) as archive, archive._db.transaction() as db:
        db.execute("UPDATE versions SET splitter = 'newer'")


DAMAGE = [
    cut_off,
    damage_level0,
    empty_chroma,
    delete_manifest,
    delete_lexical,
    delete_current,
    junk_current,
    delete_generation,
    damage_vector,
]


@pytest.mark.parametrize("damage", DAMAGE)
def test_verify_names_the_damage(corpus: Corpus, damage: Callable[[Path], None]) -> None:
    damage(corpus.home)
    report = verify(corpus.home)
    assert len(report.problems) == 1
    assert "run `footnote" in report.problems[0]
    assert (report.n_articles, report.n_passages) == (2, 2)


def test_repair_restores_without_articles_or_embedding(corpus: Corpus) -> None:
    shutil.rmtree(corpus.folder)
    for damage in (delete_lexical, damage_level0, junk_current):
        damage(corpus.home)
    report = repair(corpus.home, embedder=corpus.embedder)
    assert report == SyncReport(unchanged=("gas", "oil"), n_passages=2, n_embedded=0, generation=2)
    assert corpus.texts() == [GAS, OIL]


def test_repair_makes_damaged_vectors_anew(corpus: Corpus) -> None:
    damage_vector(corpus.home)
    assert repair(corpus.home, embedder=corpus.embedder).n_embedded == 1
    with Archive(corpus.home) as archive:
        assert archive.n_damaged_vectors() == 0


def test_sync_replaces_a_damaged_generation(corpus: Corpus) -> None:
    empty_chroma(corpus.home)
    report = corpus.sync()
    assert (report.n_embedded, report.generation) == (0, 2)
    assert corpus.texts() == [GAS, OIL]


def test_damaged_archive_is_told_and_the_index_still_serves(corpus: Corpus) -> None:
    os.truncate(corpus.home / "archive.sqlite", 5000)
    with pytest.raises(IndexDamagedError, match=r"archive\.sqlite.*remove the folder"):
        corpus.sync(corpus.write("tea.md", TEA))
    with pytest.raises(IndexDamagedError, match=r"archive\.sqlite"):
        repair(corpus.home, embedder=corpus.embedder)
    report = verify(corpus.home)
    assert [problem.count("archive.sqlite") for problem in report.problems] == [1]
    assert corpus.texts() == [GAS, OIL]


# Other processes


def start(home: Path, folder: Path, point: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(FAULTS), str(home), str(folder), point],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_second_writer_is_turned_away_and_readers_are_not(corpus: Corpus) -> None:
    corpus.write("tea.md", TEA)
    child = start(corpus.home, corpus.folder, "hold")
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    with pytest.raises(IndexLockedError) as caught:
        corpus.sync()
    assert str(caught.value) == (
        f"index in {corpus.home} is being written by process {child.pid} on"
        f" {socket.gethostname()}; wait for it to finish"
    )
    assert corpus.texts() == [GAS, OIL]
    child.kill()
    child.communicate()
    with writer_lock(corpus.home):  # the first one's died with it
        pass


POINTS = ["embed:3", "verify:0", "rename", "publish"]


def test_killed_writer_leaves_the_old_index_and_the_next_finishes(tmp_path: Path) -> None:
    folder, home = tmp_path / "corpus", tmp_path / "home"
    for n in range(4):
        write_article(folder / f"first-{n}.md", f"Story number {n} tells of oil.")
    embedder = LengthEmbedder()
    first = sync(home, read_articles([folder]).articles, scope=[folder], embedder=embedder)
    for n in range(4):
        write_article(folder / f"second-{n}.md", f"Another story {n} tells of gas.")
    seconds = random.Random(7).uniform(0.2, 2.0)
    for point in (*POINTS, f"{seconds:.3f}"):
        child = start(home, folder, point)
        _, errors = child.communicate(timeout=60)
        assert child.returncode == -signal.SIGKILL, (point, errors)
        served = Generation.open(home)
        assert len(served) == first.n_passages, point
        assert served.collection.count() == first.n_passages, point
        served.close()
    last = sync(home, read_articles([folder]).articles, scope=[folder], embedder=embedder)
    assert (last.n_passages, last.n_embedded, last.removed) == (8, 0, ())
    assert not list(home.glob("*.tmp"))
    expected = ids_hash(f"{name}-{n}#0" for name in ("first", "second") for n in range(4))
    assert read_manifest(home / f"gen-{last.generation:06d}").ids_sha256 == expected
