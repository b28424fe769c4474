"""A message without its Markdown, for programs that know none."""

from PySide6.QtGui import QTextDocumentFragment

from desktop.chat.prose import plain_html


def plain_words(text: str) -> str:
    """Return the words of a message as they are read, formulas as they were written."""
    from desktop.chat.markdown import render  # noqa: PLC0415 - 50 ms; the first paint needs none

    prose = render(text)
    html = prose.html
    for number, formula in enumerate(prose.formulas):
        html = html.replace(f'<img src="maths:{number}">', plain_html(formula.written))
    return QTextDocumentFragment.fromHtml(html).toPlainText().strip()
