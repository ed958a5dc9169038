"""Files become articles with their text unchanged; what cannot be read is named with its reason."""

from __future__ import annotations

import hashlib
import os
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import ArticleError, CorpusError
from rag.reading.articles import MAX_BODY_CHARS, MAX_FILE_BYTES, read_article, read_articles
from rag.reading.blocks import split_blocks
from rag.splitting.passages import split_passages

ROOT = Path(__file__).parents[1]
SEEDS = ROOT.parent / "shared/seeds"
TIES, ARMS, BOYCOTT = (
    SEEDS / name
    for name in (
        "000_8a657a930c168f7e.txt",
        "001_d08ef8ab0dee11e2.txt",
        "002_7cba859883b6e846.txt",
    )
)
needs_originals = pytest.mark.skipif(
    not SEEDS.is_dir(), reason=f"the original articles are not at {SEEDS}"
)


def written(path: Path, text: str) -> Path:
    path.write_bytes(text.encode("utf-8"))
    return path


def kinds(body: str) -> list[tuple[str, str]]:
    return [(block.kind, block.span.of(body)) for block in split_blocks(body)]


def boilerplate(path: Path) -> list[str]:
    article = read_article(path)
    return [span.of(article.body) for span in article.boilerplate]


# The originals


@needs_originals
def test_of_the_commentary_the_credit_the_repeats_and_the_related_news_are_boilerplate() -> None:
    headline, credit, related, *repeat = boilerplate(TIES)
    assert headline == read_article(TIES).source.title
    assert (credit, related) == ("Photo credit: IndiaTimes", "Related news")
    assert " ".join(repeat).startswith("The relationship between India")


@needs_originals
def test_of_the_report_the_image_the_source_and_the_legal_note_are_boilerplate() -> None:
    source, image, note = boilerplate(ARMS)
    assert source == "SOURCE: IDRW.ORG."
    assert image.startswith("![](")
    assert note.startswith("NOTE : Article cannot be reproduced")
    assert read_article(ARMS).source.outlet == "IDRW.ORG"


@needs_originals
def test_of_the_story_only_the_credit_at_its_end_is_boilerplate() -> None:
    assert boilerplate(BOYCOTT) == ["Based On A FirstPost Report"]
    assert read_article(BOYCOTT).source.outlet == "an article based on a FirstPost report"


@needs_originals
def test_captions_and_headings_of_the_commentary_are_no_answers() -> None:
    article = read_article(TIES)
    headings = [span.of(article.body) for span in article.headings]
    assert {"bilateral trade", "Armenia and India", "The Strategic Imperative for Deeper Ties"} <= {
        *headings
    }
    assert all(not heading.endswith(".") for heading in headings)


@needs_originals
@pytest.mark.parametrize("path", [TIES, ARMS, BOYCOTT], ids=["ties", "arms", "boycott"])
def test_an_original_is_kept_to_the_character_and_says_no_more_than_it_does(path: Path) -> None:
    raw = path.read_bytes()
    article = read_article(path)
    assert article.body.encode("utf-8") == raw
    assert article.version == hashlib.sha256(raw).hexdigest()
    assert (article.source.published, article.source.author, article.source.url) == (None,) * 3
    cited = [p.sentence(span) for p in split_passages(article) for span in p.sentences]
    assert not [said for said in cited if re.match(r"!\[|Photo|SOURCE|NOTE|Based On|Related", said)]
    assert len(cited) == len(set(cited))


# Blocks


@pytest.mark.parametrize(
    "line",
    [
        "![A tank](https://example.com/a.jpg)",
        "<img src='a.jpg'>",
        "Photo credit: IndiaTimes",
        "(Photo: AFP)",
        "File photo courtesy of ANI",
        "Image for representation",
        "SOURCE: IDRW.ORG.",
        "Based On A FirstPost Report",
        "With inputs from agencies",
        "Read more: Five things to know about oil",
        "Also read | What the deal means",
        "Advertisement",
        "Click here to subscribe",
        "© 2024 The Paper. All rights reserved.",
        "NOTE: this article may not be reproduced without permission.",
    ],
)
def test_lines_that_carry_no_news_are_boilerplate(line: str) -> None:
    body = f"Trade grew by a tenth in May.\n\n{line}\n\nIt fell in June."
    assert [kind for kind, _ in kinds(body)] == ["prose", "boilerplate", "prose"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Photographs of the tanks were shown on television.",
        "Source countries export oil.",
        "Reading more books is the aim of the new law.",
        "The court found that a song without permission was copied and sold for years. " * 6,
        "Exports: $86 million",
        "The report was based on figures of the ministry, which were published in May.",
    ],
    ids=lambda sentence: sentence[:20],
)
def test_sentences_that_look_like_boilerplate_are_prose(sentence: str) -> None:
    body = f"Trade grew by a tenth in May.\n\n{sentence}\n\nIt fell in June."
    assert [kind for kind, _ in kinds(body)] == ["prose"] * 3


def test_what_follows_related_news_is_boilerplate_only_near_the_end() -> None:
    story = "\n\n".join(f"Trade grew in year {n}, the ministry said." for n in range(12))
    tail = "\n\nRelated news\n\nA wholly different story began in March."
    assert [kind for kind, _ in kinds(story + tail)][-2:] == ["boilerplate"] * 2
    assert {kind for kind, _ in kinds("Related news\n\n" + story)} == {"heading", "prose"}


def test_a_repeated_paragraph_counts_once() -> None:
    said = "Trade grew by a tenth in May, the ministry of the country said on Monday."
    assert [kind for kind, _ in kinds(f"{said}\n\nIt fell.\n\n{said}")] == [
        "prose",
        "prose",
        "boilerplate",
    ]


def test_wrapped_lines_are_one_paragraph_and_list_items_are_their_own() -> None:
    body = (
        "Trade between the two countries grew by a tenth in\nMay, the ministry said.\n"
        "- Oil is sold to India\n- Gas is sold to Turkey\n"
    )
    assert kinds(body) == [
        ("prose", "Trade between the two countries grew by a tenth in\nMay, the ministry said."),
        ("prose", "Oil is sold to India"),
        ("prose", "Gas is sold to Turkey"),
    ]


@given(st.text())
def test_any_text_has_blocks_inside_it(body: str) -> None:
    for block in split_blocks(body):
        assert 0 <= block.span.start < block.span.end <= len(body)
        assert block.span.of(body) == block.span.of(body).strip()


# Bodies


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
@pytest.mark.parametrize(
    "body",
    [
        "Trade grew.\r\n\r\nIt fell in June.\r\n",
        "\ufeffTrade grew.\n\nIt fell in June.",
        "\n\n  Trade grew.\t\n\x0cIt fell\u2028in June.\n\n\n",
        "Cafe\u0301 and café are two words 🙂.",
    ],
    ids=["crlf", "bom", "spaces", "combining"],
)
def test_a_body_is_the_files_text_unchanged(name: str, body: str, tmp_path: Path) -> None:
    article = read_article(written(tmp_path / name, body))
    assert article.body == body
    assert all(p.text == p.span.of(body) for p in split_passages(article))


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "bom"])
def test_front_matter_is_the_card_and_the_rest_the_body(
    newline: str, mark: str, tmp_path: Path
) -> None:
    body = f"{newline}Trade grew.{newline}---{newline}It fell.{newline}"
    card = ["---", "title: 'Trade: up'", "outlet: The Post", "published: 2025-05-20", "---", ""]
    path = written(tmp_path / "My Story (2).md", mark + newline.join(card) + body)
    article = read_article(path)
    assert article.body == body
    source = article.source
    assert (source.title, source.outlet, source.published) == (
        "Trade: up",
        "The Post",
        date(2025, 5, 20),
    )
    assert (source.author, source.url) == (None, None)
    assert (source.article_id, source.path) == ("my-story-2", str(path.resolve()))


@pytest.mark.parametrize(
    ("given_date", "published"),
    [
        ("2025-05-20", date(2025, 5, 20)),
        ("'2025-05-20'", date(2025, 5, 20)),
        ("2025-05-20T09:30:00Z", date(2025, 5, 20)),
        ("", None),
    ],
)
def test_published_is_an_iso_date_or_unknown(
    given_date: str, published: date | None, tmp_path: Path
) -> None:
    path = written(tmp_path / "a.md", f"---\npublished: {given_date}\n---\nTrade grew.")
    assert read_article(path).source.published == published


def test_without_a_headline_the_opening_words_are_the_title(tmp_path: Path) -> None:
    opening = (
        "Trade between India and Azerbaijan grew by more than a tenth in May, says the ministry."
    )
    title = read_article(written(tmp_path / "a.txt", opening)).source.title
    assert title == "Trade between India and Azerbaijan grew by more than a tenth in May …"
    headed = read_article(written(tmp_path / "b.md", f"# Trade is up\n\n{opening}"))
    assert headed.source.title == "Trade is up"


# What cannot be read


BAD = {
    "binary.txt": (b"GIF89a\x00\x01\x02", "is a binary file"),
    "control.txt": (b"\x01\x02\x03\x04 text " * 9, "is a binary file"),
    "utf16.txt": ("Trade grew.".encode("utf-16"), "is not UTF-8|is a binary file"),
    "latin.txt": ("Café".encode("latin-1"), r"is not UTF-8 text \(byte 3\)"),
    "empty.txt": (b"", "holds no text"),
    "blank.md": (b"---\ntitle: A\n---\n \n", "holds no text"),
    "no-ending": (b"Trade grew.", "no ending is not read yet"),
    "paper.pdf": (b"%PDF-1.7", r"\.pdf ending is not read yet"),
    "open.md": (b"---\ntitle: A\nTrade grew.\n", "line 1 opens front matter that no '---'"),
    "colon.md": (b"---\ntitle: a: b\noutlet: c\n---\nTrade grew.", "line 2 is not YAML"),
    "list.md": (b"---\n- a\n---\nTrade grew.", "is not a list of 'field: value' lines"),
    "nested.md": (b"---\ntitle: [a, b]\n---\nTrade grew.", r"'title' is \['a', 'b'\]"),
    "date.md": (b"---\npublished: 20 May\n---\nTrade grew.", "'published' is '20 May'"),
    "day.md": (b"---\npublished: 2025-02-31\n---\nTrade grew.", "has a bad value"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_is_no_article_is_named_with_reason_and_place(
    name: str, tmp_path: Path
) -> None:
    content, reason = BAD[name]
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ArticleError, match=reason) as raised:
        read_article(path)
    assert str(raised.value).startswith(f"{path}: ")
    assert "\n" not in str(raised.value)


def test_a_file_that_is_too_large_is_not_loaded(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)  # sparse: takes no room
    with pytest.raises(ArticleError, match=r"20,000,001 bytes; at most 20,000,000"):
        read_article(path)
    long = written(tmp_path / "long.txt", "word " * (MAX_BODY_CHARS // 5 + 1))
    with pytest.raises(ArticleError, match=r"over 2,000,000 characters; split the file"):
        read_article(long)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    path = written(tmp_path / "secret.txt", "Trade grew.")
    path.chmod(0)
    with pytest.raises(ArticleError, match=r"secret\.txt: cannot be opened \(Permission denied\)"):
        read_article(path)


def test_what_is_no_regular_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "folder.txt").mkdir()
    os.mkfifo(tmp_path / "pipe.txt")  # opening it would wait for ever
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere.txt")
    for name in ("folder.txt", "pipe.txt", "gone.txt"):
        with pytest.raises(ArticleError, match=rf"{name}: is not a regular file"):
            read_article(tmp_path / name)


# Folders


def test_a_folder_is_walked_in_order_without_links_hidden_files_and_other_formats(
    tmp_path: Path,
) -> None:
    news = tmp_path / "news"
    for name in ("b.md", "a.txt", "deep/er/c.markdown", ".hidden.md", ".git/d.md", "e.py", "f.pdf"):
        path = news / name
        path.parent.mkdir(parents=True, exist_ok=True)
        written(path, "Trade grew.")
    outside = written(tmp_path / "outside.md", "Trade fell.")
    (news / "link.md").symlink_to(outside)
    (news / "around").symlink_to(news, target_is_directory=True)
    reading = read_articles([news])
    names = [Path(article.source.path).name for article in reading.articles]
    assert names == ["a.txt", "b.md", "c.markdown"]
    ((refused),) = reading.refused
    assert (refused.path, refused.reason[:26]) == (
        news / "f.pdf",
        ".pdf ending is not read yet"[:26],
    )


def test_a_link_that_is_named_itself_is_read(tmp_path: Path) -> None:
    path = written(tmp_path / "story.md", "Trade grew.")
    (tmp_path / "link.md").symlink_to(path)
    (article,) = read_articles([tmp_path / "link.md"]).articles
    assert article.source.path == str(path.resolve())


def test_bad_files_are_listed_and_the_rest_is_read(tmp_path: Path) -> None:
    written(tmp_path / "good.txt", "Trade grew.")
    for name, (content, _) in BAD.items():
        (tmp_path / name).write_bytes(content)
    reading = read_articles([tmp_path, tmp_path / "good.txt"])
    assert [article.source.article_id for article in reading.articles] == ["good"]
    walked = {name for name in BAD if name != "no-ending"}
    assert {refused.path.name for refused in reading.refused} == walked
    assert not any(str(tmp_path) in refused.reason for refused in reading.refused)


def test_nothing_to_read_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"nowhere: no such file or folder"):
        read_articles([tmp_path / "nowhere"])
    with pytest.raises(CorpusError, match=r"no articles in here; put \.markdown or \.md"):
        read_articles([tmp_path])
    written(tmp_path / "a.txt", " ")
    written(tmp_path / "b.txt", " ")
    with pytest.raises(
        CorpusError, match=r"no article could be read: .*a\.txt: holds no text.* \(and 1 more\)"
    ):
        read_articles([tmp_path])
