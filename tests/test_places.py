"""Two places at the processor: lent while a model is waited for, given back at the end."""

from __future__ import annotations

from collections.abc import Iterator

from browser.standin import EXPORTS, StandIn

from rag.answer import Answer, Working
from ui.places import AT_ONCE, Places


class Steps(StandIn):
    """Says what it is doing, then answers."""

    def __init__(self, mode: str) -> None:
        super().__init__()
        self.mode = mode
        self.closed = 0

    def steps(self, question, history=(), *, filters=None, use_llm=True):
        try:
            yield Working("Asking …")
            yield self.ask(question, history, filters=filters, use_llm=use_llm)
        except GeneratorExit:
            self.closed += 1
            raise


def waits(steps: Iterator[Answer | Working]) -> bool:
    step = next(steps)
    return isinstance(step, Working) and "first" in step.words


def test_answers_that_wait_for_a_model_lend_their_places_to_others():
    places, bot = Places(), Steps("llama3.1")
    open_ones = [places.steps(bot, EXPORTS) for _ in range(8)]
    assert not any(waits(steps) for steps in open_ones)
    assert all(isinstance([*steps][-1], Answer) for steps in open_ones)


def test_answers_that_need_the_processor_keep_theirs():
    for bot, use_llm in ((Steps("extractive"), True), (Steps("llama3.1"), False)):
        places = Places()
        open_ones = [places.steps(bot, EXPORTS, use_llm=use_llm) for _ in range(AT_ONCE + 1)]
        assert [waits(steps) for steps in open_ones] == [False] * AT_ONCE + [True]
        open_ones[0].close()
        assert bot.closed == 1
        assert isinstance([*open_ones[-1]][-1], Answer)


def test_every_place_is_given_back_once_however_an_answer_ends():
    places = Places(1)
    for mode in ("llama3.1", "extractive"):
        bot = Steps(mode)
        for n_taken in (1, 2, 3):
            steps = places.steps(bot, EXPORTS)
            for _ in range(n_taken):
                next(steps, None)
            steps.close()
    with places.one():
        assert waits(places.steps(Steps("extractive"), EXPORTS))
