"""Every threshold that decides between answering and refusing, each with the data that chose it.

`python -m evals.calibrate` prints the curve behind them: the development suite on the three originals
and the development half of XQuAD, each question once with and once without its own paragraph.
"""

from __future__ import annotations

SENTENCES_JUDGED = 6
"""Sentences, best by relevance, that are compared closely; the right one is among them for .95."""

WAIVE_RELEVANCE = 5.5
"""From this relevance (a cross-encoder logit) on, a doubt about a name or a count is waived."""

JOINT_LEAD = 1.5
"""A sentence that leans on the one before is read together with it when that says this much more."""

OFF_TOPIC_RELEVANCE = -5.0
"""Below it nothing in the articles is on the topic: off-topic questions reach -5.1 at most, questions
that the articles answer -6.0 at least (three of 74 below)."""

MIN_CONFIDENCE = 0.4
"""Least estimated probability that a sentence answers; less is refused. On the four development suites
6 % of 247 answerable questions are refused, and 93 % of 150 unanswerable ones."""

MAX_BEHIND = 3.0
"""A sentence that is this much less relevant than one that lacks something is not shown: where the
nearest words don't answer, farther ones rarely do. Unanswerable ones refused rise from 87 to 91 %."""

REASON_BONUS = 1.5
"""Where a reason is asked for, a sentence that gives one stands this much higher."""

SECOND_MARGIN = 3.0
"""A further sentence is shown when its order score is at most this far below the first one's."""
MAX_SENTENCES = 3
SAME_STEMS = 0.6
"""Two sentences that share more than this much of the shorter one's stems say the same."""


CONSTANT = 1.58
WEIGHTS = (0.29, 0.43, 1.00, 0.40)
"""Logistic regression (`answering.extract.features`) on the best admissible sentence of each question."""
