"""An answer in the making → standard output: claim by claim on a terminal, else in one piece."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing

from rag.answer import Answer, Working
from ui.places import EXTRACTIVE, Stepping, closable
from ui.terminal import complain, print_json, text_width


def tell_who_is_asked(bot: Stepping) -> None:
    """Says on stderr which model is asked, and where passages go for it."""
    if bot.mode != EXTRACTIVE:
        where = f"passages of your articles go to {bot.host}" if bot.host else "on this machine"
        complain(f"{bot.mode} words the answers; {where}")


def tell(steps: Iterator[Answer | Working], *, as_json: bool) -> Answer:
    """Prints an answer as it comes, and gives it. Ctrl-C ends the steps; what is printed stays.

    What is printed in the end is the same everywhere but for the width of its lines.
    """
    growing = None if as_json or not sys.stdout.isatty() else _Growing(text_width())
    with closing(closable(steps)) as coming:
        try:
            for step in coming:
                if isinstance(step, Answer):
                    answer = step
                    if growing:
                        growing.show(answer)
        except BaseException:
            if growing:
                growing.break_off()
            raise
    if growing:
        growing.end(answer)
    elif as_json:
        print_json(answer.to_dict())
    else:
        from ui.render import to_text

        sys.stdout.write(to_text(answer, text_width()) + "\n")
    sys.stdout.flush()
    return answer


class _Growing:
    """What a terminal shows of an answer. Nothing is taken back: what differs is written anew."""

    def __init__(self, width: int | None) -> None:
        self._width = width
        self._shown = ""

    def show(self, answer: Answer) -> None:
        from ui.render import words_to_text

        self._write(words_to_text(answer, self._width))

    def end(self, answer: Answer) -> None:
        from ui.render import to_text

        self._write(to_text(answer, self._width))
        self.break_off()

    def break_off(self) -> None:
        if self._shown:
            sys.stdout.write("\n")

    def _write(self, text: str) -> None:
        if not text.startswith(self._shown):
            self.break_off()
            sys.stdout.write("\n")
            self._shown = ""
        sys.stdout.write(text[len(self._shown) :])
        sys.stdout.flush()
        self._shown = text
