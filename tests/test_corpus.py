"""The shipped corpus: well-formed, in our own words, and complete against its originals."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "corpus"
SEEDS = ROOT.parent / "shared/seeds"

FIELDS = {"title", "outlet", "author", "published", "url", "restates"}
REQUIRED = {"title", "restates"}
LONGEST_SHARED_RUN = 7

FILES = sorted(CORPUS.glob("*.md"))

each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
needs_originals = pytest.mark.skipif(
    not SEEDS.is_dir(), reason=f"the original articles are not at {SEEDS}"
)

# Lines of an original that carry no news: image links, credits, legal notes.
BOILERPLATE = re.compile(r"!\[|Photo credit|SOURCE\b|NOTE\b|Based On\b")
CREDIT = re.compile(r"^(?:SOURCE: (\S+?)\.?|Based On An? (\w+) Report)$", re.MULTILINE)

# JF-17, FY2024-25, $86.07 million, 0.02%, 1267.
FIGURE = re.compile(
    r"(?<![\w.$])(?:[A-Z]+\d*-\d+|[A-Z]*\$?\d+(?:[.,]\d+)*%?)(?: (?:thousand|million|billion)\b)?"
)
# A written number, with whatever is joined to it: six, half, one-fifth, third-largest.
NUMBER_WORD = re.compile(
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen"
    r"|billion|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth"
    r"|half|quarter|twice|double)(?:-[a-z]+)*\b"
)
WORD = re.compile(r"[A-Z]+\d*-\d+|\w+(?:[.,]\d+)*")


def parts(path):
    """Front matter and body of a corpus file."""
    opening, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
    assert opening == "", f"{path.name} does not begin with front matter"
    return yaml.safe_load(front), body


def original_of(path):
    return (SEEDS / parts(path)[0]["restates"]).read_text(encoding="utf-8")


def prose(original):
    return [
        line.strip()
        for line in original.splitlines()
        if line.strip() and not BOILERPLATE.match(line.strip())
    ]


def tokens(text):
    """Words as they are compared: a full stop does not hide that two are the same."""
    return [word.rstrip(".") for word in re.findall(r"[a-z0-9.$%]+", text.lower())]


def runs(text, length):
    words = tokens(text)
    return {" ".join(words[i : i + length]) for i in range(len(words) - length + 1)}


def figures(text):
    return set(FIGURE.findall(text)) | set(NUMBER_WORD.findall(text.lower()))


def sentences(line):
    return re.split(r"(?<=[.!?])\s+", line)


def is_heading(line):
    """A headline, heading or caption: its capitals do not tell a name."""
    return line[-1] not in '.!?"”'


def capitalised_in_mid_sentence():
    """Words that some original writes with a capital where grammar does not ask for one."""
    return {
        match.group()
        for original in SEEDS.glob("*.txt")
        for line in prose(original.read_text(encoding="utf-8"))
        if not is_heading(line)
        for sentence in sentences(line)
        for match in list(WORD.finditer(sentence))[1:]
        if match.group()[0].isupper()
    }


def names(original):
    """Proper names of an original; neighbours form one name: Silk Road, Article 370.

    Possessives and hyphens end a name: Azerbaijan's | Defence Ministry, Nagorno | Karabakh.
    """
    known = capitalised_in_mid_sentence()
    found = set()
    for sentence in (s for line in prose(original) for s in sentences(line)):
        name, end = "", 0
        for match in WORD.finditer(sentence):
            word, gap = match.group(), sentence[end : match.start()]
            if name and gap == " " and (word in known or word.isdigit()):
                name += f" {word}"
            elif name and gap == " " and word == "of" and _name_follows(sentence, match, known):
                name += " of"
            else:
                found.add(name)
                name = word if word in known else ""
            end = match.end()
        found.add(name)
    return found - {""}


def _name_follows(sentence, match, known):
    following = WORD.match(sentence, match.end() + 1)
    return following is not None and following.group() in known


def has_word(text, word):
    """Whether `word` stands in `text`, whole and with its capitals."""
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", " ".join(text.split())) is not None


def test_the_corpus_is_not_empty():
    assert FILES


@each_file
def test_front_matter_has_the_required_and_no_unknown_fields(path):
    front, _ = parts(path)
    assert front.keys() >= REQUIRED
    assert front.keys() <= FIELDS
    assert all(front.values()), "a field that the original does not give is left out, not empty"


@each_file
def test_body_is_not_empty(path):
    _, body = parts(path)
    assert body.strip()


@needs_originals
def test_every_original_is_restated_exactly_once():
    restated = sorted(parts(path)[0]["restates"] for path in FILES)
    assert restated == sorted(path.name for path in SEEDS.glob("*.txt"))


@needs_originals
@each_file
def test_no_run_of_eight_words_is_shared_with_any_original(path):
    ours = runs(path.read_text(encoding="utf-8"), LONGEST_SHARED_RUN + 1)
    for original in SEEDS.glob("*.txt"):
        theirs = runs(original.read_text(encoding="utf-8"), LONGEST_SHARED_RUN + 1)
        assert sorted(ours & theirs) == [], f"copied from {original.name}"


@needs_originals
@each_file
def test_every_figure_of_the_original_is_kept(path):
    expected = figures("\n".join(prose(original_of(path))))
    assert expected, "no figure was found in the original"
    assert sorted(expected - figures(parts(path)[1])) == []


@needs_originals
@each_file
def test_no_figure_is_added_to_those_of_the_original(path):
    given = set(FIGURE.findall(original_of(path)))
    assert sorted(set(FIGURE.findall(parts(path)[1])) - given) == []


@needs_originals
@each_file
def test_every_proper_name_of_the_original_is_kept(path):
    expected = names(original_of(path))
    assert expected, "no name was found in the original"
    body = parts(path)[1]
    assert sorted(name for name in expected if not has_word(body, name)) == []


@needs_originals
@each_file
def test_outlet_is_the_one_that_the_original_credits(path):
    outlet = parts(path)[0].get("outlet")
    credit = CREDIT.search(original_of(path))
    if credit is None:
        assert outlet is None
    else:
        assert has_word(outlet or "", credit[1] or credit[2])
