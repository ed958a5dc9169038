"""A folder of RealTime QA's articles as the news suites ask it, and what is said of other data."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from datetime import date
from pathlib import Path

import pytest

from evals import news_articles
from evals.cases import load_cases
from evals.news_articles import DATA, NEWS, load_list, main
from rag.reading.articles import read_articles

BRIDGE = "The bridge opened in 1932.\n\nIt carries eight lanes.  "
TOWER = "The tower is 324 metres tall."
FOLDER_OF = {"dev-a": "a", "dev-b": "b"}  # test.jsonl is asked of b too, and never looked into


def record(article_id: str, text: str, title: str) -> dict[str, str]:
    url = f"https://www.paper.example/{article_id}"
    return {"id": article_id, "url": url, "title": title, "published": "2022/07/11", "text": text}


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file as RealTime QA's, of three articles; two of them are the list `a`."""
    articles = [
        record("b1", BRIDGE, 'Bridge: "open" at last #1'),
        record("t1", TOWER, "'Tower'"),
        record("x1", "Another one.", "Another"),
    ]
    path = tmp_path / "data" / DATA
    path.parent.mkdir()
    path.write_bytes(gzip.compress(json.dumps({"articles": articles, "cases": []}).encode()))
    lines = [
        {"file": f"{name}.md", "id": article_id, "outlet": "The Paper", "sha256": sha256(text)}
        for name, article_id, text in (("bridge", "b1", BRIDGE), ("tower", "t1", TOWER))
    ]
    text = "".join(f"{json.dumps(line)}\n" for line in lines)
    (tmp_path / "articles-a.jsonl").write_text(text, encoding="utf-8")
    monkeypatch.setattr(news_articles, "NEWS", tmp_path)
    return path


def write(data: Path, out: Path) -> int:
    return main(["--realtimeqa", str(data), "--set", "a", "--out", str(out)])


def test_the_listed_articles_become_a_folder_that_reads_as_the_data_has_them(
    data, tmp_path, capsys
):
    out = tmp_path / "deep" / "news"
    assert write(data.parent, out) == 0  # the folder of the data does as well as its file
    assert capsys.readouterr().out == f"2 articles in {out}\n"
    bridge, tower = read_articles([out]).articles
    assert Path(bridge.source.path).name == "bridge.md"
    assert (bridge.source.title, tower.source.title) == ('Bridge: "open" at last #1', "'Tower'")
    assert bridge.source.outlet == "The Paper"
    assert bridge.source.published == date(2022, 7, 11)
    assert bridge.source.url == "https://www.paper.example/b1"
    assert (out / "bridge.md").read_bytes().endswith(f"\n---\n\n{BRIDGE.strip()}\n".encode())


def test_writing_again_changes_nothing(data, tmp_path):
    out = tmp_path / "news"
    assert write(data, out) == 0
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    assert write(data, out) == 0
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param(
            ('"b1"', '"b2"'),
            r"1 of 2 articles are not in the data: bridge\.md \(b2\); give the edi",
            id="missing",
        ),
        pytest.param(
            (sha256(TOWER), sha256(BRIDGE)),
            r"1 of 2 articles have another text .* tower\.md \(t1\)",
            id="changed",
        ),
    ],
)
def test_another_edition_of_the_data_is_refused_before_anything_is_written(
    data, tmp_path, capsys, change, said
):
    listed = tmp_path / "articles-a.jsonl"
    listed.write_text(listed.read_text(encoding="utf-8").replace(*change), encoding="utf-8")
    assert write(data, tmp_path / "news") == 1
    assert re.search(said, capsys.readouterr().err)
    assert not (tmp_path / "news").exists()


def test_a_folder_with_other_articles_is_refused(data, tmp_path, capsys):
    (tmp_path / "news" / "mine").mkdir(parents=True)
    (tmp_path / "news" / "mine" / "own.txt").write_text("My own.", encoding="utf-8")
    assert write(data, tmp_path / "news") == 1
    assert "own.txt, which would be asked too; name a folder of its own" in capsys.readouterr().err
    assert [path.name for path in (tmp_path / "news").iterdir()] == ["mine"]


def test_a_missing_file_and_an_out_that_is_a_file_are_told(data, tmp_path, capsys):
    assert write(tmp_path / "gone.json.gz", tmp_path / "news") == 1
    assert "gone.json.gz: cannot be read" in capsys.readouterr().err
    assert write(data, data) == 1
    assert f"{data}: cannot be written to" in capsys.readouterr().err


@pytest.mark.parametrize("suite", FOLDER_OF)
def test_every_article_of_a_development_case_is_in_its_list(suite):
    cases = load_cases(NEWS / f"{suite}.jsonl")
    names = {one.file for one in load_list(FOLDER_OF[suite])}
    assert {case.split for case in cases} == {"dev"}
    assert [case.id for case in cases if not names.issuperset(case.articles)] == []


@pytest.mark.parametrize("suite", FOLDER_OF)
def test_a_development_suite_holds_no_more_of_an_article_than_a_short_answer(suite):
    long = [
        (case.id, words)
        for case in load_cases(NEWS / f"{suite}.jsonl")
        for words in (*case.answers, *case.all_of)
        if len(words.split()) > 12
    ]
    assert long == []


def test_no_article_is_listed_twice():
    every = [one for name in ("a", "b") for one in load_list(name)]
    assert len({one.id for one in every}) == len({one.file for one in every}) == len(every) == 48
