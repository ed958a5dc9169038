"""A model's answers on the shipped corpus: shown when checked, never taken back, never blank."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from fake_model import FakeModel, Reply, passage_with

from rag import Answer, Chatbot
from rag.answer import Working
from rag.config import load_config
from rag.errors import LlmError
from rag.types import Filters

TRADE = "How much is trade between India and Azerbaijan worth?"
UNANSWERABLE = "What were India's exports to Armenia in FY2024-25?"
SAID = "Bilateral trade between India and Azerbaijan currently amounts to $1.5 billion."
IMPRESSIVE = (
    "The author calls the $1.5 billion impressive but says that the true potential of trade between"
    " India and Azerbaijan has hardly been touched."
)
INVENTED = "The population of Baku is 2.3 million people."
LIE = "Bilateral trade between India and Azerbaijan currently amounts to $2.5 billion."
Open = Callable[..., Chatbot]


@pytest.fixture(scope="module")
def chatbot(corpus_home: Path) -> Iterator[Chatbot]:
    with Chatbot.open(config=load_config(home=corpus_home, environ={})) as bot:
        yield bot


@pytest.fixture
def open_bot(chatbot: Chatbot) -> Open:
    """The chatbot with a model that replies so; loading its models anew takes a second."""

    def opened(*replies: Reply, **settings: object) -> Chatbot:
        chatbot._llm = FakeModel(*replies, **settings)
        return chatbot

    return opened


def cites(*sentences: str, at: str = SAID) -> Callable[[str], str]:
    """A reply of the sentences, each citing the prompt's passage that has the words."""
    return lambda prompt: " ".join(f"{s} [{passage_with(prompt, at)}]" for s in sentences)


def texts(answer: Answer) -> list[str]:
    return [claim.text.rpartition(" [")[0] for claim in answer.claims]


def assert_whole(answer: Answer, bot: Chatbot) -> None:
    """Holds of every answer, whatever the model did."""
    assert answer.text.strip()
    for citation in answer.citations:
        body = bot.article(citation.source.article_id).body
        assert citation.span.of(body) == citation.cited_text
    assert [c.number for c in answer.citations] == list(range(1, len(answer.citations) + 1))
    for claim in answer.claims:
        assert claim.span.of(answer.text) == claim.text
        assert claim.verdict == "supported"
        assert claim.citations
        assert all(f.state != "not_verified" for f in claim.figures)
    assert (answer.refusal is None) == bool(answer.claims)


def test_a_true_sentence_is_shown_with_the_exact_words_it_rests_on(open_bot):
    bot = open_bot(cites(SAID))

    answer = bot.ask(TRADE)

    assert_whole(answer, bot)
    assert (answer.mode, answer.notice, answer.withheld) == ("llm", None, ())
    assert answer.text == f"{SAID} [1]"
    assert answer.citations[0].cited_text == SAID
    assert answer.usage.requests == 1


def test_a_false_figure_is_withheld_and_the_rest_shown(open_bot):
    bot = open_bot(cites(SAID, LIE))

    answer = bot.ask(TRADE)

    assert_whole(answer, bot)
    assert texts(answer) == [SAID]
    assert [w.text for w in answer.withheld] == [LIE]
    assert "2.5 billion" in answer.withheld[0].reason


def test_a_sentence_that_fails_is_replaced_by_the_words_it_rests_on(open_bot):
    bot = open_bot(cites(LIE))

    answer = bot.ask(TRADE)

    assert_whole(answer, bot)
    assert answer.mode == "extractive"
    assert f"“{SAID}”" in answer.text
    assert "2.5" not in answer.text
    assert "could not be verified; what it rests on is quoted" in answer.notice
    assert answer.usage.requests == 1


def test_the_same_words_are_not_quoted_twice(open_bot):
    wider = LIE.removesuffix(".") + ", and its true potential has hardly been touched by 9 %."
    bot = open_bot(cites(LIE, wider))

    answer = bot.ask(TRADE)

    assert_whole(answer, bot)
    assert answer.text.count(SAID) == 1


def test_where_nothing_can_be_verified_the_articles_speak_for_themselves(open_bot):
    bot = open_bot(cites(INVENTED))

    answer = bot.ask(TRADE)

    assert_whole(answer, bot)
    assert answer.mode == "extractive"
    assert "could not be verified" in answer.notice
    assert "2.3" not in answer.text
    assert answer.withheld


def test_a_wrong_number_is_mended_by_looking_for_the_passage_that_says_it(open_bot):
    for number in ("[99]", "[5]", "", "[0]"):
        answer = open_bot(f"{SAID} {number}").ask(TRADE)

        assert texts(answer) == [SAID]
        assert answer.citations[0].cited_text == SAID


def test_a_failed_sentence_is_asked_for_once_more(open_bot):
    bot = open_bot(cites(INVENTED), cites(SAID))

    answer = bot.ask(TRADE)

    assert texts(answer) == [SAID]
    assert answer.usage.requests == 2
    assert INVENTED in bot._llm.asked[1][-1].content


def test_no_more_than_two_requests_are_sent_for_a_question(open_bot):
    assert open_bot(cites(INVENTED)).ask(TRADE).usage.requests == 2


def test_every_answer_on_the_way_is_the_beginning_of_the_next(open_bot):
    bot = open_bot(cites(SAID, IMPRESSIVE, LIE))

    steps = [*bot.steps(TRADE)]
    answers = [step for step in steps if isinstance(step, Answer)]

    assert len(answers) == 3
    assert isinstance(steps[0], Working)
    for earlier, later in pairwise(answers):
        assert later.text.startswith(earlier.text)
        assert later.citations[: len(earlier.citations)] == earlier.citations
    for answer in answers:
        assert_whole(answer, bot)


@pytest.mark.parametrize("structured", [False, True])
def test_replies_as_json_are_answers_too(open_bot, structured):
    def reply(prompt: str) -> str:
        return (
            f'{{"sentences": [{{"text": "{SAID}", "passages": [{passage_with(prompt, SAID)}]}}]}}'
        )

    assert texts(open_bot(reply, structured=structured).ask(TRADE)) == [SAID]


def test_a_model_that_fails_leaves_the_extractive_answer_and_says_why(open_bot):
    bot = open_bot(LlmError("timeout after 20 s"))

    answer = bot.ask(TRADE)

    assert_whole(answer, bot)
    assert answer.mode == "extractive"
    assert "unavailable (timeout after 20 s)" in answer.notice
    assert "$1.5 billion" in answer.text
    assert bot.ask(TRADE, use_llm=False).text == answer.text


def test_a_reply_that_breaks_off_keeps_what_was_checked(open_bot):
    bot = open_bot([f"{SAID} [1] It is expec", LlmError("the reply was cut off")])

    answer = bot.ask(TRADE)

    assert texts(answer) == [SAID]
    assert "broke off (the reply was cut off)" in answer.notice


def test_a_model_that_is_left_alone_is_not_asked(open_bot):
    bot = open_bot("never said")
    bot._llm.refuses = LlmError("left alone for 30 s after 5 failures")

    answer = bot.ask(TRADE)

    assert "left alone" in answer.notice
    assert bot._llm.asked == []


def test_too_many_passages_are_asked_again_with_half_of_them(open_bot):
    error = LlmError("the prompt is too long")
    error.too_long = True
    bot = open_bot(error, cites(SAID))

    answer = bot.ask(TRADE)

    first, second = (prompt[-1].content.count("<passage ") for prompt in bot._llm.asked)
    assert second == (first + 1) // 2
    assert texts(answer) == [SAID]


def test_a_refusal_by_both_is_a_refusal(open_bot):
    answer = open_bot("NOT IN THE PASSAGES").ask(UNANSWERABLE)

    assert answer.refusal is not None
    assert answer.mode == "llm"


def test_what_is_true_but_no_answer_is_not_shown_as_one(open_bot):
    exports = "Indian exports to Azerbaijan came to $86.07 million in FY2024-25."
    answer = open_bot(cites(exports, at="$86.07 million")).ask(UNANSWERABLE)

    assert answer.refusal is not None
    assert [w.reason for w in answer.withheld] == ["it does not answer the question"]


def test_a_model_that_finds_nothing_does_not_hide_what_is_surely_said(open_bot):
    answer = open_bot("NOT IN THE PASSAGES").ask(TRADE)

    assert "$1.5 billion" in answer.text
    assert "found no answer" in answer.notice


def test_closing_the_steps_breaks_the_request_off(open_bot):
    bot = open_bot(cites(SAID, IMPRESSIVE))
    steps = bot.steps(TRADE)
    assert isinstance(next(steps), Working)
    next(step for step in steps if isinstance(step, Answer))

    steps.close()

    assert bot._llm.broken_off == 1


def test_without_the_model_nothing_is_asked(open_bot):
    bot = open_bot("never said")

    answer = bot.ask(TRADE, use_llm=False)

    assert (answer.mode, answer.usage) == ("extractive", None)
    assert bot._llm.asked == []


def test_filters_hold_for_what_the_model_is_shown(open_bot):
    bot = open_bot(cites(SAID))

    bot.ask(
        "What does the article say of Pakistan?",
        filters=Filters(articles=("azerbaijan-inquiry-indian-arms",)),
    )

    prompt = bot._llm.asked[0][-1].content
    assert SAID not in prompt


def test_evidence_of_the_last_turn_that_the_filters_keep_out_is_not_carried_over(open_bot):
    bot = open_bot(cites(SAID), "x")
    first = bot.ask(TRADE)

    bot.ask(
        "Which weapons?",
        [first.turn],
        filters=Filters(articles=("azerbaijan-inquiry-indian-arms",)),
    )

    assert len(bot._llm.asked) > 1
    assert SAID not in bot._llm.asked[-1][-1].content.partition("Question:")[0]


def test_a_follow_up_is_completed_by_the_model_and_its_evidence_carried_over(open_bot):
    bot = open_bot(cites(SAID), "Who calls the trade between India and Azerbaijan impressive?", "x")
    first = bot.ask(TRADE)

    second = bot.ask("Who calls it impressive?", [first.turn])

    assert second.query == "Who calls the trade between India and Azerbaijan impressive?"
    assert TRADE in bot._llm.asked[1][-1].content
    assert SAID in bot._llm.asked[2][-1].content
    assert second.usage.requests == 2


@pytest.mark.parametrize(
    "told", ["Who calls the trade with Norway impressive?", "It is $7 billion.", "", "word " * 200]
)
def test_a_completed_question_with_anything_new_in_it_is_not_used(open_bot, told):
    bot = open_bot(cites(SAID), told, "x")
    first = bot.ask(TRADE)

    second = bot.ask("Who calls it impressive?", [first.turn])

    assert "Norway" not in second.query
    assert "$7" not in second.query
    assert len(second.query) < 200


def test_a_question_that_stands_on_its_own_costs_no_request_to_complete(open_bot):
    bot = open_bot(cites(SAID))
    first = bot.ask("Who visited Pakistan in July?")

    bot.ask(TRADE, [first.turn])

    assert all(
        message.role != "system" or "Rewrite" not in message.content
        for prompt in bot._llm.asked
        for message in prompt
    )


def test_the_times_of_the_first_token_and_claim_are_told(open_bot):
    seconds = open_bot(cites(SAID)).ask(TRADE).seconds

    assert 0 < seconds["first_token"] <= seconds["first_claim"] <= seconds["total"]


def test_the_mode_and_the_host_are_known(open_bot):
    bot = open_bot("x")

    assert (bot.mode, bot.host) == ("parrot", None)


def test_closing_the_chatbot_closes_the_model(corpus_home):
    model = FakeModel("x")
    with Chatbot.open(config=load_config(home=corpus_home, environ={}), llm=model) as bot:
        assert bot.mode == "parrot"

    assert model.closed
