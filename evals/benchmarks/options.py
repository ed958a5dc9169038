"""What can be asked of a benchmark, and the flags that say it; imports nothing heavy."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from evals.benchmarks.halves import Half
from evals.benchmarks.llm import LlmSettings
from rag.errors import ConfigError

BenchmarkName = Literal["realtimeqa", "wice", "xquad"]
NAMES: tuple[BenchmarkName, ...] = get_args(BenchmarkName)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a benchmark is run."""

    half: Half = "test"
    limit: int | None = None
    """Questions to ask, from the first."""
    home: Path | None = None
    """Folder that keeps the index, and beside it the peer's; None for one that goes afterwards."""
    articles: int | None = None
    """Articles to index, from the first; of RealTime QA only."""
    peer: bool = True
    """Whether stock LlamaIndex is asked too."""
    left_out: bool = True
    """Whether each question is asked again without its paragraph; of XQuAD only."""
    llm: LlmSettings | None = None
    """Who words the replies of LlamaIndex's query engines; None asks none of them."""


def add_options(parser: argparse._ActionsContainer) -> None:
    """Adds the flags that `options_of` reads, to the parser of any command."""
    parser.add_argument("--half", choices=get_args(Half), default="test")
    parser.add_argument("--limit", type=count, metavar="N", help="ask only the first N")
    parser.add_argument("--no-peer", action="store_true", help="without stock LlamaIndex")
    parser.add_argument(
        "--no-left-out",
        action="store_true",
        help="don't ask again without the paragraph that answers (xquad)",
    )
    parser.add_argument("--llm-base-url", metavar="URL", help="endpoint for the query engines")
    parser.add_argument("--llm-model", metavar="NAME", help="the model it serves")


def options_of(
    args: argparse.Namespace,
    *,
    home: Path | None = None,
    n_articles: int | None = None,
    llm: LlmSettings | None = None,
) -> Options:
    """The options that the flags of `add_options` give.

    Args:
        args: What the parser read.
        home: As `Options.home`. Never the reader's own: its articles would be in the index too.
        n_articles: As `Options.articles`.
        llm: The LLM that the settings name; the flags win over it, and keep its key.

    Raises:
        ConfigError: An endpoint is given without a model, a model without an endpoint, or both
            where there is no query engine to ask.
    """
    url = args.llm_base_url or (llm.base_url if llm else None)
    model = args.llm_model or (llm.model if llm else None)
    if (url is None) != (model is None):
        lacking = "--llm-model" if model is None else "--llm-base-url"
        raise ConfigError(f"{url or model!r} alone names no LLM; give {lacking} too")
    if args.no_peer and (args.llm_base_url or args.llm_model):
        raise ConfigError("--no-peer leaves no query engine that an LLM could serve; give only one")
    # A key is sent to the endpoint that it was set for, and to no other.
    key = llm.api_key if llm and url == llm.base_url else None
    return Options(
        half=args.half,
        limit=args.limit,
        home=home,
        articles=n_articles,
        peer=not args.no_peer,
        left_out=not args.no_left_out,
        llm=LlmSettings(base_url=url, model=model, api_key=key) if url and model else None,
    )


def count(written: str) -> int:
    """A number of things, from 1 on, as it was typed.

    Raises:
        argparse.ArgumentTypeError: It is none.
    """
    if not written.isdecimal() or int(written) < 1:
        raise argparse.ArgumentTypeError(f"{written!r} is not a whole number from 1 on")
    return int(written)
