"""Main window: its three panes, its controllers and dialogs, and the paths opened in it."""

from collections.abc import Iterable

from PySide6.QtCore import QFileSystemWatcher, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPaintEvent
from PySide6.QtWidgets import QMainWindow

from core.app.app import App
from core.app.events.app_events import AnswerEvent, AppEvent, OpenRequested
from core.app.loading.model_load_service import LOADING
from core.base.paths import APP_NAME
from desktop.chat.controller.chat_controller import ChatController
from desktop.chat.controller.transcript_actions import register_transcript_actions
from desktop.chat.list.chat_list_controller import ChatListController
from desktop.chat.view.chat_view import ChatView
from desktop.first_run.welcome_controller import WelcomeActionCallbacks, WelcomeController
from desktop.help.help_actions import register_help_actions
from desktop.help.update_controller import UpdateController
from desktop.kit.actions import ActionRegistry
from desktop.kit.dialog_manager import DialogManager
from desktop.kit.drag_and_drop import DropCatcher, DropOverlay, classify_paths
from desktop.kit.layers.page_host import PageHost
from desktop.kit.notices import NoticeCenter
from desktop.kit.theme import Theme
from desktop.kit.thread_bridge import ThreadBridge
from desktop.kit.window_context import WindowContext
from desktop.library.folder_controller import FolderController
from desktop.models.choice.model_choice import ModelChoice
from desktop.models.models_controller import ModelsController
from desktop.models.servers.servers_controller import ServersController
from desktop.privacy.privacy_controller import PrivacyController
from desktop.programs.programs_controller import ProgramsController
from desktop.settings.settings_controller import SettingsController
from desktop.sources.sources_controller import SourcesController
from desktop.sources.sources_panel import SourcesPanel
from desktop.sources.viewer_width import ViewerWidth
from desktop.usage.usage_controller import UsageController
from desktop.window.answer_announcer import AnswerAnnouncer
from desktop.window.appearance_actions import register_appearance_actions
from desktop.window.chat_features_controller import ChatFeaturesController
from desktop.window.composer_controller import ComposerController
from desktop.window.dropped_path_opener import DroppedPathOpener
from desktop.window.edit_actions import register_edit_actions
from desktop.window.gpu_pack_controller import GpuPackController
from desktop.window.last_chat import save_last_chat
from desktop.window.menu_bar import ActionMenuBar
from desktop.window.sidebar import Sidebar
from desktop.window.window_actions import WindowActionCallbacks, register_window_actions
from desktop.window.window_controllers import WindowControllers
from desktop.window.window_geometry import restore_window_geometry, save_window_geometry
from desktop.window.window_panes import PaneSplitter, WindowPanes
from desktop.window.window_registry import SingleWindowRegistry, WindowRegistry


class MainWindow(QMainWindow):
    """One window; `load_initial_content` and `start_child_processes` follow its first paint."""

    painted = Signal()

    def __init__(
        self,
        app: App,
        theme: Theme,
        notices: NoticeCenter,
        bridge: ThreadBridge,
        window_registry: WindowRegistry | None = None,
    ) -> None:
        super().__init__()
        self._window_registry = window_registry or SingleWindowRegistry(self)
        self._app = app
        self._theme = theme
        self._notices = notices
        self._bridge = bridge
        self._seen = False
        self.registry = ActionRegistry(self, theme)
        self._build()
        self._build_controllers()
        self._build_composer()
        self._build_actions()
        self._connect()
        self.controllers.chats.refresh_list()
        self.controllers.chat.open_new_chat()
        self._on_ticks_changed()

    def _build(self) -> None:
        self.setWindowTitle(APP_NAME)
        self.setMinimumSize(720, 480)
        self.sidebar = Sidebar(self._theme)
        self.view = ChatView(self._theme, self._notices)
        self.sources = SourcesPanel(self._theme)
        self.splitter = PaneSplitter()
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.pages = PageHost(self._theme, self._notices, self.view)
        self.dialogs = DialogManager(self, self.pages)
        for part in (self.sidebar, self.pages, self.sources):
            self.splitter.addWidget(part)
        self.splitter.setStretchFactor(1, 1)
        side = max(264, 38 * self.fontMetrics().averageCharWidth())
        self.splitter.setSizes([side, 640, 360])
        self.setCentralWidget(self.splitter)
        self.overlay = DropOverlay(self._theme, self)
        self.drops = DropCatcher(self, self.overlay)
        self.panes = WindowPanes(
            self.splitter,
            self.sidebar,
            self.pages,
            self.sources,
            chat=self.view,
        )
        ViewerWidth(self.splitter, self.sources, self._app.settings)
        restore_window_geometry(self, self.splitter, self.panes, self._app.settings)

    def _build_controllers(self) -> None:
        app, theme, notices = self._app, self._theme, self._notices
        context = WindowContext(self, app, theme, notices, self.dialogs)
        chat = ChatController(app, theme, notices, self.view)
        models = ModelChoice(app.models, app.model_loading, notices, self)
        chats = ChatListController(
            app, theme, notices, chats=self.sidebar.chat_list, chat_controller=chat
        )
        chats.show_in_other_window = self._window_registry.show_window_with_chat
        sources = SourcesController(app, theme, notices, self.sources)
        self.controllers = WindowControllers(
            chat=chat,
            chats=chats,
            chat_features=ChatFeaturesController(
                context,
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
            servers=ServersController(app, theme, notices, self),
            models_controller=ModelsController(context, models),
            sources=sources,
            updates=UpdateController(app.updates, theme, notices, self),
            notices=notices,
            announcer=AnswerAnnouncer(self),
        )
        self.privacy = PrivacyController(theme, app.paths, self)
        self.programs = ProgramsController(app, theme, self)
        self.path_opener = DroppedPathOpener(app, notices, self.controllers, self.view.composer)
        self._build_welcome()
        self.preferences = SettingsController(
            theme, notices, app.settings, self.controllers.models, self
        )

    def _build_composer(self) -> None:
        context = WindowContext(self, self._app, self._theme, self._notices, self.dialogs)
        self.composer_controller = ComposerController(
            context, self.view, self.sidebar, self.controllers, self.path_opener.open_paths
        )

    def _build_welcome(self) -> None:
        callbacks = WelcomeActionCallbacks(
            show_privacy=lambda: self.registry.action_by_id("file.privacy").trigger(),
            open_models=self.open_models,
            choose_folder=self.controllers.folders.choose_folder,
            open_dropped=self.path_opener.open_paths,
            add_folder=self.controllers.folders.add_folder,
            suggest=self.view.composer.set_draft,
        )
        self.welcome = WelcomeController(self._app, self._theme, callbacks, self)

    def _build_actions(self) -> None:
        controllers = self.controllers
        callbacks = WindowActionCallbacks(
            new_chat=controllers.chats.open_new_chat,
            write=self.view.composer.setFocus,
            stop=self._on_escape,
            add_folder=controllers.folders.choose_folder,
            sync_folders=controllers.folders.sync_all_folders,
            open_models=self.open_models,
            close=self._window_registry.close_all_windows,
        )
        register_window_actions(self.registry, callbacks)
        register_edit_actions(self.registry)
        register_transcript_actions(self.registry, self.view, controllers.chat)
        self.panes.register_actions(self.registry)
        controllers.sources.register_actions(self.registry)
        controllers.chat_features.register_actions(self.registry)
        register_appearance_actions(self.registry, self._theme, self._app.settings)
        self.preferences.register_actions(self.registry, self.dialogs)
        self.privacy.register_actions(self.registry, self.dialogs)
        self.programs.register_actions(self.registry, self.dialogs)
        usage = UsageController(self._app, self._theme, self)
        usage.register_actions(self.registry, self.dialogs)
        self.welcome.register_actions(self.registry, self.dialogs)
        controllers.updates.register_actions(self.registry)
        controllers.servers.register_actions(self.registry, self.dialogs)
        controllers.models_controller.register_actions(self.registry)
        self.composer_controller.register_actions(self.registry)
        GpuPackController(self._app.devices, self._theme, self._notices, self).register_actions(
            self.registry
        )
        register_help_actions(self.registry, self.dialogs, self, self._theme, self._app.paths)
        self._menu_bar = ActionMenuBar(self.registry)
        self.setMenuBar(self._menu_bar)

    def _connect(self) -> None:
        self._unsubscribe = self._app.subscribe(self._on_event)
        self.registry.chat_wanted.connect(self.dialogs.show_chat)
        self.drops.dropped.connect(self.path_opener.open_paths)
        self.privacy.erase_wanted.connect(self._window_registry.close_all_windows)
        controllers = self.controllers
        self._connect_sidebar()
        self.view.greeting.models_wanted.connect(self.open_models)
        self.view.greeting.folder_wanted.connect(controllers.folders.choose_folder)
        controllers.servers.attach_to_chat(controllers.models, controllers.chat, self.view)
        controllers.models_controller.attach_to_chat(self.view)
        controllers.models.changed.connect(self._on_model_changed)
        controllers.chat.chat_opened.connect(self._on_chat_opened)
        controllers.chat.sources_shown.connect(controllers.sources.show_sources)
        controllers.sources.attach_to_chat(controllers.chat, self.view)
        controllers.folders.details.documents_asked.connect(self.view.composer.set_files)
        controllers.folders.details.document_opened.connect(controllers.sources.show_single_source)
        controllers.chat.source_chosen.connect(self.sources.open_source)
        controllers.chat.ticked_folders_restored.connect(self.sidebar.folders.set_ticked_folders)
        controllers.chat.ticked_folders_restored.connect(self._on_ticks_changed)
        self.sidebar.folders.ticks_changed.connect(self._on_ticks_changed)
        self.sidebar.folders.ticked_by_hand.connect(self.view.composer.setFocus)
        self.view.transcript.edited.connect(lambda _turn, _text: self.view.composer.setFocus())
        for part in (
            controllers.chat.running_answers,
            controllers.folders,
            controllers.models_controller,
        ):
            part.busy_changed.connect(self._on_busy_changed)

    def _connect_sidebar(self) -> None:
        sidebar, chats = self.sidebar, self.controllers.chats
        chats.list_refreshed.connect(sidebar.show_chat_count)
        self.dialogs.page_shown.connect(sidebar.show_current_page)
        sidebar.new_button.clicked.connect(chats.open_new_chat)
        for button, action_id in (
            (sidebar.models_button, "models.open"),
            (sidebar.prompts_button, "chat.prompts"),
            (sidebar.privacy_button, "file.privacy"),
            (sidebar.settings_button, "file.settings"),
        ):
            button.clicked.connect(self.registry.action_by_id(action_id).trigger)

    def start_child_processes(self) -> None:
        """Start the child processes, which the first paint does not need."""
        self._app.warm_up()
        self._watcher = QFileSystemWatcher([str(self._app.paths.spool)], self)
        self._watcher.directoryChanged.connect(self._app.receive_open_requests)
        self._app.receive_open_requests()

    def load_initial_content(self) -> None:
        """Load the lists of this window, and select the folders of the latest chat."""
        self._menu_bar.fill_menus()
        self.controllers.models.refresh_models()
        self.controllers.folders.show_known_folders()
        latest = self._app.chats.list_chats()[:1]
        if latest:
            ticks = self._app.chats.load_conversation(latest[0].chat_id).folder_ids
            self.sidebar.folders.set_ticked_folders(ticks)
            self._on_ticks_changed()

    def open_models(self) -> None:
        """Open the models page."""
        self.controllers.models_controller.open_page()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Emit `painted` once, when the first picture is on its way to the screen."""
        super().paintEvent(event)
        if not self._seen:
            self._seen = True
            QTimer.singleShot(0, self.painted.emit)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Hide at once; running work is stopped and saved after the window is hidden."""
        save_window_geometry(self, self.splitter, self.panes, self._app.settings)
        save_last_chat(self.controllers.chat, self.view.transcript, self._app.settings)
        if event.spontaneous() and self._window_registry.hides_on_close(
            self
        ):  # its frame; all else means to leave
            event.ignore()
            self.hide()
            return
        self.controllers.chat.next_question.leave_chat()
        event.accept()
        self.hide()
        if self._window_registry.is_last_window(self):
            self._bridge.close()
            self._app.close()
        else:
            self.dialogs.close()
            self.controllers.sources.close()
            self._bridge.set_busy(busy=False, who=self)
            self._unsubscribe()
            self._window_registry.remove_window(self)

    def _on_event(self, event: AppEvent) -> None:
        self.controllers.dispatch_event(event)
        if isinstance(event, AnswerEvent):
            self.composer_controller.on_answer_event(event)
        if isinstance(event, OpenRequested) and self._window_registry.receives_open_requests(self):
            self.bring_to_front()
            self.path_opener.open_paths(classify_paths(event.paths))

    def bring_to_front(self) -> None:
        """Show, raise and activate the window."""
        self.show()
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.raise_()
        self.activateWindow()

    def _on_chat_opened(self, _chat_id: str) -> None:
        self.dialogs.show_chat()
        self.view.composer.setFocus()

    def _on_ticks_changed(self, _ticks: Iterable[str] = ()) -> None:
        ticked = self.sidebar.folders.ticked_folder_ids
        self.controllers.chat.set_ticked_folders(ticked)
        self.composer_controller.show_folders()

    def _on_model_changed(self) -> None:
        models = self.controllers.models
        self.view.header.set_model(models.chosen, state=models.state, ready=models.last_ready)
        self.view.greeting.set_model(known=models.chosen is not None)
        self._on_busy_changed()

    def _on_busy_changed(self) -> None:
        controllers = self.controllers
        loading = controllers.models.state == LOADING
        busy = (
            controllers.chat.running_answers.is_busy
            or controllers.folders.is_busy
            or controllers.models_controller.is_busy
            or loading
        )
        self._bridge.set_busy(busy=busy, who=self)

    def _on_escape(self) -> None:
        page = self.pages.page
        if page is not None:
            page.reject()
        elif self.controllers.chat.answering_turn_id:
            self.controllers.chat.stop_answer()
        elif self.controllers.sources.citation_popup.isVisible():
            self.controllers.sources.citation_popup.dismiss()
        elif self.sources.viewer.isVisible():
            self.sources.close_viewer()
