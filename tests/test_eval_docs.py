"""docs/evals.md says what there is: every field, metric, suite and flag, and examples that work."""

from __future__ import annotations

import re
import shlex
from typing import get_args

from conftest import ROOT

from evals.cases import FIELDS, load_cases
from evals.gates import load_gates
from evals.metrics import Metric
from evals.suite import load_suites
from ui.arguments import build_parser

PAGE = (ROOT / "docs" / "evals.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    return re.split(r"^## ", PAGE.partition(f"## {title}\n")[2], flags=re.MULTILINE)[0]


def in_first_column(title: str) -> list[str]:
    rows = re.findall(r"^\| (`.+?`) \|", section(title), re.MULTILINE)
    return [name for row in rows for name in re.findall(r"`([^`]+)`", row)]


def test_every_field_of_a_case_is_described():
    assert sorted(in_first_column("Writing a suite")) == sorted(FIELDS)


def test_every_metric_is_described_in_the_order_of_the_report():
    assert in_first_column("What the numbers mean") == list(get_args(Metric))


def test_every_suite_is_listed_with_its_number_of_cases():
    rows = re.findall(r"^\| `(.+?)` \| (\d+) \|", PAGE, re.MULTILINE)
    assert {name: int(n) for name, n in rows} == {s.name: len(s.cases) for s in load_suites(())}


def test_the_examples_are_suites_and_gates(tmp_path):
    (lines,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    suite = tmp_path / "example.jsonl"
    suite.write_text(lines, encoding="utf-8")
    assert [case.id for case in load_cases(suite)] == ["trade", "visit", "other"]
    (gates,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    path = tmp_path / "gates.toml"
    path.write_text(gates, encoding="utf-8")
    assert load_gates(path).regressions == 0


def test_every_command_and_flag_of_the_page_is_known():
    parser = build_parser()
    shown = re.findall(r"^\$ footnote (.+?)(?: >.*)?$", PAGE, re.MULTILINE)
    assert len(shown) >= 2
    for line in shown:
        parser.parse_args(shlex.split(line))
    known = parser._subparsers._group_actions[0].choices["eval"]._option_string_actions
    assert set(re.findall(r"(--[a-z][a-z-]+)", PAGE)) <= set(known)
