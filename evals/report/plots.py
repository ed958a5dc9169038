"""Summary → plots as SVG whose colours are the page's, by matplotlib, which loads when asked."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from evals.metrics import Metric
from evals.report.markup import Html, escape, printable
from evals.report.wording import seconds
from evals.summary import ALL, Cell, Summary

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Stand-ins that become the page's variables, so that one plot serves light and dark.
INK, SOFT, LINE, FIRST, SECOND = "#010101", "#020202", "#030303", "#040404", "#050505"
_THEME = {
    INK: "var(--ink, #1d1c1a)",
    SOFT: "var(--soft, #5f5b53)",
    LINE: "var(--line, #e4dfd5)",
    FIRST: "var(--accent, #0b5d5e)",
    SECOND: "var(--second, #b4690e)",
    "'DejaVu Sans'": "var(--sans, sans-serif)",
}
_SETTINGS: Any = {
    "svg.fonttype": "none",  # text stays text: small, selectable, in the page's font
    "font.family": ["DejaVu Sans"],  # comes with matplotlib, so that every machine sets alike
    "font.size": 9.5,
    "text.color": INK,
    "axes.labelcolor": SOFT,
    "axes.edgecolor": LINE,
    "xtick.color": LINE,
    "ytick.color": LINE,
    "xtick.labelcolor": SOFT,
    "ytick.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.facecolor": "none",
    "axes.axisbelow": True,
    "grid.color": LINE,
    "grid.linewidth": 0.8,
}
_GROUP_ID = re.compile(r'<g id="[^"]*"')  # '<g id="axes_1"', which every plot of a page would have
_PROLOG = re.compile(r"^.*?(?=<svg)", re.DOTALL)
_STYLE = re.compile(r"<style.*?</style>", re.DOTALL)  # of every element, also outside the plot
_SIZE = re.compile(r' (?:width|height)="[\d.]+pt"')
_NO_METADATA = dict.fromkeys(("Creator", "Date", "Format", "Type"))

WIDTH = 4.8  # inches, 72 units each: text of 9.5 units is readable at phone width
MAX_NAME_CHARS = 20
LOG_FROM = 20  # times the quickest answer's time: the slowest above it would flatten the rest


def by_suite(summary: Summary, metrics: Sequence[Metric], title: str) -> Html | None:
    """Means of one or two metrics with their intervals, a row a suite; None without any."""
    names = (ALL, *summary.suites) if len(summary.suites) > 1 else summary.suites
    rows = [
        name
        for name in names
        if any((share := summary.shares.get(Cell(name, ALL, m))) and share.n for m in metrics)
    ]
    if not rows:
        return None
    styles = [(-0.16, FIRST, "o"), (0.16, SECOND, "D")] if len(metrics) > 1 else [(0, FIRST, "o")]

    def draw(axes: Axes) -> None:
        for metric, (offset, colour, marker) in zip(metrics, styles, strict=True):
            for n, name in enumerate(rows):
                share = summary.shares.get(Cell(name, ALL, metric))
                if share is None or share.mean is None or share.interval is None:
                    continue
                axes.plot(share.interval, [n + offset] * 2, color=colour, linewidth=1.6, alpha=0.55)
                axes.plot(share.mean, n + offset, marker, color=colour, markersize=5)
        axes.set_yticks(range(len(rows)), [_short(name) for name in rows], parse_math=False)
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        _in_percent(axes, "x")
        axes.grid(axis="x")

    return _svg(draw, title, height=0.4 + 0.42 * len(rows))


def risk_coverage(summary: Summary, title: str) -> Html | None:
    """The share of wrong answers against the share answered; None without confidences."""
    if not summary.curve:
        return None
    coverage = [0.0, *(point.coverage for point in summary.curve)]
    risk = [summary.curve[0].risk, *(point.risk for point in summary.curve)]

    def draw(axes: Axes) -> None:
        axes.fill_between(coverage, risk, step="pre", color=FIRST, alpha=0.14, linewidth=0)
        axes.step(coverage, risk, where="pre", color=FIRST, linewidth=1.8)
        axes.plot(coverage[-1], risk[-1], "o", color=FIRST, markersize=5)
        axes.set_xlim(0, 1)
        axes.set_ylim(0, max(0.1, *risk) * 1.12)
        _in_percent(axes, "x")
        _in_percent(axes, "y")
        axes.set_xlabel("questions answered, most confident first")
        axes.set_ylabel("answered wrong")
        axes.grid(axis="y")

    return _svg(draw, title)


def latency(summary: Summary, title: str) -> Html | None:
    """How many answers took how long, with median and 95th percentile; None without times."""
    times = [
        answer.seconds["total"]
        for result in summary.results
        if (answer := result.record.answer) is not None and "total" in answer.seconds
    ]
    if not times:
        return None
    from matplotlib.ticker import MaxNLocator

    def draw(axes: Axes) -> None:
        axes.hist(times, bins=_bins(times, axes), color=FIRST, alpha=0.55)
        top = axes.get_ylim()[1]
        axes.set_ylim(0, top * 1.18)
        for name, height in (("median", 1.11), ("p95", 1.02)):
            at = summary.seconds[name]
            axes.axvline(at, ymax=height / 1.18, color=INK, linewidth=1, linestyle=(0, (3, 2)))
            axes.annotate(
                f"{name} {seconds(at)}",
                (at, top * height),
                xytext=(4, 0),
                textcoords="offset points",
                va="center",
            )
        axes.set_xlabel("seconds to an answer")
        axes.set_ylabel("answers")
        axes.yaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10], integer=True))

    return _svg(draw, title)


def _bins(times: Sequence[float], axes: Axes) -> list[float]:
    """Edges of 24 bins from 0; spaced by factors, on such an axis, where times differ widely."""
    low, high = min(times), max(times)
    if low <= 0 or high < LOG_FROM * low:
        return [(high or 1.0) * n / 24 for n in range(25)]
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.xaxis.set_minor_formatter(lambda *_: "")
    return [low * (high / low) ** (n / 24) for n in range(24)] + [high]


def _in_percent(axes: Axes, which: str) -> None:
    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_major_formatter(lambda value, _: f"{100 * value:.0f} %")
    if which == "x":
        axes.set_xlim(-0.02, 1.02)
        axes.set_xticks([0, 0.25, 0.5, 0.75, 1])


def _short(name: str) -> str:
    told = "all suites" if name == ALL else printable(name)
    return told if len(told) <= MAX_NAME_CHARS else f"{told[: MAX_NAME_CHARS - 1]}…"


def _svg(draw: Callable[[Axes], None], title: str, height: float = 2.7) -> Html:
    """What `draw` draws, to be put into a page; the same drawing is the same bytes.

    Plots of one page need different titles: ids are made of them.
    """
    from matplotlib import rc_context, rcdefaults, rcParams
    from matplotlib.figure import Figure

    written = io.StringIO()
    with rc_context(), warnings.catch_warnings():
        rcdefaults()  # not the reader's own: a report is the same everywhere
        rcParams.update(_SETTINGS)
        rcParams["svg.hashsalt"] = title
        # The browser has the glyphs that matplotlib's font lacks; only widths are estimates.
        warnings.filterwarnings("ignore", "Glyph .* missing from font")
        figure = Figure(figsize=(WIDTH, height), layout="constrained")
        draw(figure.add_subplot())
        figure.patch.set_alpha(0)
        figure.savefig(written, format="svg", metadata=_NO_METADATA)
    text = _GROUP_ID.sub("<g", _PROLOG.sub("", written.getvalue()))
    text = _SIZE.sub("", _STYLE.sub("", text), count=2).replace("xlink:href", "href")
    for ours, theirs in _THEME.items():
        text = text.replace(ours, theirs)
    return Html(text.replace("<svg", f'<svg role="img" aria-label="{escape(title)}"', 1).strip())
