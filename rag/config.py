"""Settings: built-in values, then footnote.toml, then FOOTNOTE_* variables, then flags.

Nothing else in the program reads the environment.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from rag.errors import ConfigError

CONFIG_FILE = "footnote.toml"
HOME_DIR = ".footnote"
_NAMES: Mapping[type, str] = {int: "a whole number", str: "a text", dict: "a table"}


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
    """Tokens that question, passages and reply may have together."""
    max_tokens: int = 700
    """Longest reply, in tokens."""
    structured: str = "auto"
    """`auto` asks for JSON and goes without where the server refuses it; `off` never asks."""
    price_in: str = ""
    """Price of a million tokens that are sent, as "0.15"; empty where none is known."""
    price_out: str = ""
    """Price of a million tokens of replies."""


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


def load_config(
    *,
    home: Path | None = None,
    path: Path | None = None,
    environ: Mapping[str, str] | None = None,
) -> Config:
    """The settings in force.

    Args:
        home: The index folder as a flag gave it; wins over everything.
        path: The TOML file; by default `footnote.toml` in the working directory, if there is one.
        environ: Variables; by default the process's own.

    Raises:
        ConfigError: A file or a value cannot be used; the message names it.
    """
    environ = os.environ if environ is None else environ
    config = _from_file(path or Path(CONFIG_FILE), required=path is not None)
    config = _from_environ(config, environ)
    return replace(config, home=home) if home is not None else config


def _from_file(path: Path, *, required: bool) -> Config:
    if not path.is_file():
        if required:
            raise ConfigError(f"{path}: no such file; name an existing TOML file")
        return Config()
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read as TOML ({error}); mend or remove it") from error
    embedding = table.pop("embedding", {})
    if not isinstance(embedding, dict):
        raise ConfigError(f"{path}: 'embedding' is {embedding!r}; write a [embedding] table")
    values = _checked(table, Config, where=str(path))
    if "home" in values:
        # A relative home is relative to the file, so that it means one folder everywhere.
        values["home"] = path.parent / str(values["home"])
    chosen = EmbeddingConfig(**_checked(embedding, EmbeddingConfig, where=f"{path} [embedding]"))
    return _valid(Config(**{**values, "embedding": chosen}), str(path))


def _checked(table: Mapping[str, object], kind: type[Any], *, where: str) -> dict[str, Any]:
    """The table's values, every key known and every value of its field's type."""
    defaults = kind()
    known = {f.name for f in fields(kind)}
    for key, value in table.items():
        if key not in known:
            raise ConfigError(
                f"{where}: unknown setting {key!r}; known: {', '.join(sorted(known))}"
            )
        default = getattr(defaults, key)
        expected = (
            int if isinstance(default, int) else dict if isinstance(default, Mapping) else str
        )
        if not isinstance(value, expected) or isinstance(value, bool):
            raise ConfigError(f"{where}: {key!r} is {value!r}; give {_NAMES[expected]}")
    return dict(table)


def _from_environ(config: Config, environ: Mapping[str, str]) -> Config:
    if home := environ.get("FOOTNOTE_HOME"):
        config = replace(config, home=Path(home))
    if key := environ.get("FOOTNOTE_EMBEDDING_API_KEY"):
        config = replace(config, embedding=replace(config.embedding, api_key=key))
    for name in ("threads", "rerank"):
        if raw := environ.get(f"FOOTNOTE_{name.upper()}"):
            if not raw.isdecimal():
                raise ConfigError(f"FOOTNOTE_{name.upper()} is {raw!r}; give a whole number")
            changed: dict[str, Any] = {name: int(raw)}
            config = replace(config, **changed)
    return _valid(config, "environment")


def _valid(config: Config, where: str) -> Config:
    for name in ("threads", "rerank"):
        if (value := getattr(config, name)) < 1:
            raise ConfigError(f"{where}: {name!r} is {value!r}; give at least 1")
    return config
