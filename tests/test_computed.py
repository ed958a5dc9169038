"""Figures that a claim works out of cited ones: the right result is computed, no other is."""

from __future__ import annotations

import pytest

from rag.checking.verify import Cited, verify

TONNES = (
    "The north mine dug 1,200 tonnes of ore in 2024. The south mine dug 300 tonnes of ore in 2024."
)
COSTS = "The road cost $1.2 billion.|The tunnel cost $300 million."
VISITS = "The museum had 84,000 visitors in 2024, after 61,000 in 2023."
INCOME = "Ticket income rose to 1.3 million euros in 2024. In 2023 it had been 900,000 euros."
POLL = (
    "In the city of Torv, 62 percent favour the toll.|"
    "In the province of Ist, 48 percent favour the toll."
)
PLAN = "The bridge cost 88 million euros, against 65 million euros in the original plan."
TREES = "Volunteers planted 140,000 trees in 2024 and 155,000 trees in 2023."
SCALES = "The stove weighs 2.4 kg.|The tent weighs 3.1 kg.|The bag weighs 1.2 kg."
STAFF = "The firm employs 2,300 people, 460 of them in the town of Brenn."
SALES = "The firm had sales of 510 million euros and a profit of 45 million euros in 2024."
BUDGET = (
    "The town spends 3.6 million euros on its libraries. Its whole budget is 240 million euros."
)
DAMS = "The Pell dam generated 870 gigawatt hours.|The Orr dam generated 435 gigawatt hours."
THEFTS = "The police counted 31 thefts in 2024, compared with 52 in 2023."
SHARES = (
    "Shares in the firm cost 27 euros in 2025. A year earlier, in 2024, they had cost 21 euros."
)
VOTES = "Quint won 12,000 votes and Pryce 9,000 votes."
PORT = "The port handled 2.8 million containers in 2024. It expects 3.5 million containers in 2030."

RIGHT = [
    ("Together, the road and the tunnel cost $1.5 billion.", COSTS),
    ("The road and the tunnel cost a total of $1,500 million.", COSTS),
    ("Combined, the two mines dug 1,500 tonnes of ore in 2024.", TONNES),
    ("In all, the mines dug 1,500 tonnes of ore.", TONNES),
    ("Together, stove, tent and bag weigh 6.7 kg.", SCALES),
    ("The stove and the tent together weigh 5.5 kg.", SCALES),
    ("The museum had 145,000 visitors in 2023 and 2024 together.", VISITS),
    ("Volunteers planted 295,000 trees in the two years combined.", TREES),
    ("Quint and Pryce won 21,000 votes altogether.", VOTES),
    ("The two dams generated a total of 1,305 gigawatt hours.", DAMS),
    ("The road cost $900 million more than the tunnel.", COSTS),
    ("The tunnel cost $900 million less than the road.", COSTS),
    ("The tent is 0.7 kg heavier than the stove.", SCALES),
    ("The bag is 1.2 kg lighter than the stove.", SCALES),
    ("The museum had 23,000 more visitors in 2024 than in 2023.", VISITS),
    ("Volunteers planted 15,000 fewer trees in 2024 than in 2023.", TREES),
    ("Volunteers planted 140,000 trees in 2024, 15,000 fewer than in 2023.", TREES),
    ("The bridge cost 88 million euros, 23 million euros more than planned.", PLAN),
    ("The bridge cost 23 million euros more than originally planned.", PLAN),
    ("Support for the toll is 14 percentage points higher in the city of Torv than in the province"
     " of Ist.", POLL),
    ("There were 21 fewer thefts in 2024 than in 2023.", THEFTS),
    ("Quint won 3,000 more votes than Pryce.", VOTES),
    ("The port expects 700,000 more containers in 2030 than in 2024.", PORT),
    ("The south mine dug 900 tonnes of ore less than the north mine.", TONNES),
    ("Ticket income grew by 44 percent.", INCOME),
    ("Ticket income grew by about 44 percent to 1.3 million euros.", INCOME),
    ("Ticket income rose by 400,000 euros.", INCOME),
    ("The number of visitors to the museum rose by 38 percent.", VISITS),
    ("The number of visitors to the museum grew by 37.7 percent.", VISITS),
    ("The number of thefts fell by 40 percent.", THEFTS),
    ("The number of thefts fell by 40.4 percent.", THEFTS),
    ("The number of trees planted fell by 10 percent.", TREES),
    ("The price of shares in the firm rose by 29 percent.", SHARES),
    ("The number of containers is expected to grow by 25 percent.", PORT),
    ("The firm has 20 percent of its people in the town of Brenn.", STAFF),
    ("A fifth of the people whom the firm employs are in the town of Brenn.", STAFF),
    ("The town spends 1.5 percent of its whole budget on its libraries.", BUDGET),
    ("Profit was 8.8 percent of the firm's sales in 2024.", SALES),
    ("Profit was about 9 percent of the firm's sales in 2024.", SALES),
    ("The Pell dam generated twice as much as the Orr dam.", DAMS),
    ("The Orr dam generated half as much as the Pell dam.", DAMS),
    ("The road cost four times as much as the tunnel.", COSTS),
    ("The north mine dug four times as much ore as the south mine.", TONNES),
    ("The bag weighs half as much as the stove.", SCALES),
    ("On average, stove, tent and bag weigh 2.2 kg.", SCALES),
    ("The two dams generated 652.5 gigawatt hours on average.", DAMS),
]  # fmt: skip
WRONG = [
    ("Together, the road and the tunnel cost $1.6 billion.", COSTS),
    ("Together, the road and the tunnel cost $1.5 million.", COSTS),
    ("Together, the road and the tunnel cost 1.5 billion euros.", COSTS),
    ("Combined, the two mines dug 1,400 tonnes of ore in 2024.", TONNES),
    ("Combined, the two mines dug 1,500 kilograms of ore in 2024.", TONNES),
    ("Together, stove, tent and bag weigh 6.9 kg.", SCALES),
    ("Together, stove, tent and bag weigh 7 kg.", SCALES),
    ("The museum had 154,000 visitors in 2023 and 2024 together.", VISITS),
    ("The museum had 145,000 visitors in 2024.", VISITS),
    ("Volunteers planted 290,000 trees in the two years combined.", TREES),
    ("Quint and Pryce won 22,000 votes altogether.", VOTES),
    ("The two dams generated a total of 1,350 gigawatt hours.", DAMS),
    ("The road cost $800 million more than the tunnel.", COSTS),
    ("The tunnel cost $900 million more than the road.", COSTS),
    ("The road cost $900 million less than the tunnel.", COSTS),
    ("The stove is 0.7 kg heavier than the tent.", SCALES),
    ("The tent is 0.9 kg heavier than the stove.", SCALES),
    ("The stove is 1.2 kg lighter than the bag.", SCALES),
    ("The museum had 32,000 more visitors in 2024 than in 2023.", VISITS),
    ("The museum had 23,000 fewer visitors in 2024 than in 2023.", VISITS),
    ("The museum had 23,000 more visitors in 2023 than in 2024.", VISITS),
    ("Volunteers planted 15,000 more trees in 2024 than in 2023.", TREES),
    ("Volunteers planted 140,000 trees in 2024, 15,000 more than in 2023.", TREES),
    ("Volunteers planted 140,000 trees in 2024, 25,000 fewer than in 2023.", TREES),
    ("The bridge cost 88 million euros, 33 million euros more than planned.", PLAN),
    ("The bridge cost 23 million euros less than originally planned.", PLAN),
    ("Support for the toll is 16 percentage points higher in the city of Torv than in the province"
     " of Ist.", POLL),
    ("Support for the toll is 14 percentage points lower in the city of Torv than in the province"
     " of Ist.", POLL),
    ("There were 21 more thefts in 2024 than in 2023.", THEFTS),
    ("There were 31 fewer thefts in 2024 than in 2023.", THEFTS),
    ("Pryce won 3,000 more votes than Quint.", VOTES),
    ("The port expects 600,000 more containers in 2030 than in 2024.", PORT),
    ("Ticket income grew by 54 percent.", INCOME),
    ("Ticket income grew by 31 percent.", INCOME),
    ("Ticket income fell by 44 percent.", INCOME),
    ("Ticket income fell by 31 percent.", INCOME),
    ("Ticket income rose by 500,000 euros.", INCOME),
    ("The number of visitors to the museum rose by 27 percent.", VISITS),
    ("The number of visitors to the museum fell by 27 percent.", VISITS),
    ("The number of thefts fell by 68 percent.", THEFTS),
    ("The number of thefts rose by 68 percent.", THEFTS),
    ("The price of shares in the firm rose by 22 percent.", SHARES),
    ("The firm has 25 percent of its people in the town of Brenn.", STAFF),
    ("A quarter of the people whom the firm employs are in the town of Brenn.", STAFF),
    ("The town spends 15 percent of its whole budget on its libraries.", BUDGET),
    ("Profit was 9.8 percent of the firm's sales in 2024.", SALES),
    ("The Orr dam generated twice as much as the Pell dam.", DAMS),
    ("The Pell dam generated three times as much as the Orr dam.", DAMS),
    ("The Pell dam generated half as much as the Orr dam.", DAMS),
    ("The tunnel cost four times as much as the road.", COSTS),
    ("The road cost five times as much as the tunnel.", COSTS),
    ("On average, stove, tent and bag weigh 2.7 kg.", SCALES),
    ("The two dams generated 662.5 gigawatt hours on average.", DAMS),
]  # fmt: skip


def states(claim: str, words: str) -> list[str]:
    cited = [Cited(n, text) for n, text in enumerate(words.split("|"), 1)]
    return [figure.state for figure in verify(claim, cited).figures]


@pytest.mark.parametrize(("claim", "words"), RIGHT)
def test_a_right_result_is_computed(claim: str, words: str) -> None:
    found = states(claim, words)
    assert "computed" in found
    assert "not_verified" not in found


@pytest.mark.parametrize(("claim", "words"), WRONG)
def test_a_wrong_result_is_not_borne(claim: str, words: str) -> None:
    assert "not_verified" in states(claim, words)


def test_a_result_names_its_operands_as_the_cited_words_have_them() -> None:
    cited = [Cited(n, text) for n, text in enumerate(COSTS.split("|"), 1)]
    verdict = verify("Together, the road and the tunnel cost $1.5 billion.", cited)
    assert verdict.reason == "“$1.5 billion” is the sum of $1.2 billion [1] and $300 million [2]"
