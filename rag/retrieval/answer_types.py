"""A question → the type of answer it wants, read from its words alone."""

# ruff: noqa: E501 - patterns and lists of words, one a line
from __future__ import annotations

import re

from rag.checking.asking.asked_figures import is_yes_no
from rag.checking.asking.dimensions import asked_dimension
from rag.checking.figures import find_figures
from rag.types import Wanted

_START = (
    r"(?:^|,\s)(?:\w+\s){0,2}"  # a question word asks only near the start: "By when", "If so, who"
)
_CURRENCY = r"(?:dollars?|euros?|rupees?|pounds?(?! of\b)|yen|yuan|manats?|drams?|crowns?|francs?|usd|eur|gbp|inr)(?! (?:area|zone)\b)"
_BE = r"(?:is|was|were|are|will be|would be)"
_MEASURED = r"(?:weight|height|length|width|depth|distance|temperature|speed|range|area|age|population|capacity|output)"
_SUM = (
    r"(?:deal|trade|exports?|imports?|budget|economy|contract|debt|loan|aid|fines?|penalty|loss|losses|profits?"
    r"|deficit|surplus|bill|fund|grant|stake|investment|sales|commerce|income|salary|fee)"
)
_RESULT = r"(?:loss|losses|profits?|revenues?|income|salary|earnings|turnover|debts?|budget|fine)"
_SHARE = r"(?:share|percent|percentage|proportion|fraction|part|portion|slice)"
_PARTED = r"(?:which|what|the) (?:country|region|world|city|town|year|month|week|day)"
# In this order: the first that matches decides. One example each.
_PATTERNS: tuple[tuple[Wanted, str], ...] = (
    # "In what month", "in which part of which year"
    ("date", r"\b(?:what|which) (?:\w+ )?(?:year|month|day|date|quarter)\b|\bsince what\b"),
    # "How many percent", "down to what percentage"
    ("percent", r"\b(?:how many|(?:in|to|at) (?:what )?) ?(?:percent\b|per cent\b|percentages?\b)"),
    # "How many dollars", "in US dollars", "in money terms"
    ("money", rf"\bhow many (?:\w+ )?(?:(?:million|billion)s? (?:of )?)?{_CURRENCY}\b|\bin (?:\w+ )?{_CURRENCY}\b"
              r"|\bin (?:money|monetary|cash) terms\b|\bhow much money\b|\b(?:usd|eur|gbp|inr)\b"),
    # "How many times smaller", "how many megawatts"
    ("quantity", r"\bhow many times (?:as |\w+er\b|more\b|less\b)"),
    ("duration", r"\bhow long\b(?! is| are)|\b(?:for )?(?:how many|number of) (?:years|months|weeks|days|hours|decades)\b"),
    ("count", r"\bhow many\b|\bhow often\b|\b(?:number|count|tally) of\b|\bnumber\W*$|\bdeath toll\b"),
    ("quantity", r"\bpopulation of\b|\bhow long (?:is|are)\b|\bhow (?:old|tall|heavy|fast|deep|wide|hot|cold)\b|\bhow far (?:is|are|was|were|away|from|can|could|does|did|do|has|have|will)\b"
                 rf"|\b(?:what|which) (?:is|was|were|are) the (?:\w+ ){{0,2}}{_MEASURED}\b|^\W*(?:the )?{_MEASURED} of\b"
                 rf"|\b(?:what|which) {_MEASURED}\b"),
    ("percent", rf"\b(?:what|which) {_SHARE} of\b(?! {_PARTED})|\bpercent(?:age)?\b|\bper cent\b|\bshare of\b|\bproportion of\b"
                rf"|\bwhat share\b|\bhow (?:big|large|great|small|tiny|high) (?:an? |{_BE} (?:the|an?) ){_SHARE}\b"
                r"|\b(?:interest|unemployment|inflation|growth|key|tax|birth|approval) rate\b|\brate of (?:interest|unemployment|inflation|growth)\b"
                rf"|\bhow high {_BE} (?:the )?(?:inflation|unemployment|turnout)\b"),
    ("rank", r"\brank(?:s|ed|ing|ings)?\b|\b(?:what|which) (?:position|place|spot)\b"
             r"|\bwhere (?:does|did|do|is|was) .{2,60}\b(?:stand|come|place) (?:among|in|as)\b"
             r"|\bhow high (?:does|did|do|has|have)\b.{2,60}\b(?:stand|come|place|climb)"),
    # "What profit did they make", "what was their loss", "how deep in the red"
    ("money", rf"\bwhat {_RESULT}\b|\bwhat {_BE} (?:[\w’'-]+ ){{1,4}}{_RESULT}\b|\bin the red\b"),
    # "How high is the damage put", "how much electricity", "how much of it is left", "to what level"
    ("quantity", rf"\bhow high (?:{_BE}|has|have|does|did|do)\b|\bhow much of\b(?! an?\b)"
                 r"|\bhow much\b.{2,60}\b(?:rise|rose|risen|fall|fell|fallen|grow|grew|grown|shrink|shrunk|increased?|decreased?|dropp?e?d?"
                 r"|declined?|climb(?:ed)?|changed?|go(?:ne)? (?:up|down)|larger|smaller|more|less|higher|lower|bigger)\b"
                 r"|\bby how much\b|\b(?:to|at|by) (?:what|which) (?:level|amount)\b"
                 r"|\bhow much (?!(?:is|was|were|are|will|would|can|could|did|do|does|has|have|had|should|may|might|worth"
                 r"|difference|influence|impact|money|cash|funding|of)\b)[a-z]{3,}"),
    ("money", r"\bhow much\b(?! difference| influence| impact| of an?\b)|\bwhat (?:did|does|do|will|would) .{2,60}\b(?:pay|cost|spend|earn)\b|\bworth\b"
              r"|\b(?:dollar|monetary) (?:value|figure|amount)\b"
              r"|\b(?<!diplomatic )(?<!political )price\b|\b(?:budget|value|revenue|turnover|gdp|volume|size)\b"
              rf"|\bcosts? of\b|\bhow (?:large|big) {_BE}\b.{{0,40}}\b{_SUM}\b"),
    # "How big is the backlog"; of trade or a deal, money is meant
    ("quantity", rf"\bhow (?:big|large|small) {_BE}\b"),
    # "What does the trade amount to"
    ("quantity", r"\bwhat (?:did|does|do|will|would) .{2,80}\b(?:amount|come|add up) to\b"),
    ("date", _START + r"when\b|\b(?:date|month|year) (?:of|when)\b|\b(?:month|year|date)\s*$"),
    ("reason", _START + r"why\b|\bwhat (?:led|caused|prompted|explains|drove|made)\b|\breasons?\b|\bhow come\b"),
    ("person", _START + r"who(?:m|se)?\b|\bname of\b|\b(?:which|what) (?:official|politician|leader|minister|person|author|president|judge|prosecutor|lawyer|coach|senator|governor)s?\b"),
    ("date", r"\b(?:exact|precise) date\b"),
    ("place", _START + r"where\b|\b(?:which|what) (?:\w+ ){0,2}(?:country|countries|city|town|state|district|region|nation|nations|place|capital)\b"),
    ("organisation", r"\b(?:which|what) (?:\w+ ){0,3}(?:company|companies|organi[sz]ation|group|body|agency|ministry|party|airlines?|firm|bank)s?\b"),
    ("list", r"\b(?:which|what) (?:are|were) the\b|\blist\b|\bname (?:the|all|some)\b|\bwhat (?:kinds?|types?|sorts?) of\b"),
    ("yes_no", r"^\s*(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should)\b"),
)  # fmt: skip
_WANTED = tuple((wanted, re.compile(pattern, re.IGNORECASE)) for wanted, pattern in _PATTERNS)
_TAIL = re.compile(
    r":\s*((?:\w+\s)?(?:who|whom|whose|what|which|when|where|why|how)\b[^:?]*)\??\s*$",
    re.IGNORECASE,
)  # "Oil from Baku: which rank does India hold?"
_WHAT_ABOUT = re.compile(r"what about\b", re.IGNORECASE)
_FIGURES = frozenset({"money", "percent", "rank", "count", "duration", "quantity"})


def wanted_type(question: str) -> Wanted:
    """The type of answer a question asks for; `open` when its words don't tell.

    >>> wanted_type("How many tourists came?"), wanted_type("Who is the president?")
    ('count', 'person')
    >>> wanted_type("Has the value of trade fallen?"), wanted_type("Is it worth $2?")
    ('yes_no', 'money')
    """
    tail = _TAIL.search(question)
    if tail and not _WHAT_ABOUT.match(tail.group(1)):
        return _matched(tail.group(1))
    found = _matched(question)
    if found in _FIGURES and is_yes_no(question) and not _states_amount(question):
        return "yes_no"
    if found == "open" and is_yes_no(question):
        return "yes_no"
    if found in {"open", "count", "money"} and asked_dimension(question):
        return "quantity"
    return found


def _matched(question: str) -> Wanted:
    return next((wanted for wanted, pattern in _WANTED if pattern.search(question)), "open")


def _states_amount(question: str) -> bool:
    return any(figure.kind != "date" for figure in find_figures(question))
