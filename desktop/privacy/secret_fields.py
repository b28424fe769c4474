"""Secret fields: a new passphrase typed twice, and a recovery code to copy or print."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontDatabase, QGuiApplication, QTextDocument
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from core.base.i18n import _
from core.base.paths import APP_NAME
from desktop.kit.buttons_and_labels import TextButton, plain_label
from desktop.kit.theme import Theme


class PassphraseFields(QWidget):
    """Two lines; `passphrase` is what stands in both."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = QLineEdit(), QLineEdit()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for line, name in ((self.first, _("New passphrase")), (self.second, _("Once more"))):
            line.setEchoMode(QLineEdit.EchoMode.Password)
            line.setPlaceholderText(name)
            line.setAccessibleName(name)
            line.textChanged.connect(self.edited)
            column.addWidget(line)

    @property
    def passphrase(self) -> str:
        """What was typed."""
        return self.first.text()

    @property
    def is_repeated(self) -> bool:
        """Whether both lines say the same."""
        return self.first.text() == self.second.text()


class RecoveryCodeField(QWidget):
    """A code, its explanation, and two ways out of the window."""

    def __init__(self, theme: Theme, code: str) -> None:
        super().__init__()
        self.code_line = QLineEdit(code)
        self.code_line.setReadOnly(True)
        self.code_line.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.code_line.setMinimumWidth(43 * self.code_line.fontMetrics().averageCharWidth())
        self.code_line.setAccessibleName(_("Recovery code"))
        self.copy_button = TextButton(theme, _("Copy the code"), icon="copy")
        self.print_button = TextButton(theme, _("Print the code…"))
        self.copy_button.clicked.connect(self._on_copy_clicked)
        self.print_button.clicked.connect(self._on_print_clicked)
        row = QHBoxLayout()
        row.addWidget(self.copy_button)
        row.addWidget(self.print_button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        text = _(
            "Write this recovery code down and keep it elsewhere. When the key store forgets the"
            " key, nothing else opens your data, and nobody can help."
        )
        column.addWidget(plain_label(text, wrap=True))
        column.addWidget(self.code_line)
        column.addLayout(row)

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self.code_line.text())

    def _on_print_clicked(self) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter  # noqa: PLC0415 - rarely needed

        printer = QPrinter()
        if QPrintDialog(printer, self).exec():
            page = QTextDocument()
            title = _("Recovery code of {name}").format(name=APP_NAME)
            page.setPlainText(f"{title}\n\n{self.code_line.text()}")
            page.print_(printer)
