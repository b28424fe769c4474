"""Library application: a root with its key, settings and folders, and nothing of chats and models.

What it imports is a quarter of the whole application: a search in a terminal opens this one.
"""

from collections.abc import Callable

from core.app.encryption.encryption_service import EncryptionService
from core.app.events.app_events import Notice, SettingChanged
from core.app.events.event_hub import EventHub
from core.app.library.folder_service import FolderService
from core.app.problems import problem_of
from core.app.root_lock import RootLock
from core.base import log
from core.base.errors import ErrorCode, StorageError
from core.base.paths import Paths
from core.base.settings.app_settings import CHILD_SEAL, Settings
from core.base.settings.setting import Scalar, Setting
from core.base.state_files import take_damage_reports
from core.library.client.library_client import LibraryClient
from core.sandbox.seal_level import ask_for_level


class LibraryApp(EventHub):
    """Owns a root from `open_root` to `close`. One thread owns it; see `App`, which goes on."""

    def __init__(
        self, paths: Paths, wake: Callable[[], None], library: LibraryClient | None = None
    ) -> None:
        """`wake` is called from any thread; `library` replaces that of a real child process."""
        super().__init__(wake)
        self.paths = paths
        self._lock = RootLock(paths)
        self.encryption = EncryptionService(paths)
        self.library = library or LibraryClient(paths, wake)
        self.folders = FolderService(self.library, self.emit)

    def open_root(self) -> None:
        """Own the root and open what is in it; fast, starts no child. Raises StorageError.

        After DATA_LOCKED it can be called again, once `encryption.unlock` has the key.
        """
        self._lock.acquire()
        try:
            self._close_root_to_others()
            self.encryption.open_key()
            log.to_file(self.paths.logs / "front-end.log")
            self.settings = Settings(self.paths.settings)
            ask_for_level(self.settings.get_value(CHILD_SEAL))
            self._open_services()
            self._report_damaged_files()
        except BaseException:
            self._lock.release()
            raise

    def hold_root(self) -> None:
        """Own the root while somebody is asked for what opens it; `open_root` goes on with it.

        Raises StorageError: ROOT_HELD, ROOT_UNWRITABLE.
        """
        self._lock.acquire()

    def leave_root(self) -> None:
        """Give back a root that was held and is not to be opened."""
        self._lock.release()

    def _open_services(self) -> None:
        """Open what else there is of a root."""

    def end_children(self) -> None:
        """End what was started ahead: the root could not be opened."""
        self.library.stop()

    def change_setting(self, setting: Setting[Scalar], value: Scalar) -> None:
        """Keep `value` and tell the front ends, for which it takes effect. Raises ValueError."""
        self.settings.set_value(setting, value)
        self.emit(SettingChanged(key=setting.key))

    def process_events(self) -> None:
        """Deliver what the child sent and what other threads asked for."""
        self.run_calls()
        self.library.poll()

    def close(self) -> None:
        """End the child and give the root back."""
        self.library.stop()
        self._close_root()

    def _close_root(self) -> None:
        self.encryption.note_settings(self.settings)
        log.close()
        try:
            self.encryption.close()
        finally:
            self._lock.release()

    def _close_root_to_others(self) -> None:
        holds_something = self.paths.chats.exists() or self.paths.library.exists()
        if self.paths.close_to_others() and holds_something:
            self._report("root", StorageError(ErrorCode.ROOT_WAS_OPEN, path=str(self.paths.root)))

    def _report_damaged_files(self) -> None:
        for error in take_damage_reports(self.paths.root):
            self._report(f"damaged {error.facts['file']}", error)

    def _report(self, key: str, error: StorageError) -> None:
        notice = Notice(key=key, severity="warning", problem=problem_of(error))
        self.call_soon(lambda: self.emit(notice))  # nobody listens while a root is being opened
