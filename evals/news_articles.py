"""RealTime QA's file and a list of its articles → a folder of Markdown files to ask."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args

import yaml

from evals.benchmarks.files import read_realtimeqa
from evals.suite import BUILT_IN
from rag.errors import RagError
from rag.reading.articles import READERS
from rag.types import Article

ListName = Literal["a", "b"]

NEWS = BUILT_IN / "news"
DATA = "realtimeqa-dev.json.gz"
"""What the data's file is called where its folder is named."""


class NewsArticlesError(RagError):
    """The data is another edition than the suites are about, or its articles cannot be written."""


@dataclass(frozen=True, slots=True)
class Listed:
    """Which article of RealTime QA a suite knows by a file's name."""

    file: str
    id: str
    """Its id in RealTime QA's file."""
    outlet: str
    """The publisher as it calls itself; the data has its address alone."""
    sha256: str
    """Of the text, in hex: another edition of the data is noticed by it."""


def load_list(name: ListName) -> tuple[Listed, ...]:
    """The articles that `dev-a` (list `a`), or `dev-b` and `test` (list `b`), are about."""
    lines = (NEWS / f"articles-{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(Listed(**json.loads(line)) for line in lines)


def as_markdown(articles: Iterable[Article], listed: Sequence[Listed]) -> Mapping[str, str]:
    """What each file is to hold, by its name.

    Args:
        articles: RealTime QA's, as `evals.benchmarks.realtimeqa` reads them.
        listed: Those that are wanted.

    Raises:
        NewsArticlesError: Some are missing, or have another text than the list knows.
    """
    by_id = {article.source.article_id: article for article in articles}
    if missing := [f"{one.file} ({one.id})" for one in listed if one.id not in by_id]:
        raise NewsArticlesError(
            f"{len(missing)} of {len(listed)} articles are not in the data: {_some(missing)};"
            f" give the edition of {DATA} that has them"
        )
    changed = [
        f"{one.file} ({one.id})" for one in listed if _sha256(by_id[one.id].body) != one.sha256
    ]
    if changed:
        raise NewsArticlesError(
            f"{len(changed)} of {len(listed)} articles have another text than the questions are"
            f" about: {_some(changed)}; give the edition of {DATA} that they were written on"
        )
    return {one.file: _markdown(by_id[one.id], one.outlet) for one in listed}


def write_folder(files: Mapping[str, str], folder: Path) -> None:
    """Writes the files; those that are there already by the same names are written anew.

    Raises:
        NewsArticlesError: The folder holds other articles, or cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # `footnote eval --articles` asks all that a folder holds, so that others' would answer too.
        others = sorted(
            str(path.relative_to(folder))
            for path in folder.rglob("*")
            if path.suffix.lower() in READERS and str(path.relative_to(folder)) not in files
        )
        if others:
            raise NewsArticlesError(
                f"{folder}: holds other articles, {_some(others)}, which would be asked too;"
                " name a folder of its own"
            )
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise NewsArticlesError(
            f"{folder}: cannot be written to ({error.strerror or error}); name another folder"
        ) from error


def main(argv: Sequence[str] | None = None) -> int:
    """Says how many articles it wrote; the exit code is 0, or 1 after an error."""
    parser = argparse.ArgumentParser(prog="python -m evals.news_articles", description=__doc__)
    parser.add_argument(
        "--realtimeqa", type=Path, required=True, metavar="PATH", help=f"{DATA}, or its folder"
    )
    parser.add_argument(
        "--set",
        choices=get_args(ListName),
        required=True,
        help="a: what news/dev-a.jsonl is about; b: news/dev-b.jsonl and news/test.jsonl",
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    args = parser.parse_args(argv)
    data = args.realtimeqa / DATA if args.realtimeqa.is_dir() else args.realtimeqa
    try:
        articles, _ = read_realtimeqa(data, None)
        files = as_markdown(articles, load_list(cast("ListName", args.set)))
        write_folder(files, args.out)
    except RagError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{len(files)} articles in {args.out}\n")
    return 0


def _markdown(article: Article, outlet: str) -> str:
    source = article.source
    fields = {
        "title": source.title,
        "outlet": outlet,
        "published": source.published,
        "url": source.url,
    }
    # Wide enough for any title: a reader of the file finds each field on a line of its own.
    front = yaml.safe_dump(fields, allow_unicode=True, sort_keys=False, width=10_000)
    return f"---\n{front}---\n\n{article.body.strip()}\n"


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more


if __name__ == "__main__":
    raise SystemExit(main())
