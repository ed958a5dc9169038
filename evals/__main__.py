"""`python -m evals SUITE.jsonl` is `python -m evals.run SUITE.jsonl`."""

import sys

from evals.run import main

sys.exit(main())
