"""Feedback on an answer: a line that is a case of `footnote eval`, or waits to be made one."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from browser.standin import EXPORTS, NOBODY, StandIn

from evals.cases import load_cases
from rag.errors import RagError
from rag.types import Turn
from ui.web.feedback import FILE, MAX_NOTE_CHARS, FeedbackCount, count_feedback, record_feedback

ANSWER, REFUSED = StandIn().ask(EXPORTS), StandIn().ask(NOBODY)
BEFORE = (Turn("What of its trade?", "It grew."),)


def test_liked_answer_is_a_case_whose_gold_are_its_quotes(tmp_path):
    record_feedback(tmp_path, ANSWER, BEFORE, True, "exactly this")
    (case,) = load_cases(tmp_path / FILE)
    assert (case.question, case.history) == (EXPORTS, ("What of its trade?",))
    assert case.all_of == tuple(citation.cited_text for citation in ANSWER.citations)
    assert case.tags == ("liked",)


def test_liked_refusal_is_a_case_whose_gold_is_its_reason(tmp_path):
    record_feedback(tmp_path, REFUSED, (), True, "")
    (case,) = load_cases(tmp_path / FILE)
    assert (case.reason, case.answers, case.history) == ("figure_not_given", (), ())


def test_disliked_answer_waits_as_a_comment_until_its_gold_is_filled_in(tmp_path):
    record_feedback(tmp_path, ANSWER, (), True, "")
    record_feedback(tmp_path, ANSWER, (), False, "it was 2023\nand in euros")
    assert len(load_cases(tmp_path / FILE)) == 1
    assert count_feedback(tmp_path) == FeedbackCount(ready=1, waiting=1)

    waiting = (tmp_path / FILE).read_text().splitlines()[1]
    fields = json.loads(waiting.removeprefix("# "))
    assert fields["note"].startswith("it was 2023\nand in euros | answered: According to Valley")
    filled = waiting.removeprefix("# ").replace('"answers": []', '"answers": ["€5 million"]')
    (tmp_path / FILE).write_text(filled + "\n")
    (case,) = load_cases(tmp_path / FILE)
    assert (case.answers, case.tags) == (("€5 million",), ("disliked",))


def test_liked_answer_in_words_of_its_own_waits_for_its_gold(tmp_path):
    record_feedback(tmp_path, replace(ANSWER, text="About 86 million dollars. [1]"), (), True, "")
    assert count_feedback(tmp_path) == FeedbackCount(ready=0, waiting=1)


def test_only_the_owner_reads_the_file_and_any_words_fit_on_a_line(tmp_path):
    home = tmp_path / "home"
    for words in ("\ud800 half", "\u2028\r\n\0", "x" * 100_000):
        record_feedback(home, replace(ANSWER, question=f"Why{words}"), (), True, words)
    assert (home / FILE).stat().st_mode & 0o777 == 0o600
    assert len(load_cases(home / FILE)) == 3
    lines = (home / FILE).read_text().split("\n")
    assert max(len(json.loads(line)["note"]) for line in lines if line) == MAX_NOTE_CHARS


def test_line_that_a_crash_cut_off_spoils_no_other(tmp_path):
    (tmp_path / FILE).write_text('{"id": "torn')
    record_feedback(tmp_path, ANSWER, (), True, "")
    assert [line[:7] for line in (tmp_path / FILE).read_text().splitlines()] == ['{"id": '] * 2


def test_link_in_the_file_s_place_is_not_followed(tmp_path):
    (tmp_path / FILE).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(RagError, match=FILE):
        record_feedback(tmp_path, ANSWER, (), True, "")
    assert not (tmp_path / "elsewhere").exists()


def test_no_file_is_no_feedback(tmp_path):
    assert count_feedback(tmp_path) == FeedbackCount(0, 0)
