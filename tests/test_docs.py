"""README and docs say what the program does: commands and settings exist, examples run."""

import argparse
import re
import tomllib
from dataclasses import fields
from pathlib import Path

from rag.config import Config, EmbeddingConfig, LlmConfig
from ui.arguments import build_parser

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]


def commands():
    parser = build_parser()
    (subparsers,) = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    return set(subparsers.choices)


def test_every_command_that_the_docs_show_exists():
    shown = {
        name
        for page in PAGES
        for name in re.findall(r"(?:^\$ |`)footnote ([a-z]+)", page.read_text(), re.MULTILINE)
    }
    assert shown <= commands()
    assert {"index", "ask", "search", "articles", "show", "chat", "verify"} <= shown


def test_every_command_line_of_the_readme_parses():
    import shlex

    parser = build_parser()
    for line in re.findall(r"^\$ footnote (.+)$", README, re.MULTILINE):
        parser.parse_args(shlex.split(line, comments=True))


def test_the_readmes_python_example_runs(tmp_path, monkeypatch, capsys):
    (example,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    monkeypatch.setenv("FOOTNOTE_HOME", str(tmp_path))
    monkeypatch.chdir(ROOT)
    exec(compile(example, "README.md", "exec"), {})
    assert "$86.07 million" in capsys.readouterr().out


def test_every_setting_is_documented_and_every_documented_one_exists():
    page = (ROOT / "docs" / "settings.md").read_text()
    known = {f.name for f in fields(Config)} - {"embedding", "llm"}
    known |= {f"[embedding] {f.name}" for f in fields(EmbeddingConfig)}
    known |= {f"[llm] {f.name}" for f in fields(LlmConfig)}
    documented = set(re.findall(r"^\| `([^`]+)` \|", page, re.MULTILINE)) - {"footnote.toml"}
    assert documented == known


def test_the_settings_examples_are_read(tmp_path):
    from rag.config import load_config

    page = (ROOT / "docs" / "settings.md").read_text()
    for example in re.findall(r"```toml\n(.*?)```", page, re.DOTALL):
        tomllib.loads(example)
        path = tmp_path / "footnote.toml"
        path.write_text(example)
        config = load_config(path=path, environ={})
        assert config.llm.model or config.embedding.provider != "bundled"


def test_links_between_the_pages_lead_somewhere():
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name}: {target}"
