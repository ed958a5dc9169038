"""The Evals tab: the latest report of `footnote eval`, or how to make one."""

from __future__ import annotations

from pathlib import Path

import gradio as gr
from gradio.context import Context

from ui.web.feedback import count_feedback


def build_reports(home: Path) -> None:
    """The Evals tab's content, in the tab's context; read anew whenever the tab is opened.

    Args:
        home: The index folder, below which `footnote eval` writes.
    """

    def read() -> str:
        # What evaluates takes a while to import, and most readers never open the tab.
        from ui.web.runs import latest_report, report_html

        return report_html(latest_report(home), count_feedback(home), home)

    tab = Context.block
    is_tab = isinstance(tab, gr.Tab)
    shown = gr.Markdown(
        "" if is_tab else read(),
        sanitize_html=True,
        latex_delimiters=[],
        show_label=False,
        elem_id="report",
    )
    if isinstance(tab, gr.Tab):
        tab.select(read, None, shown, api_visibility="private", show_progress="hidden")
