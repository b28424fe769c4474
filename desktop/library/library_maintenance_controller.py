"""Maintenance controller of the library: pausing, hidden parts, checks, embedding model."""

from pathlib import Path

from PySide6.QtCore import QObject

from core.app.events.app_events import EmbedderChanging, LibraryChecked, LibraryStatusReady
from core.app.library.library_check_formatting import describe_finding, describe_library_check
from core.base.errors import InglenookError
from core.base.i18n import _
from desktop.kit.locale_formatting import format_count
from desktop.kit.notices import NoticeCenter
from desktop.library.folder_panel import FolderPanel
from desktop.protocols.app_protocols import FolderCalls

MaintenanceEvent = LibraryStatusReady | LibraryChecked | EmbedderChanging


class LibraryMaintenanceController(QObject):
    """Makes these calls and says how they end."""

    def __init__(self, folders: FolderCalls, notices: NoticeCenter, panel: FolderPanel) -> None:
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
        self._panel.own_embedder_wanted.connect(lambda: self.change_embedder(""))

    def on_app_event(self, event: MaintenanceEvent) -> None:
        """Say what came of a check or of another embedding model."""
        if isinstance(event, LibraryChecked):
            self._end_check()
            details = " ".join(describe_finding(each) for each in event.verified.findings)
            self._notices.post_info("checked", describe_library_check(event.verified), details)
        elif isinstance(event, EmbedderChanging):
            self._say_changing(event)
        elif event.status.next_embedder:
            name = Path(event.status.next_embedder).name
            self._notices.post_info(
                "embedder",
                _("Every document is being embedded anew with “{model}”.").format(model=name),
                _("The present model answers until that is done."),
            )

    def on_request_failed(self, request_id: str) -> bool:
        """Take a failed request; returns whether it was a check."""
        ours = request_id == self._checking
        if ours:
            self._end_check()
        return ours

    def change_embedder(self, path: str) -> None:
        """Let the model in a folder embed; "" is the one that ships."""
        try:
            self._folders.set_embedder(path)
        except InglenookError as error:
            self._notices.post_error("embedder", error)

    def _say_changing(self, event: EmbedderChanging) -> None:
        name = Path(event.path).name
        if event.failed:
            self._panel.show_reembedding("")
        elif event.changed:
            self._panel.show_reembedding("")
            words = _("“{model}” embeds from now on.").format(model=name)
            self._notices.post_info("embedder", words, "")
        else:
            words = _("Embedding anew with “{model}”: {done} of {total}")
            self._panel.show_reembedding(
                words.format(
                    model=name, done=format_count(event.done), total=format_count(event.total)
                )
            )

    def _on_pause_wanted(self, folder_id: str, paused: bool) -> None:  # noqa: FBT001 - a slot
        self._folders.pause_folders((folder_id,) if folder_id else (), paused=paused)

    def _on_hidden_wanted(self, folder_id: str, hidden: bool) -> None:  # noqa: FBT001 - a slot
        known = (f for f in self._folders.known_folders if f.folder_id == folder_id)
        for folder in known:
            self._folders.set_included_patterns(folder_id, folder.included, hidden=hidden)

    def set_included_parts(self, folder_id: str, hidden: bool, patterns: tuple[str, ...]) -> None:  # noqa: FBT001 - a slot
        """Say what of a folder is read though it is passed over elsewhere, and read it."""
        self._folders.set_included_patterns(folder_id, patterns, hidden=hidden)

    def set_folder_paused(self, folder_id: str, paused: bool) -> None:  # noqa: FBT001 - a slot
        """Pause or resume a folder."""
        self._on_pause_wanted(folder_id, paused)

    def _on_check_wanted(self) -> None:
        self._checking = self._folders.verify_library()
        self._panel.show_verification(running=True)

    def _end_check(self) -> None:
        self._checking = ""
        self._panel.show_verification(running=False)

    def _on_embedder_wanted(self) -> None:
        from PySide6.QtWidgets import QFileDialog  # noqa: PLC0415 - not for the first paint

        chooser = QFileDialog(self._panel.window(), _("Another embedding model"))
        chooser.setFileMode(QFileDialog.FileMode.Directory)
        chooser.setOption(QFileDialog.Option.ShowDirsOnly)
        chooser.fileSelected.connect(self.change_embedder)
        chooser.finished.connect(chooser.deleteLater)
        chooser.open()
