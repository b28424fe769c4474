"""Embedder loader: loads the model on its own thread while requests are answered."""

import logging
import threading
import time
from collections.abc import Callable

from core.base.clock import Clock
from core.base.errors import ErrorCode, InglenookError, LibraryError
from core.library.embedding.embedder import Embedder

_log = logging.getLogger(__name__)


class EmbedderLoader:
    """Loads one embedder, once; `error` is set if that fails. Nothing else runs on its thread."""

    def __init__(
        self, embedder: Embedder, convert_error: Callable[[Exception], InglenookError]
    ) -> None:
        self.embedder = embedder
        self._convert_error = convert_error
        self._thread: threading.Thread | None = None
        self.error: InglenookError | None = None

    @property
    def is_finished(self) -> bool:
        """Whether the embedder is loaded or has failed to load."""
        return self.embedder.is_loaded or self.error is not None

    @property
    def has_begun(self) -> bool:
        """Whether the model is being loaded, or was."""
        return self._thread is not None

    def start_loading(self) -> None:
        """Begin to load, unless that has begun."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._load, name="importer", daemon=True)
            self._thread.start()

    def is_loaded_or_begun(self) -> bool:
        """Return whether the model is in memory, else begin to load it. Raises what went wrong."""
        self.start_loading()
        if self.error is not None:
            raise self.error
        return self.is_finished

    def _load(self) -> None:
        try:
            self.embedder.load_model()
        except (ImportError, OSError):
            _log.exception("the embedder can't be imported")
            self.error = LibraryError(
                ErrorCode.EMBEDDER_MISSING, path=str(self.embedder.model_folder)
            )
        except Exception as error:  # noqa: BLE001 - the border: whoever waits for it gets the error
            _log.exception("the embedder can't be loaded")
            self.error = self._convert_error(error)


_IDLE_SECONDS = 5.0


class IdleLoading:
    """Loads the model for what may come, once nobody has asked for anything for a while.

    The import takes seconds, in which whoever asks waits much longer: it begins between visits.
    """

    def __init__(self, loader: EmbedderLoader, clock: Clock = time.monotonic) -> None:
        self._loader = loader
        self._clock = clock
        self._asked_at = clock()
        self.is_wanted = False

    def note_request(self) -> None:
        """Begin to wait anew: somebody is there."""
        self._asked_at = self._clock()

    def load_if_due(self, wait: float | None) -> float | None:
        """Load if it is time; return how long to wait for a request, at most `wait`."""
        if not self.is_wanted or self._loader.has_begun:
            return wait
        left = self._asked_at + _IDLE_SECONDS - self._clock()
        if left > 0:
            return left if wait is None else min(wait, left)
        self._loader.start_loading()
        return wait
