"""The care of the library: pausing, retrying, hidden parts, checks, the embedding model."""

from pathlib import Path

from PySide6.QtCore import QObject

from core.app.events import EmbedderChanging, LibraryChecked, StatusListed
from core.app.findings import checked_words, finding_words
from core.errors import InglenookError
from core.words import _
from desktop.library.folder_panel import FolderPanel
from desktop.notices import Notices
from desktop.ports import FolderCalls
from desktop.words import count

CareEvent = StatusListed | LibraryChecked | EmbedderChanging


class Care(QObject):
    """Makes these calls and says how they end."""

    def __init__(self, folders: FolderCalls, notices: Notices, panel: FolderPanel) -> None:
        super().__init__(panel)
        self._folders = folders
        self._notices = notices
        self._panel = panel
        self._checking = ""
        """The request to check, while it runs."""
        self._connect()

    def _connect(self) -> None:
        self._panel.pause_wanted.connect(self._on_pause_wanted)
        self._panel.hidden_wanted.connect(self._on_hidden_wanted)
        self._panel.check_wanted.connect(self._on_check_wanted)
        self._panel.embedder_wanted.connect(self._on_embedder_wanted)
        self._panel.own_embedder_wanted.connect(lambda: self.choose_embedder(""))

    def handle(self, event: CareEvent) -> None:
        """Say what came of a check or of another embedding model."""
        if isinstance(event, LibraryChecked):
            self._end_check()
            details = " ".join(finding_words(each) for each in event.verified.findings)
            self._notices.say("checked", checked_words(event.verified), details)
        elif isinstance(event, EmbedderChanging):
            self._say_changing(event)
        elif event.status.next_embedder:
            name = Path(event.status.next_embedder).name
            self._notices.say(
                "embedder",
                _("Every document is being embedded anew with “{model}”.").format(model=name),
                _("The present model answers until that is done."),
            )

    def fail(self, request_id: str) -> bool:
        """Take a failed request; returns whether it was a check."""
        ours = request_id == self._checking
        if ours:
            self._end_check()
        return ours

    def choose_embedder(self, path: str) -> None:
        """Let the model in a folder embed; "" is the one that ships."""
        try:
            self._folders.choose_embedder(path)
        except InglenookError as error:
            self._notices.refuse("embedder", error)

    def _say_changing(self, event: EmbedderChanging) -> None:
        name = Path(event.path).name
        if event.failed:
            self._panel.show_renewal("")
        elif event.changed:
            self._panel.show_renewal("")
            words = _("“{model}” embeds from now on.").format(model=name)
            self._notices.say("embedder", words, "")
        else:
            words = _("Embedding anew with “{model}”: {done} of {total}")
            self._panel.show_renewal(
                words.format(model=name, done=count(event.done), total=count(event.total))
            )

    def _on_pause_wanted(self, folder_id: str, paused: bool) -> None:  # noqa: FBT001 - a slot
        self._folders.pause((folder_id,) if folder_id else (), paused=paused)

    def _on_hidden_wanted(self, folder_id: str, hidden: bool) -> None:  # noqa: FBT001 - a slot
        known = (f for f in self._folders.known if f.folder_id == folder_id)
        for folder in known:
            self._folders.include(folder_id, folder.included, hidden=hidden)

    def include(self, folder_id: str, hidden: bool, patterns: tuple[str, ...]) -> None:  # noqa: FBT001 - a slot
        """Say what of a folder is read though it is passed over elsewhere, and read it."""
        self._folders.include(folder_id, patterns, hidden=hidden)

    def pause(self, folder_id: str, paused: bool) -> None:  # noqa: FBT001 - a slot
        """Pause or resume a folder."""
        self._on_pause_wanted(folder_id, paused)

    def _on_check_wanted(self) -> None:
        self._checking = self._folders.verify()
        self._panel.show_check(running=True)

    def _end_check(self) -> None:
        self._checking = ""
        self._panel.show_check(running=False)

    def _on_embedder_wanted(self) -> None:
        from PySide6.QtWidgets import QFileDialog  # noqa: PLC0415 - not for the first paint

        chooser = QFileDialog(self._panel.window(), _("Another embedding model"))
        chooser.setFileMode(QFileDialog.FileMode.Directory)
        chooser.setOption(QFileDialog.Option.ShowDirsOnly)
        chooser.fileSelected.connect(self.choose_embedder)
        chooser.finished.connect(chooser.deleteLater)
        chooser.open()
