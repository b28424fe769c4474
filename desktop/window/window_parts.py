"""Window parts: panes and controllers of a window, made before they are connected."""

from functools import partial

from PySide6.QtCore import QObject

from core.app.app import App
from desktop.chat.controller.chat_controller import ChatController
from desktop.chat.list.chat_list_controller import ChatListController
from desktop.help.update_controller import UpdateController
from desktop.kit.dialog_manager import DialogManager
from desktop.kit.drag_and_drop import DropCatcher, DropOverlay
from desktop.kit.notices import NoticeCenter, NoticeStack
from desktop.kit.thread_bridge import ThreadBridge
from desktop.kit.window_context import WindowContext
from desktop.library.folder_controller import FolderController
from desktop.models.choice.model_choice import ModelChoice
from desktop.models.models_controller import ModelsController
from desktop.models.servers.servers_controller import ServersController
from desktop.privacy.privacy_controller import PrivacyController
from desktop.settings.settings_controller import SettingsController
from desktop.sources.sources_controller import SourcesController
from desktop.sources.sources_panel import SourcesPanel
from desktop.sources.viewer_width import ViewerWidth
from desktop.window.answer_announcer import AnswerAnnouncer
from desktop.window.chat_features_controller import ChatFeaturesController
from desktop.window.composer_controller import ComposerController
from desktop.window.dropped_path_opener import DroppedPathOpener
from desktop.window.sidebar import Sidebar
from desktop.window.window_controllers import WindowControllers
from desktop.window.window_frame import WindowFrame
from desktop.window.window_panes import WindowPanes
from desktop.window.window_registry import WindowRegistry


class WindowParts(QObject):
    """Holds what a window consists of; `WindowContent` connects it."""

    def __init__(
        self,
        window: WindowFrame,
        app: App,
        notices: NoticeCenter,
        bridge: ThreadBridge,
        window_registry: WindowRegistry,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._app = app
        self._theme = window.theme
        self._notices = notices
        self._bridge = bridge
        self._window_registry = window_registry
        self.view, self.pages = window.view, window.pages
        self.registry, self.splitter = window.registry, window.splitter

    def _build(self) -> None:
        self.view.add_transcript(self._notices)
        self.pages.make_notice_stack = partial(NoticeStack, self._theme, self._notices)
        self.dialogs = DialogManager(self._window, self.pages)
        self._context = WindowContext(
            self._window, self._app, self._theme, self._notices, self.dialogs
        )

    def _build_panes(self) -> None:
        window = self._window
        self.sidebar = Sidebar(self._theme)
        self.sources = SourcesPanel(self._theme)
        window.put_pane(0, self.sidebar)
        window.put_pane(2, self.sources)
        self.overlay = DropOverlay(self._theme, window)
        self.drops = DropCatcher(window, self.overlay)
        self.panes = WindowPanes(
            self.splitter, self.sidebar, self.pages, self.sources, chat=self.view
        )
        ViewerWidth(self.splitter, self.sources, self._app.settings)
        self.panes.restore_hidden_panes(window.hidden_panes)

    def _build_controllers(self) -> None:
        app, theme, notices = self._app, self._theme, self._notices
        window = self._window
        chat = ChatController(app, theme, notices, self.view)
        models = ModelChoice(app.models, app.model_loading, notices, window)
        chats = ChatListController(
            app, theme, notices, chats=self.sidebar.chat_list, chat_controller=chat
        )
        chats.show_in_other_window = self._window_registry.show_window_with_chat
        sources = SourcesController(app, theme, notices, self.sources)
        self.controllers = WindowControllers(
            chat=chat,
            chats=chats,
            chat_features=ChatFeaturesController(
                self._context,
                view=self.view,
                sidebar=self.sidebar,
                chat=chat,
                chats=chats,
                show_place=sources.show_single_source,
                new_window=self._window_registry.open_new_window,
            ),
            folders=FolderController(
                app.folders, app.documents, theme, notices, self.dialogs, self.sidebar.folders
            ),
            models=models,
            servers=ServersController(app, theme, notices, window),
            models_controller=ModelsController(self._context, models),
            sources=sources,
            updates=UpdateController(app.updates, theme, notices, window),
            notices=notices,
            announcer=AnswerAnnouncer(window),
        )
        self.path_opener = DroppedPathOpener(app, notices, self.controllers, self.view.composer)

    def _build_composer(self) -> None:
        self.composer_controller = ComposerController(
            self._context, self.view, self.sidebar, self.controllers, self.path_opener.open_paths
        )

    def _build_pages(self) -> None:
        app, theme, window = self._app, self._theme, self._window
        self.privacy = PrivacyController(app, theme, window)
        self.preferences = SettingsController(
            theme, self._notices, app.settings, self.controllers.models, window
        )
