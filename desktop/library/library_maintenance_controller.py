"""Maintenance controller of the library: pausing, hidden parts, checks, embedding model."""

from pathlib import Path

from PySide6.QtCore import QObject

from core.app.library.folder_service import FolderService
from core.app.library.library_check_formatting import describe_finding, describe_library_check
from core.base.i18n import _
from core.messages import EmbedderProgress, Failed, LibraryStatus, LibraryVerified
from desktop.kit.layers.file_chooser import make_folder_chooser
from desktop.kit.locale_formatting import format_count
from desktop.kit.notices import NoticeCenter
from desktop.kit.reply_lifetime import bind_reply
from desktop.library.folder_panel import FolderPanel


class LibraryMaintenanceController(QObject):
    """Sends these requests and shows their results."""

    def __init__(self, folders: FolderService, notices: NoticeCenter, panel: FolderPanel) -> None:
        super().__init__(panel)
        self._folders = folders
        self._notices = notices
        self._panel = panel
        self._connect()

    def _connect(self) -> None:
        self._panel.pause_wanted.connect(self.set_folder_paused)
        self._panel.hidden_wanted.connect(self._on_hidden_wanted)
        self._panel.check_wanted.connect(self._on_check_wanted)
        self._panel.embedder_wanted.connect(self._on_embedder_wanted)
        self._panel.own_embedder_wanted.connect(self.change_embedder)

    def set_folder_paused(self, folder_id: str, paused: bool) -> None:  # noqa: FBT001 - a slot
        """Pause or resume a folder, all of them if it is ""."""
        folder_ids = (folder_id,) if folder_id else ()
        reply = self._folders.pause_folders(folder_ids, paused=paused)
        reply.on_error(self._notices.post_failure)

    def set_included_parts(self, folder_id: str, hidden: bool, patterns: tuple[str, ...]) -> None:  # noqa: FBT001 - a slot
        """Set which parts of a folder are read though they are passed over elsewhere."""
        reply = self._folders.set_included_patterns(folder_id, patterns, hidden=hidden)
        reply.on_error(self._notices.post_failure)

    def change_embedder(self, path: str) -> None:
        """Let the model in a folder embed; "" is the shipped one that suits the languages."""
        reply = self._folders.set_embedder(path)
        reply.on_done(self._on_embedder_accepted).on_error(self._notices.post_failure)

    def show_reembedding(self, progress: EmbedderProgress) -> None:
        """Show how far the next embedding model is, or that it has taken its place."""
        name = Path(progress.path).name
        if progress.failed:
            self._panel.show_reembedding("")
        elif progress.changed:
            self._panel.show_reembedding("")
            words = _("Passages are found with “{model}” from now on.").format(model=name)
            self._notices.post_info("embedder", words, "")
        else:
            words = _("Preparing search with “{model}”: {done} of {total}")
            self._panel.show_reembedding(
                words.format(
                    model=name, done=format_count(progress.done), total=format_count(progress.total)
                )
            )

    def _on_embedder_accepted(self, status: LibraryStatus) -> None:
        if status.next_embedder:
            name = Path(status.next_embedder).name
            self._notices.post_info(
                "embedder",
                _("Every document is being prepared for search with “{model}”.").format(model=name),
                _("The present model answers until that is done."),
            )

    def _on_hidden_wanted(self, folder_id: str, hidden: bool) -> None:  # noqa: FBT001 - a slot
        known = (f for f in self._folders.known_folders if f.folder_id == folder_id)
        for folder in known:
            self.set_included_parts(folder_id, hidden, folder.included)

    def _on_check_wanted(self) -> None:
        self._panel.show_verification(running=True)
        check = self._folders.verify_library()
        check.on_done(self._post_verified).on_error(self._notices.post_failure)
        reply = bind_reply(check.share(), self._panel)
        reply.on_done(self._hide_verification).on_error(self._hide_verification)

    def _hide_verification(self, _end: LibraryVerified | Failed) -> None:
        self._panel.show_verification(running=False)

    def _post_verified(self, verified: LibraryVerified) -> None:
        details = " ".join(describe_finding(each) for each in verified.findings)
        self._notices.post_info("checked", describe_library_check(verified), details)

    def _on_embedder_wanted(self) -> None:

        chooser = make_folder_chooser(self._panel.window(), _("Search with another model"))
        chooser.fileSelected.connect(self.change_embedder)
        chooser.open()
