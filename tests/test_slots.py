"""Names and dates of a claim in the places that the cited words give them."""

from __future__ import annotations

import pytest

from rag.answering.slots import exchanged

ARMS = "From Lisk, Orra received pumps and cranes, while a variety of trucks has come from Varna."
SHIPS = (
    "Orra is interested in Norwegian cranes even though it lately bought large ferries from Lisk."
)
VISITS = "Minister Ann Lee came to Lisk in May, and President Tom Ray came in July."
SHARE = "Trade between Orra and Lisk comes to one-fifth of the trade between Varna and Orra."
PRIZE = "Orra owes its victory over Varna to Lisk."


@pytest.mark.parametrize(
    ("claim", "cited"),
    [("From Varna, Orra received pumps and cranes.", ARMS),
     ("A variety of trucks has come from Lisk.", ARMS),
     ("Norway lately bought ferries from Lisk.", SHIPS),
     ("President Tom Ray came to Lisk in May.", VISITS),
     ("Ann Lee and Tom Ray came to Lisk in July.", VISITS),
     ("Trade between Orra and Lisk comes to one-fifth of the trade between Varna and Lisk.", SHARE),
     ("Orra owes its victory over Lisk to Varna.", PRIZE),
     ("Orra lately bought cranes from the yards of Lisk.", SHIPS),
     ("Lisk was the very first port that opened.", "Lisk was one of the first ports that opened.")],
)  # fmt: skip
def test_what_is_put_into_another_one_s_place_is_found(claim, cited):
    assert exchanged(claim, [cited])


@pytest.mark.parametrize(
    ("claim", "cited"),
    [("Orra received pumps and cranes from Lisk.", ARMS),
     ("Varna sent trucks, while Lisk sent pumps and cranes to Orra.", ARMS),
     ("Orra lately bought ferries from Lisk.", SHIPS),
     ("Minister Ann Lee came to Lisk in May.", VISITS),
     ("President Tom Ray came in July.", VISITS),
     ("Lisk's trade with Orra is one-fifth of the trade between Varna and Orra.", SHARE),
     ("Orra was victorious over Varna, which it owes to Lisk.", PRIZE),
     ("Lisk was among the first ports to open.", "Lisk was one of the first ports that opened."),
     ("Nobody came.", "")],
)  # fmt: skip
def test_the_same_told_otherwise_is_left_alone(claim, cited):
    assert exchanged(claim, [cited]) == ""
