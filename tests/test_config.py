"""Settings: file, then environment, then flags; a bad value is named with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.config import Config, EmbeddingConfig, load_config
from rag.errors import ConfigError


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def loaded(toml: str, tmp_path: Path) -> Config:
    path = tmp_path / "footnote.toml"
    path.write_text(toml, encoding="utf-8")
    return load_config(path=path, environ={})


def test_without_file_or_variables_the_built_in_values_hold() -> None:
    assert load_config(environ={}) == Config()


def test_a_later_place_wins_over_an_earlier_one(tmp_path: Path) -> None:
    (tmp_path / "footnote.toml").write_text('home = "one"\nthreads = 3\nrerank = 4\n')
    environ = {"FOOTNOTE_HOME": "two", "FOOTNOTE_THREADS": "5"}
    assert load_config(environ={}).home == Path("one")
    assert load_config(environ=environ) == Config(home=Path("two"), threads=5, rerank=4)
    assert load_config(home=Path("three"), environ=environ).home == Path("three")


def test_a_relative_home_of_the_file_is_relative_to_the_file(tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "settings.toml").write_text('home = "index"\n')
    assert load_config(path=folder / "settings.toml", environ={}).home == folder / "index"


def test_a_table_names_another_embedding_model(tmp_path: Path) -> None:
    toml = '[embedding]\nprovider = "a.Class"\nmodel = "m"\n[embedding.options]\nsize = 3\n'
    assert loaded(toml, tmp_path).embedding == EmbeddingConfig(
        provider="a.Class", model="m", options={"size": 3}
    )


def test_a_key_comes_from_the_environment_and_is_not_shown() -> None:
    config = load_config(environ={"FOOTNOTE_EMBEDDING_API_KEY": "sk-canary"})
    assert config.embedding.api_key == "sk-canary"
    assert "canary" not in repr(config)


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("threads = ", "cannot be read as TOML"),
        ("colour = 1", "unknown setting 'colour'; known: embedding, home, llm, rerank, threads"),
        ("threads = 'two'", "'threads' is 'two'; give a whole number"),
        ("threads = true", "'threads' is True; give a whole number"),
        ("rerank = 0", "'rerank' is 0; give at least 1"),
        ("embedding = 'bge'", r"'embedding' is 'bge'; write a \[embedding\] table"),
        ("[embedding]\nmodel = 1", r"\[embedding\]: 'model' is 1; give a text"),
        ("[embedding]\nurl = 'x'", r"\[embedding\]: unknown setting 'url'"),
    ],
)
def test_a_bad_value_of_the_file_is_named(toml: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=message) as raised:
        loaded(toml, tmp_path)
    assert str(tmp_path / "footnote.toml") in str(raised.value)


@pytest.mark.parametrize("value", ["two", "-1", "1.5", "٣x"])
def test_a_bad_value_of_the_environment_is_named(value: str) -> None:
    with pytest.raises(ConfigError, match=r"FOOTNOTE_RERANK is .*; give a whole number"):
        load_config(environ={"FOOTNOTE_RERANK": value})
    with pytest.raises(ConfigError, match="'threads' is 0; give at least 1"):
        load_config(environ={"FOOTNOTE_THREADS": "0"})


def test_a_file_that_is_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"gone\.toml: no such file"):
        load_config(path=tmp_path / "gone.toml", environ={})


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "footnote.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match=r"footnote\.toml: cannot be read as TOML"):
        load_config(environ={})


def test_a_dot_env_file_is_never_read(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("FOOTNOTE_THREADS=7\n")
    assert load_config(environ={}) == Config()
