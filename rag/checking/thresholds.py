"""Every threshold that decides between answering and refusing, each with the data that chose it.

`python -m evals.calibrate` prints the curve behind them, on the development suites (`dev*.jsonl` on
the three originals: 247 answerable questions, 150 not) and on the development half of XQuAD.
"""

from __future__ import annotations

SENTENCES_READ = 16
"""Sentences of the hits that the cross-encoder reads, of 32 on average."""

SENTENCES_JUDGED = 6
"""Sentences, best by relevance, compared closely: 6 hold the right one for .914, 8 for .920."""

WAIVE_RELEVANCE = 5.5
"""From this relevance (a cross-encoder logit) on, a doubt about a name or count is waived. On the
development suites 5.5 refuses 1.3 points more of the unanswerable than 5.0, and as many others."""

JOINT_LEAD = 1.5
"""A sentence that leans on the one before is read with it when the two say this much more."""

OFF_TOPIC_RELEVANCE = -5.0
"""Below it nothing is on the topic. In `dev.jsonl` off-topic questions reach -6.9 at most but for
one, and three of the 74 that are answered stay below."""

MIN_CONFIDENCE = 0.4
"""Least estimated probability that a sentence answers; less is refused. On the development suites
6 % of the answerable questions are refused, and 93 % of the unanswerable ones."""

MAX_BEHIND = 3.0
"""A sentence that is this much less relevant than one that lacks something is not shown: where the
nearest words don't answer, farther ones rarely do. Unanswerable ones refused: from 87 to 91 %."""

REASON_BONUS = 1.5
"""Where a reason is asked for, a sentence that gives one stands this much higher."""

SECOND_MARGIN = 3.0
"""A further sentence is shown when its order is this little below the first one's: 1.5 sentences
an answer; one is right for 1.6 points more of the development questions than at
1.5."""

MAX_SENTENCES = 3

SAME_STEMS = 0.6
"""Two sentences that share more than this much of the shorter one's stems say the same."""

CONSTANT = 1.58
WEIGHTS = (0.29, 0.43, 1.00, 0.40)
"""Logistic regression over `answering.extract.features`, fitted on the development suites."""
