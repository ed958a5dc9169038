"""Words after a command that say which language model words the answers → settings."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from rag.errors import ConfigError
from ui.local_model import add_local_flag

if TYPE_CHECKING:
    from rag.config import Config


def add_model_flags(parser: argparse.ArgumentParser) -> None:
    """Adds the flags. There is none for a key: other users of the machine can read flags."""
    group = parser.add_argument_group("language model (docs/settings.md; by default none is asked)")
    which = group.add_mutually_exclusive_group()
    which.add_argument("--no-llm", action="store_true", help="ask none: quote the articles only")
    which.add_argument("--llm-model", type=_name, metavar="NAME", help="its name at its server")
    add_local_flag(which)
    group.add_argument(
        "--llm-base-url",
        type=_address,
        metavar="URL",
        help="its server's address, as http://localhost:11434/v1",
    )


def settings_of(args: argparse.Namespace) -> Config:
    """The settings in force, with what the flags say, which wins.

    Raises:
        ConfigError: A setting cannot be used, or a server is named and no model.
    """
    from rag.config import load_config

    off = getattr(args, "no_llm", False)
    config = load_config(home=args.home, model="" if off else getattr(args, "llm_model", None))
    if local := getattr(args, "local_llm", None):
        return replace(config, llm=local)
    address = getattr(args, "llm_base_url", None)
    if address is None or off:
        return config
    if not config.llm.model:
        raise ConfigError(f"--llm-base-url {address}: no model is named; add --llm-model")
    return replace(config, llm=replace(config.llm, base_url=address))


def _name(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("an empty name; --no-llm asks no model")
    return text.strip()


def _address(text: str) -> str:
    try:
        parts = urlsplit(text)
        known = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:  # "http://[::1"
        known = False
    if not known:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no address; write it as http://localhost:11434/v1"
        )
    if parts.username or parts.password:
        raise argparse.ArgumentTypeError("an address with a key in it; set FOOTNOTE_LLM_API_KEY")
    return text
