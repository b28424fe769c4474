"""Greeting shown in an empty chat, with buttons to add a folder or choose a model."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from core.base.i18n import _
from desktop.kit.buttons_and_labels import TextButton, plain_label
from desktop.kit.scroll_viewport import set_plain_viewport
from desktop.kit.theme import Theme

_ROOM_FOR_PICTURE = 280

_LETTERS = 84
"""Maximum width in average characters: the text takes two lines."""


def _centred(widget: QWidget) -> QHBoxLayout:
    """Return a row in which the height of wrapped text is computed correctly."""
    row = QHBoxLayout()
    row.addStretch()
    row.addWidget(widget, 1)  # as wide as it may be, then the stretches
    row.addStretch()
    return row


class Greeting(QScrollArea):
    """Explains the next step; without a model, that is to choose one.

    Of large text a small window shows a part at a time.
    """

    folder_wanted = Signal()
    models_wanted = Signal()
    question_chosen = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._is_known = True
        self._build()
        self._connect()

    def _build(self) -> None:
        self.setObjectName("greeting")
        set_plain_viewport(self)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._picture = QLabel()
        self._title = plain_label(role="title")
        font = self._title.font()
        font.setPointSizeF(font.pointSizeF() * 1.6)
        self._title.setFont(font)
        self._words = plain_label(role="muted", wrap=True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._folder = TextButton(self._theme, _("Add a folder…"), icon="folder-add")
        self._models = TextButton(self._theme, _("Models…"), icon="model")
        self._get = TextButton(self._theme, _("Get a model…"), role="primary")
        self._suggested = plain_label(_("You could ask:"), "muted")
        self._suggested.hide()
        self._questions = QVBoxLayout()
        self._questions.setSpacing(4)
        self._private = plain_label(_("Everything stays on this computer."), "muted")
        self.setWidget(self._build_column())
        self._on_theme_changed()
        self.set_model(known=True)

    def _build_column(self) -> QWidget:
        """Return the parts among each other."""
        buttons = QHBoxLayout()
        buttons.setSpacing(12)
        buttons.addStretch(1)
        buttons.addWidget(self._get)
        buttons.addWidget(self._folder)
        buttons.addWidget(self._models)
        buttons.addStretch(1)
        inside = QWidget()
        inside.setObjectName("column")
        column = QVBoxLayout(inside)
        column.setSpacing(12)
        column.addStretch(4)
        column.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._title, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addLayout(_centred(self._words))
        column.addSpacing(8)
        column.addLayout(buttons)
        column.addSpacing(8)
        column.addWidget(self._suggested, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addLayout(self._questions)
        column.addWidget(self._private, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(5)
        return inside

    def _connect(self) -> None:
        self._folder.clicked.connect(self.folder_wanted)
        self._models.clicked.connect(self.models_wanted)
        self._get.clicked.connect(self.models_wanted)
        self._theme.changed.connect(self._on_theme_changed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Hide the picture where there is hardly space for the text."""
        super().resizeEvent(event)
        self._fit_picture()

    def _fit_picture(self) -> None:
        self._picture.setVisible(self.height() > self._theme.scaled(_ROOM_FOR_PICTURE))

    def show_questions(self, questions: Sequence[str]) -> None:
        """Offer questions, in the place of those offered before."""
        while (item := self._questions.takeAt(0)) is not None:
            if (button := item.widget()) is not None:
                button.hide()
                button.deleteLater()
        for question in questions:
            button = TextButton(self._theme, question.replace("&", "&&"), role="link")
            button.setAccessibleName(question)
            button.clicked.connect(partial(self.question_chosen.emit, question))
            self._questions.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        self._suggested.setVisible(bool(questions))
        if self._is_known:
            self._invite()

    def set_private(self, *, private: bool) -> None:
        """Show or hide the promise that everything stays here, which a server would break."""
        self._private.setVisible(private)

    def set_model(self, *, known: bool) -> None:
        """Invite to ask, or to choose a model first."""
        self._is_known = known
        self._get.setVisible(not known)
        self._models.setVisible(known)
        if known:
            self._invite()
        else:
            self._title.setText(_("A model is needed first"))
            self._words.setText(
                _(
                    "Fetch the one that is suggested for this computer, or drop a GGUF file on "
                    "this window: it is used where it lies. Folders can be added meanwhile."
                )
            )

    def _invite(self) -> None:
        self._title.setText(_("What would you like to know?"))
        if self._suggested.isHidden():
            words = _(
                "Ask below. To get answers from your own documents, drop a folder anywhere "
                "on this window; every answer then shows the passages it stands on."
            )
        else:
            words = _("Ask your documents below: every answer shows the passages it stands on.")
        self._words.setText(words)

    def _on_theme_changed(self) -> None:
        self._words.setMaximumWidth(_LETTERS * self.fontMetrics().averageCharWidth())
        self._picture.setPixmap(self._theme.icon_pixmap("hearth", "accent", 56))
        self._fit_picture()
