"""Proper names: found as written, told apart from sentence openings, and recognised again."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.checking.syntax import names as module
from rag.checking.syntax.names import Name, aligned, country_keys, find_names, is_named
from rag.types import Span

PIECES = [
    "India", "indians", "New Delhi", "Baku’s ", "the US", "us", "Ilham Aliyev", "OIC", "JF-17",
    "\u0130ran", "\u0131ran", "Ru\u017f\u017fia", "\u212aenya", "É", "ß",
    " of ", " the ", "’s", ".", " ", "\n", "“", "-",
]  # fmt: skip
TEXTS = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=8)), max_size=20).map("".join)


def keys(text: str) -> list[str]:
    return [name.key for name in find_names(text)]


def name(text: str) -> Name:
    (found,) = find_names(f"This is about {text}.")
    return found


def aliases() -> list[tuple[str, str]]:
    """Every name of the table with the country that it stands for."""
    table = Path(module.__file__).with_name("countries.tsv").read_text(encoding="utf-8")
    rows = [line for line in table.splitlines() if not line.startswith("#")]
    first: dict[str, tuple[str, str]] = {}
    for country, demonyms, others in csv.reader(rows, delimiter="\t"):
        for alias in filter(None, [country, *others.split("|")]):
            first.setdefault(alias.lower(), (alias, country))
        for alias in filter(None, demonyms.split("|")):
            first.setdefault(alias.lower(), (alias, country))
    return list(first.values())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("India’s exports to Baku, says Ilham Aliyev", ["India", "Azerbaijan", "Ilham Aliyev"]),
        ("Indians buy Azerbaijani oil", ["India", "Azerbaijan"]),
        ("a visit to New Delhi", ["India"]),
        ("South Korea and North Korea", ["South Korea", "North Korea"]),
        ("in india, of all places", ["India"]),
        ("the US and China", ["United States", "China"]),
        ("They gave us china from Turkey", ["Turkey"]),
        ("Jets of the type JF-17 came", ["JF-17"]),
        ("the forum is the OIC", ["OIC"]),
        ("İran said so", ["Iran"]),
        ("Traditionally, they agreed.", []),
        ("On Monday, 5 January, it rained", []),
        ("It grew in FY2024-25 and Q1", []),
    ],
)
def test_names_are_found_and_countries_stand_for_themselves(text: str, found: list[str]) -> None:
    assert keys(text) == found


def test_every_name_of_the_table_stands_for_its_country() -> None:
    wrong = {
        alias: country_keys(f"This is about {alias} today.")
        for alias, country in aliases()
        if country not in country_keys(f"This is about {alias} today.")
    }
    assert wrong == {}


def test_a_name_is_given_without_its_possessive_and_with_its_place() -> None:
    text = "They met Ilham Aliyev’s aides."
    (found,) = find_names(text)
    assert (found.text, found.kind) == ("Ilham Aliyev", "other")
    assert found.span == Span(9, 21)


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("Azerbaijan", "Baku kept silent."),
        ("Azerbaijan", "Azerbaijanis travel."),
        ("Ilham Aliyev", "President Aliyev spoke."),
        ("Organisation of Islamic Cooperation", "At the OIC he spoke."),
        ("OIC", "the Organisation of Islamic Cooperation"),
        ("Confederation of Traders", "traders of the confederation"),
    ],
)
def test_a_thing_is_named_by_another_of_its_names(asked: str, sentence: str) -> None:
    assert is_named(name(asked), sentence)


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("Armenia", "Azerbaijan kept silent."),
        ("South Korea", "North Korea kept silent."),
        ("Ilham Aliyev", "Ilham Mammadov spoke."),
        ("Niger", "Nigeria kept silent."),
        ("OIC", "the OECD"),
        ("JF-17", "the JF-18"),
    ],
)
def test_a_like_name_is_not_the_same(asked: str, sentence: str) -> None:
    assert not is_named(name(asked), sentence)


def test_a_question_takes_the_sentences_name_of_a_country() -> None:
    assert aligned("What worries New Delhi about Baku?", "India watches Baku.") == (
        "What worries India about Baku?"
    )
    same = "What worries India about Baku?"
    assert aligned(same, "India watches Baku.") == same
    assert aligned(same, "Nobody is named.") == same


@given(TEXTS)
def test_names_of_any_text_stand_in_it_in_order(text: str) -> None:
    last = 0
    for found in find_names(text):
        assert found.span.start >= last
        assert text.startswith(found.text, found.span.start)
        assert found.span.start + len(found.text) <= found.span.end
        assert is_named(found, text) or found.kind == "other"
        last = found.span.start


@given(TEXTS, TEXTS)
def test_aligning_any_question_changes_no_country_it_names(question: str, sentence: str) -> None:
    assert country_keys(aligned(question, sentence)) >= country_keys(question)
