"""Whether cited words say all that a claim says, beside its figures: the rules one by one."""

from collections.abc import Sequence
from datetime import date

import pytest

from rag.checking.claims.alignment import align, tokens
from rag.checking.claims.opposites import are_opposites
from rag.checking.claims.synonyms import same_sense
from rag.checking.syntax.concepts import concept
from rag.checking.thresholds import LEAST_SUPPORT
from rag.checking.verify import Cited, Verdict, verify

WAGES = "The union sued the airline in May over unpaid wages."
BRIDGE = "The council did not approve the bridge. It may reopen the old ferry."
BRIBES = "Prosecutors alleged that the mayor took bribes from a builder."
PLANTS = "Korvin opened a plant in Lyon, and Delmar closed its plant in Turin."
TRADE = "Exports to Azerbaijan fell to $86 million, the ministry said."
CUSTOMS = "Trade with Armenia rose to $20 million, according to customs data."


class Said:
    """Models that say of all texts the same."""

    def __init__(self, relevance: float, similarity: float) -> None:
        self.values = relevance, similarity

    def relevance(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        return [self.values[0]] * len(pairs)

    def similarity(self, _: str, texts: Sequence[str]) -> list[float]:
        return [self.values[1]] * len(texts)


def checked(claim: str, *texts: str, **around: str) -> Verdict:
    return verify(claim, [Cited(n, text, **around) for n, text in enumerate(texts, 1)])


@pytest.mark.parametrize(
    ("claim", "cited"),
    [
        ("In May, the union sued the airline over unpaid wages.", WAGES),
        ("The airline was sued by the union in May over unpaid wages.", WAGES),
        ("The council didn't approve the bridge.", BRIDGE),
        ("The council failed to approve the bridge.", BRIDGE),
        ("The council might reopen the old ferry.", BRIDGE),
        ("The council did not approve the bridge and may reopen the old ferry.", BRIDGE),
        ("The mayor allegedly took bribes from a builder.", BRIBES),
        ("According to prosecutors, the mayor took bribes from a builder.", BRIBES),
        ("The mayor has denied taking bribes.", "The mayor denied taking bribes."),
        ("Korvin opened a plant in Lyon.", PLANTS),
        ("Delmar closed its plant in Turin.", PLANTS),
        ("The ministry said exports to Azerbaijan fell to $86 million.", TRADE),
        ("Officials attempted to end the strike.", "Officials tried to end the strike."),
        ("The bank is small but safe.", "The bank is small, but safe."),
    ],
)
def test_the_same_in_slightly_other_words_is_supported(claim: str, cited: str) -> None:
    verdict = checked(claim, cited)
    assert verdict.supported, verdict.reason


@pytest.mark.parametrize(
    ("claim", "cited", "reason"),
    [
        ("The council approved the bridge.", BRIDGE, "“not approve”"),
        ("The council rejected the bridge.", BRIDGE, "“rejected”"),
        ("The union did not sue the airline in May.", WAGES, "not"),
        ("It is unlikely to rain in Oslo.", "It is likely to rain in Oslo.", "unlikely"),
        ("The bank's losses rose sharply.", "The bank's losses fell sharply.", "“fell”"),
        ("It was the lowest level since the war.", "It was the highest level since the war.",
         "“highest”"),
        ("The runner-down was paid.", "The runner-up was paid.", "“runner-up”"),
        ("The mayor confirmed taking bribes.", "The mayor denied taking bribes.", "denied"),
    ],
)  # fmt: skip
def test_what_is_turned_round_is_contradicted(claim: str, cited: str, reason: str) -> None:
    verdict = checked(claim, cited)
    assert not verdict.supported
    assert verdict.contradicted
    assert reason in verdict.reason


@pytest.mark.parametrize(
    ("claim", "cited", "reason"),
    [
        ("The airline sued the union in May over unpaid wages.", WAGES, "who does what"),
        ("The union was sued by the airline in May over unpaid wages.", WAGES, "to whom"),
        ("It will reopen the old ferry.", BRIDGE, "“may”"),
        ("The mayor took bribes from a builder.", BRIBES, "“alleged”"),
        ("According to the report, the mayor took bribes from a builder.", BRIBES, "“alleged”"),
        ("Korvin opened a plant in Turin.", PLANTS, "belongs to “closed”"),
        ("Delmar opened a plant in Lyon.", PLANTS, "“Korvin”"),
        ("Exports to Azerbaijan fell to $86 million.", TRADE, "as a fact"),
        ("Customs said exports to Azerbaijan fell to $86 million.", TRADE, "customs"),
        ("All banks raised their rates.", "Some banks raised their rates.", "All"),
        ("The fire destroyed the school.", "The fire destroyed the barn.", "“barn”"),
        ("It rained.", "It snowed.", "“rained”"),
    ],
)
def test_what_is_surer_or_another_thing_is_not_supported(
    claim: str, cited: str, reason: str
) -> None:
    verdict = checked(claim, cited)
    assert not verdict.supported
    assert reason.lower() in verdict.reason.lower()


def test_a_claim_may_join_what_two_citations_say() -> None:
    claim = (
        "The ministry said exports to Azerbaijan fell to $86 million [1], while trade with Armenia"
        " rose to $20 million, according to customs data [2]."
    )
    assert checked(claim, TRADE, CUSTOMS).supported
    wrong = claim.replace("fell", "jumped")
    assert checked(wrong, TRADE, CUSTOMS).contradicted


def test_a_name_that_stands_before_the_words_may_take_a_pronouns_place() -> None:
    assert checked(
        "Ilham Korvin resigned in May.", "He resigned in May.", before="Ilham Korvin spoke."
    ).supported
    wrong = checked(
        "Ilham Korvin resigned in May.", "Lee resigned in May.", before="Ilham Korvin spoke."
    )
    assert "“Lee”" in wrong.reason


def test_a_result_may_have_words_of_its_own() -> None:
    stove, tent = "The stove weighs 2.4 kg.", "The tent weighs 3.1 kg."
    assert checked("The stove and the tent weigh 5.5 kg in total.", stove, tent).supported


def test_the_outlet_that_leads_a_claim_in_is_no_speaker() -> None:
    cited = Cited(1, BRIBES, outlet="The Paper", published=date(2025, 5, 20))
    lead = "According to The Paper (2025-05-20), "
    assert verify(f"{lead}prosecutors alleged that the mayor took bribes.", [cited]).supported
    assert not verify(f"{lead}the mayor took bribes.", [cited]).supported


def test_a_quotation_is_not_asked_for_more() -> None:
    verdict = verify(f"The Paper: “{BRIBES}” [1]", [Cited(1, BRIBES, outlet="The Paper")])
    assert verdict.supported
    assert verdict.score is None


def test_models_decide_on_a_claim_that_breaks_no_rule() -> None:
    claim = "A storm led the ferry company to stop its crossings."
    cited = [Cited(1, "Crossings were stopped by the ferry company as a storm came.")]
    kept = verify(claim, cited, scorer=Said(8.0, 0.95))
    dropped = verify(claim, cited, scorer=Said(-8.0, 0.4))
    assert kept.score is not None
    assert dropped.score is not None
    assert kept.score > LEAST_SUPPORT > dropped.score
    assert not dropped.supported
    assert not kept.faults


def test_models_cannot_outvote_a_rule() -> None:
    cited = [Cited(1, "The bank's losses fell sharply.")]
    assert verify("The bank's losses rose sharply.", cited, scorer=Said(9.0, 0.99)).contradicted


def test_words_stand_for_one_another_by_sense_and_figures_by_value() -> None:
    beside = align("It bought 1,500 million shares.", "It purchased 1.5 billion shares.")
    assert beside.places == {0: 0, 1: 1, 2: 2, 3: 3}
    assert [token.low for token in tokens("They can't, won't and cannot.")] == [
        "they", "can", "not", "will", "not", "and", "can", "not"
    ]  # fmt: skip


def test_no_synonyms_are_opposites() -> None:
    for one, other in (("began", "started"), ("rose", "grew"), ("permit", "allow")):
        assert not are_opposites(one, other)
    assert same_sense(concept("begin")) != same_sense(concept("end"))
    assert are_opposites("successful", "unsuccessful")
    assert are_opposites("harmful", "harmless")
