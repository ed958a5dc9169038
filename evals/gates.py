"""A summary, bounds and an earlier run → which gates are met, and which cases are to blame."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, cast, get_args

from evals.metrics import Metric
from evals.records import RunError
from evals.statistics import Interval, Share
from evals.summary import ALL, Baseline, Cell, GateResult, Summary
from rag.errors import RagError

GATES = Path(__file__).parent / "gates.toml"
GATES_LLM = Path(__file__).parent / "gates-llm.toml"
"""Of `--mode llm`: quotations are held to bounds that no paraphrase can meet."""
BASELINE = Path(__file__).parent / "baseline.json"
REGRESSIONS = "regressions"


class GatesError(RagError):
    """A file of gates cannot be read."""


@dataclass(frozen=True, slots=True)
class Gate:
    """A bound on the mean of a metric over a suite."""

    suite: str
    """A suite's name, or `all`."""
    metric: Metric
    low: float | None = None
    high: float | None = None

    @property
    def bound(self) -> str:
        """For a reader."""
        parts = ("at least", self.low), ("at most", self.high)
        return " and ".join(f"{words} {bound:g}" for words, bound in parts if bound is not None)


@dataclass(frozen=True, slots=True)
class Gates:
    """What a run has to meet."""

    bounds: tuple[Gate, ...]
    regressions: int | None = None
    """How many cases may fail that the baseline has right; None for any number."""


def load_gates(path: Path) -> Gates:
    """The gates of a TOML file: a table a suite, in it a metric and its `min`, `max` or both.

    Raises:
        GatesError: The file cannot be read, or a line of it makes no sense.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise GatesError(
            f"{path}: cannot be read as TOML ({error}); mend or name another"
        ) from error
    allowed = tables.pop(REGRESSIONS, {"max": None})
    if not isinstance(allowed, dict) or type(allowed.get("max", "")) not in (int, type(None)):
        raise GatesError(f"{path}: [{REGRESSIONS}] is {allowed!r}; write max = 0")
    return Gates(tuple(_bounds(tables, path)), cast("int | None", allowed["max"]))


def _bounds(tables: Mapping[str, Any], path: Path) -> Iterator[Gate]:
    for suite, metrics in tables.items():
        if not isinstance(metrics, dict):
            raise GatesError(f"{path}: {suite!r} is {metrics!r}; write a [{suite}] table")
        for metric, bound in metrics.items():
            where = f"{path}: [{suite}] {metric}"
            if metric not in get_args(Metric):
                raise GatesError(f"{where}: no metric; known: {', '.join(get_args(Metric))}")
            if not isinstance(bound, dict) or not set(bound) <= {"min", "max"} or not bound:
                raise GatesError(f"{where} = {bound!r}; write {{ min = 0.9 }}")
            for value in bound.values():
                if type(value) not in (int, float) or not 0 <= value <= 1:
                    raise GatesError(f"{where} = {bound!r}; a bound is from 0 to 1")
            yield Gate(suite, cast("Metric", metric), bound.get("min"), bound.get("max"))


def judge(summary: Summary, gates: Gates, baseline: Baseline | None) -> Summary:
    """The summary with the outcome of its gates, and what it is compared with.

    A gate of a suite that was not run says nothing. One whose metric could not be scored on any
    case of its suite is missed: a bound that nothing is held against would pass forever. What a
    run of the other mode has right is no bound: the two fail on different questions.
    """
    met = [_met(summary, gate) for gate in gates.bounds if gate.suite in (ALL, *summary.suites)]
    alike = baseline is not None and baseline.mode == summary.header.mode
    if gates.regressions is not None and baseline is not None and alike:
        met.append(_regressions(summary, baseline, gates.regressions))
    return replace(summary, gates=tuple(g for g in met if g is not None), baseline=baseline)


def _met(summary: Summary, gate: Gate) -> GateResult | None:
    share = summary.shares.get(Cell(gate.suite, ALL, gate.metric))
    if share is None and gate.suite == ALL:
        return None  # no case of this run is of the metric's kind
    value = None if share is None else share.mean
    passed = value is not None and (gate.low or 0) <= value <= (
        1 if gate.high is None else gate.high
    )
    blamed = () if passed else tuple(_at_fault(summary, gate))
    return GateResult(f"{gate.suite}.{gate.metric}", gate.bound, value, passed, blamed)


def _at_fault(summary: Summary, gate: Gate) -> Iterator[str]:
    for result in summary.results:
        if gate.suite in (ALL, result.record.suite):
            for score in result.scores:
                full = 1.0 if gate.high is None else 0.0
                if score.metric == gate.metric and score.value != full:
                    yield result.key  # one that could not be scored is to blame as well


def _regressions(summary: Summary, baseline: Baseline, allowed: int) -> GateResult:
    worse = tuple(
        result.key
        for result in summary.failures
        if result.key in baseline.cases and result.key not in baseline.failed
    )
    bound = f"at most {allowed} that {baseline.name} has right"
    return GateResult(REGRESSIONS, bound, float(len(worse)), len(worse) <= allowed, worse)


def load_baseline(path: Path) -> Baseline:
    """An earlier run's outcome: its folder, its results.jsonl, or a summary.json.

    Raises:
        RunError: The file cannot be read, or is no summary of this version.
    """
    file = path / "summary.json" if path.is_dir() else path
    if file.suffix == ".jsonl":
        file = file.with_name("summary.json")
    try:
        fields = json.loads(file.read_text(encoding="utf-8"))
        shares = {Cell(*row["cell"]): _share(row) for row in fields["shares"]}
        failed, cases = frozenset(fields["failed"]), frozenset(fields["cases"])
        return Baseline(fields["name"], shares, failed, cases, fields["header"]["mode"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RunError(
            f"{path}: no outcome of a run ({error}); name a run's folder or summary.json"
        ) from error


def outcome(summary: Summary, name: str) -> dict[str, Any]:
    """What `load_baseline` reads, as JSON values: shares, failed cases and all cases."""
    return {
        "name": name,
        "header": asdict(summary.header),
        "shares": [
            {"cell": list(cell), "n": s.n, "unscored": s.unscored, "mean": s.mean,
             "interval": None if s.interval is None else list(s.interval)}
            for cell, s in summary.shares.items()
        ],
        "aurc": summary.aurc,
        "seconds": dict(summary.seconds),
        "worded": None if summary.worded is None else summary.worded.to_fields(),
        "gates": [asdict(gate) for gate in summary.gates],
        "failed": sorted(result.key for result in summary.failures),
        "cases": sorted(result.key for result in summary.results),
    }  # fmt: skip


def _share(row: Mapping[str, Any]) -> Share:
    interval = None if row["interval"] is None else Interval(*row["interval"])
    return Share(row["n"], row["unscored"], row["mean"], interval)
