"""The journey on the shipped corpus, with the real index and models: from articles to answer."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import ClassVar

import pytest
from fakes import HashingEmbedding

from rag import Answer, Article, Chatbot, Citation, Filters, RagError, Turn
from rag.config import Config, EmbeddingConfig, load_config
from rag.corpus import ensure_index, index_articles
from rag.errors import (
    CorpusError,
    IndexLockedError,
    IndexMismatchError,
    IndexMissingError,
    QuestionError,
    UnknownArticleError,
)
from rag.indexing.disk import writer_lock
from rag.indexing.manifest import current_number
from rag.indexing.sync import remove
from rag.models.embedding import load_embedder

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "corpus"
TIES = "india-azerbaijan-ties-opportunities"
ARMS = "azerbaijan-inquiry-indian-arms"
BOYCOTT = "azerbaijan-boycott-calls-india"


def settings(home: Path) -> Config:
    return load_config(home=home, environ={})


@pytest.fixture(scope="module")
def bot(corpus_home: Path) -> Iterator[Chatbot]:
    with Chatbot.open(config=settings(corpus_home)) as opened:
        yield opened


@pytest.fixture
def home(corpus_home: Path, tmp_path: Path) -> Path:
    """An index of the corpus that a test may change."""
    return Path(shutil.copytree(corpus_home, tmp_path / "home"))


def cited(answer: Answer) -> tuple[Citation, ...]:
    """Every pointer that the answer or refusal gives."""
    return answer.citations + (answer.refusal.nearest if answer.refusal else ())


def assert_exact(answer: Answer, bot: Chatbot) -> None:
    """Holds of every answer: quotes are the body's own words, claims the answer's, all numbered."""
    assert answer.text.strip()
    for citation in cited(answer):
        body = bot.article(citation.source.article_id).body
        assert citation.span.of(body) == citation.cited_text
        assert citation.cited_text.strip() == citation.cited_text != ""
    assert [c.number for c in answer.citations] == list(range(1, len(answer.citations) + 1))
    for claim in answer.claims:
        assert claim.span.of(answer.text) == claim.text
        assert claim.citations
        for number in claim.citations:
            assert answer.citations[number - 1].cited_text in claim.text
    assert (answer.refusal is None) == bool(answer.claims) == bool(answer.citations)
    assert set(answer.seconds) in (set(), {"retrieve", "answer", "verify", "total"})


# Answers

ASKED = [
    ("How much is bilateral trade between India and Azerbaijan worth?", "$1.5 billion", TIES),
    ("Where does India rank among the buyers of Azerbaijan's oil?", "third-largest", TIES),
    ("To which countries has Azerbaijan traditionally turned for arms?", "Turkey and Israel", ARMS),
    ("Which fighter jets did Azerbaijan buy from Pakistan?", "JF-17 Block III", ARMS),
    ("How much did India export to Azerbaijan in FY2024-25?", "$86.07 million", BOYCOTT),
    ("Who visited Pakistan in July?", "Ilham Aliyev", BOYCOTT),
]  # fmt: skip


@pytest.mark.parametrize(("question", "words", "article_id"), ASKED, ids=[a[1] for a in ASKED])
def test_a_question_is_answered_with_a_quote_of_the_article_that_says_it(
    question: str, words: str, article_id: str, bot: Chatbot
) -> None:
    answer = bot.ask(question)
    assert answer.refusal is None, answer.text
    first = answer.citations[0]
    assert words in first.cited_text
    assert words in answer.claims[0].text
    assert article_id in {c.source.article_id for c in answer.citations}
    assert_exact(answer, bot)


UNSAID = [
    "How much did India export to Armenia in FY2024-25?",
    "Who is the ambassador of Azerbaijan in New Delhi?",
    "How many tourists from India visited Azerbaijan in 2023?",
    "How much did India export to Azerbaijan in FY2019-20?",
    "What is the recipe for a Margherita pizza?",
    "Who won the football world cup?",
]


@pytest.mark.parametrize("question", UNSAID)
def test_what_no_article_says_is_refused_with_a_reason(question: str, bot: Chatbot) -> None:
    answer = bot.ask(question)
    assert answer.refusal is not None, answer.text
    assert answer.text == answer.refusal.text
    assert answer.claims == answer.citations == ()
    assert_exact(answer, bot)


@pytest.mark.parametrize(
    "question",
    [
        "Azerbaijan",
        "???",
        "What about it?",
        "India India India India",
        "Kashmir 370 1267 2020 $",
        "“Pinaka” (MBRLs) — who?",
        "什么是阿塞拜疆?",
        "İran ve Türkiye'nin silah ihracat\u0131 nedir?",
        "\u202eeno siht si tahW",
        "SELECT * FROM articles; --",
        "w" * 4_000,
        "Why did trade fall? " * 15,
    ],
    ids=lambda question: question[:20],
)
def test_any_question_has_an_answer_or_refusal_whose_words_are_exact(
    question: str, bot: Chatbot
) -> None:
    assert_exact(bot.ask(question), bot)


@pytest.mark.parametrize("question", ["", " \n", "word " * 10_000])
def test_a_question_that_cannot_be_asked_is_an_error(question: str, bot: Chatbot) -> None:
    with pytest.raises(QuestionError):
        bot.ask(question)
    with pytest.raises(QuestionError):
        bot.search(question)


def test_the_same_question_has_the_same_answer(bot: Chatbot) -> None:
    question, *_ = ASKED[0]
    assert replace(bot.ask(question), seconds={}) == replace(bot.ask(question), seconds={})


# Conversations


def test_a_follow_up_is_answered_for_what_the_turn_before_asked(bot: Chatbot) -> None:
    first = bot.ask("How much did India export to Azerbaijan in FY2024-25?")
    history = [Turn(first.question, first.text)]
    follow = bot.ask("And to Armenia?", history)
    assert follow.question == "And to Armenia?"
    assert follow.query == "How much did India export to Armenia in FY2024-25?"
    assert follow.refusal is not None
    back = bot.ask("And to Azerbaijan?", [*history, Turn(follow.question, follow.text)])
    assert "$86.07 million" in back.citations[0].cited_text
    for answer in (first, follow, back):
        assert_exact(answer, bot)


# Filters


def test_filters_restrict_what_is_searched(bot: Chatbot) -> None:
    question = "What does Azerbaijan want from India?"
    for article_id in (TIES, ARMS, BOYCOTT):
        hits = bot.search(question, filters=Filters(articles=(article_id,)))
        assert {hit.passage.source.article_id for hit in hits} == {article_id}
    (outlet,) = {s.outlet for s in bot.articles() if s.article_id == ARMS}
    hits = bot.search(question, filters=Filters(outlets=((outlet or "").lower(),)))
    assert {hit.passage.source.article_id for hit in hits} == {ARMS}


def test_a_filter_that_admits_nothing_is_a_refusal(bot: Chatbot) -> None:
    question, *_ = ASKED[0]
    for filters in (Filters(since=date(2025, 1, 1)), Filters(articles=("nothing",))):
        answer = bot.ask(question, filters=filters)
        assert answer.refusal is not None
        assert_exact(answer, bot)
        assert bot.search(question, filters=filters) == ()


def test_dates_restrict_to_articles_that_give_one(tmp_path: Path) -> None:
    news = tmp_path / "news"
    news.mkdir()
    for year in (2023, 2024):
        card = f"---\npublished: {year}-05-20\n---\n"
        (news / f"in-{year}.md").write_text(f"{card}The mine sold {year} tons of coal.\n")
    (news / "undated.md").write_text("The mine sold 7 tons of coal.\n")
    with Chatbot.open(news, config=settings(tmp_path / "home")) as bot:
        asked = "How many tons of coal did the mine sell?"
        hits = bot.search(asked, filters=Filters(since=date(2024, 1, 1)))
        assert [hit.passage.source.article_id for hit in hits] == ["in-2024"]
        hits = bot.search(asked, filters=Filters(until=date(2023, 5, 20)))
        assert [hit.passage.source.article_id for hit in hits] == ["in-2023"]
        assert len(bot.search(asked)) == 3


# Search, articles


def test_search_gives_the_best_passages_first(bot: Chatbot) -> None:
    hits = bot.search(ASKED[0][0], top_k=3)
    assert len(hits) == 3
    assert "$1.5 billion" in hits[0].passage.text
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    for hit in hits:
        article = bot.article(hit.passage.source.article_id)
        assert hit.passage.span.of(article.body) == hit.passage.text


def test_every_article_is_listed_and_shown(bot: Chatbot) -> None:
    assert [source.article_id for source in bot.articles()] == [BOYCOTT, ARMS, TIES]
    for source in bot.articles():
        article = bot.article(source.article_id)
        assert isinstance(article, Article)
        assert Path(source.path).read_text(encoding="utf-8").endswith(article.body)
    with pytest.raises(UnknownArticleError, match="no article 'nothing'"):
        bot.article("nothing")


# The index behind it


def test_a_new_generation_is_picked_up_between_questions(home: Path, tmp_path: Path) -> None:
    config = settings(home)
    story = tmp_path / "news" / "lithium.md"
    story.parent.mkdir()
    with Chatbot.open(config=config) as bot:
        question = "How many tons of lithium did the mine at Ganja sell?"
        assert bot.ask(question).refusal is not None
        story.write_text("The mine at Ganja sold 31,000 tons of lithium.\n", encoding="utf-8")
        index_articles([story.parent], config=config)
        answer = bot.ask(question)
        assert answer.citations[0].cited_text == story.read_text(encoding="utf-8").strip()
        assert_exact(answer, bot)
        remove(home, ["lithium"], embedder=load_embedder(config))
        assert bot.ask(question).refusal is not None


class HeldEmbedding(HashingEmbedding):
    """Lets a test publish a new generation while a question is on its way."""

    asked: ClassVar[threading.Event] = threading.Event()
    go_on: ClassVar[threading.Event] = threading.Event()

    def _get_query_embedding(self, query: str) -> list[float]:
        if "held" in query:
            self.asked.set()
            assert self.go_on.wait(30)
        return super()._get_query_embedding(query)


def test_a_question_on_its_way_is_not_disturbed_by_a_new_generation(tmp_path: Path) -> None:
    chosen = EmbeddingConfig(provider=f"{__name__}.HeldEmbedding")
    config = replace(settings(tmp_path / "home"), embedding=chosen)
    news = Path(shutil.copytree(CORPUS, tmp_path / "news"))
    with Chatbot.open(news, config=config) as bot:
        found: list[object] = []

        def ask() -> None:
            try:
                found.append(len(bot.search("What is held against Azerbaijan?", top_k=3)))
            except Exception as error:  # noqa: BLE001 - shown by the assertion
                found.append(error)

        thread = threading.Thread(target=ask)
        thread.start()
        assert HeldEmbedding.asked.wait(30)
        (news / "more.md").write_text("Trade grew again.\n", encoding="utf-8")
        index_articles([news], config=config)
        assert len(bot.articles()) == 4  # the new one is served
        HeldEmbedding.go_on.set()
        thread.join()
        assert found == [3]


def test_threads_ask_at_the_same_time(corpus_home: Path) -> None:
    with Chatbot.open(config=settings(corpus_home)) as bot:
        alone = {question: replace(bot.ask(question), seconds={}) for question, *_ in ASKED[:3]}
        together: dict[str, Answer] = {}

        def ask(question: str) -> None:
            together[question] = replace(bot.ask(question), seconds={})

        threads = [threading.Thread(target=ask, args=(question,)) for question in alone]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert together == alone


def test_an_index_without_passages_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "links.md").write_text("![](picture.jpg)\n", encoding="utf-8")
    with Chatbot.open(folder, config=settings(tmp_path / "home")) as bot:
        answer = bot.ask("What is said?")
        assert answer.refusal is not None
        assert answer.refusal.reason == "empty_index"
        assert bot.search("What is said?") == ()
        assert_exact(answer, bot)


def test_an_index_of_another_embedding_model_is_refused(corpus_home: Path) -> None:
    other = EmbeddingConfig(provider="fakes.HashingEmbedding")
    config = replace(settings(corpus_home), embedding=other)
    with pytest.raises(IndexMismatchError, match=r"built with embedder bundled:bge.* rebuild"):
        Chatbot.open(config=config)


@pytest.mark.parametrize("name", ["nowhere", "empty"])
def test_articles_that_are_not_there_are_an_error_and_no_index(name: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(CorpusError, match=name):
        Chatbot.open(tmp_path / name, home=tmp_path / "home")
    assert current_number(tmp_path / "home") is None


# The first question of all


def test_without_an_index_the_corpus_here_is_indexed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "own.md").write_text("The mine sold coal.\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    stages: list[str] = []
    with Chatbot.open(progress=lambda stage, *_: stages.append(stage)) as bot:
        assert [source.article_id for source in bot.articles()] == ["own"]
    assert list(dict.fromkeys(stages)) == ["embed", "index", "verify"]
    assert (tmp_path / ".footnote" / "CURRENT").is_file()


def test_without_any_corpus_the_reader_is_told_what_to_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.corpus._default_folders", lambda: (tmp_path / "corpus",))
    with pytest.raises(IndexMissingError, match=r"run `footnote index PATH` with your articles"):
        Chatbot.open(home=tmp_path / "home")


def interrupted(home: Path, source: Path, after: int) -> None:
    """What is left when indexing for the first time is stopped after some articles."""

    class StoppedError(Exception):
        pass

    def progress(stage: str, done: int, _total: int) -> None:
        if (stage, done) == ("embed", after):
            raise StoppedError

    with pytest.raises(StoppedError):
        index_articles([source], config=settings(home), progress=progress)
    assert current_number(home) is None


def test_an_interrupted_first_index_is_finished_without_the_bundled_articles(
    tmp_path: Path,
) -> None:
    news = tmp_path / "news"
    news.mkdir()
    for name in ("a", "b", "c"):
        (news / f"{name}.md").write_text(f"The mine {name} sold coal.\n", encoding="utf-8")
    interrupted(tmp_path / "home", news, after=2)
    with Chatbot.open(config=settings(tmp_path / "home")) as bot:
        assert [source.article_id for source in bot.articles()] == ["a", "b"]


def test_an_interrupted_index_of_the_bundled_articles_is_completed(tmp_path: Path) -> None:
    interrupted(tmp_path / "home", CORPUS, after=1)
    with Chatbot.open(config=settings(tmp_path / "home")) as bot:
        assert len(bot.articles()) == 3


def test_a_first_index_that_is_being_written_is_not_taken_for_an_interrupted_one(
    tmp_path: Path,
) -> None:
    home = tmp_path / "home"
    interrupted(home, CORPUS, after=1)
    with writer_lock(home), pytest.raises(IndexLockedError):
        ensure_index(settings(home))


def test_errors_for_the_reader_have_one_base() -> None:
    assert issubclass(QuestionError, RagError)
    assert issubclass(IndexMissingError, RagError)
