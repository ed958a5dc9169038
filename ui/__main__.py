"""`python -m ui`: the same as `footnote`."""

import sys

from ui.cli import main

if __name__ == "__main__":
    sys.exit(main())
