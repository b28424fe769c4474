"""Pages of the welcome tour: privacy, model, first folder."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from core.app.models.model_suggestion import ModelSuggestion
from core.base.i18n import _
from core.base.paths import resources_folder
from core.models.info.model_entry import ModelEntry
from desktop.kit.buttons_and_labels import TextButton, plain_label, set_style_property
from desktop.kit.drag_and_drop import accept_as_copy, has_local_files, paths_from_mime_data
from desktop.kit.layers.flow_layout import ButtonRow
from desktop.kit.locale_formatting import format_size
from desktop.kit.theme import Theme

_PICTURE = 40


def sample_folder() -> Path:
    """Return the folder of documents that ships with the program."""
    return resources_folder() / "sample" / "Cottage"


class WelcomePage(QWidget):
    """A picture, a title and paragraphs, with the page's own widgets below."""

    def __init__(self, theme: Theme, picture: str, title: str, paragraphs: Iterable[str]) -> None:
        super().__init__()
        self.theme = theme
        self.title = title
        self._picture_name = picture
        self._picture = QLabel()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(12)
        heading = plain_label(title, "title", wrap=True)
        font = heading.font()
        font.setPointSizeF(font.pointSizeF() * 1.5)
        heading.setFont(font)
        self.column.addWidget(self._picture)
        self.column.addWidget(heading)
        for words in paragraphs:
            self.column.addWidget(plain_label(words, wrap=True))
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def _on_theme_changed(self) -> None:
        self._picture.setPixmap(self.theme.icon_pixmap(self._picture_name, "info", _PICTURE))


class WelcomePrivacyPage(WelcomePage):
    """Privacy page: what stays private, and how to check it."""

    check_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            theme,
            "lock",
            _("Everything stays on this computer"),
            (
                _(
                    "Your chats, your documents and what is read from them are kept in one folder "
                    "of yours. There is no account, and nothing is sent."
                ),
                _(
                    "Inglenook opens no connection by itself. Only when you press a button that "
                    "says so, to fetch a model for instance, is one opened, and every one is "
                    "listed under File, Privacy."
                ),
                _("You need not take our word for it: unplug the network, and all of this works."),
            ),
        )
        self.check_button = TextButton(theme, _("Show what the network lock says"), icon="lock")
        self.check_button.clicked.connect(self.check_wanted)
        self.column.addWidget(self.check_button, 0, Qt.AlignmentFlag.AlignLeading)
        self.column.addStretch(1)


class WelcomeModelPage(WelcomePage):
    """Model page: the model that is ready, and a better one for this machine."""

    models_wanted = Signal()

    def __init__(
        self, theme: Theme, chosen: ModelEntry | None, suggested: ModelSuggestion | None
    ) -> None:
        super().__init__(theme, "model", _("A model answers"), _model_words(chosen, suggested))
        words = _("Get a model…") if chosen is None else _("Look at the models…")
        self.models_button = TextButton(theme, words, icon="model")
        self.models_button.clicked.connect(self.models_wanted)
        self.column.addWidget(self.models_button, 0, Qt.AlignmentFlag.AlignLeading)
        self.column.addStretch(1)


def _model_words(chosen: ModelEntry | None, suggested: ModelSuggestion | None) -> list[str]:
    words = []
    if chosen is None:
        words.append(_("No model is here yet. One is a single file that ends in .gguf."))
    else:
        ready = _("“{model}” ({size}) is ready and answers at once.")
        words.append(ready.format(model=chosen.ref, size=format_size(chosen.bytes_on_disk)))
    if suggested is not None and (chosen is None or _is_better(suggested, chosen)):
        more = _(
            "For this machine we suggest {model}: it understands far more. It has to be fetched "
            "once, about {size}; under Models you are shown from where, and asked first."
        )
        if chosen is None:
            more = _(
                "For this machine we suggest {model}. It has to be fetched once, about {size}; "
                "under Models you are shown from where, and asked first."
            )
        words.append(more.format(model=suggested.model.name, size=format_size(suggested.size)))
    words.append(
        _("A GGUF file you have already is used where it lies: drop it anywhere on the window.")
    )
    return words


def _is_better(suggested: ModelSuggestion, chosen: ModelEntry) -> bool:
    return suggested.model.parameters > chosen.parameters


class WelcomeFolderPage(WelcomePage):
    """Folder page: a drop area, a button to choose a folder, and sample documents."""

    folder_wanted = Signal()
    dropped = Signal(object)  # Dropped
    sample_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            theme,
            "folder",
            _("Ask your own documents"),
            (
                _(
                    "Give Inglenook a folder: what is in it is read on this computer, and every "
                    "answer shows the passages it stands on. Your files are never changed."
                ),
            ),
        )
        self.setAcceptDrops(True)
        self._frame = QFrame()
        self._frame.setObjectName("drop_frame")
        self.choose_button = TextButton(theme, _("Choose a folder…"), icon="folder-add")
        self.sample_button = TextButton(theme, _("Use the sample folder"), icon="file")
        self.sample_button.setToolTip(_("Five short documents about a cottage"))
        inside = QVBoxLayout(self._frame)
        inside.setContentsMargins(16, 24, 16, 24)
        inside.setSpacing(12)
        text = plain_label(_("Drop a folder here"), "muted")
        text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        buttons = ButtonRow()
        buttons.add_buttons(self.choose_button, self.sample_button)
        centred = QHBoxLayout()
        centred.addStretch(1)
        centred.addWidget(buttons)
        centred.addStretch(1)
        inside.addWidget(text)
        inside.addLayout(centred)
        self.column.addWidget(self._frame)
        self.column.addStretch(1)
        self.choose_button.clicked.connect(self.folder_wanted)
        self.sample_button.clicked.connect(self.sample_wanted)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept dragged files and folders."""
        if not has_local_files(event.mimeData()):
            event.ignore()
        elif accept_as_copy(event):
            set_style_property(self._frame, "active", value=True)

    def dropEvent(self, event: QDropEvent) -> None:
        """Signal what was dropped."""
        set_style_property(self._frame, "active", value=False)
        accept_as_copy(event)
        self.dropped.emit(paths_from_mime_data(event.mimeData()))
