"""Plain text of a Markdown message, for programs that do not read Markdown."""

from PySide6.QtGui import QTextDocumentFragment

from desktop.chat.markdown.block_types import plain_html


def markdown_to_plain_text(text: str) -> str:
    """Return the plain text of a message as it is read, formulas as LaTeX."""
    from desktop.chat.markdown.markdown_html import render_markdown  # noqa: PLC0415 - 50 ms; the first paint needs none

    prose = render_markdown(text)
    html = prose.html
    for number, formula in enumerate(prose.formulas):
        html = html.replace(f'<img src="maths:{number}">', plain_html(formula.latex_source))
    return QTextDocumentFragment.fromHtml(html).toPlainText().strip()
