"""Runs `footnote` for the tests: inside this process, or in one of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ui.cli import main

ROOT = Path(__file__).parents[1]
TRADE = "How much is bilateral trade between India and Azerbaijan worth?"
NOT_SAID = "What is the recipe for a Margherita pizza?"
ARMS = "azerbaijan-inquiry-indian-arms"


def footnote(*words: str | bytes, **options: Any) -> subprocess.CompletedProcess[bytes]:
    """The command in a process of its own."""
    command = [sys.executable, "-m", "ui", *words]
    return subprocess.run(command, capture_output=True, check=False, **options)


def run(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of the words."""
    code = main([str(word) for word in words])
    shown = capsys.readouterr()
    return code, shown.out, shown.err
