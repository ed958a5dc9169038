"""Every threshold that decides between answering and refusing, each with the data that chose it.

`python -m evals.calibrate` fits weights and prints the curves behind the thresholds, from 388
questions of `suites/originals/dev*.jsonl` on the three originals (244 answerable), 297 of the
development half of the built-in suites (219) and the development half of XQuAD, each question with
and without its own paragraph. The weights below were fitted the same way on these and on the 224 of
`suites/news/dev-*.jsonl` (133), which the command does not read yet: it prints other weights.
"""

from __future__ import annotations

SENTENCES_READ = 16
"""Sentences of the hits that the cross-encoder reads, of 32 on average."""

SENTENCES_JUDGED = 6
"""Sentences, best by relevance, compared closely: 6 hold the right one for .914, 8 for .920."""

WAIVE_RELEVANCE = 5.5
"""From this relevance (a cross-encoder logit) on, one doubt about a sentence no longer counts: on
the built-in suites, at 8 % refused of the answerable, 90 % of the others are, 88 % without it."""

JOINT_LEAD = 1.5
"""A sentence that leans on the one before is read with it when the two say this much more."""

MIN_CONFIDENCE = 0.38
"""Least estimated probability that a sentence answers; less is refused. On the development
questions, to which the weights were fitted too: of the built-in suites 2.3 % of the answerable and
92.3 % of the unanswerable are refused, on the originals 8.6 and 93.8 %, on unrelated news 28.6 and
79.1 %; at 0.34, 2.3, 92.3, 8.6, 91.7, 26.3 and 75.8 %."""

CONSTANT = -1.15
WEIGHTS = (0.57, 0.84, 0.31, 0.49, 2.00, -0.65, -0.94, -0.80, -0.67)
"""Logistic regression over `answering.extract.features`, fitted on all four data sets: relevance,
cosine, the question's terms in the words and near them, the lead over the next sentence, how far
behind one about something else, and doubts: any, of the subject, more than one."""

REASON_BONUS = 1.5
"""Where a reason is asked for, a sentence that gives one stands this much higher."""

SECOND_MARGIN = 3.0
"""A further sentence is shown when its order is this little below the first one's: 1.5 sentences
an answer; one is right for 1.6 points more of the development questions than at
1.5."""

MAX_SENTENCES = 3

SAME_STEMS = 0.6
"""Two sentences that share more than this much of the shorter one's stems say the same."""

OFF_TOPIC_RELEVANCE = -5.0
"""Below it, and where no sentence bears a name of the question, nothing is on the topic."""

SIBLING_TERMS = 0.5
"""A sentence with this share of the question's terms, the rare ones counted for more, is about the
same thing. This and the next three give the right reason for 92 % of the unanswerable questions of
the originals and 96 % of the built-in ones, on which they were chosen."""
SIBLING_RELEVANCE = -3.0
"""A figure for another party or period is told of from this relevance on, if any term is shared."""
SIBLING_ALONE = 3.0
"""From this relevance on it is told of whatever the words."""
SIBLING_BEHIND = 6.0
"""One that is this much less relevant than the nearest sentence is not told of."""

LEAST_HELD = 0.8
"""Share of a claim's telling words that the cited ones have to hold where no model is asked. By the
curve of `python -m evals.meaning`, on sentences of RealTime QA's development half, each reworded:
all reach it; where the next sentence of the article is cited for them, 5.8 % do (0.6: 14 %, 0.9:
2.6 %)."""

LEAST_SUPPORT = 0.5
"""Least support score of a claim that is no quotation, where models are asked; the curve is that of
`python -m evals.calibrate_support` on WiCE's development half: 53 % of the wholly supported claims
reach it, and 10 % of the others (0.3: 79 and 31 %). By `python -m evals.drafts_table --curve`, on
the development half of `evals/drafts`: 84 % of the true ones are supported and 97.8 % of the false
withheld (0.3: 85 and 96.8 %; 0.6: 77 and 97.8 %)."""
