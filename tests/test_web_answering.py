"""A question of the page: worked on in its turn, stopped for good, told in plain words."""

from __future__ import annotations

import base64
import json
import threading
from dataclasses import replace

import pytest
from browser.reader import Page
from browser.standin import (
    ARTICLES,
    BROKEN,
    EXPORTS,
    HOSTILE,
    NOBODY,
    TOURISTS,
    WRONG,
    Hesitant,
    StandIn,
    cite,
)

from rag.answer import Refusal
from rag.types import Filters
from ui.places import AT_ONCE
from ui.web.answering import Answering
from ui.web.conversation import Exchange, failed, messages, settled, turns
from ui.web.records import kept_html, parcel_html, read_records, to_record


def growing(answering: Answering, question: str, *asked: Exchange) -> list[Exchange]:
    return list(answering.exchanges(question, asked, Filters()))


def unpacked(parcel: str) -> dict:
    return json.loads(base64.urlsafe_b64decode(Page(parcel).words))


def test_an_exchange_grows_from_the_question_to_the_whole_answer():
    steps = growing(Answering(StandIn()), EXPORTS)
    assert steps[0] == Exchange(EXPORTS, working="Reading 2 articles…")
    assert [len(step.answer.claims) for step in steps[1:]] == [1, 2, 2]
    assert [step.working is None for step in steps] == [False, False, False, True]
    assert steps[-1].answer == StandIn().ask(EXPORTS)


def test_problems_are_told_and_the_next_question_is_answered():
    answering = Answering(StandIn())
    wrong, broken = growing(answering, WRONG)[-1], growing(answering, BROKEN)[-1]
    assert wrong.problem == "the question is too hard; ask an easier one"
    assert "ZeroDivision" not in (broken.problem or "")
    assert growing(answering, EXPORTS)[-1].answer


def test_closing_ends_the_work_and_frees_its_place():
    bot = Hesitant()
    answering = Answering(bot)
    bot.go_on()
    for _ in range(AT_ONCE + 1):
        steps = answering.exchanges(EXPORTS, (), Filters())
        next(steps)
        next(steps)
        steps.close()
        assert bot.closed.wait(1)
        bot.closed.clear()
    assert growing(answering, EXPORTS)[-1].answer


def test_a_question_that_waits_for_its_turn_says_so_and_can_leave():
    bot = Hesitant()
    answering = Answering(bot)
    busy = [threading.Thread(target=growing, args=(answering, EXPORTS)) for _ in range(2)]
    for thread in busy:
        thread.start()
    while len(bot.asked) < AT_ONCE:
        pass
    third = answering.exchanges(EXPORTS, (), Filters())
    assert [next(third).working for _ in range(2)][-1].startswith(
        "Other questions were asked first"
    )
    third.close()
    bot.go_on()
    for thread in busy:
        thread.join()
    assert growing(answering, EXPORTS)[-1].answer


def test_filters_reach_the_chatbot():
    bot = StandIn()
    filters = Filters(outlets=("Valley Report",))
    list(Answering(bot).exchanges(EXPORTS, (), filters))
    assert bot.filters == filters


class Refusing(StandIn):
    """Refuses a question of a model, and answers what is quoted; notes how each was asked."""

    mode = "llama3.1"

    def ask(self, question, history=(), *, filters=None, use_llm=True):
        asked = question if use_llm else EXPORTS
        answer = super().ask(asked, history, filters=filters, use_llm=use_llm)
        if answer.refusal is None:
            return answer
        near = cite(1, ARTICLES["trade"], "Exports in 2024 came to $86.07 million")
        words = "Exports to Korvin came to $86 million in 2024."
        refusal = Refusal("off_topic", "No.", (replace(near, cited_text=words),))
        return replace(answer, refusal=refusal)


def test_questions_that_the_page_tries_for_itself_ask_no_model():
    bot = Refusing()
    last = growing(Answering(bot), NOBODY)[-1]
    assert last.offers == ("What were exports to Korvin worth in 2024?",)
    assert not bot.used_llm


# What a browser keeps


@pytest.mark.parametrize("question", [EXPORTS, TOURISTS, NOBODY])
def test_an_exchange_is_shown_alike_after_it_was_kept(question):
    exchange = Exchange(question, StandIn().ask(question), offers=("What else?",))
    record = json.loads(json.dumps(to_record(exchange)))
    (again,) = read_records([record])
    assert messages([again]) == messages([exchange])
    assert turns([again]) == turns([exchange]) == (exchange.answer.turn,)


def test_what_is_no_record_is_left_out():
    good = to_record(Exchange(EXPORTS, StandIn().ask(EXPORTS)))
    bad = []
    for path, value in {
        ("question",): 7,
        ("offers",): [1],
        ("answer", "answer"): None,
        ("answer", "mode"): "magic",
        ("answer", "claims", 0, "figures", 0, "state"): 'x" onload="y',
        ("answer", "claims", 0, "figures", 0, "value"): "many",
        ("answer", "citations", 0, "start_char_index"): "one",
        ("answer", "citations", 0, "published"): "soon",
    }.items():
        changed = json.loads(json.dumps(good))
        at = changed
        for step in path[:-1]:
            at = at[step]
        at[path[-1]] = value
        bad.append(changed)
    assert [exchange.question for exchange in read_records([*bad, None, 3, good])] == [EXPORTS]
    assert read_records({"a": 1}) == ()


@pytest.mark.parametrize("words", HOSTILE)
def test_a_parcel_arrives_as_it_was_sent_whatever_it_holds(words):
    parcel = parcel_html("copy", 1, text=words)
    assert [tag for tag, _ in Page(parcel).tags] == ["div"]
    assert unpacked(parcel)["text"] == words


def test_only_the_last_exchange_is_sent_with_its_place():
    exchanges = [Exchange("one", StandIn().ask(EXPORTS)), Exchange("two", problem="No")]
    parcel = unpacked(kept_html(exchanges, "name", 5))
    assert (parcel["kind"], parcel["talk"], parcel["at"]) == ("keep", "name", 2)
    assert parcel["exchange"] == to_record(exchanges[1])


def test_what_was_worked_on_is_told_as_stopped():
    answer = StandIn().ask(EXPORTS)
    done, asked = Exchange("one", answer), Exchange("two", working="…")
    assert settled([done, asked]) == (done, Exchange("two", stopped=True))


def test_what_was_shown_before_a_stop_or_an_error_stays_and_is_gone_on_from():
    growing_one = Exchange(EXPORTS, StandIn().ask(EXPORTS), working="…")
    for left in (settled([growing_one])[0], failed(growing_one, "The index is gone.")):
        assert left.answer.claims == growing_one.answer.claims
        assert left.answer.notice.startswith(("Stopped.", "The index is gone."))
        assert turns([left]) == (growing_one.answer.turn,)
        assert messages(read_records([to_record(left)])) == messages([left])
