"""A model that invents, behind Footnote and a stock engine: what each of them shows as fact."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import get_args

from evals.benchmarks.adversary.questions import SUITES, load_groups
from evals.benchmarks.halves import Half
from evals.benchmarks.llm import LlmSettings
from evals.benchmarks.options import count
from evals.benchmarks.report import Report, as_dict, as_lines
from rag.config import Config, LlmConfig, load_config
from rag.errors import ConfigError, RagError


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the benchmark from the command line; the exit code is 0, or 1 after an error."""
    args = _parser().parse_args(argv)
    try:
        with _model(args) as config:
            reports, errors = _run(args, config)
    except RagError as error:
        print(error, file=sys.stderr)
        return 1
    if args.json:
        print(json.dumps([as_dict(report) for report in reports], ensure_ascii=False, indent=1))
    else:
        print(*("\n".join(as_lines(report)) for report in reports), sep="\n\n")
    for lost in errors:
        print(f"could not be asked: {lost}", file=sys.stderr)
    return 1 if errors else 0


def _run(args: argparse.Namespace, config: Config) -> tuple[list[Report], list[str]]:
    from evals.benchmarks.adversary.asking import Run
    from evals.benchmarks.adversary.measure import reports
    from evals.benchmarks.progress import Bars

    groups = load_groups(
        args.suites,
        split=args.split,
        realtimeqa=args.realtimeqa,
        half=args.half,
        limit=args.limit,
    )
    llm = config.llm
    settings = LlmSettings(
        base_url=llm.base_url, model=llm.model, api_key=llm.api_key, max_tokens=llm.max_tokens
    )
    path = args.out or args.home / "adversary.jsonl"
    with Bars() as bars:
        peer = None if args.no_peer else settings
        run = Run(path, groups, config, bars, peer=peer, n_peer=args.peer_limit)
        if not args.only_report:
            run.ask()
    questions = {(q.set, q.id): q for group in groups for q in group.questions}
    facts = {"model": llm.model, "window": args.window, "longest reply, tokens": args.max_tokens}
    return reports(run.shown, questions, {} if args.only_report else facts), run.errors


@contextmanager
def _model(args: argparse.Namespace) -> Iterator[Config]:
    """The settings with the model that is asked, started where it is ours."""
    config = replace(load_config(home=args.home), home=args.home)
    changed = {"context_window": args.window, "max_tokens": args.max_tokens}
    if args.only_report or not args.local:
        if not args.only_report and not (args.llm_base_url and args.llm_model):
            raise ConfigError("no model to ask; give --local, or --llm-base-url and --llm-model")
        named = LlmConfig(
            model=args.llm_model or "local",
            base_url=args.llm_base_url or LlmConfig.base_url,
            # A key is sent to the endpoint that it was set for, and to no other.
            api_key=config.llm.api_key if args.llm_base_url == config.llm.base_url else None,
            structured=config.llm.structured,
        )
        yield replace(config, llm=replace(named, **changed))
        return
    from rag.models.local import local_llm

    with local_llm(config, told=lambda words: print(words, file=sys.stderr)) as ready:
        yield replace(ready, llm=replace(ready.llm, **changed))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m evals.benchmarks.adversary", description=__doc__
    )
    add = parser.add_argument
    add("--suites", nargs="*", default=list(SUITES), metavar="SUITE", help="names or files")
    add("--split", choices=("dev", "test"), help="only the suites' cases of this split")
    add("--realtimeqa", type=Path, metavar="PATH", help="the file realtimeqa-dev.json.gz")
    add("--half", choices=get_args(Half), default="dev", help="of RealTime QA (%(default)s)")
    add("--limit", type=count, metavar="N", help="only the first N of RealTime QA")
    add("--local", action="store_true", help="ask the model that comes with footnote-rag[local]")
    add("--llm-base-url", metavar="URL", help="endpoint of the model, for both systems")
    add("--llm-model", metavar="NAME", help="the model it serves")
    add(
        "--window", type=count, default=1536, metavar="N", help="tokens Footnote uses (%(default)s)"
    )
    add("--max-tokens", type=count, default=128, metavar="N", help="longest reply (%(default)s)")
    add("--no-peer", action="store_true", help="without LlamaIndex's CitationQueryEngine")
    add("--peer-limit", type=count, metavar="N", help="ask the engine a sample of N questions")
    home = "folder that keeps the indexes, and what was answered"
    add("--home", type=Path, required=True, metavar="DIR", help=home)
    add("--out", type=Path, metavar="FILE", help="answers; an unfinished run goes on from them")
    add("--only-report", action="store_true", help="ask nothing; report what the file has")
    add("--json", action="store_true", help="print the reports as JSON, with every question")
    return parser


if __name__ == "__main__":
    sys.exit(main())
