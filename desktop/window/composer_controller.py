"""Composer controller: what the composer of one window offers besides its text."""

from PySide6.QtCore import QObject

from desktop.chat.composer.composer import Composer
from desktop.chat.composer.model_options import ModelOptions
from desktop.kit.window_context import WindowContext
from desktop.library.folder_panel import FolderPanel
from desktop.models.choice.choice_options import choice_options
from desktop.window.window_controllers import WindowControllers

RECENT_MODELS = 5


class ComposerController(QObject):
    """Connects the composer with models, folders and files."""

    def __init__(
        self,
        context: WindowContext,
        composer: Composer,
        folders: FolderPanel,
        controllers: WindowControllers,
    ) -> None:
        super().__init__(composer)
        self._context = context
        self._composer = composer
        self._folders = folders
        self._controllers = controllers
        self._connect()

    def _connect(self) -> None:
        self._controllers.chat.again_menu.list_models = self.list_models

    def list_models(self) -> ModelOptions:
        """Return what can answer, and what has answered last."""
        recent = self._context.app.chats.recent_models(RECENT_MODELS)
        return choice_options(self._controllers.models, recent)
