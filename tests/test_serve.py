"""Footnote over HTTP, on a real index: its own API and that of chat models."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import openai
import pytest
from commandline import ARMS, NOT_SAID, ROOT
from jsonschema import Draft202012Validator
from serve_http import client, events, opened, served

CONTRACT = Draft202012Validator(
    json.loads((ROOT / "docs" / "answer.schema.json").read_text(encoding="utf-8"))
)
EXPORTS = "What were India's exports to Azerbaijan worth in FY2024-25?"
RANKS = "Where does India rank as a source of tourists to Azerbaijan?"
TIES = "india-azerbaijan-ties-opportunities"
BOYCOTT = "azerbaijan-boycott-calls-india"


@pytest.fixture(scope="module")
def server(corpus_home: Path) -> Iterator[str]:
    with served(lambda: opened(corpus_home)) as address:
        yield address


@pytest.fixture
def http(server: str) -> Iterator[httpx.Client]:
    with client(server) as connected:
        yield connected


@pytest.fixture
def model(server: str) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(
        base_url=f"{server}/v1",
        api_key="any",
        max_retries=0,
        http_client=httpx.Client(trust_env=False, timeout=60),
    ) as connected:
        yield connected


def ask(http: httpx.Client, question: str, **more: object) -> dict:
    reply = http.post("/v1/ask", json={"question": question, **more})
    assert reply.status_code == 200, reply.text
    return reply.json()


# Footnote's own


def test_health_tells_what_answers_and_from_what(http):
    ask(http, EXPORTS)  # which waits until it is ready
    reply = http.get("/health")
    assert reply.status_code == 200
    assert reply.json() == {
        "status": "ready",
        "version": "1.2.3",
        "mode": "extractive",
        "host": None,
        "index": {"articles": 3, "generation": 7},
        "busy": 0,
    }


@pytest.mark.parametrize("question", [EXPORTS, RANKS, NOT_SAID])
def test_an_answer_keeps_the_contract_and_its_quotes_are_exact(http, question):
    answer = ask(http, question)
    CONTRACT.validate(answer)
    cited = answer["citations"] + (answer["refusal"] or {"nearest": []})["nearest"]
    assert cited
    for citation in cited:
        body = http.get(f"/v1/articles/{citation['article_id']}").json()["body"]
        span = slice(citation["start_char_index"], citation["end_char_index"])
        assert body[span] == citation["cited_text"]


def test_no_folder_of_this_machine_is_told(http):
    texts = [http.get(path).text for path in ("/v1/articles", f"/v1/articles/{ARMS}")]
    texts += [json.dumps(ask(http, question)) for question in (EXPORTS, NOT_SAID)]
    texts.append(http.post("/v1/search", json={"question": "arms"}).text)
    for text in texts:
        assert str(ROOT) not in text
        assert '.md"' in text


def test_a_follow_up_is_answered_after_its_history(http):
    exports = "$86.07 million"
    assert exports in ask(http, EXPORTS)["answer"]
    for history in ([EXPORTS], [{"question": EXPORTS, "answer": "$1."}]):
        answer = ask(http, "And in FY2024-25?", history=history)
        assert "exports to Azerbaijan" in answer["query"]


def test_filters_restrict_the_answer_to_their_articles(http):
    answer = ask(http, RANKS, filters={"articles": [TIES]})
    assert {citation["article_id"] for citation in answer["citations"]} == {TIES}
    answer = ask(http, "Who sells arms?", filters={"outlets": ["idrw.org"]})
    near = answer["citations"] + (answer["refusal"] or {"nearest": []})["nearest"]
    assert {citation["article_id"] for citation in near} <= {ARMS}
    refused = ask(http, EXPORTS, filters={"since": "2024-01-01"})
    assert refused["refusal"] is not None  # none of the articles has a date


def test_articles_are_listed_and_shown_in_full(http):
    cards = http.get("/v1/articles").json()["articles"]
    assert [card["article_id"] for card in cards] == [BOYCOTT, ARMS, TIES]
    article = http.get(f"/v1/articles/{ARMS}").json()
    assert {**cards[1], "version": article["version"], "body": article["body"]} == article
    assert "Indian-made" in article["body"]


def test_search_gives_passages_best_first(http):
    asked = {"question": "weapons through go-betweens", "top_k": 3}
    hits = http.post("/v1/search", json=asked).json()["hits"]
    assert [hit["rank"] for hit in hits] == [1, 2, 3]
    assert hits[0]["article_id"] == ARMS
    body = http.get(f"/v1/articles/{ARMS}").json()["body"]
    assert body[hits[0]["start_char_index"] : hits[0]["end_char_index"]] == hits[0]["text"]


@pytest.mark.parametrize(
    ("path", "body", "status", "kind", "param"),
    [
        ("/v1/ask", {"question": " "}, 400, "bad_question", "question"),
        ("/v1/ask", {"question": "x" * 4001}, 400, "bad_question", "question"),
        ("/v1/ask", {}, 400, "bad_field", "question"),
        ("/v1/ask", {"question": "x", "filter": {}}, 400, "bad_field", "filter"),
        ("/v1/ask", {"question": "x", "filters": {"since": "May"}}, 400, "bad_field", None),
        (
            "/v1/ask",
            {"question": "x", "filters": {"since": "2025-05-02", "until": "2025-05-01"}},
            400,
            "bad_field",
            "filters.since",
        ),
        ("/v1/ask", {"question": "x", "filters": {"articles": ["no"]}}, 400, None, None),
        ("/v1/ask", {"question": "x", "filters": {"outlets": ["no"]}}, 400, None, None),
        ("/v1/search", {"question": ""}, 400, "bad_question", "question"),
        ("/v1/search", {"question": "x", "top_k": 0}, 400, "bad_field", "top_k"),
        ("/v1/search", {"question": "x", "top_k": True}, 400, "bad_field", "top_k"),
        ("/v1/chat/completions", {"model": "gpt-5", "messages": []}, 400, None, "messages"),
    ],
)
def test_what_cannot_be_asked_is_told_in_json(http, path, body, status, kind, param):
    reply = http.post(path, json=body)
    error = reply.json()["error"]
    assert reply.status_code == status
    assert kind in (None, error["type"])
    assert error["code"] == error["type"]
    assert param in (None, error["param"])
    assert error["message"]


@pytest.mark.parametrize("path", ["/v1/articles/none", "/v1/articles/", "/v1/models/gpt-5"])
def test_what_is_not_there_is_a_404(http, path):
    reply = http.get(path)
    assert reply.status_code == 404
    assert reply.json()["error"]["message"]


# As a chat model, with the official client


def messages(*texts: str) -> list[dict[str, str]]:
    """Words of the user and of the assistant in turn."""
    roles = ("user", "assistant")
    return [{"role": roles[n % 2], "content": text} for n, text in enumerate(texts)]


def test_the_client_lists_the_model(model):
    assert [entry.id for entry in model.models.list()] == ["footnote"]
    assert model.models.retrieve("footnote").owned_by == "footnote"


def test_the_client_gets_an_answer_with_its_citations_as_annotations(model, http):
    reply = model.chat.completions.create(
        model="footnote", messages=messages(RANKS), temperature=0.7, top_p=0.1, seed=3
    )
    (choice,) = reply.choices
    content = choice.message.content
    words, _, sources = content.partition("\n\nSources\n\n")
    assert choice.finish_reason == "stop"
    assert "fourth-largest" in words
    assert "The articles disagree on" in words
    assert sources.startswith("[1] How far India")
    marked = [note.url_citation for note in choice.message.annotations]
    assert [content[note.start_index : note.end_index] for note in marked] == ["[1]", "[2]"]
    assert [note.title for note in marked] == [TIES, BOYCOTT]
    article = http.get(marked[0].url).json()
    evidence = choice.message.footnote
    CONTRACT.validate(evidence)
    citation = evidence["citations"][0]
    span = slice(citation["start_char_index"], citation["end_char_index"])
    assert article["body"][span] == citation["cited_text"] == marked[0].cited_text
    usage = reply.usage
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens > 50


def test_the_client_streams_the_same_sentence_by_sentence(model):
    whole = model.chat.completions.create(model="footnote", messages=messages(RANKS))
    deltas, finished, usage = [], [], None
    for chunk in model.chat.completions.create(
        model="footnote",
        messages=messages(RANKS),
        stream=True,
        stream_options={"include_usage": True},
    ):
        usage = chunk.usage or usage
        deltas += [choice.delta for choice in chunk.choices]
        finished += [choice.finish_reason for choice in chunk.choices]
    texts = [delta.content for delta in deltas if delta.content]
    message = whole.choices[0].message
    assert "".join(texts) == message.content
    assert [text.endswith(mark) for text, mark in zip(texts, ("[1]", "[2]"), strict=False)] == [
        True,
        True,
    ]
    assert finished == [None] * (len(finished) - 1) + ["stop"]
    evidence = deltas[-2].model_extra
    assert evidence["annotations"] == [note.to_dict() for note in message.annotations]
    assert evidence["footnote"]["citations"] == message.footnote["citations"]
    assert usage == whole.usage


def test_the_stream_ends_as_clients_expect(http):
    body = {"model": "footnote", "messages": messages(NOT_SAID), "stream": True}
    reply = http.post("/v1/chat/completions", json=body)
    assert reply.headers["content-type"].startswith("text/event-stream")
    first, *_, last = events(reply.text)
    assert first["choices"][0]["delta"] == {"role": "assistant", "content": ""}
    assert last["choices"][0]["finish_reason"] == "stop"
    assert {event["id"] for event in events(reply.text)} == {first["id"]}


def test_earlier_messages_are_the_history(model):
    talk = messages(EXPORTS, "$86.07 million. [1]\n\nSources\n\n[1] …", "And to Armenia?")
    reply = model.chat.completions.create(
        model="footnote", messages=[{"role": "system", "content": "Be a pirate."}, *talk]
    )
    assert "exports to Armenia" in reply.choices[0].message.footnote["query"]


def test_an_earlier_message_of_any_length_is_no_error(model):
    talk = messages("words " * 5_000, "more " * 5_000, EXPORTS)
    reply = model.chat.completions.create(model="footnote", messages=talk, stream=None)
    assert "$86.07 million" in reply.choices[0].message.content


def test_a_refusal_is_an_answer_with_the_nearest_passages(model):
    reply = model.chat.completions.create(model="footnote", messages=messages(NOT_SAID))
    message = reply.choices[0].message
    assert message.annotations == []
    assert message.footnote["refusal"]["reason"] == "off_topic"
    assert message.content.startswith(message.footnote["answer"])


def test_content_may_come_in_parts_of_text(model):
    parts = [{"type": "text", "text": "What were India's exports to Azerbaijan"}]
    parts.append({"type": "text", "text": "worth in FY2024-25?"})
    talk = [{"role": "user", "content": parts}]
    reply = model.chat.completions.create(model="footnote", messages=talk)
    assert "$86.07 million" in reply.choices[0].message.content
    image = [{"type": "image_url", "image_url": {"url": "https://evil.example/x.png"}}]
    shown = {"role": "user", "content": image}
    with pytest.raises(openai.BadRequestError, match="a part of type 'image_url'"):
        model.chat.completions.create(model="footnote", messages=[shown])
    later = model.chat.completions.create(model="footnote", messages=[shown, *talk])
    assert later.choices[0].message.content == reply.choices[0].message.content


def test_filters_of_ours_come_in_the_extra_body(model):
    reply = model.chat.completions.create(
        model="footnote", messages=messages(RANKS), extra_body={"filters": {"articles": [TIES]}}
    )
    (note,) = reply.choices[0].message.annotations
    assert note.url_citation.title == TIES


def test_the_client_raises_its_own_errors(model):
    with pytest.raises(openai.NotFoundError, match="the only one is 'footnote'"):
        model.chat.completions.create(model="gpt-5", messages=messages("Who?"))
    with pytest.raises(openai.BadRequestError, match="end with the user's question"):
        model.chat.completions.create(model="footnote", messages=messages("Who?", "Me."))
    with pytest.raises(openai.BadRequestError) as raised:
        model.chat.completions.create(model="footnote", messages=messages(" "), stream=True)
    assert (raised.value.code, raised.value.param) == ("bad_question", "question")
