"""Attribution: who says a sentence, how the lead-in words it, and which claims keep it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.checking.attributed import attributed_words, is_commentary, keeps_attribution
from rag.checking.attribution import Attribution, find_attribution
from rag.checking.speech.kinds import is_office
from rag.checking.speech.quotations import find_quotations, open_before
from rag.types import Article, Source, Span

PAPER = Source("a", "Roads first", "The Paper", None, date(2025, 5, 20), None, "a.md")


@pytest.mark.parametrize(
    ("sentence", "kind", "speaker", "cue"),
    [
        # The article itself.
        ("The firm's exports rose by 5% last year.", "fact", None, None),
        ("He was charged with murder on Friday.", "fact", None, None),
        ("The storm claimed 12 lives.", "fact", None, None),
        ("Initial jobless claims rose in May.", "fact", None, None),
        ("The club has not announced a successor.", "fact", None, None),
        ("The suspect was arrested in Leeds.", "fact", None, None),
        ('She starred in the comedy "American Graffiti" in 1973.', "fact", None, None),
        ("The vaccine, which the agency recommends for adults, is free.", "fact", None, None),
        ("The tournament was held in the United States.", "fact", None, None),
        ("Seats are assigned according to rank.", "fact", None, None),
        ("The bank is saying goodbye to cash.", "fact", None, None),
        # Somebody says it.
        ("Ann Lee said that the road had reopened.", "reported", "Ann Lee", "said"),
        ("The road had reopened, Ann Lee said.", "reported", "Ann Lee", "said"),
        ("The road reopened, said Ann Lee, who lives there.", "reported", "Ann Lee", "said"),
        ("Ann Lee, a baker from Leeds, said the oven broke.", "reported", "Ann Lee", "said"),
        ("“It broke,” said Dr. Bo Park of the clinic.", "reported", "Dr. Bo Park of the clinic",
         "said"),
        ("“It broke”, says engineer Bo Park.", "reported", "engineer Bo Park", "says"),
        ("According to Ann Lee, the road reopened.", "reported", "Ann Lee", "According to"),
        ("It closed, according to a statement from his doctor.", "reported", "his doctor",
         "according to"),
        ("The report found nearly 9% had left.", "reported", "The report", "found"),
        ("Ann Lee told reporters it was over.", "reported", "Ann Lee", "told"),
        ("The plan failed, the Journal reports.", "reported", "the Journal", "reports"),
        ("“It shut,” said the left-wing site.", "reported", "the left-wing site", "said"),
        ("She is rich, according to The Sunday Times.", "reported",
         "The Sunday Times", "according to"),
        ("Many historians believe it was burned.", "reported", "Many historians", "believe"),
        ("The treasure is said to lie in the lake.", "reported", None, "said"),
        ("The bank is believed to be insolvent.", "reported", None, "believed"),
        ("Lee stays confident, saying: “We will win.”", "reported", "Lee", "saying"),
        # An office does.
        ("Roads reopened on Monday, the ministry said.", "official", "the ministry", "said"),
        ("Officials said on Monday the bridge would close.", "official", "Officials", "said"),
        ("The court ruled that the law was void.", "official", "The court", "ruled"),
        ("Harrow said its sales had doubled.", "official", "Harrow", "said"),
        ("UN spokesman Bo Park told reporters it was late.", "official", "UN spokesman Bo Park",
         "told"),
        ("Water is safe, according to the Coast Guard.", "official", "the Coast Guard",
         "according to"),
        ("A number of federations issued a statement saying they would stay.", "official",
         "A number of federations", "saying"),
        # An allegation.
        ("The mayor allegedly took bribes.", "alleged", None, "allegedly"),
        ("The mayor is alleged to have taken bribes.", "alleged", None, "alleged"),
        ("Police suspect that he fled.", "alleged", "Police", "suspect"),
        ("Critics accused the bank of hiding losses.", "alleged", "Critics", "accused"),
        ("Police questioned the man accused of the theft.", "alleged", None, "accused"),
        ("Losses claimed by the firm were high.", "alleged", "the firm", "claimed"),
        ("The ministry alleged that the guns jam.", "alleged", "The ministry", "alleged"),
        ("The charge list grew after allegations by Oslo surfaced.", "alleged", "Oslo",
         "allegations"),
        ("Reportedly, two firms withdrew.", "alleged", None, "Reportedly"),
        # The author's view.
        ("I think the tax is a mistake.", "opinion", "I", "think"),
        ("Unfortunately, the bridge is ugly.", "opinion", None, "Unfortunately"),
    ],
)  # fmt: skip
def test_the_kind_the_speaker_and_the_cue_of_a_sentence(sentence, kind, speaker, cue):
    found = find_attribution(sentence)
    assert (found.kind, found.speaker_words) == (kind, speaker)
    assert (found.cue and found.cue.of(sentence)) == cue
    if found.speaker is not None:
        assert found.speaker.of(sentence) == speaker


def test_a_denial_is_told_from_a_statement():
    assert find_attribution("The minister denied that a deal was signed.").denied
    assert find_attribution("Lee has denied the allegations.").denied
    assert not find_attribution("The minister said that a deal was signed.").denied


@pytest.mark.parametrize(
    ("before", "sentence", "after", "speaker", "at"),
    [
        (["Ann Lee said the road was open."], "It would stay so, she added.", [], "Ann Lee", -1),
        (["“It is open,” Ann Lee said."], "“It will stay so.”", [], "Ann Lee", -1),
        (["“It is open,” Ann Lee said.", "“It will stay so."], "Nobody minds.", ["Good.”"],
         "Ann Lee", -2),
        ([], "“It is open.", ["It will stay so,” said Ann Lee."], "Ann Lee", 1),
        (["The embassy closed on Monday."], "“It is too risky,” it said.", [], "The embassy", -1),
        (["Lee said no.", "Bo Park, 50, has tested it."], "He says it works.", [], "Bo Park", -1),
    ],
)  # fmt: skip
def test_a_speaker_is_found_in_the_sentences_around(before, sentence, after, speaker, at):
    found = find_attribution(sentence, before, after=after)
    assert (found.speaker_words, found.speaker_at) == (speaker, at)
    assert not found.unnamed
    there = [*before, sentence, *after][len(before) + at]
    assert found.speaker is not None
    assert found.speaker.of(there) == speaker


@pytest.mark.parametrize(
    ("before", "sentence"),
    [
        ([], "It would stay so, she added."),
        (["The road was closed."], "“It will stay so for years.”"),
        (["The ministry said it was shut."], "He said it would open."),
        (["The Guardian reported that it was shut."], "She said it would open."),
        (["The trip was short.", "He was returning on Greyhound."], "“I slept,” he said."),
    ],
)
def test_a_speaker_whom_nothing_names_is_not_guessed(before, sentence):
    found = find_attribution(sentence, before)
    assert (found.kind, found.speaker_words, found.unnamed) == ("reported", None, True)


def test_allegations_are_laid_to_whoever_made_them_before():
    before = ["Azerbaijan's ministry alleged that the guns jam.", "Trade went on."]
    found = find_attribution("The allegations hurt the makers.", before)
    assert (found.kind, found.speaker_words) == ("alleged", "Azerbaijan's ministry")
    assert found.speaker_at == -2


def test_a_quotation_left_open_does_not_swallow_the_article():
    before = ["Lee called it a “worst case.", "Trade went on.", "Rain fell.", "Snow fell."]
    assert find_attribution("The road is closed.", before).kind == "fact"
    assert open_before(["“One.", "Two.", "“Three.”", "Four."]) == (False, False, False, False)
    assert open_before(["“One.", "Two.", "Three.”", "Four."]) == (False, True, True, False)


@pytest.mark.parametrize(
    ("sentence", "parts"),
    [
        ('"Go," he said. "Now."', ["Go,", "Now."]),
        ("it ended.” He left.", ["it ended."]),
        ("a deal ” on hold” for now", [" on hold"]),
        ("no marks", []),
    ],
)
def test_what_is_quoted_of_a_sentence(sentence, parts):
    assert [part.of(sentence) for part in find_quotations(sentence).parts] == parts


def test_opinions_need_a_commentary_or_plain_words():
    sentence = "The city must build the road."
    assert find_attribution(sentence).kind == "fact"
    assert find_attribution(sentence, commentary=True).kind == "opinion"
    told = "The author sees no reason to wait."
    assert find_attribution(told).kind == "fact"
    assert find_attribution(told, commentary=True).speaker_words == "The author"


@pytest.mark.parametrize(
    ("words", "office"),
    [
        ("the Defence Ministry of Norway", True), ("Oslo", True), ("NASA", True),
        ("a State Police news release", True), ("the government", True), ("CNN", False),
        ("Defence Secretary Ann Lee", False), ("The Daily Telegraph", False), ("Paris Hilton",
         False),
    ],
)  # fmt: skip
def test_offices_are_told_from_people_and_papers(words, office):
    assert is_office(words) is office


SAID = Attribution("reported", Span(0, 7), None, -1, "Ann Lee")


@pytest.mark.parametrize(
    ("attribution", "words"),
    [
        (Attribution("fact", None, None), None),
        (Attribution("reported", Span(0, 7), Span(8, 12), 0, "Ann Lee"), None),
        (Attribution("alleged", None, Span(0, 9)), None),
        (SAID, "The Paper (2025-05-20) reports what Ann Lee said:"),
        (Attribution("reported", Span(0, 7), None, -1, "Ann Lee", quoted=True),
         "The Paper (2025-05-20) quotes Ann Lee:"),
        (Attribution("alleged", Span(0, 12), None, -2, "The ministry", quoted=True),
         "The Paper (2025-05-20) quotes the ministry as alleging:"),
        (Attribution("alleged", Span(0, 9), None, -1, "Officials"),
         "The Paper (2025-05-20) reports what officials alleged:"),
        (Attribution("official", Span(0, 4), None, 1, "NASA", denied=True),
         "The Paper (2025-05-20) reports what NASA denied:"),
        (Attribution("reported", None, None, quoted=True, unnamed=True),
         "The Paper (2025-05-20) quotes a speaker whom this passage does not name:"),
        (Attribution("opinion", Span(0, 1), Span(2, 7), 0, "I"),
         "The Paper (2025-05-20), in a passage in the first person:"),
    ],
)  # fmt: skip
def test_the_lead_in_names_a_speaker_who_is_not_in_sight(attribution, words):
    assert attributed_words(attribution, PAPER) == words


def test_the_lead_in_of_a_commentary_says_that_it_is_one():
    fact = Attribution("fact", None, None)
    view = Attribution("opinion", None, Span(0, 4))
    bare = Source("a", "Roads first", None, None, None, None, "a.md")
    assert attributed_words(fact, PAPER, commentary=True) == (
        "According to The Paper (2025-05-20), in a commentary:"
    )
    assert attributed_words(view, PAPER, commentary=True) == (
        "According to The Paper (2025-05-20), in a commentary whose author argues:"
    )
    assert attributed_words(view, bare, commentary=True) == (
        "According to the commentary “Roads first”, whose author argues:"
    )
    assert attributed_words(view, PAPER, commentary=True, same_article=True) == (
        "The same commentary, its author argues:"
    )


def test_a_speaker_in_the_sentence_that_is_quoted_with_it_is_in_sight():
    assert attributed_words(SAID, PAPER, n_before=1) is None
    assert attributed_words(SAID, PAPER, same_article=True) == (
        "The same article reports what Ann Lee said:"
    )


@pytest.mark.parametrize(
    ("cited", "claim", "kept"),
    [
        ("The road is closed.", "The road is closed.", True),
        ("The mayor allegedly took bribes.", "The mayor took bribes.", False),
        ("The mayor allegedly took bribes.", "The mayor reportedly took bribes.", True),
        ("The ministry alleged that the guns jam.", "The guns jam.", False),
        ("The ministry alleged that the guns jam.", "The ministry's guns jam.", False),
        ("The ministry alleged that the guns jam.", "The guns jam, the ministry claims.", True),
        ("Norway's ministry alleged that the guns jam.", "Sweden's ministry said the guns jam.",
         False),
        ("Ann Lee said the bank is safe.", "The bank is safe.", False),
        ("Ann Lee said the bank is safe.", "Lee holds the bank to be safe.", True),
        ("Ann Lee said the bank is safe.", "The bank is said to be safe.", True),
        ("Ann Lee said the bank is safe.", "Bo Park said the bank is safe.", False),
        ("The minister denied that a deal was signed.", "The minister said a deal was signed.",
         False),
        ("The minister denied that a deal was signed.", "The minister denies a deal.", True),
        ("Fortunately, it rained.", "It fortunately rained.", True),
        ("Some argue that it rained.", "Some argue that it rained.", True),
        ("I think the tax is wrong.", "The tax is wrong.", False),
        ("I think the tax is wrong.", "The author calls the tax wrong.", True),
        ("Officials said the bridge would close.", "According to officials, the bridge closes.",
         True),
    ],
)  # fmt: skip
def test_a_claim_keeps_the_attribution_of_what_it_rests_on(cited, claim, kept):
    assert keeps_attribution(claim, cited, find_attribution(cited)) is kept


def test_a_claim_may_name_a_speaker_of_the_sentence_before():
    before = ["Ann Lee said the bank is safe."]
    cited = "It has cash for a year, she added."
    attribution = find_attribution(cited, before)
    assert keeps_attribution("Lee said it has cash for a year.", cited, attribution)
    assert not keeps_attribution("It has cash for a year.", cited, attribution)


@pytest.mark.parametrize(
    ("title", "url", "body", "commentary"),
    [
        ("Opinion: Roads first", None, "Build.", True),
        ("Roads first | Opinion", None, "Build.", True),
        ("Roads first", "https://a.example/opinions/1", "Build.", True),
        ("Roads first", None, "The views expressed in this commentary are her own.", True),
        ("Roads", None,
         "The author argues so. The author writes so. In the author's view, yes.", True),
        ("Roads first", "https://a.example/news/1", "The author said it once.", False),
        ("Public opinion shifts on roads", None, "I think so, he said.", False),
    ],
)  # fmt: skip
def test_an_article_is_a_commentary_only_where_it_says_so(title, url, body, commentary):
    source = Source("a", title, None, None, None, url, "a.md")
    assert is_commentary(Article(source, body)) is commentary


PIECES = [
    "said ", "says ", "Ann Lee ", "he ", "the ministry ", "according to ", "alleged ", "“", "”",
    '"', ", ", ". ", "who ", "and ", "that ", "was ", "by ", "accused ", "claims ", "I think ",
    "’s ", "in ", "view ", "saying ", "allegations ", "--", "The ", "İ", "denied ", "told ",
]  # fmt: skip
TEXTS = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=6)), max_size=25).map("".join)


@given(sentence=TEXTS, before=st.lists(TEXTS, max_size=3), after=st.lists(TEXTS, max_size=2))
def test_every_span_lies_where_it_says(sentence, before, after):
    found = find_attribution(sentence, before, after=after)
    assert find_attribution(sentence, before, after=after) == found
    if found.cue is not None:
        assert found.cue.of(sentence)
    if found.speaker is not None:
        there = [*before, sentence, *after][len(before) + found.speaker_at]
        assert found.speaker.of(there) == found.speaker_words != ""
    attributed_words(found, PAPER)
    keeps_attribution(sentence, sentence, found)


@pytest.mark.parametrize(
    "piece",
    ["said ", "“", '"', "A", "A said, ", "also ", "Aa ", "I think ", "claimed by ", "’s", " "],
)
def test_a_long_sentence_is_read_to_its_end(piece):
    # A pattern that backtracks without bound would not come back from this.
    text = piece * 20_000
    found = find_attribution(text, [text], after=[text])
    assert found.speaker_at in {-1, 0, 1}
