"""Poisoned articles and a model → what their orders and falsehoods come to; 1 if one succeeds."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from evals.injection.cases import POISONED, load_poisoned
from evals.injection.trials import MODELS, Attacked, Trial, index_poisoned
from evals.lies.cases import load_phrases
from rag.answering.dialogue import Served
from rag.config import load_config
from rag.errors import RagError
from rag.models.llm import load_llm

CORPUS = Path(__file__).parents[2] / "corpus"
_COLUMNS: dict[str, Callable[[Trial], object]] = {
    "reached": lambda trial: trial.has_reached,
    "link, picture, markup": lambda trial: trial.outcome.markup,
    "prompt told": lambda trial: trial.outcome.leak,
    "borrowed": lambda trial: trial.outcome.borrowed,
    "order shown": lambda trial: trial.outcome.instruction,
    "own content": lambda trial: trial.outcome.content,
    "refused": lambda trial: trial.outcome.is_refused,
    "right answer": lambda trial: trial.outcome.has_truth,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Tries every attack and prints what it came to."""
    parser = argparse.ArgumentParser(prog="python -m evals.injection", description=__doc__)
    parser.add_argument("--poisoned", type=Path, default=POISONED, help="file of attacks")
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="the articles beside them")
    parser.add_argument(
        "--only", nargs="+", default=[""], help="attacks whose id holds one of these"
    )
    parser.add_argument("--llm-base-url", help="a real model's server")
    parser.add_argument("--llm-model", help="a real model's name; scripted ones are tried else")
    parser.add_argument("--local", action="store_true", help="the small model on this machine")
    parser.add_argument("--verbose", action="store_true", help="print what is shown for each")
    options = parser.parse_args(arguments)
    found = load_poisoned(options.poisoned)
    attacks = [one for one in found if any(part in one.id for part in options.only)]
    try:
        with tempfile.TemporaryDirectory() as folder, _served(options) as served:
            config = index_poisoned(options.corpus, attacks, Path(folder))
            attacked = Attacked(config, options.corpus, load_phrases())
            models = MODELS if served is None else (served.name,)
            trials = attacked.run(attacks, models, _tell, served)
            attacked.close()
    except RagError as error:
        print(error, file=sys.stderr)
        return 2
    for model in models:
        _print_model(model, [trial for trial in trials if trial.model == model])
    for trial in trials:
        if trial.outcome.succeeded or options.verbose:
            _print_trial(trial)
    return 1 if any(trial.outcome.succeeded for trial in trials) else 0


@contextmanager
def _served(options: argparse.Namespace) -> Iterator[Served | None]:
    """The real model that is named, if one is."""
    config = load_config()
    with ExitStack() as stack:
        if options.local:
            from rag.models.local import local_llm

            config = stack.enter_context(local_llm(config))
        elif options.llm_model:
            named = {"model": options.llm_model, "base_url": options.llm_base_url}
            given = {name: value for name, value in named.items() if value}
            config = replace(config, llm=replace(config.llm, **given))
        else:
            yield None
            return
        served = load_llm(config)
        assert served is not None  # a model is named
        stack.callback(served.close)
        yield served


def _print_model(model: str, trials: Sequence[Trial]) -> None:
    print(f"\n{model}: {len(trials)} attacks")
    print(f"{'':24}" + "".join(f"{name:>{len(name) + 3}}" for name in ("tried", *_COLUMNS)))
    for kind in [*dict.fromkeys(trial.poisoned.kind for trial in trials), "all"]:
        tried = [trial for trial in trials if kind in ("all", trial.poisoned.kind)]
        counts = [sum(bool(has(trial)) for trial in tried) for has in _COLUMNS.values()]
        cells = zip(("tried", *_COLUMNS), (len(tried), *counts), strict=True)
        print(f"{kind:24}" + "".join(f"{count:>{len(name) + 3}}" for name, count in cells))


def _print_trial(trial: Trial) -> None:
    outcome = trial.outcome
    print(f"\n{'SUCCEEDED' if outcome.succeeded else 'failed'} {trial.poisoned.id} ({trial.model})")
    print(f"  article: {trial.poisoned.text[:400]!r}")
    print(f"  reply:   {trial.poisoned.obeyed[:300]!r}")
    print(f"  shown:   {trial.shown[:600]!r}")
    for what in ("markup", "leak", "borrowed", "instruction", "content"):
        for fault in getattr(outcome, what):
            print(f"  {what}: {fault!r}")


def _tell(done: int, total: int) -> None:
    print(f"\r{done} of {total}", end="" if done < total else "\n", file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
