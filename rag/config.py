"""Settings: built-in values, then footnote.toml, then FOOTNOTE_* variables, then flags.

Nothing else in the program reads the environment.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from rag.errors import ConfigError

CONFIG_FILE = "footnote.toml"
HOME_DIR = ".footnote"
_NAMES: Mapping[type, str] = {int: "a whole number", str: "a text", dict: "a table"}
NOT_USED = "not used"
_KEY = "api_key"
_LLM_VARIABLES: Mapping[str, tuple[str, ...]] = {
    "model": ("FOOTNOTE_LLM_MODEL",),
    "base_url": ("FOOTNOTE_LLM_BASE_URL", "OPENAI_BASE_URL"),
    _KEY: ("FOOTNOTE_LLM_API_KEY", "OPENAI_API_KEY"),
}
"""What a field of [llm] is called in the environment; the first that is there counts."""
_VARIABLES: Mapping[str, str] = {
    **{name: f"FOOTNOTE_{name.upper()}" for name in ("home", "threads", "rerank")},
    "[embedding] api_key": "FOOTNOTE_EMBEDDING_API_KEY",
}
_ADDRESS = re.compile(r"https?://(?P<host>\[[\dA-Fa-f:.]+\]|[\w.-]+)(:\d{1,5})?(/[^\s?#@]*)?")
_PRICES = ("price_in", "price_out")
_PRICE = re.compile(r"\d{1,9}(\.\d{1,9})?", re.ASCII)
_LEAST_WINDOW, _LEAST_REPLY = 1_024, 64


@dataclass(frozen=True, kw_only=True)
class EmbeddingConfig:
    """Which model turns text into vectors."""

    provider: str = "bundled"
    """`bundled`, `openai` (a compatible endpoint) or `module.Class` of a LlamaIndex embedding."""
    model: str = "bge-small-en-v1.5"
    """Name the provider knows the model by."""
    base_url: str | None = None
    """Endpoint, for `openai`."""
    api_key: str | None = field(default=None, repr=False)
    """Key, for `openai`. FOOTNOTE_EMBEDDING_API_KEY is the place for it, not the file."""
    options: Mapping[str, object] = field(default_factory=dict)
    """Keyword arguments of the class, for `module.Class`."""


@dataclass(frozen=True, kw_only=True)
class LlmConfig:
    """Which language model words the answers. Without a model none is asked."""

    model: str = ""
    """Name that the server knows it by. FOOTNOTE_LLM_MODEL wins over the file."""
    base_url: str = "https://api.openai.com/v1"
    """The server's address. FOOTNOTE_LLM_BASE_URL, else OPENAI_BASE_URL, wins over the file."""
    api_key: str | None = field(default=None, repr=False)
    """Its key. FOOTNOTE_LLM_API_KEY, else OPENAI_API_KEY, is the place for it, not the file."""
    context_window: int = 8_192
    """Tokens that question, passages and reply may have together, at least 1024."""
    max_tokens: int = 700
    """Longest reply, in tokens: at least 64, and less than the window."""
    structured: str = "auto"
    """`auto` asks for JSON and goes without where the server refuses it; `off` never asks."""
    price_in: str = ""
    """Price of a million tokens that are sent, as "0.15"; empty where none is known."""
    price_out: str = ""
    """Price of a million tokens of replies."""

    @property
    def host(self) -> str:
        """The server's name or number, as the address has it."""
        match = _ADDRESS.fullmatch(self.base_url)
        return match["host"].strip("[]").lower() if match else ""


@dataclass(frozen=True, kw_only=True)
class Config:
    """Everything that can be set. Values are checked when they are read."""

    home: Path = Path(HOME_DIR)
    """Folder that holds the index."""
    embedding: EmbeddingConfig = field(default_factory=EmbeddingConfig)
    llm: LlmConfig = field(default_factory=LlmConfig)
    threads: int = 2
    """CPU threads of a bundled model, at least 1."""
    rerank: int = 8
    """Passages that the cross-encoder reads for a question, at least 1."""


_TABLES: Mapping[str, type[Any]] = {"embedding": EmbeddingConfig, "llm": LlmConfig}


def load_config(
    *,
    home: Path | None = None,
    model: str | None = None,
    path: Path | None = None,
    environ: Mapping[str, str] | None = None,
) -> Config:
    """The settings in force.

    Args:
        home: The index folder as a flag gave it; wins over everything.
        model: The language model as a flag gave it; wins over everything. Empty: none is asked.
        path: The TOML file; by default `footnote.toml` in the working directory, if there is one.
        environ: Variables; by default the process's own.

    Raises:
        ConfigError: A file or a value cannot be used; the message names it.
    """
    environ = os.environ if environ is None else environ
    config = _from_file(path or Path(CONFIG_FILE), required=path is not None)
    if model is not None:
        environ = {**environ, "FOOTNOTE_LLM_MODEL": model}
        config = replace(config, llm=replace(config.llm, model=model))
    config = _from_environ(config, environ)
    return replace(config, home=home) if home is not None else config


def origins(*, environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """Setting → file or variable that gives it, without those that are built in.

    Variables of OpenAI's clients that are there and not read lead to NOT_USED.

    Raises:
        ConfigError: As `load_config`.
    """
    environ, file = os.environ if environ is None else environ, Path(CONFIG_FILE)
    chosen = _llm_variables(_from_file(file, required=False).llm, environ)
    found: dict[str, str] = {}
    for key, value in _table(file).items():
        names = [f"[{key}] {name}" for name in value] if key in _TABLES else [key]
        found |= dict.fromkeys(names, str(file))
    found |= {name: variable for name, variable in _VARIABLES.items() if environ.get(variable)}
    found |= {f"[llm] {name}": variable for name, variable in chosen.items()}
    stray = (f"OPENAI_{name}" for name in ("API_KEY", "BASE_URL"))
    return found | {v: NOT_USED for v in stray if environ.get(v) and v not in chosen.values()}


def _table(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read as TOML ({error}); mend or remove it") from error


def _from_file(path: Path, *, required: bool) -> Config:
    if required and not path.is_file():
        raise ConfigError(f"{path}: no such file; name an existing TOML file")
    table = _table(path)
    chosen: dict[str, Any] = {}
    for name, kind in _TABLES.items():
        value = table.pop(name, {})
        if not isinstance(value, dict):
            raise ConfigError(f"{path}: {name!r} is {value!r}; write a [{name}] table")
        chosen[name] = kind(**_checked(value, kind, where=f"{path} [{name}]"))
    values = _checked(table, Config, where=str(path))
    if "home" in values:
        # A relative home is relative to the file, so that it means one folder everywhere.
        values["home"] = path.parent / str(values["home"])
    return _valid(Config(**{**values, **chosen}), str(path))


def _checked(table: Mapping[str, object], kind: type[Any], *, where: str) -> dict[str, Any]:
    """The table's values, every key known and every value of its field's type."""
    defaults = kind()
    known = sorted(f.name for f in fields(kind))
    checked: dict[str, Any] = {}
    for key, value in table.items():
        if key not in known:
            raise ConfigError(f"{where}: unknown setting {key!r}; known: {', '.join(known)}")
        usual = getattr(defaults, key)
        expected = int if isinstance(usual, int) else dict if isinstance(usual, Mapping) else str
        checked[key] = str(value) if key in _PRICES and type(value) in (int, float) else value
        if not isinstance(checked[key], expected) or isinstance(value, bool):
            said = "no text" if key == _KEY else repr(value)  # a key is never shown
            raise ConfigError(f"{where}: {key!r} is {said}; give {_NAMES[expected]}")
    return checked


def _from_environ(config: Config, environ: Mapping[str, str]) -> Config:
    if home := environ.get(_VARIABLES["home"]):
        config = replace(config, home=Path(home))
    if key := environ.get(_VARIABLES["[embedding] api_key"]):
        config = replace(config, embedding=replace(config.embedding, api_key=key))
    for name in ("threads", "rerank"):
        if raw := environ.get(_VARIABLES[name]):
            if not raw.isdecimal():
                raise ConfigError(f"{_VARIABLES[name]} is {raw!r}; give a whole number")
            changed: dict[str, Any] = {name: int(raw)}
            config = replace(config, **changed)
    chosen = _llm_variables(config.llm, environ)
    named: dict[str, Any] = {name: environ[variable].strip() for name, variable in chosen.items()}
    where = f"environment ({', '.join(chosen.values())})" if chosen else "environment"
    return _valid(replace(config, llm=replace(config.llm, **named)), where)


def _llm_variables(llm: LlmConfig, environ: Mapping[str, str]) -> dict[str, str]:
    """The variable that sets a field of [llm], where one does.

    Without a model there is none: an OPENAI_API_KEY that lies about turns nothing on. Nor does
    that key go to an address that a file names, unless it is OpenAI's: the file may be another's.
    """
    chosen = {
        name: there[0]
        for name, variables in _LLM_VARIABLES.items()
        if (there := [variable for variable in variables if environ.get(variable, "").strip()])
    }
    if not (llm.model or "model" in chosen):
        return {}
    elsewhere = "base_url" not in chosen and llm.host != LlmConfig().host
    if elsewhere and chosen.get(_KEY) == "OPENAI_API_KEY":
        del chosen[_KEY]
    return chosen


def _valid(config: Config, where: str) -> Config:
    for name in ("threads", "rerank"):
        if (value := getattr(config, name)) < 1:
            raise ConfigError(f"{where}: {name!r} is {value!r}; give at least 1")
    for name, wrong in _faults(config.llm):
        raise ConfigError(f"{where}: [llm] {name!r} {wrong}")
    return config


def _faults(llm: LlmConfig) -> Iterator[tuple[str, str]]:
    """What is wrong, and what to give instead. An address with a password is not repeated."""
    if not _ADDRESS.fullmatch(llm.base_url):
        said = "holds a user or password" if "@" in llm.base_url else f"is {llm.base_url!r}"
        yield "base_url", f"{said}; give an address like http://localhost:11434/v1"
    if llm.api_key and not (llm.api_key.isascii() and llm.api_key.isprintable()):
        yield _KEY, "has a character that no key has; copy it anew"
    if llm.context_window < _LEAST_WINDOW:
        yield "context_window", f"is {llm.context_window}; give at least {_LEAST_WINDOW}"
    if not _LEAST_REPLY <= llm.max_tokens < llm.context_window:
        most = llm.context_window - 1
        yield "max_tokens", f"is {llm.max_tokens}; give {_LEAST_REPLY} to {most}, below the window"
    if llm.structured not in ("auto", "off"):
        yield "structured", f"is {llm.structured!r}; give 'auto' or 'off'"
    for name in _PRICES:
        if (price := getattr(llm, name)) and not _PRICE.fullmatch(price):
            yield name, f"is {price!r}; give what a million tokens cost, like '0.15'"
