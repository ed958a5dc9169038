"""The command `footnote doctor`: settings, index and model's server → what is well, what isn't."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from rag.errors import RagError
from ui.terminal import print_json

if TYPE_CHECKING:
    from rag.config import Config, LlmConfig
    from rag.models.llm import ChatModel
    from rag.models.probe import Probe

PURPOSE = "check settings, index and language model, and say in plain words what is wrong"
EXAMPLES = ("footnote doctor", "footnote doctor --no-llm", "footnote doctor --json")
State = Literal["ok", "note", "wrong"]
_SHOWN_MODELS = 5
_SECRET = "api_key"  # noqa: S105 - its name, of which only "set" is shown


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    about: Literal["settings", "index", "model"]
    state: State
    text: str


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting that is not built in."""

    value: str
    """Of a key, only that it is set."""
    source: str
    """The file, variable or flag that gives it."""


def add_to(add: Callable[..., argparse.ArgumentParser]) -> None:
    """Adds the command.

    Args:
        add: Takes its name, what carries it out, what it is for, and examples.
    """
    parser = add("doctor", doctor, PURPOSE, *EXAMPLES)
    parser.add_argument("--no-llm", action="store_true", help="ask no language model anything")
    parser.add_argument("--json", action="store_true", help="print JSON (see docs/settings.md)")


def doctor(args: argparse.Namespace) -> int:
    """Prints what it finds; 1 where something is wrong, else 0."""
    from rag.config import load_config, origins

    findings: list[Finding] = []
    settings: dict[str, Setting] = {}
    try:
        config, sources = load_config(home=args.home), origins()
    except RagError as error:
        findings.append(Finding("settings", "wrong", f"{error}."))
    else:
        settings = dict(shown_settings(config, sources, args.home))
        findings += about_settings(config.llm, sources)
        findings += about_index(config)
        findings += about_model(config, ask=not args.no_llm)
    if args.json:
        told = {name: asdict(setting) for name, setting in settings.items()}
        print_json({"settings": told, "findings": [asdict(finding) for finding in findings]})
    else:
        sys.stdout.write(to_text(settings, findings))
    return int(any(finding.state == "wrong" for finding in findings))


def shown_settings(
    config: Config, sources: dict[str, str], home: Path | None
) -> Iterator[tuple[str, Setting]]:
    """Settings that are not built in, by name."""
    if home is not None:
        sources = {**sources, "home": "--home"}
    for name, source in sources.items():
        table, _, key = name.rpartition("] ")
        if not table and not hasattr(config, key):
            continue  # a variable that nothing reads
        held = getattr(config, table.strip("[")) if table else config
        value = "set" if key == _SECRET else getattr(held, key)
        yield name, Setting(str(value), source)


def about_settings(llm: LlmConfig, sources: dict[str, str]) -> Iterator[Finding]:
    """What is odd about settings that can be used."""
    from rag.config import NOT_USED

    for variable in (name for name, source in sources.items() if source == NOT_USED):
        if not llm.model:
            why = "no model is named, so nothing is sent; name one in FOOTNOTE_LLM_MODEL to use it"
        elif variable.endswith("KEY") and "[llm] api_key" not in sources:
            ours = "FOOTNOTE_LLM_API_KEY"
            why = f"the address in footnote.toml is another's; its key belongs in {ours}"
        else:
            why = "FOOTNOTE_LLM variables come first"
        yield Finding("settings", "note", f"{variable} is set and not used: {why}.")
    for table in ("llm", "embedding"):
        if sources.get(f"[{table}] {_SECRET}", "").endswith(".toml"):
            text = f"The key of [{table}] stands in a file; a variable is the better place for it."
            yield Finding("settings", "note", text)


def about_index(config: Config) -> Iterator[Finding]:
    """Whether there is an index, of how many articles, and fit for the settings."""
    from rag.indexing.manifest import (
        check_manifest,
        current_number,
        generation_name,
        read_manifest,
    )
    from rag.models.embedding import load_embedder

    try:
        number = current_number(config.home)
        if number is None:
            text = f"No index in {config.home} yet; `footnote index PATH` makes one."
            yield Finding("index", "note", text)
            return
        manifest = read_manifest(config.home / generation_name(number))
        check_manifest(manifest, load_embedder(config).fingerprint)
    except RagError as error:
        yield Finding("index", "wrong", f"{error}.")
        return
    n = manifest.n_articles
    count = "1 article" if n == 1 else f"{n} articles"
    yield Finding("index", "ok", f"The index in {config.home} has {count}.")


def about_model(config: Config, *, ask: bool) -> Iterator[Finding]:
    """Where passages go, and, if it may be asked, what the model's server can do."""
    from rag.models.llm import load_llm

    model = load_llm(config)
    if model is None:
        text = "No language model is named: answers are quotations, and nothing is sent anywhere."
        yield Finding("model", "ok", text)
        return
    try:
        yield from _where(config.llm, model)
        if ask:
            yield from _told(config.llm, model.probe())
        else:
            yield Finding("model", "note", f"{model.name} was not asked, because of --no-llm.")
    finally:
        model.close()


def _where(llm: LlmConfig, model: ChatModel) -> Iterator[Finding]:
    if model.host is None:
        text = f"{model.name} is on this machine: questions and passages stay here."
        yield Finding("model", "ok", text)
        return
    text = f"Questions and the passages found for them are sent to {model.host}."
    yield Finding("model", "ok", text)
    if llm.base_url.startswith("http:"):
        what = "the key, questions and passages" if llm.api_key else "questions and passages"
        text = f"The address begins with http: {what} can be read on the way; use https."
        yield Finding("model", "note", text)


def _told(llm: LlmConfig, probe: Probe) -> Iterator[Finding]:
    if probe.failure is not None:
        detail = f" (it says: {probe.failure.detail})" if probe.failure.detail else ""
        why = f"{llm.model} at {llm.base_url} does not answer: {probe.failure}{detail}."
        yield Finding("model", "wrong", f"{why} {_remedy(llm, str(probe.failure), probe)}")
        return
    seconds = f", the first word after {probe.first_token:.1f} s" if probe.first_token else ""
    yield Finding("model", "ok", f"{llm.model} answers{seconds}.")
    if not probe.streamed:
        text = "It gives its reply in one piece: nothing is shown before it has finished."
        yield Finding("model", "note", text)
    if llm.structured == "off":
        yield Finding("model", "note", "It is not asked for JSON, as the settings say.")
    elif probe.follows_schema:
        yield Finding("model", "ok", "It keeps to a JSON schema.")
    else:
        text = "It does not keep to a JSON schema; its replies are read as text, which works too."
        yield Finding("model", "note", text)
    if not probe.counts:
        text = "It does not count tokens: no tokens or costs are told with an answer."
        yield Finding("model", "note", text)


def _remedy(llm: LlmConfig, failure: str, probe: Probe) -> str:
    if "(401)" in failure or "(403)" in failure:
        return "See that FOOTNOTE_LLM_API_KEY holds the key of this server."
    if "(404)" in failure and probe.models:
        close = get_close_matches(llm.model, probe.models, n=_SHOWN_MODELS)
        others = sorted(name for name in probe.models if name not in close)
        shown = ", ".join([*close, *others][:_SHOWN_MODELS])
        return f"It has {shown}; name one of its models in FOOTNOTE_LLM_MODEL."
    if "(404)" in failure:
        return "See that base_url ends as the server wants it, mostly in /v1, and name its model."
    if "connection" in failure or "timeout" in failure:
        return "See that the server runs and that base_url is its address."
    return "Until it does, answers are quotations."


def to_text(settings: dict[str, Setting], findings: list[Finding]) -> str:
    """What was found, for a reader."""
    from ui.render import one_line

    lines = [one_line(f"{name} = {s.value} ({s.source})") for name, s in settings.items()]
    lines += [""] if lines else []
    lines += [f"{finding.state:<5}  {one_line(finding.text)}" for finding in findings]
    wrong = sum(finding.state == "wrong" for finding in findings)
    lines += ["", f"{wrong} to mend." if wrong else "All is well."]
    return "\n".join(lines) + "\n"
