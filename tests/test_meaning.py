"""How sentences are turned round, and what their measure counts."""

import random
from pathlib import Path

import pytest

from evals.meaning import Sample, main, run, samples
from evals.meaning_changes import Stated, changes, names_of
from rag.checking.verify import Cited
from rag.types import Article, Block, Source, Span

SENTENCE = "The governor said that Korvin Steel may not open the older plant in Lyon next May."
STATED = Stated(SENTENCE, here=("Delmar",), elsewhere=("Turin",))


def made(sentence: str, *here: str) -> dict[str, str]:
    stated = Stated(sentence, here=here or ("Delmar",), elsewhere=("Turin",))
    return dict(changes(stated, random.Random(2)))


@pytest.mark.parametrize(
    ("sentence", "kind", "turned"),
    [
        ("The plant has closed.", "a negation put in", "The plant has not closed."),
        ("The plant did not close.", "a negation left out", "The plant did close."),
        ("Losses rose in May.", "a word turned into its opposite", "Losses fell in May."),
        ("Korvin sued Delmar in May.", "agent and object exchanged", "Delmar sued Korvin in May."),
        ("According to the mayor, the plant leaks oil at night.", "the attribution left out",
         "The plant leaks oil at night."),
        ("The plant leaks oil at night, the mayor said.", "the attribution left out",
         "The plant leaks oil at night."),
        ("The plant may close.", "the hedge left out", "The plant will close."),
        ("The head of Korvin left.", "a name changed, for one of the article",
         "The head of Delmar left."),
        ("The plant is in Lyon now.", "a place changed", "The plant is in Delmar now."),
    ],
)  # fmt: skip
def test_each_kind_of_change_turns_the_meaning(sentence: str, kind: str, turned: str) -> None:
    assert made(sentence)[kind] == turned


def test_a_sentence_without_the_words_is_left_alone() -> None:
    assert set(made("Rain fell on it all night long.")) == {
        "a word turned into its opposite",
        "an invention added",
    }


def test_names_are_capitalised_runs_and_no_days() -> None:
    assert names_of("On Monday, the head of Korvin Steel flew to Lyon.") == ["Korvin Steel", "Lyon"]


def test_kept_and_caught_are_counted_apart() -> None:
    scores = run([Sample(STATED, Cited(1, SENTENCE))])
    assert scores.kept["unchanged"] == scores.kept["a word added"] == [1.0]
    assert scores.caught["a negation left out"] == [1.0]
    assert scores.caught["a negation left out · a word added"] == [1.0]
    assert not scores.wrong


def test_samples_are_the_same_every_time() -> None:
    source = Source("a", "The port", "The Paper", None, None, None, "a.md")
    article = Article(source, SENTENCE, (Block(Span(0, len(SENTENCE)), "prose"),))
    assert [s.stated.sentence for s in samples([article], 2)] == [SENTENCE]
    assert samples([article], 2) == samples([article], 2)


def test_a_missing_file_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main([str(tmp_path / "none.json.gz")]) == 1
    assert "none.json.gz" in capsys.readouterr().err
