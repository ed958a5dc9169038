"""An evaluation's report: `to_html` for a browser, `to_markdown` for a pull request or terminal."""

from evals.report.markdown import to_markdown
from evals.report.page import to_html

__all__ = ["to_html", "to_markdown"]
