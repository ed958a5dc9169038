"""Scripted lies and truths → the share of each kind that a reader is shown; 1 if a lie is."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from evals.lies.cases import LIES, TRUTHS, Reply, load_lies, load_phrases, load_truths
from evals.lies.trials import Asker, Trial, try_lies, try_truths
from rag.chatbot import index_articles
from rag.config import Config

CORPUS = Path(__file__).parents[1] / "corpus"
_FORMS = {"plain": (False,), "json": (True,), "both": (False, True)}


def main(arguments: Sequence[str] | None = None) -> int:
    """Tells every lie to Footnote and prints what became of it."""
    parser = argparse.ArgumentParser(prog="python -m evals.lying", description=__doc__)
    parser.add_argument("--lies", type=Path, default=LIES, help="file of scripted lies")
    parser.add_argument("--truths", type=Path, default=TRUTHS, help="file of true replies")
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="the articles they are about")
    parser.add_argument("--form", choices=_FORMS, default="both", help="how replies are given")
    parser.add_argument(
        "--only", nargs="+", default=[""], help="replies whose id holds one of these"
    )
    parser.add_argument("--verbose", action="store_true", help="print what is shown for each")
    options = parser.parse_args(arguments)
    lies = [lie for lie in load_lies(options.lies) if _is_asked(lie.reply, options.only)]
    truths = [t for t in load_truths(options.truths) if _is_asked(t.reply, options.only)]
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        index_articles([options.corpus], config=Config(home=home))
        asker = Asker(home, load_phrases())
        try:
            trials = try_lies(asker, lies, forms=_FORMS[options.form], progress=_tell)
            tried = try_truths(asker, truths)
        finally:
            asker.close()
    _print_kinds(trials)
    _print_trials(trials, verbose=options.verbose)
    counts = Counter(told for _, _, told in tried)
    said = ", ".join(f"{counts[told]} {told}" for told in ("worded", "quoted", "withheld"))
    print(f"\ntrue replies: {said}, of {len(tried)}")
    for truth, answer, told in tried:
        if told != "worded":
            why = "; ".join(w.reason for w in answer.withheld) or answer.notice
            print(f"  {told} {truth.reply.id}: {truth.reply.words}\n    because: {why}")
    return 1 if any(t.judgement.outcome == "SHOWN" for t in trials) else 0


def _is_asked(reply: Reply, only: Sequence[str]) -> bool:
    return any(part in reply.id for part in only)


def _print_kinds(trials: Sequence[Trial]) -> None:
    counts = Counter((t.lie.reply.kind, t.judgement.outcome) for t in trials)
    print(f"{'kind':32}{'caught or harmless':>20}{'caught':>8}{'harmless':>10}{'SHOWN':>7}")
    for kind in [*dict.fromkeys(kind for kind, _ in counts), None]:
        caught, harmless, shown = (
            sum(n for (k, o), n in counts.items() if kind in (None, k) and o == outcome)
            for outcome in ("caught", "harmless", "SHOWN")
        )
        good, total = caught + harmless, caught + harmless + shown
        print(f"{kind or 'all':32}{f'{good} of {total}':>20}{caught:8}{harmless:10}{shown:7}")


def _print_trials(trials: Sequence[Trial], *, verbose: bool) -> None:
    for trial in trials:
        if trial.judgement.outcome == "SHOWN" or verbose:
            form = "json" if trial.is_structured else "plain"
            print(f"\n{trial.judgement.outcome} {trial.lie.reply.id} ({form})")
            print(f"  said:  {trial.lie.reply.words[:400]!r}")
            print(f"  truth: {trial.lie.truth}")
            print(f"  shown: {trial.shown[:600]!r}")
            for fault in trial.judgement.faults:
                print(f"  fault: {fault!r}")
    unplaced = Counter(key for trial in trials for key in trial.unplaced)
    if unplaced:
        told = ", ".join(f"{key} ({n})" for key, n in unplaced.most_common())
        print(f"\nin no passage of their prompt: {told}")


def _tell(done: int, total: int) -> None:
    print(f"\r{done} of {total}", end="" if done < total else "\n", file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
