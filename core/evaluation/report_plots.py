"""Report plots: bars with intervals, a reliability curve and differences, as SVG in a page.

Colours come from the page (`currentColor` and its variables), so that light and dark both fit.
"""

from collections.abc import Sequence
from html import escape

from core.base.i18n import LocalizedFloat
from core.evaluation.bootstrap import MeanEstimate, PairedDifference
from core.evaluation.calibration import Calibration

_LABEL_WIDTH, _BAR_WIDTH, _VALUE_WIDTH, _ROW = 170, 360, 150, 26
_SIDE = 280
_MARGIN = 44


def plot_estimates(rows: Sequence[tuple[str, MeanEstimate]], title: str) -> str:
    """Return bars from 0 to 1, each with its interval as a line."""
    parts: list[str] = []
    for place, (label, each) in enumerate(rows):
        middle = place * _ROW + _ROW / 2
        parts += [
            _label(label, middle),
            _bar(each.mean, middle),
            _interval(
                _LABEL_WIDTH + each.low * _BAR_WIDTH, _LABEL_WIDTH + each.high * _BAR_WIDTH, middle
            ),
            _value(
                f"{LocalizedFloat(each.mean):.3f} ({LocalizedFloat(each.low):.3f}–"
                f"{LocalizedFloat(each.high):.3f})",
                middle,
            ),
        ]
    return _svg(_LABEL_WIDTH + _BAR_WIDTH + _VALUE_WIDTH, len(rows) * _ROW, parts, title)


def plot_differences(rows: Sequence[tuple[str, PairedDifference]], title: str) -> str:
    """Return each difference with its interval around a line at 0."""
    reach = max((abs(edge) for _label, each in rows for edge in (each.low, each.high)), default=0.0)
    reach = max(reach, 0.05)
    middle_x = _LABEL_WIDTH + _BAR_WIDTH / 2

    def position(value: float) -> float:
        return middle_x + value / reach * _BAR_WIDTH / 2

    parts = [f'<line class="axis" x1="{middle_x}" x2="{middle_x}" y1="0" y2="{len(rows) * _ROW}"/>']
    for place, (label, each) in enumerate(rows):
        middle = place * _ROW + _ROW / 2
        parts += [
            _label(label, middle),
            _interval(position(each.low), position(each.high), middle),
            f'<circle class="bar" cx="{position(each.mean):.1f}" cy="{middle:.1f}" r="5"/>',
            _value(
                f"{LocalizedFloat(each.mean):+.3f} ({LocalizedFloat(each.low):+.3f} … "
                f"{LocalizedFloat(each.high):+.3f})",
                middle,
            ),
        ]
    return _svg(_LABEL_WIDTH + _BAR_WIDTH + _VALUE_WIDTH, len(rows) * _ROW, parts, title)


def plot_reliability(calibration: Calibration, title: str, axes: tuple[str, str]) -> str:
    """Return how often each confidence was right, beside the line where both agree.

    `axes` names the confidence and the share that is right; larger circles hold more answers.
    """

    def across(value: float) -> float:
        return _MARGIN + value * _SIDE

    def up(value: float) -> float:
        return 10 + (1 - value) * _SIDE

    parts = [
        f'<rect class="frame" x="{_MARGIN}" y="10" width="{_SIDE}" height="{_SIDE}"/>',
        f'<line class="axis" x1="{across(0)}" y1="{up(0)}" x2="{across(1)}" y2="{up(1)}"/>',
    ]
    for tick in (0.0, 0.5, 1.0):
        text = f"{LocalizedFloat(tick):.1f}"
        parts += [
            f'<text x="{across(tick):.1f}" y="{up(0) + 16:.1f}" text-anchor="middle">{text}</text>',
            f'<text x="{_MARGIN - 6}" y="{up(tick) + 4:.1f}" text-anchor="end">{text}</text>',
        ]
    points = " ".join(f"{across(e.confidence):.1f},{up(e.right):.1f}" for e in calibration.bins)
    parts.append(f'<polyline class="curve" points="{points}"/>')
    for each in calibration.bins:
        radius = 3 + 9 * (each.count / calibration.count) ** 0.5
        parts.append(
            f'<circle class="bar" cx="{across(each.confidence):.1f}" cy="{up(each.right):.1f}" '
            f'r="{radius:.1f}"><title>{each.count}</title></circle>'
        )
    parts.append(_axis_name(axes[0], f"translate({across(0.5):.1f} {up(0) + 34:.1f})"))
    parts.append(_axis_name(axes[1], f"translate(12 {up(0.5):.1f}) rotate(-90)"))
    return _svg(_MARGIN + _SIDE + 20, _SIDE + 54, parts, title)


def _bar(value: float, middle: float) -> str:
    width = max(0.0, min(1.0, value)) * _BAR_WIDTH
    return (
        f'<rect class="bar" x="{_LABEL_WIDTH}" y="{middle - 8:.1f}" height="16" '
        f'width="{width:.1f}"/>'
    )


def _axis_name(text: str, place: str) -> str:
    return f'<text transform="{place}" text-anchor="middle">{escape(text)}</text>'


def _label(text: str, middle: float) -> str:
    return (
        f'<text x="{_LABEL_WIDTH - 8}" y="{middle + 4:.1f}" text-anchor="end">{escape(text)}</text>'
    )


def _value(text: str, middle: float) -> str:
    return f'<text x="{_LABEL_WIDTH + _BAR_WIDTH + 8}" y="{middle + 4:.1f}">{escape(text)}</text>'


def _interval(low: float, high: float, middle: float) -> str:
    ends = f"M{low:.1f} {middle - 5:.1f}v10M{high:.1f} {middle - 5:.1f}v10"
    return f'<path class="interval" d="M{low:.1f} {middle:.1f}H{high:.1f}{ends}"/>'


def _svg(width: float, height: float, parts: Sequence[str], title: str) -> str:
    return (
        f'<svg role="img" viewBox="0 0 {width:.0f} {max(height, 1):.0f}" width="{width:.0f}">'
        f"<title>{escape(title)}</title>{''.join(parts)}</svg>"
    )
