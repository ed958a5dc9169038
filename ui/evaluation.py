"""`footnote eval`: what was typed → an evaluation, its outcome on the terminal, an exit code."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from evals.benchmarks.options import NAMES, add_options, options_of
from rag.config import Config, load_config
from rag.errors import ConfigError
from ui.terminal import ProgressDisplay, complain, print_json

if TYPE_CHECKING:
    from evals.benchmarks.llm import LlmSettings
    from evals.run import Evaluation
    from evals.statistics import Share
    from evals.summary import Summary

OK, FAILED = 0, 1
MAX_NAMED = 20
"""Cases that are named on the terminal for one gate; the report has them all."""
EXAMPLES = (
    "footnote eval",
    "footnote eval figures traps",
    "footnote eval --new > my.jsonl",
    "footnote eval my.jsonl --articles my-articles/",
    "footnote eval --mode llm figures unanswerable",
    "footnote eval --compare .footnote/evals/runs/2026-11-22-0101",
    "footnote eval --benchmark xquad xquad-en.json",
)
TEMPLATE = """\
# A case a line, as JSON. Lines that begin with # are skipped. docs/evals.md tells of every field.
# `figure` is checked by value and unit, however it is written; `subject` says what it is of: each
# term, or one of its a|b alternatives, has to stand in the words that give the figure.
{"id": "trade", "question": "How much is trade between India and Azerbaijan worth?", \
"figure": "$1.5 billion", "subject": ["trade", "India"], \
"article": "india-azerbaijan-ties-opportunities.md"}
# `answers`: any one of them makes an answer right. `article` may be left out.
{"id": "visit", "question": "Who visited Pakistan in July?", "answers": ["Ilham Aliyev", "Aliyev"]}
# `all_of`: all of them are needed. `history`: questions asked before.
{"id": "suppliers", "question": "Where does it traditionally buy its military hardware?", \
"all_of": ["Turkey", "Israel"], "history": ["Is Azerbaijan interested in Indian arms?"]}
# `reason`: the articles don't say. One of off_topic, not_in_sources, figure_not_given,
# other_period, other_subject.
{"id": "armenia", "question": "What were India's exports to Armenia in FY2024-25?", \
"reason": "other_subject"}
# `attribution`: one of them has to stand in the answer: who says it. `never`: none of them may.
{"id": "quality", "question": "What did Azerbaijan's Defence Ministry say of Indian arms?", \
"answers": ["negligible"], "attribution": ["alleged", "Defence Ministry"], "never": ["excellent"]}
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds what `footnote eval` takes."""
    parser.add_argument(
        "suites",
        nargs="*",
        metavar="SUITE",
        help="file of cases, or a suite that comes with Footnote (default: all of those)",
    )
    parser.add_argument(
        "--articles", type=Path, metavar="PATH", help="index these first, and ask about them"
    )
    parser.add_argument("--new", action="store_true", help="print a commented suite to begin with")
    _add_mode(parser)
    parser.add_argument("--split", choices=("dev", "test"), help="only the cases of this split")
    parser.add_argument(
        "--jobs", type=_jobs, default=2, metavar="N", help="questions at a time (%(default)s)"
    )
    runs = parser.add_argument_group("runs")
    runs.add_argument("--compare", type=Path, metavar="RUN", help="an earlier run's folder")
    runs.add_argument(
        "--fail-under", type=Path, metavar="FILE", help="gates to meet (TOML; docs/evals.md)"
    )
    runs.add_argument("--out", type=Path, metavar="DIR", help="folder for the run")
    runs.add_argument("--fresh", action="store_true", help="begin anew, not where a stop left off")
    runs.add_argument(
        "--rescore", type=Path, metavar="RUN", help="score an earlier run's answers again"
    )
    parser.add_argument("--json", action="store_true", help="print the outcome as JSON")
    data = parser.add_argument_group("public data (docs/benchmarks.md)")
    data.add_argument(
        "--benchmark", nargs=2, metavar=("NAME", "PATH"), help=f"one of {', '.join(NAMES)}"
    )
    add_options(data)
    judge = parser.add_argument_group("LLM judge, beside the scores and in no gate")
    judge.add_argument(
        "--judge", action="store_true", help="let the LLM of --llm-model read the answers too"
    )


def _add_mode(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--mode",
        choices=("extractive", "llm"),
        help="who words the answers: the articles (the default), or the model of your settings"
        " or of --llm-model; passages go to its server",
    )
    parser.add_argument(
        "--replay",
        type=Path,
        metavar="FILE",
        help="with --mode llm: a model's recorded replies, and only the questions that have one",
    )


def evaluate(args: argparse.Namespace) -> int:
    """Runs the suites; 0 when every gate is met."""
    if args.new:
        print(TEMPLATE, end="")
        return OK
    if args.benchmark:
        return _benchmark(args)
    from evals.gates import outcome
    from evals.report.model import model_warnings
    from evals.run import Options, evaluate

    config, llm = _with_model(args)
    options = Options(
        suites=tuple(args.suites),
        articles=args.articles,
        split=args.split,
        compare=args.compare,
        gates=args.fail_under,
        out=args.out,
        jobs=args.jobs,
        fresh=args.fresh,
        rescore=args.rescore,
        mode=args.mode,
        replay=args.replay,
    )
    with ProgressDisplay() as progress:
        done = evaluate(options, config, progress=progress)
    if args.json:
        print_json({**outcome(done.summary, done.folder.name), "folder": str(done.folder)})
    else:
        print(to_text(done))
    if args.judge and llm is not None:
        # Beside the JSON, not in it: standard output stays one value.
        print(*_judge(done, llm), sep="\n", file=sys.stderr if args.json else sys.stdout)
    for line in (*model_warnings(done.summary), *complaints(done.summary)):
        complain(line)
    return OK if done.summary.passed else FAILED


def _benchmark(args: argparse.Namespace) -> int:
    from evals.benchmarks.run import print_report, run_benchmark

    name, path = args.benchmark
    known = next((known for known in NAMES if known == name), None)
    if known is None:
        raise ConfigError(f"--benchmark {name!r}: none; known are {', '.join(NAMES)}")
    # The reader's own index is no place for a data set's articles: only a folder that is named.
    options = options_of(args, home=args.home)
    print_report(run_benchmark(known, Path(path), options), as_json=args.json)
    return OK


def _judge(done: Evaluation, llm: LlmSettings) -> list[str]:
    """What the judge says, a line a question that it is asked."""
    from evals.judge import LABELS, judge
    from evals.statistics import share_of

    records = [result.record for result in done.summary.results]
    with ProgressDisplay() as progress:
        scores = judge(records, llm, progress=lambda n, total: progress("judge", n, total))
    return [
        f"{label:42} {share_text(share_of(s.value for s in scores if s.metric == metric))}"
        for metric, label in LABELS.items()
    ]


def to_text(done: Evaluation) -> str:
    """The outcome in a page: a line a metric, a line a suite, and where the report is."""
    from evals.metrics import LABELS
    from evals.report.model import model_terms
    from evals.summary import ALL, Cell

    summary = done.summary
    lines = [f"{len(summary.results)} questions of {', '.join(summary.suites)}", ""]
    for metric, label in LABELS.items():
        share = summary.shares.get(Cell(ALL, ALL, metric))
        if share is not None:
            lines.append(f"{label:42} {share_text(share)}")
    if len(summary.suites) > 1:
        lines.append("")
        for suite in summary.suites:
            right = summary.shares.get(Cell(suite, ALL, "right"))
            refused = summary.shares.get(Cell(suite, ALL, "refused"))
            told = [f"right {share_text(right)}"] if right else []
            told += [f"refused {share_text(refused)}"] if refused else []
            lines.append(f"{suite:20} {'   '.join(told)}")
    if summary.aurc is not None:
        lines += ["", f"area under risk and coverage {summary.aurc:.3f}"]
    if terms := model_terms(summary):
        lines += ["", *(f"{term.name:42} {term.text}" for term in terms)]
    if summary.seconds:
        times = ", ".join(f"{name} {s:.2f}" for name, s in summary.seconds.items())
        lines.append(f"seconds a question: {times}")
    return "\n".join([*lines, "", f"report: {done.folder / 'report.html'}"])


def share_text(share: Share) -> str:
    """`97.5 % [95.0, 100.0] of 40`, and how many could not be scored."""
    unscored = f", {share.unscored} not scored" if share.unscored else ""
    if share.mean is None or share.interval is None:
        return f"     -  nothing scored{unscored}"
    low, high = share.interval
    return f"{share.mean:6.1%} [{low:.1%}, {high:.1%}] of {share.n}{unscored}"


def complaints(summary: Summary) -> list[str]:
    """A line a gate that is missed, with the cases to blame, and a line a case with an error."""
    lines = []
    for gate in summary.gates:
        if not gate.passed:
            value = "nothing scored" if gate.value is None else f"{gate.value:.4g}"
            more = len(gate.cases) - MAX_NAMED
            cases = ", ".join(gate.cases[:MAX_NAMED]) + (f" and {more} more" if more > 0 else "")
            lines.append(f"gate missed: {gate.name} is {value}, not {gate.bound}: {cases}")
    lost = [result for result in summary.results if result.record.error]
    return [*lines, *(f"{r.key} could not be asked: {r.record.error}" for r in lost)]


def _with_model(args: argparse.Namespace) -> tuple[Config, LlmSettings | None]:
    """The settings, a model of the flags in them where one is asked; and who judges, if anybody."""
    from evals.benchmarks.llm import LlmSettings

    config = load_config(home=args.home)
    named, llm = config.llm, None
    if args.mode == "llm" and named.model:
        llm = LlmSettings(base_url=named.base_url, model=named.model, api_key=named.api_key)
    llm = options_of(args, llm=llm).llm  # the flags win
    if args.judge and llm is None:
        raise ConfigError("--judge needs an LLM; give --llm-base-url and --llm-model")
    if llm is None or args.mode != "llm":
        return config, llm
    asked = replace(config.llm, model=llm.model, base_url=llm.base_url, api_key=llm.api_key)
    return replace(config, llm=asked), llm


def _jobs(text: str) -> int:
    if not (text.isdecimal() and 0 < int(text) <= 64):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of questions; give 1 to 64")
    return int(text)
