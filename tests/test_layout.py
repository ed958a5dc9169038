"""The shape of the code: small files that say what they do, and a start that loads little."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted(path for name in ("rag", "ui", "evals") for path in (ROOT / name).rglob("*.py"))
MAX_LINES = 250
MAX_FUNCTION_LINES = 40
HEAVY = ("llama_index", "chromadb", "gradio", "openai", "numpy", "onnxruntime", "bm25s", "rich")
LOCKS = ("requirements.lock", "requirements-dev.lock")

each_module = pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))


@each_module
def test_a_module_is_short_and_says_what_it_does(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MAX_LINES
    docstring = ast.get_docstring(ast.parse(text))
    assert docstring
    assert re.match(r"[A-Z`].*[.:]$", docstring.splitlines()[0])


@each_module
def test_a_function_fits_a_screen(path: Path) -> None:
    long = {
        node.name: size
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (size := _lines_of_code(node)) > MAX_FUNCTION_LINES
    }
    assert long == {}


def _lines_of_code(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines without the docstring."""
    first = function.body[0]
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    docstring = (first.end_lineno or 0) - first.lineno + 1 if documented else 0
    return (function.end_lineno or 0) - function.lineno + 1 - docstring


def loaded_by(statement: str) -> set[str]:
    """Heavy packages that a fresh interpreter has loaded after the statement."""
    code = f"{statement}; import sys; print(*(m for m in {HEAVY!r} if m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT)
    return set(done.stdout.decode().split())


@pytest.mark.parametrize(
    "statement",
    [
        "import ui.cli",
        "import rag",
        "from rag import Article, Citation, Filters",
        "import rag.config, rag.reading.articles, rag.splitting.passages",
        "import rag.checking.evidence, rag.answering.compose, rag.retrieval.query",
        "import ui.render, evals.metrics",
    ],
)
def test_importing_the_plain_parts_loads_nothing_heavy(statement: str) -> None:
    assert loaded_by(statement) == set()


def test_the_facade_is_loaded_without_what_only_a_question_needs() -> None:
    assert loaded_by("from rag import Chatbot") == set()


def test_the_public_names_are_those_that_can_be_imported() -> None:
    import rag

    assert sorted(rag.__all__) == rag.__all__
    for name in rag.__all__:
        assert getattr(rag, name).__name__ == name


def test_the_makefile_runs_modules_that_are_there() -> None:
    modules = re.findall(r"-m (evals[\w.]*)", (ROOT / "Makefile").read_text(encoding="utf-8"))
    assert modules
    assert all(find_spec(name) for name in modules)


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_pins_every_package_by_hash_and_names_no_index(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    pinned = re.findall(r"^([a-z0-9][\w.-]*)==(\S+)", text, re.MULTILINE)
    assert len(pinned) > 100
    assert "://" not in text
    assert not re.search(r"^-|(?<!\S)/", text, re.MULTILINE)
    for package in re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE):
        assert not package.strip() or "--hash=sha256:" in package, package[:80]


def test_what_runs_is_pinned_alike_for_running_and_developing() -> None:
    runtime, dev = (
        set(re.findall(r"^(\S+==\S+)", (ROOT / n).read_text(encoding="utf-8"), re.MULTILINE))
        for n in LOCKS
    )
    assert runtime < dev


def test_every_dependency_is_in_the_lock() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    text = (ROOT / LOCKS[0]).read_text(encoding="utf-8")
    pinned = {name.lower() for name in re.findall(r"^([A-Za-z0-9][\w.-]*)==", text, re.MULTILINE)}
    needed = [re.split(r"[<>=~! \[]", line)[0].lower() for line in project["dependencies"]]
    assert set(needed) <= pinned
