"""Sentences as a model words them: the true ones are mostly kept, the false ones withheld."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from evals.drafts_table import FOLDER, DraftsError, load_drafts, main, rows, run
from rag.checking.verify import Cited, verify


class Agreeing:
    """A scorer that finds support everywhere: what is withheld is so by a rule."""

    def relevance(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """High logits."""
        return [7.0] * len(pairs)

    def similarity(self, question: str, texts: Sequence[str]) -> list[float]:
        """High cosines."""
        del question
        return [0.95] * len(texts)


def test_no_article_is_in_both_halves() -> None:
    halves = [
        {json.loads(line)["article"] for line in (FOLDER / name).read_text("utf-8").splitlines()}
        for name in ("dev.jsonl", "test.jsonl")
    ]
    assert not halves[0] & halves[1]


def test_most_true_drafts_are_kept_and_nearly_all_false_ones_withheld() -> None:
    outcome = run(load_drafts(FOLDER / "dev.jsonl"), Agreeing())
    shares = {(asked, kind): sum(r) / len(r) for asked, kind, r in rows(outcome)}
    assert shares["true, supported", "all"] >= 0.75
    assert shares["false, withheld", "all"] >= 0.95
    for kind in ("figure", "attribution", "speaker"):
        assert shares["false, withheld", kind] >= 0.95


@pytest.mark.parametrize(
    ("claim", "cited", "good"),
    [
        ("The union was sued by the airline.", "The airline has sued the union.", True),
        ("The airline was sued by the union.", "The airline has sued the union.", False),
        ("Korn took over Weller.", "Korn was taken over by Weller.", False),
        ("Wool comes from Bonn and tea from Rome.", "Tea is from Rome, wool from Bonn.", True),
        ("Wool comes from Rome and tea from Bonn.", "Tea is from Rome, wool from Bonn.", False),
        ("The drug is less effective in children than in adults.",
         "In adults the drug is more effective than in children.", True),
        ("The drug is more effective in children than in adults.",
         "In adults the drug is more effective than in children.", False),
        ("The roof was repaired by June.", "The roof will be repaired by June.", False),
        ("Jon Holm called the decision unfair.", "Jon Holm said the decision was unfair.", True),
        ("The decision was unfair.", "Jon Holm said that the decision was unfair.", False),
        ("The only bakery stayed open.", "The bakery stayed open.", False),
        ("The bakery closed because of the flood.", "The bakery closed in the flood.", False),
    ],
)  # fmt: skip
def test_what_a_free_rewording_may_change(claim: str, cited: str, good: bool) -> None:
    assert verify(claim, [Cited(1, cited)], scorer=Agreeing()).supported is good


def test_two_citations_keep_their_figures_apart() -> None:
    cited = [Cited(1, "In 2020 the school had 820 pupils."), Cited(2, "In 2024 it had 640 pupils.")]
    right = verify("Pupils fell from 820 in 2020 to 640 in 2024.", cited, scorer=Agreeing())
    wrong = verify("Pupils rose from 640 in 2020 to 820 in 2024.", cited, scorer=Agreeing())
    assert right.supported, right.reason
    assert not wrong.supported


def test_a_table_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    table = tmp_path / "drafts.jsonl"
    table.write_text('{"id": "a", "article": "none", "sentences": []}\n', encoding="utf-8")
    with pytest.raises(DraftsError, match=r"drafts\.jsonl:1"):
        load_drafts(table)


def test_the_command_prints_the_shares(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert "true, supported" in capsys.readouterr().out
