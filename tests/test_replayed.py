"""Recorded replies: numbered as the prompt numbers its passages, and split by their names."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from conftest import ROOT
from fakes import make_article

from evals.bench.streaming_server import Sent, streaming_server, tokens
from evals.cases import load_cases
from evals.replayed import ReplayedModel, RepliesError, Reply, load_replies
from evals.suite import BUILT_IN
from rag.answering.dialogue import Message
from rag.answering.prompts import REFUSAL, Prompt, write_prompt, write_repair
from rag.errors import LlmError
from rag.splitting.passages import split_passages

REPLIES = ROOT / "evals" / "replies"
QUESTION = "When did it open?"
BRIDGE = make_article("bridge.md", ["The bridge opened in 1932. It has two  decks."], title="A")
TUNNEL = make_article("tunnel.md", ["The tunnel is 3 km long."], title="B")
REPLY = Reply(
    "mine",
    "opened",
    QUESTION,
    ("It was 1932. [[opened in 1932]]", "The tunnel is long. [[3 km]] [[Opened]]", "Both are old."),
    ("{{in 1932}}", ""),
)


def prompt(*articles, question: str = QUESTION) -> Prompt:
    passages = [passage for article in articles for passage in split_passages(article)]
    return write_prompt(question, passages, n_tokens=len, window=50_000)


def replayed(*replies: Reply, structured: bool = False) -> ReplayedModel:
    return ReplayedModel(replies or (REPLY,), sha256="0", structured=structured)


def test_words_become_the_number_of_the_passage_that_has_them():
    model = replayed()
    told = "It was 1932. [{}] The tunnel is long. [{}] [{}] Both are old."
    assert model.reply_to(prompt(BRIDGE, TUNNEL).messages) == told.format(1, 2, 1)
    assert model.reply_to(prompt(TUNNEL, BRIDGE).messages) == told.format(2, 1, 2)


def test_a_sentence_whose_passage_is_not_in_the_prompt_was_not_written():
    assert replayed().reply_to(prompt(BRIDGE).messages) == "It was 1932. [1] Both are old."
    refusing = Reply("mine", "none", QUESTION, ("It is long. [[3 km]]",))
    assert replayed(refusing).reply_to(prompt(BRIDGE).messages) == REFUSAL


def test_only_what_is_asked_for_again_is_written_again():
    first = prompt(BRIDGE, TUNNEL)
    again = write_repair(first, [("It was 1932.", "too little")], structured=False)
    assert replayed().reply_to(again.messages) == "The bridge opened in 1932. [1]"
    left_out = write_repair(first, [("The tunnel is long.", "too little")], structured=False)
    assert replayed().reply_to(left_out.messages) == REFUSAL


def test_where_json_is_asked_for_it_is_given():
    told = json.loads(replayed(structured=True).reply_to(prompt(BRIDGE, TUNNEL).messages))
    assert told["sentences"][1] == {"text": "The tunnel is long.", "passages": [2, 1]}
    none = Reply("mine", "none", QUESTION, ())
    told = replayed(none, structured=True).reply_to(prompt(BRIDGE).messages)
    assert json.loads(told) == {"sentences": []}


def test_a_question_without_a_reply_fails_as_a_server_does_and_is_counted():
    talk = replayed().dialogue()
    with pytest.raises(LlmError, match="no reply was recorded"):
        list(talk.stream(prompt(BRIDGE, question="How long?").messages))
    assert talk.requests_left == 1
    assert "".join(talk.stream(prompt(BRIDGE).messages)).startswith("It was 1932.")
    assert (talk.requests_left, talk.usage.requests) == (0, 2)
    assert talk.usage.prompt_tokens > talk.usage.completion_tokens > 5


@pytest.mark.parametrize("line", ["{oops", "[]", '{"suite": "a", "id": "b"}'])
def test_a_line_that_is_no_reply_is_named(tmp_path: Path, line: str):
    path = tmp_path / "replies.jsonl"
    path.write_text(f"\n{line}\n", encoding="utf-8")
    with pytest.raises(RepliesError, match=r"replies\.jsonl:2: no reply"):
        load_replies(path)
    with pytest.raises(RepliesError, match="cannot be read"):
        load_replies(tmp_path / "none.jsonl")


@pytest.mark.parametrize("name", ["corpus", "news"])
def test_every_recorded_reply_answers_a_dev_case_and_both_halves_have_some(name: str):
    replies = load_replies(REPLIES / f"{name}.jsonl").replies
    keys = [reply.key for reply in replies]
    assert len(set(keys)) == len(keys)
    folder = BUILT_IN if name == "corpus" else BUILT_IN / "news"
    for reply in replies:
        (case,) = (c for c in load_cases(folder / f"{reply.suite}.jsonl") if c.id == reply.id)
        assert case.split == "dev"
        # What is asked of a model is the question without what is told to a machine.
        assert " ".join(case.question.split()).lower().endswith(reply.question.lower())
        assert case.history == ()
        assert len(reply.repair) == len(reply.sentences)
    halves = Counter(reply.half for reply in replies)
    assert min(halves.values()) >= len(replies) / 3


def test_a_reply_is_streamed_token_by_token_and_its_times_are_noted():
    import httpx

    text = "It opened in 1932. [1] It is old."
    with streaming_server(lambda messages: f"{text} {messages[0].content}") as server:
        body = {"messages": [{"role": "user", "content": "Hi"}], "stream": True}
        reply = httpx.post(f"{server.url}/chat/completions", json=body)
    events = [json.loads(e) for e in re.findall(r"^data: (\{.*)$", reply.text, re.MULTILINE)]
    said = [event["choices"][0]["delta"].get("content", "") for event in events]
    assert said == [*tokens(f"{text} Hi"), ""]
    assert reply.text.endswith("data: [DONE]\n\n")
    sent = server.sent["Hi"]
    assert isinstance(sent, Sent)
    assert sent.first_token < sent.first_sentence


def test_the_model_is_let_go_of_and_asks_in_messages():
    model = replayed()
    model.close()
    assert model.host is None
    with pytest.raises(LlmError):
        model.reply_to([Message("user", "no question here")])
