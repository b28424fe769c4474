"""Every sentence a person reads went through gettext."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.house.sources import called_name, calls, python_sources

SHOWING = {
    "QAction", "QCheckBox", "QCommandLinkButton", "QDockWidget", "QGroupBox", "QLabel",
    "QLineEdit", "QMenu", "QMessageBox", "QPlainTextEdit", "QProgressDialog", "QPushButton",
    "QRadioButton", "QTextEdit", "QToolButton", "addAction", "addItem", "addItems", "addMenu",
    "addRow", "addTab", "appendPlainText", "critical", "getExistingDirectory", "getOpenFileName",
    "getOpenFileNames", "getSaveFileName", "getText", "information", "insertTab", "question",
    "setAccessibleDescription", "setAccessibleName", "setDetailedText", "setFormat",
    "setHeaderLabels", "setInformativeText", "setItemText", "setLabelText", "setPlaceholderText",
    "setPlainText", "setStatusTip", "setSuffix", "setText", "setTitle", "setToolTip",
    "setWhatsThis", "setWindowTitle", "showMessage", "warning",
}  # fmt: skip
"""Calls whose text arguments a person sees."""
SHOWING_KEYWORDS = {"help", "label", "placeholderText", "text", "title", "toolTip", "windowTitle"}
LOGGERS = {"_log", "log", "logging"}
LETTERS = re.compile(r"[^\W\d_]{2,}")


def bare_words(node: ast.expr) -> Iterator[str]:
    """Return the words of an argument that would be shown as they stand."""
    match node:
        case ast.Constant(value=str(text)):
            yield from LETTERS.findall(text)
        case ast.JoinedStr(values=parts):
            for part in parts:
                yield from bare_words(part)
        case ast.BinOp(left=left, right=right):
            yield from bare_words(left)
            yield from bare_words(right)
        case ast.IfExp(body=body, orelse=orelse):
            yield from bare_words(body)
            yield from bare_words(orelse)
        case ast.List(elts=parts) | ast.Tuple(elts=parts):
            for part in parts:
                yield from bare_words(part)


def shown(call: ast.Call) -> Iterator[ast.expr]:
    if called_name(call) not in SHOWING or _is_log_call(call):
        return
    yield from call.args
    yield from (word.value for word in call.keywords if word.arg in SHOWING_KEYWORDS)


def _is_log_call(call: ast.Call) -> bool:
    return (
        isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id in LOGGERS
    )


def test_no_bare_sentence_in_a_window() -> None:
    found = [
        f"{source.place(call)}: {' '.join(words)!r} is not passed through _()"
        for source in python_sources("desktop")
        for call in calls(source)
        for argument in shown(call)
        if (words := list(bare_words(argument)))
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("label.setText('Two words')", True),
        ("label.setText(f'{n} words')", True),
        ("QLabel('Words', parent)", True),
        ("menu.addAction(text='Words')", True),
        ("label.setText('Words' if a else _('Words'))", True),
        ("label.setText(_('Two words'))", False),
        ("label.setText(_('{n} words').format(n=n))", False),
        ("label.setText('·')", False),
        ("label.setObjectName('words')", False),
        ("_log.warning('words')", False),
    ],
)
def test_the_check_finds_what_it_looks_for(code: str, *, found: bool) -> None:
    (call,) = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)][:1]
    assert any(list(bare_words(argument)) for argument in shown(call)) is found
