"""A question and a text → whether the text tells of the act or measure that is asked about.

Most verbs of a question may be told in other words. Those here are definite: who met, signed or was
born somewhere is not told by a text without a word for it, however much else the two share.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from rag.splitting.terms import stems
from rag.types import Query

# Words that ask for the act or measure : further words that tell of it.
_ACTS = """
assembled assemble assembly : build built building make made making produce produced production
  manufacture manufactured factory factories plant
deficit : gap shortfall exceed exceeded imbalance
surplus : exceed exceeded excess
profit profits : profitable earnings earned loss losses gain gains
revenue revenues turnover : sales takings receipts income earned earnings
population inhabitants : residents people inhabited live lives living citizens populous
budget : spending spend spent expenditure allocated allocation outlay funds funding
debt debts : owed owes owe borrowed liabilities loan loans
barrels tonnes tons litres kilograms : barrel tonne ton litre kilogram kg
weigh weighs weight : tonnes tons kilograms kg pounds heavy
born birth birthplace : birthday native
buried : grave cemetery tomb funeral burial
marry married wedding : wed spouse marriage wife husband
arrested arrest : detained custody police caught captured
convicted sentenced : sentence guilty prison jail verdict conviction
elected elect : election vote voted ballot poll won votes
resign resigned resignation : quit stepped left
painted paint painter : painting artist portrait canvas
composed compose composer : composition wrote music opera symphony
injured wounded injuries : hurt casualties wounds
fly flights flight flew : airline airlines air plane airport
pipeline pipelines : pipe pipes
fund funds funded funding financed : finance sponsor backed backing grant grants paid support money
"""
_EVENTS = """
meet met : meeting meetings talks received receive hosted summit conferred encounter encountered
sign signed signing : signature signatures signatory memorandum concluded inked ratified petition
host hosted hosting : held hold venue place took organised organized staged site
"""
_PRICES = """
pay paid pays spend spent cost costs price prices priced : fine fined fee fees charge charged bill
  deal order worth value valued purchase purchased buy bought sold expense expenses
  expenditure salary wage earn earned invested investment budget rent bid
owe owes owed : debt debts borrowed liabilities loan loans
imports import imported : buy bought purchase purchases purchased acquired buyer
trade commerce : trading trader business economic exchange turnover
"""


@dataclass(frozen=True, slots=True)
class _Act:
    """An act or a measure, by its stems."""

    asks: frozenset[str]
    tells: frozenset[str]


def _acts(table: str) -> tuple[_Act, ...]:
    lines = (line.partition(":") for line in table.strip().replace("\n ", " ").split("\n"))
    return tuple(
        _Act(frozenset(stems(asks)), frozenset(stems(f"{asks} {tells}")))
        for asks, _, tells in lines
    )


@cache
def _table(*, of_money: bool) -> tuple[_Act, ...]:
    return _acts(_ACTS) + _acts(_PRICES if of_money else _EVENTS)


def lacks_act(query: Query, text: str) -> bool:
    """Whether the question asks about a definite act or measure that the text doesn't tell of."""
    asked = set(query.terms)
    table = _table(of_money=query.wanted in {"money", "quantity"})
    wanted = [act for act in table if asked & act.asks]
    if not wanted:
        return False
    told = set(stems(text))
    return any(not told & act.tells for act in wanted)
