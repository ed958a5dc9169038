"""Replies of a model, in pieces of any size, as sentences with the passages that they cite."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.drafts import MAX_REPLY_CHARS, Draft, ReplyReader, plain

PLAIN = (
    "Trade with the U.S. Treasury was $1.5 billion in 2024. [1] Exports grew 3.2 percent [2],"
    " said Mr. Lee [3].\n- **Imports** fell [1-3]."
)
READ = [
    Draft("Trade with the U.S. Treasury was $1.5 billion in 2024.", (1,)),
    Draft("Exports grew 3.2 percent, said Mr. Lee.", (2, 3)),
    Draft("Imports fell.", (1, 2, 3)),
]
JSON = (
    '{"sentences": [{"text": "Trade was {large} in \\"2024\\".", "passages": [1, 2]},'
    ' {"text": "It fell [3].", "passages": []}]}'
)


def read(reply: str, size: int = 3) -> tuple[list[Draft], ReplyReader]:
    reader = ReplyReader()
    drafts = [d for i in range(0, len(reply), size) for d in reader.feed(reply[i : i + size])]
    return [*drafts, *reader.end()], reader


@pytest.mark.parametrize("size", [1, 2, 5, 17, 1000])
def test_sentences_are_the_same_in_pieces_of_any_size(size):
    assert read(PLAIN, size)[0] == READ


@pytest.mark.parametrize("size", [1, 4, 1000])
@pytest.mark.parametrize("fence", [("", ""), ("```json\n", "\n```"), ("\n ", "")])
def test_json_is_read_object_by_object(size, fence):
    drafts, reader = read(fence[0] + JSON + fence[1], size)

    assert drafts == [Draft('Trade was {large} in "2024".', (1, 2)), Draft("It fell.", (3,))]
    assert not reader.refused


def test_a_sentence_is_given_before_the_reply_is_over():
    reader = ReplyReader()

    given_so_far = [*reader.feed("Trade was $1.5 billion [1]. Then exports fell")]

    assert given_so_far == [Draft("Trade was $1.5 billion.", (1,))]


def test_json_cut_in_the_middle_gives_what_was_whole():
    assert read(JSON[:90])[0] == [Draft('Trade was {large} in "2024".', (1, 2))]


@pytest.mark.parametrize(
    "reply",
    ["NOT IN THE PASSAGES", "Not in the passages.", " **NOT IN THE PASSAGES**", '{"sentences": []}',
     '{"sentences":[ ]}'],
)  # fmt: skip
def test_a_refusal_is_no_sentence(reply):
    drafts, reader = read(reply)

    assert drafts == []
    assert reader.refused


@pytest.mark.parametrize(
    ("mark", "numbers"),
    [("[1, 2]", (1, 2)), ("[1;3]", (1, 3)), ("[2-4]", (2, 3, 4)), ("[^2]", (2,)), ("【3】", (3,)),
     ("[1][2]", (1, 2)), ("[1] [2]", (1, 2)), ("[passage 2]", (2,)),
     ("[1-999]", tuple(range(1, 11)))],
)  # fmt: skip
def test_marks_of_every_form_are_read(mark, numbers):
    assert read(f"Trade grew {mark}.")[0] == [Draft("Trade grew.", numbers)]
    assert read(f"Trade grew. {mark}")[0] == [Draft("Trade grew.", numbers)]


@pytest.mark.parametrize("reply", ["", "   \n", "[1]", "[1] [2].", "***", "- \n-", "{}", '{"sent'])
def test_what_says_nothing_gives_no_sentence(reply):
    assert read(reply)[0] == []


@pytest.mark.parametrize(
    "reply",
    ['{"sentences": "none"}', '{"sentences": [1, null, {"text": 3}]}', '{"sentences": {"a": 1}}',
     '{"sentences": [{"text": "Trade grew.", "passages": "1"}]}'],
)  # fmt: skip
def test_json_of_another_form_is_no_error(reply):
    assert all(draft.text == "Trade grew." for draft in read(reply)[0])


def test_a_reply_without_end_is_noticed():
    reader = ReplyReader()
    for _ in range(MAX_REPLY_CHARS // 10 + 1):
        list(reader.feed("more words "))

    assert reader.is_full


@pytest.mark.parametrize(
    "piece", ["[1]", ".", "na ", "Trade, and ", '{"sentences": [' + "[" * 300, "a. ", "[1] . ", "{"]
)
def test_a_reply_without_end_is_soon_given_up(piece):
    reader = ReplyReader()
    n_read = 0
    while not reader.is_full:
        list(reader.feed(piece))
        n_read += len(piece)
    list(reader.end())

    assert n_read <= MAX_REPLY_CHARS + len(piece)


def test_deeply_nested_json_is_no_reply():
    assert read('{"sentences": [' + "[" * 5_000, 1_000)[0] == []


def test_unseen_characters_and_wide_digits_are_written_as_usual():
    assert plain("trade of $\uff11.\uff15\u200b \u202ebillion\u2066") == "trade of $1.5 billion"


@given(st.text(alphabet='ab1. []{}",:\n*-\\【】', max_size=60), st.integers(1, 9))
def test_any_reply_can_be_read(reply, size):
    for draft in read(reply, size)[0]:
        assert draft.text.strip() == draft.text != ""
