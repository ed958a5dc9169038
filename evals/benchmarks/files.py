"""The path of a public data set → its articles and questions, or what is wrong with the file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from evals.benchmarks.realtimeqa import NewsCase, load_realtimeqa
from evals.benchmarks.wice import WiceClaim, load_wice
from evals.benchmarks.xquad import XquadQuestion, load_xquad, xquad_articles
from evals.gold import CasesError
from rag.types import Article


def read_xquad(path: Path) -> tuple[tuple[Article, ...], tuple[XquadQuestion, ...]]:
    """XQuAD's paragraphs and questions.

    Raises:
        CasesError: The file is missing or another one.
    """
    with faults_told(path, "XQuAD's xquad-en.json (SQuAD v1.1 format)"):
        return xquad_articles(path), load_xquad(path)


def read_realtimeqa(
    path: Path, n_articles: int | None
) -> tuple[tuple[Article, ...], tuple[NewsCase, ...]]:
    """RealTime QA's articles and cases.

    Raises:
        CasesError: The file is missing or another one.
    """
    with faults_told(path, "RealTime QA's realtimeqa-dev.json.gz"):
        return load_realtimeqa(path, n_articles=n_articles)


def read_wice(path: Path) -> tuple[WiceClaim, ...]:
    """WiCE's claims.

    Raises:
        CasesError: The file is missing or another one.
    """
    with faults_told(path, "WiCE's wice-claim-dev.jsonl"):
        return load_wice(path)


@contextmanager
def faults_told(path: Path, wanted: str) -> Iterator[None]:
    """Turns what reading a file raises into a message.

    Raises:
        CasesError: The file is missing or another one than is wanted.
    """
    try:
        yield
    except OSError as error:
        raise CasesError(
            f"{path}: cannot be read ({error.strerror or error}); give the path of {wanted}, which"
            " is not part of this project"
        ) from error
    except (ValueError, KeyError, TypeError, IndexError, EOFError) as error:
        raise CasesError(f"{path}: is not {wanted} ({type(error).__name__}: {error})") from error
