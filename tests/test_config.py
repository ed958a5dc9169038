"""Settings: file, then environment, then flags; a bad value is named with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.config import NOT_USED, Config, EmbeddingConfig, LlmConfig, load_config, origins
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
        ("llm = 'gpt'", r"'llm' is 'gpt'; write a \[llm\] table"),
        ("[llm]\ncolour = 1", r"\[llm\]: unknown setting 'colour'; known: api_key, base_url, "),
        ("[llm]\nmodel = 4", r"\[llm\]: 'model' is 4; give a text"),
        ("[llm]\nbase_url = 'localhost:11434'", "'base_url' is 'localhost:11434'; give an address"),
        ("[llm]\nbase_url = 'ftp://host/v1'", "'base_url' is 'ftp://host/v1'; give an address"),
        ("[llm]\nbase_url = 'http:///v1'", "'base_url' is 'http:///v1'; give an address"),
        ("[llm]\nbase_url = 'http://host/v1?x=1'", "give an address like"),
        ("[llm]\ncontext_window = 1023", "'context_window' is 1023; give at least 1024"),
        ("[llm]\nmax_tokens = 63", "'max_tokens' is 63; give 64 to 8191"),
        ("[llm]\nmax_tokens = 8192", "'max_tokens' is 8192; give 64 to 8191"),
        ("[llm]\nstructured = 'yes'", "'structured' is 'yes'; give 'auto' or 'off'"),
        ("[llm]\nprice_in = '-1'", "'price_in' is '-1'; give what a million tokens cost"),
        ("[llm]\nprice_out = 'NaN'", "'price_out' is 'NaN'; give what a million tokens cost"),
        ("[llm]\nprice_out = true", "'price_out' is True; give a text"),
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


# The language model


def test_a_table_names_a_language_model(tmp_path: Path) -> None:
    toml = (
        '[llm]\nmodel = "llama3.1"\nbase_url = "http://[::1]:11434/v1"\ncontext_window = 4096\n'
        'max_tokens = 500\nstructured = "off"\nprice_in = 0.15\nprice_out = "2"\n'
    )
    assert loaded(toml, tmp_path).llm == LlmConfig(
        model="llama3.1",
        base_url="http://[::1]:11434/v1",
        context_window=4096,
        max_tokens=500,
        structured="off",
        price_in="0.15",
        price_out="2",
    )


def test_without_a_model_no_variable_of_another_client_is_read() -> None:
    environ = {"OPENAI_API_KEY": "sk-canary", "OPENAI_BASE_URL": "no address"}
    assert load_config(environ=environ) == Config()


def test_variables_of_the_language_model_win_over_the_file(tmp_path: Path) -> None:
    toml = '[llm]\nmodel = "a"\nbase_url = "http://file/v1"\napi_key = "file"\n'
    (tmp_path / "footnote.toml").write_text(toml)
    general = {"OPENAI_BASE_URL": "http://openai/v1", "OPENAI_API_KEY": " sk-general\n"}
    assert load_config(environ=general).llm == LlmConfig(
        model="a", base_url="http://openai/v1", api_key="sk-general"
    )
    ours = {
        "FOOTNOTE_LLM_MODEL": "b",
        "FOOTNOTE_LLM_BASE_URL": "http://ours/v1",
        "FOOTNOTE_LLM_API_KEY": "sk-ours",
    }
    assert load_config(environ=general | ours).llm == LlmConfig(
        model="b", base_url="http://ours/v1", api_key="sk-ours"
    )


def test_a_general_key_goes_to_no_address_that_only_a_file_names(tmp_path: Path) -> None:
    path = tmp_path / "footnote.toml"
    environ = {"OPENAI_API_KEY": "sk-canary"}
    path.write_text('[llm]\nmodel = "m"\nbase_url = "https://llm.example/v1"\n')
    assert load_config(environ=environ).llm.api_key is None
    assert load_config(environ={"FOOTNOTE_LLM_API_KEY": "k"}).llm.api_key == "k"
    path.write_text('[llm]\nmodel = "m"\n')
    assert load_config(environ=environ).llm.api_key == "sk-canary"


def test_a_flag_names_the_model_or_none(tmp_path: Path) -> None:
    (tmp_path / "footnote.toml").write_text('[llm]\nmodel = "a"\n')
    environ = {"FOOTNOTE_LLM_MODEL": "b", "OPENAI_API_KEY": "k"}
    assert load_config(model="c", environ=environ).llm == LlmConfig(model="c", api_key="k")
    assert load_config(model="c", environ={"OPENAI_API_KEY": "k"}).llm.api_key == "k"


def test_a_fault_never_shows_the_key(tmp_path: Path) -> None:
    address = {"FOOTNOTE_LLM_MODEL": "m", "FOOTNOTE_LLM_BASE_URL": "http://me:sk-canary@host/v1"}
    key = {"FOOTNOTE_LLM_MODEL": "m", "FOOTNOTE_LLM_API_KEY": "sk-canary\x07"}
    for environ, words in ((address, "holds a user or password"), (key, "copy it anew")):
        with pytest.raises(ConfigError, match=words) as raised:
            load_config(environ=environ)
        assert "canary" not in str(raised.value)
        assert list(environ)[1] in str(raised.value)
    for table in ("llm", "embedding"):
        with pytest.raises(ConfigError, match="'api_key' is no text; give a text") as raised:
            loaded(f'[{table}]\napi_key = ["sk-canary"]\n', tmp_path)
        assert "canary" not in str(raised.value)
    assert "canary" not in repr(loaded('[llm]\napi_key = "sk-canary"\n', tmp_path))


def test_where_settings_come_from(tmp_path: Path) -> None:
    (tmp_path / "footnote.toml").write_text('rerank = 4\n[llm]\nmodel = "m"\nmax_tokens = 100\n')
    environ = {
        "FOOTNOTE_THREADS": "2",
        "FOOTNOTE_LLM_API_KEY": "k",
        "OPENAI_API_KEY": "unread",
        "OPENAI_BASE_URL": "http://host/v1",
    }
    assert origins(environ=environ) == {
        "rerank": "footnote.toml",
        "[llm] model": "footnote.toml",
        "[llm] max_tokens": "footnote.toml",
        "threads": "FOOTNOTE_THREADS",
        "[llm] base_url": "OPENAI_BASE_URL",
        "[llm] api_key": "FOOTNOTE_LLM_API_KEY",
        "OPENAI_API_KEY": NOT_USED,
    }
    assert origins(environ={}).keys() == {"rerank", "[llm] model", "[llm] max_tokens"}
