"""Yes or no is said only where a sentence surely decides the question."""

from __future__ import annotations

import pytest

from rag.answering.yesno.verdict import differs, polarity

CLOSED = "The bank closed two branches in Maro in May."
DOUBTS = (
    "The bank may close its branches.",
    "The bank wants to close its branches.",
    "The bank reportedly closed its branches.",
    "If the bank closed its branches, customers would leave.",
    "Critics claim that the bank closed its branches.",
    "The bank stopped short of a decision and will close its branches.",
    "The bank almost closed its branches.",
    "The bank closed most of its branches.",
    "The bank was expected to close its branches.",
)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Did the bank close two branches?", CLOSED),
        ("Did the bank close branches in May?", CLOSED),
        ("Has trade with Maro shrunk?", "Trade with Maro has already shrunk to 16% of it."),
        ("Is Maro the third-largest buyer of oil?", "Maro is the third-largest buyer of oil."),
        ("Is it true that Maro buys oil?", "Maro buys oil from the coast."),
        ("Did the mayor visit Maro?", "Mayor Ines Holt made the visit, the mayor visited Maro."),
        ("Did Sennet Bank accept the fine?", "Sennet Bank said that it accepted the fine."),
        (
            "Does the port rely on trade from Maro?",
            "Because the port relies on tourism and trade from Maro, the paper expects losses.",
        ),
        (
            "Did Ostland recognise Maro once the union dissolved?",
            "Ostland was among the first nations that recognised Maro once the union dissolved.",
        ),
        ("Did exports exceed $50 million?", "Exports came to $86 million."),
    ],
)
def test_a_clause_with_all_that_is_asked_says_yes(question: str, sentence: str) -> None:
    assert polarity(question, sentence) == "yes"


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Does the bank close branches?", "The bank does not close branches."),
        ("Has trade with Maro increased?", "Trade with Maro has noticeably declined."),
        ("Has Maro been silent about the dam?", "Maro has been outspoken about the dam."),
        ("Is Maro the largest buyer of oil?", "Maro is the third-largest buyer of oil."),
        ("Did exports exceed $100 million?", "Exports came to $86 million."),
        ("Did the cranes cost 4.6 billion euros?", "The cranes cost 4.6 million euros."),
        ("Is there evidence of fraud in Maro?", "There is no evidence of fraud in Maro."),
    ],
)
def test_a_denial_a_contrary_or_another_figure_says_no(question: str, sentence: str) -> None:
    assert polarity(question, sentence) == "no"


@pytest.mark.parametrize("sentence", DOUBTS)
def test_what_is_doubted_wished_or_partly_so_decides_nothing(sentence: str) -> None:
    assert polarity("Did the bank close its branches?", sentence) is None


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        # another clause has the month, the country, the verb
        ("Did Holt visit Maro in May?", "Kral visited Maro in May, and Holt visited it in July."),
        (
            "Did Maro get drones from Ostland?",
            "Maro got drones from Torvia, and tents from Ostland.",
        ),
        ("Did Maro attack Ostland?", "Ostland attacked Maro."),
        ("Did Iran agree with the US?", "Iran agreed with the mediators."),
        ("Did prices go up?", "Prices went down."),
        ("Does the firm sell arms?", "The firm stopped selling arms."),
        ("Did the firm sell arms?", "The firm stopped selling arms."),
        ("Did the firm sell arms?", "The firm declined to sell arms."),
        ("Did the bank close all branches?", CLOSED),
        ("Will the bank close two branches?", CLOSED),
        ("Are customers of the bank affected?", "The bank is affected."),
        ("Does the plant run?", "The plant was run by Kral until 1990."),
        ("Did Holt or Kral win?", "Holt won."),
        ("Did Maro not sell arms?", "Maro sold arms."),
        ("Did Maro sell arms?", "“Maro sold arms,” he told the court."),
        ("Has the town been dissolved?", "[1] Official source: the town has been dissolved."),
        ("Did Holt sign the bill?", "Holt signed a bill on wages."),
        ("Did Holt sign the bill?", "Holt has not signed either of the bills."),
        ("Did Holt sell arms in 2020?", "Holt did not sell arms in 2024."),
    ],
)
def test_words_that_only_look_like_it_decide_nothing(question: str, sentence: str) -> None:
    assert polarity(question, sentence) is None


def test_a_sentence_that_the_next_one_takes_back_decides_nothing() -> None:
    question, sentence = "Has the town been dissolved?", "The town has been dissolved."
    assert polarity(question, sentence) == "yes"
    assert polarity(question, sentence, after="The line was part of an April joke.") is None


def test_a_pronoun_is_the_subject_of_the_sentence_before() -> None:
    question, said = "Does Dora Quint belong to a party?", "She does not belong to any party."
    assert polarity(question, said, before="Dora Quint promised to reopen the baths.") == "no"
    assert polarity(question, said, before="Petra Noll apologised.") is None


def test_another_sentence_with_another_figure_of_the_same_thing_unsettles_the_first() -> None:
    question, deciding = "Is the Skua 118 metres long?", "The Skua is 118 metres long."
    assert differs(question, deciding, "The Skua measures 124 metres in length.")
    assert not differs(question, deciding, "The Gannet measures 124 metres in length.")
    assert not differs(question, deciding, "The Skua carries 600 passengers.")


def test_another_rank_of_something_else_leaves_it_settled() -> None:
    question, deciding = (
        "Is Maro the third-largest buyer of oil?",
        "Maro is the third-largest buyer.",
    )
    assert not differs(question, deciding, "Maro ranked seventh-largest among the partners.")
    assert differs(question, deciding, "Maro is the fifth-largest buyer of oil.")
