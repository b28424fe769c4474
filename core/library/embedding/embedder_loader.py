"""Embedder loader: loads the model on its own thread while requests are answered."""

import logging
import threading
from collections.abc import Callable

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

    def start_loading(self) -> None:
        """Begin to load, unless that has begun."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._load, name="importer", daemon=True)
            self._thread.start()

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
