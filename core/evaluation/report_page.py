"""Report page: one run, or the comparison of two, as an HTML page that loads nothing."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape

from core.base.i18n import LocalizedFloat, _
from core.evaluation.answer_record import AnswerRecord
from core.evaluation.answer_scores import is_right
from core.evaluation.bootstrap import PairedDifference
from core.evaluation.evaluation_summary import EvaluationSummary, RefusalTable
from core.evaluation.report_plots import plot_differences, plot_estimates, plot_reliability
from core.evaluation.score_labels import score_label

_NUMBER = ' class="number"'
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE = """
:root { color-scheme: light dark; --accent: #b5622f; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
.note { opacity: .75; } .scroll { overflow-x: auto; }
table { border-collapse: collapse; } td, th { border: 1px solid #888888; padding: .25rem .5rem;
text-align: start; vertical-align: top; } td.number { text-align: end; white-space: nowrap; }
svg { max-width: 100%; height: auto; font: 12px system-ui, sans-serif; fill: currentColor; }
svg .bar { fill: var(--accent); fill-opacity: .75; } svg .frame { fill: none; stroke: #888888; }
svg .axis { stroke: #888888; stroke-dasharray: 4 3; } svg .interval { stroke: currentColor;
stroke-width: 1.5; fill: none; } svg .curve { stroke: var(--accent); fill: none; }
"""


def report_page(summary: EvaluationSummary, records: Sequence[AnswerRecord]) -> str:
    """Return the page of one run: plots, the refusal table, calibration, and every question."""
    title = _("Answers to “{set}”").format(set=summary.run.set_name)
    body = [f"<h1>{escape(title)}</h1>", f'<p class="note">{escape(_describe_run(summary))}</p>']
    rows = [(score_label(name), each) for name, each in summary.scores.items()]
    if summary.right:
        rows.insert(0, (score_label("right"), summary.right))
    body += [
        _heading(_("Scores, with intervals of {share}").format(share="95 %")),
        plot_estimates(rows, title),
    ]
    body += _refusal_section(summary.refusals)
    if summary.calibration:
        words = _("Expected calibration error {error:.3f} over {count} answers.")
        body += [
            _heading(_("Confidence")),
            plot_reliability(
                summary.calibration,
                _("Confidence"),
                (_("confidence"), _("share that can be answered")),
            ),
            _paragraph(
                words.format(
                    error=LocalizedFloat(summary.calibration.error), count=summary.calibration.count
                )
            ),
        ]
    if summary.groups:
        body += [_heading(_("By kind")), plot_estimates(list(summary.groups.items()), _("By kind"))]
    body += [_heading(_("Every question")), *_question_table(records)]
    return _page(title, body)


def comparison_page(
    names: tuple[str, str], differences: Mapping[str, PairedDifference], rows: Sequence[str]
) -> str:
    """Return the page of a comparison; `rows` are sentences below it."""
    title = _("{second} against {first}").format(first=names[0], second=names[1])
    labelled = [(score_label(name), each) for name, each in differences.items()]
    heads = (_("Score"), _("Difference"), _("Better"), _("Worse"), _("Equal"), "p")
    table = [
        [
            label,
            f"{LocalizedFloat(each.mean):+.3f}",
            str(each.better),
            str(each.worse),
            str(each.equal),
            f"{LocalizedFloat(each.p):.3f}",
        ]
        for label, each in labelled
    ]
    body = [
        f"<h1>{escape(title)}</h1>",
        plot_differences(labelled, title),
        *_table(heads, table),
        *map(_paragraph, rows),
    ]
    return _page(title, body)


def describe_settings(summary: EvaluationSummary) -> str:
    """Return model, folders and options of a run in one line."""
    run = summary.run
    parts = [run.model or _("the chosen model"), *run.folders]
    parts += [f"{name} {value}" for name, value in run.settings.items()]
    return " · ".join(parts)


def _describe_run(summary: EvaluationSummary) -> str:
    counts = _("{questions} questions, {failed} without a reply").format(
        questions=summary.questions, failed=summary.failed
    )
    return f"{describe_settings(summary)} · {counts}"


def _refusal_section(table: RefusalTable) -> Iterator[str]:
    yield _heading(_("What can be answered, and what was"))
    yield from _table(
        ("", _("answered"), _("refused")),
        [
            [
                _("the set has an answer"),
                str(table.answerable_answered),
                str(table.answerable_refused),
            ],
            [
                _("nothing answers it"),
                str(table.unanswerable_answered),
                str(table.unanswerable_refused),
            ],
        ],
    )


def _question_table(records: Sequence[AnswerRecord]) -> Iterator[str]:
    heads = (_("Question"), _("Reply"), _("Wanted"), _("Right"), "F1", _("Cited"))
    yield from _table(heads, [_question_row(record) for record in records], wide=True)


def _question_row(record: AnswerRecord) -> list[str]:
    wanted = record.must_contain or record.answers
    f1 = record.scores.get("token_f1")
    return [
        record.question,
        record.problem or record.reply,
        " / ".join(wanted[:3]) if record.answerable else _("nothing answers it"),
        "" if record.problem else _("yes") if is_right(record) else _("no"),
        "" if f1 is None else f"{LocalizedFloat(f1):.2f}",
        ", ".join(record.cited_files),
    ]


def _table(
    heads: Sequence[str], rows: Sequence[Sequence[str]], *, wide: bool = False
) -> Iterator[str]:
    yield '<div class="scroll"><table><tr>'
    yield "".join(f"<th>{escape(head)}</th>" for head in heads) + "</tr>"
    for row in rows:
        cells = (
            f'<td dir="auto"{"" if wide or place == 0 else _NUMBER}>{escape(cell)}</td>'
            for place, cell in enumerate(row)
        )
        yield f"<tr>{''.join(cells)}</tr>"
    yield "</table></div>"


def _heading(text: str) -> str:
    return f"<h2>{escape(text)}</h2>"


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _page(title: str, body: Sequence[str]) -> str:
    head = (
        '<!DOCTYPE html>\n<html><head><meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style></head>\n<body>\n"
    )
    return head + "\n".join(body) + "\n</body></html>\n"
