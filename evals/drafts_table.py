"""Sentences as a language model words them, true and false → the share of each that verify tells.

python -m evals.drafts_table [--models | --curve] [--half test] [--wice wice-claim-dev.jsonl]
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evals.benchmarks.files import read_wice
from evals.benchmarks.halves import half_of
from evals.benchmarks.wice import WiceClaim
from evals.statistics import percentile
from rag.checking.support import Scorer
from rag.checking.thresholds import LEAST_SUPPORT
from rag.checking.verify import Cited, Verdict, verify
from rag.corpus import bundled_corpus
from rag.errors import RagError
from rag.reading.articles import read_articles
from rag.splitting.terms import stems
from rag.types import Article

FOLDER = Path(__file__).parent / "drafts"
SUITES = Path(__file__).parent / "suites"
_CHARS_BEFORE = 600
"""How much of the body before a sentence is given to it."""
_NEAREST = 3
"""Sentences that are cited for a claim of WiCE which none supports."""


_LEAST = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
"""Scores whose effect the curve tells."""


class DraftsError(RagError):
    """A table of drafted sentences, or an article that it is about, cannot be read."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence as a language model may word it, and what it cites."""

    id: str
    claim: str
    cited: tuple[Cited, ...]
    is_true: bool
    kind: str
    """Of the rewording, or of what is wrong with it."""


@dataclass(slots=True)
class Outcome:
    """What became of the drafts."""

    verdicts: list[tuple[Draft, Verdict]] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)


def load_drafts(path: Path) -> tuple[Draft, ...]:
    """The table's drafts, the cited sentences in their places.

    Raises:
        DraftsError: The file is missing, a line is no draft, or a sentence is in no article.
    """
    articles = _articles()
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise DraftsError(f"{path}: cannot be read ({error.strerror}); name a table") from error
    return tuple(
        _draft(line, f"{path}:{n}", articles) for n, line in enumerate(lines, 1) if line.strip()
    )


def _articles() -> Mapping[str, Article]:
    folders = [bundled_corpus(), *sorted(SUITES.glob("*.articles"))]
    return {a.source.article_id: a for folder in folders for a in read_articles([folder]).articles}


def _draft(line: str, where: str, articles: Mapping[str, Article]) -> Draft:
    try:
        row: dict[str, Any] = json.loads(line)
        own = articles[row["article"]]
        # The draft's own article first: agency news stands in two of them word for word.
        order = [own, *(a for a in articles.values() if a is not own)]
        cited = tuple(_cited(n, text, order) for n, text in enumerate(row["sentences"], 1))
        return Draft(row["id"], row["claim"], cited, row["label"] == "supported", row["kind"])
    except (ValueError, KeyError, StopIteration) as error:
        raise DraftsError(
            f"{where}: {error!r}; a line has id, article, sentences of it, claim, label and kind"
        ) from error


def _cited(number: int, text: str, articles: Sequence[Article]) -> Cited:
    article = next(a for a in articles if text in a.body)
    at, source = article.body.index(text), article.source
    before = article.body[max(0, at - _CHARS_BEFORE) : at]
    return Cited(number, text, before, source.title, source.outlet, source.published)


def load_claims(path: Path) -> tuple[Draft, ...]:
    """WiCE's claims of the development half, each citing what annotators say it rests on.

    One that rests on nothing cites the sentences that share most words with it.
    """
    return tuple(
        Draft(claim.id, claim.claim, _resting_on(claim), claim.label == "supported", claim.label)
        for claim in half_of(read_wice(path), "dev")
    )


def _resting_on(claim: WiceClaim) -> tuple[Cited, ...]:
    own = set(stems(claim.claim))
    nearest = sorted(claim.sentences, key=lambda text: -len(own & set(stems(text))))
    texts = claim.gold or nearest[:_NEAREST]
    return tuple(Cited(n, text) for n, text in enumerate(texts, 1))


def run(
    drafts: Sequence[Draft], scorer: Scorer | None = None, least: float = LEAST_SUPPORT
) -> Outcome:
    """Verifies every draft, with so much support asked of the models."""
    outcome = Outcome()
    for draft in drafts:
        began = time.process_time()
        verdict = verify(draft.claim, draft.cited, scorer=scorer, least_support=least)
        outcome.milliseconds.append(1000 * (time.process_time() - began))
        outcome.verdicts.append((draft, verdict))
    return outcome


def rows(outcome: Outcome) -> Iterator[tuple[str, str, list[bool]]]:
    """For each kind, and in all, what is asked and whether verification is right."""
    for is_true, asked in ((True, "true, supported"), (False, "false, withheld")):
        right: dict[str, list[bool]] = defaultdict(list)
        for draft, verdict in outcome.verdicts:
            if draft.is_true is is_true:
                for kind in ("all", draft.kind):
                    right[kind].append(verdict.supported is is_true)
        for kind in sorted(right):
            yield asked, kind, right[kind]


def curve(drafts: Sequence[Draft], scorer: Scorer) -> Iterator[str]:
    """For some least scores, the share of true drafts supported and of false ones withheld."""
    for least in _LEAST:
        outcome = run(drafts, scorer, least)
        right = {
            is_true: [v.supported is is_true for d, v in outcome.verdicts if d.is_true is is_true]
            for is_true in (True, False)
        }
        shares = [f"{sum(some) / max(1, len(some)):6.1%}" for some in right.values()]
        yield f"  {least:.1f}  true, supported {shares[0]}  false, withheld {shares[1]}"


def main(argv: Sequence[str] | None = None) -> int:
    """Prints the shares; the exit code is 0, or 1 after an error."""
    parser = argparse.ArgumentParser(prog="python -m evals.drafts_table", description=__doc__)
    parser.add_argument("--half", choices=["dev", "test"], default="dev")
    parser.add_argument("--models", action="store_true", help="ask the bundled models too")
    parser.add_argument("--wice", type=Path, metavar="FILE", help="wice-claim-dev.jsonl instead")
    parser.add_argument("--curve", action="store_true", help="by how much the models have to say")
    parser.add_argument("--show-errors", action="store_true", help="print every wrong verdict")
    args = parser.parse_args(argv)
    try:
        table = FOLDER / f"{args.half}.jsonl"
        drafts = load_claims(args.wice) if args.wice else load_drafts(table)
    except RagError as error:
        print(error, file=sys.stderr)
        return 1
    scorer = _scorer() if args.models or args.curve else None
    if args.curve and scorer is not None:
        print(*curve(drafts, scorer), sep="\n")
        return 0
    outcome = run(drafts, scorer)
    if args.show_errors:
        _print_errors(outcome)
    _print(outcome)
    return 0


def _scorer() -> Scorer:
    from evals.benchmarks.wice import wice_scorer
    from rag.config import Config

    return wice_scorer(Config().threads)


def _print_errors(outcome: Outcome) -> None:
    for draft, verdict in outcome.verdicts:
        if verdict.supported is not draft.is_true:
            print(f"{draft.id} · {draft.kind}: {draft.claim}")
            for cited in draft.cited:
                print(f"   [{cited.number}] {cited.text}")
            print(f"   {verdict.reason} · score {verdict.score}")


def _print(outcome: Outcome) -> None:
    for asked, kind, right in rows(outcome):
        print(
            f"{asked}  {kind:24} {sum(right):4} of {len(right):4}  {sum(right) / len(right):6.1%}"
        )
    print(f"median {percentile(outcome.milliseconds, 50):.1f} ms of processor time a claim")


if __name__ == "__main__":
    raise SystemExit(main())
