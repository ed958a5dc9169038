"""`--local` → a small language model on this machine that words the answers of one command."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

from ui.terminal import complain


def add_local_flag(parser: argparse._ActionsContainer) -> None:
    """Adds the flag, which excludes others that name a model."""
    what = "ask a small model on this machine, which invents a lot (needs footnote-rag[local])"
    parser.add_argument("--local", action="store_true", help=what)


@contextmanager
def local_model(args: argparse.Namespace) -> Iterator[None]:
    """Keeps the model running for the block where `--local` asks for it.

    Who it is stands in `args.local_llm` then, an `LlmConfig` that wins over every other.

    Raises:
        ModelError: It is not installed, or does not start.
    """
    if not getattr(args, "local", False):
        yield
        return
    from rag.config import load_config
    from rag.models.local import local_llm

    with local_llm(load_config(home=args.home), told=complain) as config:
        args.local_llm = config.llm
        yield
