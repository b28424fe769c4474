"""Question card: the text of a question, folded when it is long."""

from functools import partial

from PySide6.QtCore import QCoreApplication, QEvent, Qt, Signal
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from core.base.i18n import _, ngettext
from core.chat.conversations.conversation import Turn
from desktop.chat.cards.message_editor import InlineEditor
from desktop.chat.cards.turn_bar import EDIT, TurnBar, make_turn_menu
from desktop.chat.message.message_text import MessageText
from desktop.chat.message.render_tools import RenderTools
from desktop.kit.buttons_and_labels import TextButton, plain_label, pop_up_menu
from desktop.kit.locale_formatting import format_count
from desktop.kit.reading_column import INSET, margins
from desktop.kit.visible_text import visible_text

FOLDED_LINES = 10
"""Number of lines shown of a long question."""
_LONGEST_LINES, _LONGEST = 18, 1400
_LINE = 70


class QuestionCard(QWidget):
    """The text as typed, without markup."""

    action_requested = Signal(str, str)
    edited = Signal(str, str)
    edit_changed = Signal(str)
    """What is written so far in place of the question."""

    def __init__(self, tools: RenderTools, turn: Turn) -> None:
        super().__init__()
        self._theme = tools.theme
        self.turn_id = turn.turn_id
        self._turn = turn
        self._folded = is_long_question(turn.text)
        self._build()
        self._connect()

    def _build(self) -> None:
        self.setAccessibleName(_("Your question"))
        self._bar = TurnBar(self._theme, self._turn)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.addWidget(plain_label(_("You"), "speaker"))
        head.addStretch(1)
        head.addWidget(self._bar)
        self._text = MessageText(self._theme.colours)
        self._text.setAccessibleName(_("Your question"))
        frame = self._frame = QFrame()
        frame.setObjectName("question")
        inner = self._inner = QVBoxLayout(frame)
        inner.setContentsMargins(margins(INSET, 8, INSET // 2, 12))
        inner.setSpacing(4)
        inner.addLayout(head)
        inner.addWidget(self._text)
        self._unfold = TextButton(self._theme, "", role="link")
        inner.addWidget(self._unfold, 0, Qt.AlignmentFlag.AlignLeft)
        if self._turn.note:  # of an imported one: what was attached to it
            inner.addWidget(plain_label(visible_text(self._turn.note), "muted", wrap=True))
        # Only now: shown without a parent it would be a window, and take the keys from this one.
        self._unfold.setVisible(self._folded)
        self._place = InlineEditor(self._theme, inner, self._text)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame, 0, Qt.AlignmentFlag.AlignTop)
        self._show_words()

    def _connect(self) -> None:
        self._bar.action_chosen.connect(self._on_wanted)
        self._place.saved.connect(partial(self.edited.emit, self.turn_id))
        self._place.text_changed.connect(self.edit_changed)
        self._unfold.clicked.connect(self._on_unfold_clicked)
        self._theme.changed.connect(self._on_theme_changed)

    @property
    def message_text(self) -> str:
        """The question as typed."""
        return self._turn.text

    @property
    def text_widgets(self) -> list[MessageText]:
        """The widget that shows the text."""
        return [self._text]

    @property
    def folded(self) -> bool:
        """Whether only the beginning is shown."""
        return self._folded

    def unfold(self) -> None:
        """Show all of it."""
        if self._folded:
            self._on_unfold_clicked()

    def set_version(self, number: int, versions: int) -> None:
        """Show which of several versions this is."""
        self._bar.set_version(number, versions)

    def start_editing(self, written: str = "") -> None:
        """Open the editor in place of the text, without the focus if something is `written`."""
        hint = _("The question as it was, and its answers, stay as another version.")
        self._place.open_editor(
            written or self._turn.text,
            button_text=_("Ask again"),
            hint=hint,
            enter_saves=True,
            take_focus=not written,
        )

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Show the actions of the turn bar as a context menu."""
        menu = make_turn_menu(self._turn, self, self._on_wanted)
        menu.aboutToHide.connect(menu.deleteLater)
        pop_up_menu(menu, event.globalPos())

    def _show_words(self) -> None:
        words = visible_text(self._turn.text)
        self._text.show_plain(_beginning(words) if self._folded else words)
        lines = words.count("\n") + 1
        more = ngettext("Show all of it ({count} line)", "Show all of it ({count} lines)", lines)
        letters = _("Show all of it ({count} letters)").format(count=format_count(len(words)))
        unfolded = more.format(count=format_count(lines)) if lines > FOLDED_LINES else letters
        self._unfold.setText(unfolded if self._folded else _("Show less"))
        self._unfold.setAccessibleName(self._unfold.text())

    def _on_unfold_clicked(self) -> None:
        self._folded = not self._folded
        self._show_words()
        # Take the new height at once: by itself Qt does it a frame later.
        self._inner.activate()
        self._frame.updateGeometry()
        QCoreApplication.sendEvent(self, QEvent(QEvent.Type.LayoutRequest))

    def _on_wanted(self, action: str) -> None:
        if action == EDIT:
            self.start_editing()
        else:
            self.action_requested.emit(self.turn_id, action)

    def _on_theme_changed(self) -> None:
        self._text.set_colours(self._theme.colours)


def is_long_question(text: str) -> bool:
    """Return whether a question is long enough to be folded."""
    return len(text) > _LONGEST or text.count("\n") >= _LONGEST_LINES


def _beginning(words: str) -> str:
    lines = words.split("\n")[:FOLDED_LINES]
    kept_lines: list[str] = []
    lines_left = FOLDED_LINES
    for line in lines:
        needed = len(line) // _LINE + 1
        if needed > lines_left:
            kept_lines.append(line[: lines_left * _LINE])
            break
        kept_lines.append(line)
        lines_left -= needed
    return "\n".join(kept_lines).rstrip() + " …"
