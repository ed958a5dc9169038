"""The table of recorded replies: both halves, both modes, and what is withheld of one half."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from scripted import write_suite

from evals.replay_table import main
from evals.replayed import Reply

ARTICLE = (
    "---\ntitle: The old bridge\noutlet: Post\n---\n\nThe bridge over the Lowe opened in 1932. It"
    " carries 160,000 vehicles a day.\n"
)
QUESTION = "When did the bridge over the Lowe open?"


def case_of(half: str) -> str:
    """The name of a case that falls into that half."""
    return next(
        name
        for n in range(50)
        if Reply("mine", name := f"q{n}", "", ()).half == half
    )  # fmt: skip


@pytest.fixture
def words(tmp_path: Path) -> list[str]:
    news = tmp_path / "news"
    news.mkdir()
    (news / "bridge.md").write_text(ARTICLE, encoding="utf-8")
    name = case_of("dev")
    suite = write_suite(
        tmp_path / "mine.jsonl", {"id": name, "question": QUESTION, "answers": ["1932"]}
    )
    said = [
        "The bridge over the Lowe opened in 1932. [[opened in 1932]]",
        "It carries 190,000 vehicles a day. [[160,000 vehicles]]",
    ]
    reply = {"suite": "mine", "id": name, "question": QUESTION, "reply": said}
    replies = tmp_path / "replies.jsonl"
    replies.write_text(json.dumps(reply) + "\n", encoding="utf-8")
    return [str(replies), str(suite), "--articles", str(news)]


def test_what_is_shown_and_withheld_is_told_beside_the_articles_own_words(words, capsys):
    assert main([*words, "--withheld"]) == 0
    out = capsys.readouterr().out
    assert "dev: 1 questions, 2 sentences written" in out
    assert "test: 0 questions, 0 sentences written" in out
    assert "sentences shown, withheld         1, 1; asked again 0" in out
    assert "answered right                    100.0% [100%, 100%] of 1  100.0%" in out
    assert "It carries 190,000 vehicles a day." in out  # and why not


def test_what_cannot_be_read_is_told_in_one_line(tmp_path, capsys):
    assert main([str(tmp_path / "none.jsonl"), "figures"]) == 1
    assert "cannot be read" in capsys.readouterr().err
