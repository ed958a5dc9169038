"""Which figures, dates and names of a claim stand in the words that it cites."""

import re
import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.checking.verify import Cited, Verdict, check_figures, verify

DAY = date(2025, 5, 21)  # a Wednesday
CAMP = "The stove weighs 2.4 kg and the tent 3.1 kg."
ARMS = "India's exports to Armenia reached $86.07 million in FY2024-25."
BOTH = "India's exports to Armenia were worth $9 million and those to Azerbaijan $4 million."
TRADE = "Trade was worth $1.5 billion last year, and a deal of $2 billion was signed."
SALES = "Sales rose from 40 million in 2022 to 50 million in 2023."


def checked(claim: str, *texts: str, **around: str) -> Verdict:
    return verify(claim, [Cited(n, text, **around) for n, text in enumerate(texts, 1)])


def states(claim: str, *texts: str) -> list[str]:
    return [f.state for f in checked(claim, *texts).figures]


@pytest.mark.parametrize(
    ("claim", "cited"),
    [
        ("The tent weighs 3.1 kg.", CAMP),
        ("The tent weighs 3.1 kg and the stove 2.4 kg.", CAMP),
        ("India exported about $86 million to Armenia.", ARMS),
        ("India's exports to Armenia reached more than $86 million in FY2024-25.", ARMS),
        ("India's exports to Armenia reached nearly $87 million in 2024/25.", ARMS),
        ("India's exports to Azerbaijan were worth $4 million.", BOTH),
        ("A deal of $2 billion was signed.", TRADE),
        ("Exports rose by 5%.", "Exports rose by 5 per cent."),
        ("The bridge cost 10 to 15 million dollars.", "The bridge cost $10-15 million."),
        ("Fifteen people were hurt.", "In all, 15 people were hurt."),
        ("The fine was 1,500 million euros.", "The fine was €1.5 billion."),
    ],
)
def test_a_figure_of_the_same_subject_is_verified(claim: str, cited: str) -> None:
    verdict = checked(claim, cited)
    assert {f.state for f in verdict.figures} == {"verified"}
    assert verdict.supported, verdict.reason


@pytest.mark.parametrize(
    ("claim", "cited", "reason"),
    [
        ("The tent weighs 2.4 kg.", CAMP, "2.4 kg"),
        ("The stove weighs 3.1 kg and the tent 2.4 kg.", CAMP, "“2.4 kg”"),
        ("India's exports to Azerbaijan were worth $9 million.", BOTH, "Azerbaijan"),
        ("India's exports to Azerbaijan reached $86.07 million.", ARMS, "Azerbaijan"),
        ("The deal was worth $1.5 billion.", TRADE, "$1.5 billion"),
        ("Exports rose by 5%.", "Exports rose to 5% of output.", "change"),
        ("Exports rose to 5%.", "Exports rose by 5%.", "change"),
        ("The fair cost $5 per head.", "The fair cost $5 in total.", "per head"),
        (
            "Sales were $3 million in the first half of 2023.",
            "Sales in 2023 were $3 million.",
            "3 m",
        ),
        ("Sales were $3 million in 2022.", "Sales in 2023 were $3 million.", "2022"),
        ("India's exports to Armenia reached $86 million.", ARMS, "about"),
        ("India's exports to Armenia reached more than $87 million.", ARMS, "$86.07 million"),
        ("The bridge cost $10 million.", "The bridge cost $10-15 million.", "$10-15 million"),
        ("It drew 50 people.", "It drew more than 50 people.", "50"),
        (
            "The odds are about 1 in 292.8 million.",
            "The odds are about 1 in 292.2 million.",
            "292.2",
        ),
        ("It drew nearly 59 million.", "It drew nearly 58 million.", "58 million"),
        ("The road is 12 miles long.", "The road is 12 km long.", "12 km"),
        ("The rate fell by 2 percentage points.", "The rate fell by 2 percent.", "2 percent"),
    ],
)
def test_another_subject_unit_or_period_is_not_verified(
    claim: str, cited: str, reason: str
) -> None:
    verdict = checked(claim, cited)
    assert not verdict.supported
    assert "not_verified" in {f.state for f in verdict.figures}
    assert reason in verdict.reason


@pytest.mark.parametrize(
    ("claim", "cited", "reason"),
    [
        ("Together the stove and the tent weigh 5.5 kg.", CAMP, "sum of 2.4 kg [1] and 3.1 kg [1]"),
        ("The tent is 0.7 kg heavier than the stove.", CAMP, "difference"),
        ("Sales grew by 25 per cent.", SALES, "growth of 40 million [1] and 50 million [1]"),
        ("On average they weigh 2.75 kg.", f"They were put on the scales. {CAMP}", "average"),
        ("The ferry carries three times as many passengers as the bus.",
         "The ferry carries 90 passengers, and the bus carries 30.", "ratio"),
        ("The school took 40 per cent of the books.",
         "The town bought 50 books, of which the school took 20 books.", "share"),
    ],
)  # fmt: skip
def test_a_result_of_cited_figures_is_computed(claim: str, cited: str, reason: str) -> None:
    verdict = checked(claim, cited)
    assert "computed" in {f.state for f in verdict.figures}, verdict
    assert reason in verdict.reason


@pytest.mark.parametrize(
    ("claim", "cited"),
    [
        ("Together the stove and the tent weigh 5.6 kg.", CAMP),
        ("The stove and the tent weigh 5.5 kg.", CAMP),  # no word calls for a sum
        ("Sales grew by 20 per cent.", SALES),
        ("Sales fell by 25 per cent.", SALES),
        ("The tent is 0.9 kg heavier than the stove.", CAMP),
    ],
)
def test_a_wrong_or_uncalled_for_result_is_not_verified(claim: str, cited: str) -> None:
    assert states(claim, cited) == ["not_verified"]


def test_operands_of_two_citations_are_both_told() -> None:
    verdict = checked(
        "The stove and the tent weigh 5.5 kg in total.",
        "The stove weighs 2.4 kg.",
        "The tent weighs 3.1 kg.",
    )
    assert verdict.supported
    assert verdict.reason == "“5.5 kg” is the sum of 2.4 kg [1] and 3.1 kg [2]"


def test_a_figure_tells_which_citation_bears_it() -> None:
    found = check_figures(
        "The stove weighs 2.4 kg; the fair was held in 2019.",
        [Cited(1, "The fair was held in 2019."), Cited(2, "The stove weighs 2.4 kg.")],
    )
    assert [(f.text, f.state, f.citation) for f in found] == [
        ("2.4 kg", "verified", 2),
        ("2019", "verified", 1),
    ]


def test_quoted_words_are_verified_by_their_place() -> None:
    text = "Of the 12 boats, 7 sank; 3,000 litres of oil were lost, the 2nd spill in 4 years."
    claim = f"According to The Paper ({DAY}): “{text}” [1]"
    verdict = verify(claim, [Cited(1, text, outlet="The Paper", published=DAY)])
    assert verdict.supported
    assert all(f.figure.span.of(claim) == f.text and f.citation == 1 for f in verdict.figures)
    assert set(verdict.reasons) == {"quoted word for word", "it is the article's date"}


def test_a_fragment_in_quotation_marks_is_no_quoted_sentence() -> None:
    assert states("The tent “weighs 2.4 kg”.", CAMP) == ["not_verified"]


@pytest.mark.parametrize(
    ("claim", "cited", "good"),
    [
        ("The vote was held on 20 May 2025.", "The vote was held on May 20.", True),
        ("The vote was held on 20 May 2025.", "The vote was held on Tuesday.", True),
        ("The vote was held in May 2025.", "The vote was held on May 20, 2025.", True),
        ("The vote was held in 2024.", "The vote was held last year.", True),
        ("The vote was held in 2025.", "The vote was held in the hall.", True),
        ("The vote was held on 19 May 2025.", "The vote was held on Tuesday.", False),
        ("The vote was held on 20 May 2024.", "The vote was held on May 20.", False),
        ("The vote was held in 2025.", "The vote was held in 2023.", False),
        ("The vote was held in June 2025.", "The vote was held on May 20, 2025.", False),
        ("The vote of 2025 on the pier failed.", "The vote of 2024 on the pier failed.", False),
        ("It ran from 2016 to 2025.", "Published May 6, it says it ran from 2016 to 2020.", False),
        ("The vote was held in the 1990s.", "The vote was held in 1994.", True),
        ("The vote was held in FY2023-24.", "The vote was held in FY2024-25.", False),
    ],
)
def test_a_date_has_to_stand_there_or_be_resolved_to(claim: str, cited: str, good: bool) -> None:
    verdict = verify(claim, [Cited(1, cited, published=DAY)])
    assert verdict.supported is good, verdict.reason


def test_a_figure_whose_year_was_changed_is_not_verified_either() -> None:
    assert states("Sales in 2021 were $3 million.", "Sales in 2023 were $3 million.") == [
        "not_verified",
        "not_verified",
    ]


def test_a_name_has_to_be_in_the_words_or_around_them() -> None:
    text = "It sold 400 boats."
    assert checked("Korvin sold 400 boats.", text, before="Korvin opened in May.").supported
    missing = checked("The maker Delmar sold 400 boats.", text)
    assert missing.missing_names == ("Delmar",)
    assert "“Delmar” is not in the words cited" in missing.reason


def test_a_number_that_is_no_figure_has_to_stand_there_too() -> None:
    assert checked("The shop opens at 9 a.m.", "The shop opens at 9 a.m. daily.").supported
    assert not checked("The shop opens at 8 a.m.", "The shop opens at 9 a.m. daily.").supported


def test_nothing_cited_supports_nothing() -> None:
    assert not verify("It rained for 3 days.", []).supported


SUBJECTS = ("harbour", "market", "orchard", "railway")
MEASURES = (
    "cost ${} million", "employs {} workers", "grew by {}%", "is {} km long", "lost €{},000",
    "was closed for {} days",
)  # fmt: skip
_NUMBER = st.integers(11, 989).filter(lambda n: n % 100)


@st.composite
def sentences(draw: st.DrawFn) -> str:
    subjects = draw(st.lists(st.sampled_from(SUBJECTS), min_size=1, max_size=3, unique=True))
    clauses = [
        f"the {subject} {draw(st.sampled_from(MEASURES)).format(draw(_NUMBER))}"
        for subject in subjects
    ]
    year = draw(st.integers(1990, 2024))
    return f"In {year}, {', '.join(clauses)}."


@given(sentences())
def test_a_claim_equal_to_its_words_is_verified(sentence: str) -> None:
    assert checked(sentence, sentence).supported
    assert checked(f"However, {sentence[0].lower()}{sentence[1:]}", sentence).supported


@given(sentences(), st.data())
def test_a_changed_digit_is_never_verified(sentence: str, data: st.DataObject) -> None:
    places = [found.start() for found in re.finditer(r"\d", sentence)]
    at = data.draw(st.sampled_from(places))
    digit = data.draw(st.sampled_from([d for d in "123456789" if d != sentence[at]]))
    claim = sentence[:at] + digit + sentence[at + 1 :]
    verdict = checked(claim, sentence)
    changed = [f.state for f in verdict.figures if f.figure.span.start <= at < f.figure.span.end]
    assert changed == ["not_verified"]


def test_an_answer_is_verified_in_a_blink() -> None:
    claims = [
        (f"The harbour {m.format(n)} in {1990 + n}.", f"In {1990 + n}, the harbour {m.format(n)}.")
        for n, m in enumerate(MEASURES * 3, 12)
    ]
    took = []
    for claim, cited in claims:
        began = time.process_time()
        verify(claim, [Cited(1, cited)])
        took.append(time.process_time() - began)
    # The aim is 10 ms; a busy machine is allowed more.
    assert sorted(took)[len(took) // 2] < 0.05
