"""Form for a tool server: its name, its program, and what it is to be allowed."""

import os
import shlex
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from core.app.tools.tool_server import ToolServer
from core.base.i18n import _
from core.sandbox.program_start import can_seal_programs
from desktop.kit.buttons_and_labels import TextButton, plain_label
from desktop.kit.check_box import ThemedCheckBox
from desktop.kit.layers.file_chooser import make_folder_chooser
from desktop.kit.theme import Theme

_EXAMPLE = "npx -y @modelcontextprotocol/server-filesystem ~/Notes"


class PathsField(QWidget):
    """Paths, one a line, typed or chosen."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._name = name
        self.lines = _line_field(self, name, 2)
        self.button = TextButton(theme, _("Choose…"))
        self.button.setAccessibleName(_("Choose a folder: {name}").format(name=name))
        self.button.clicked.connect(self._on_choose_clicked)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.lines, 1)
        row.addWidget(self.button)

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths from the root of the disk on."""
        lines = (line.strip() for line in self.lines.toPlainText().splitlines())
        return tuple(str(Path(line).expanduser().absolute()) for line in lines if line)

    def _on_choose_clicked(self) -> None:
        chooser = make_folder_chooser(self.window(), self._name)
        chooser.fileSelected.connect(self.lines.appendPlainText)
        chooser.open()


class ToolServerForm(QWidget):
    """`changed` is emitted whenever its text changes.

    Where the system can't hold a program to anything, nothing is asked about rights.
    """

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._can_seal = can_seal_programs()
        self._build()
        for signal in (self.name.textChanged, self.program.textChanged, self.variables.textChanged):
            signal.connect(self.changed)

    def _build(self) -> None:
        self.name = QLineEdit()
        self.name.setPlaceholderText(_("notes"))
        self.program = QLineEdit()
        self.program.setPlaceholderText(_EXAMPLE)
        self.read = PathsField(self._theme, _("May read"))
        self.write = PathsField(self._theme, _("May read and change"))
        self.variables = _line_field(self, _("Variables, NAME=VALUE"), 2)
        self.network = ThemedCheckBox(self._theme)
        self.network.setText(_("May reach the network"))
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(8)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for label, field in (
            (_("Name"), self.name),
            (_("Program and its arguments"), self.program),
            (_("May read"), self.read),
            (_("May read and change"), self.write),
            (_("Variables, NAME=VALUE"), self.variables),
        ):
            if not isinstance(field, PathsField):
                field.setAccessibleName(label)
            words = plain_label(label)
            words.setContentsMargins(0, 6, 0, 0)  # at the height of the first line beside it
            form.addRow(words, field)
            form.setRowVisible(field, self._can_seal or not isinstance(field, PathsField))
        form.addRow(self.network)
        form.setRowVisible(self.network, self._can_seal)

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """What takes the focus, from the top on."""
        paths = (self.read.lines, self.read.button, self.write.lines, self.write.button)
        return (self.name, self.program, *paths, self.variables, self.network)

    def draft_server(self) -> ToolServer:
        """Return the server as the form describes it. Raises ValueError while it can't be read."""
        return ToolServer(
            name=self.name.text().strip(),
            command=split_command(self.program.text()),
            environment=dict(map(_variable, self._variable_lines())),
            read=self.read.paths,
            write=self.write.paths,
            network=self.network.isChecked(),
            unsealed=not self._can_seal,
        )

    @property
    def is_complete(self) -> bool:
        """Whether the form has what a server needs."""
        try:
            draft = self.draft_server()
        except ValueError:
            return False
        return bool(draft.name and draft.command)

    def clear(self) -> None:
        """Empty all fields."""
        self.name.clear()
        self.program.clear()
        for field in (self.read.lines, self.write.lines, self.variables):
            field.clear()
        self.network.setChecked(False)

    def _variable_lines(self) -> list[str]:
        lines = (line.strip() for line in self.variables.toPlainText().splitlines())
        return [line for line in lines if line]


def split_command(line: str) -> tuple[str, ...]:
    """Return a program and its arguments as a shell reads them, `~` being the home folder.

    Raises ValueError for quotes that aren't closed.
    """
    if os.sep == "\\":  # which is no sign of quoting there
        parts = [part.strip('"') for part in shlex.split(line, posix=False)]
    else:
        parts = shlex.split(line)
    return tuple(map(os.path.expanduser, parts))


def _variable(line: str) -> tuple[str, str]:
    name, equals, content = line.partition("=")
    if not name or not equals:
        raise ValueError(line)
    return name, content


def _line_field(parent: QWidget, name: str, lines: int) -> QPlainTextEdit:
    """Return a field of some lines that Tab leaves."""
    field = QPlainTextEdit(parent)
    field.setAccessibleName(name)
    field.setTabChangesFocus(True)
    field.setFixedHeight((lines + 1) * parent.fontMetrics().height())
    return field
