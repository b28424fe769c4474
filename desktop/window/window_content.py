"""Window content: the panes, controllers and dialogs of a window, and the paths opened in it."""

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import QFileSystemWatcher
from PySide6.QtGui import QAction

from core.app.events.app_events import AnswerEvent, AppEvent, OpenRequested, SettingChanged
from core.app.loading.model_load_service import LOADING
from desktop.chat.controller.transcript_actions import register_transcript_actions
from desktop.first_run.welcome_controller import WelcomeActionCallbacks, WelcomeController
from desktop.help.help_actions import register_help_actions
from desktop.kit.drag_and_drop import DroppedPaths, classify_paths
from desktop.window.appearance_actions import register_appearance_actions
from desktop.window.edit_actions import register_edit_actions
from desktop.window.gpu_pack_controller import GpuPackController
from desktop.window.last_chat import last_folders, save_last_chat, save_last_folders
from desktop.window.window_actions import (
    WindowActionCallbacks,
    register_page_actions,
    register_window_actions,
)
from desktop.window.window_geometry import save_window_geometry
from desktop.window.window_parts import WindowParts


class WindowContent(WindowParts):
    """Everything of a window but its frame; made of a few steps, between which keys are handled.

    `load_initial_content` and `start_child_processes` follow once all `build_steps` are done.
    """

    @property
    def build_steps(self) -> tuple[Callable[[], None], ...]:
        """The steps that make it, to be done once and in this order."""
        return (
            self._build,
            self._build_panes,
            self._build_controllers,
            self._build_composer,
            self._build_pages,
            self._build_welcome,
            self._build_actions,
            self._connect,
            self._open_first_chat,
        )

    _keeps_ticks = False
    """Whether what is ticked was chosen: at a start nothing is, before it is restored."""

    def _build_welcome(self) -> None:
        callbacks = WelcomeActionCallbacks(
            show_privacy=lambda: self.registry.action_by_id("file.privacy").trigger(),
            open_models=self.open_models,
            choose_folder=self.controllers.folders.choose_folder,
            open_dropped=self.path_opener.open_paths,
            add_folder=self.controllers.folders.add_folder,
            suggest=self.view.composer.set_draft,
        )
        self.welcome = WelcomeController(self._app, self._theme, callbacks, self._window)

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
        register_edit_actions(self.registry, self._notices)
        register_transcript_actions(self.registry, self.view, controllers.chat)
        self.panes.register_actions(self.registry)
        controllers.sources.register_actions(self.registry)
        controllers.chat_features.register_actions(self.registry)
        register_appearance_actions(self.registry, self._theme, self._app.settings)
        self.preferences.register_actions(self.registry, self.dialogs)
        self.privacy.register_actions(self.registry, self.dialogs)
        self.welcome.register_actions(self.registry, self.dialogs)
        controllers.updates.register_actions(self.registry)
        controllers.servers.register_actions(self.registry, self.dialogs)
        register_page_actions(self.registry, self._context)
        controllers.models_controller.register_actions(self.registry)
        self.composer_controller.register_actions(self.registry)
        GpuPackController(
            self._app.devices, self._theme, self._notices, self._window
        ).register_actions(self.registry)
        register_help_actions(
            self.registry, self.dialogs, self._window, self._theme, self._app.paths
        )

    def _connect(self) -> None:
        self._unsubscribe = self._app.subscribe(self._on_event)
        self.view.composer.show_focus()  # a window that opened behind others has none
        self.registry.chat_wanted.connect(self.dialogs.show_chat)
        self.drops.dropped.connect(self._on_dropped)
        self.drops.picture_dropped.connect(self.composer_controller.attachments.attach_picture)
        close_all = self._window_registry.close_all_windows
        self.privacy.erase_wanted.connect(self._window_registry.erase_everything)
        self.privacy.restart_wanted.connect(close_all)
        controllers = self.controllers
        self._connect_sidebar()
        self.view.greeting.models_wanted.connect(self.open_models)
        self.view.greeting.folder_wanted.connect(controllers.folders.choose_folder)
        controllers.servers.attach_to_chat(controllers.models, controllers.chat, self.view)
        controllers.models_controller.attach_to_chat(self.view)
        controllers.models.changed.connect(self._on_model_changed)
        controllers.chat.chat_opened.connect(self._on_chat_opened)
        controllers.chat.sources_shown.connect(controllers.sources.show_sources)
        controllers.chat.running_answers.answer_begun.connect(controllers.sources.show_answering)
        controllers.sources.attach_to_chat(controllers.chat, self.view)
        controllers.folders.details.documents_asked.connect(self.view.composer.set_files)
        controllers.folders.details.document_opened.connect(controllers.sources.show_single_source)
        controllers.chat.source_chosen.connect(self.sources.open_source)
        controllers.chat.ticked_folders_restored.connect(self.sidebar.folders.set_ticked_folders)
        controllers.chat.ticked_folders_restored.connect(self._on_ticks_changed)
        self.sidebar.folders.ticks_changed.connect(self._on_ticks_changed)
        self.sidebar.folders.ticked_by_hand.connect(self.view.composer.setFocus)
        controllers.chat.turn_controller.edit_taken.connect(self.view.composer.setFocus)
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
        for button, name, action_id in (
            (sidebar.models_button, "models", "models.open"),
            (sidebar.prompts_button, "prompts", "chat.prompts"),
            (sidebar.privacy_button, "privacy", "file.privacy"),
            (sidebar.settings_button, "settings", "file.settings"),
        ):
            action = self.registry.action_by_id(action_id)
            button.clicked.connect(partial(self._open_from_sidebar, name, action))

    def _open_from_sidebar(self, name: str, action: QAction) -> None:
        """Open a page beside which no other one is: they are entries of one list."""
        self.dialogs.close_other_pages(name)
        action.trigger()

    def _open_first_chat(self) -> None:
        self.controllers.chats.refresh_list()
        typed = self.view.composer.draft
        self.controllers.chat.open_new_chat()
        if typed:  # since the frame was shown; what was left here before stands above it
            before = self.view.composer.draft
            self.view.composer.set_draft(f"{before}\n{typed}" if before else typed)
        self._on_ticks_changed()

    def start_child_processes(self) -> None:
        """Start the child processes, which the first paint does not need."""
        self._app.warm_up()
        self._watcher = QFileSystemWatcher([str(self._app.paths.spool)], self)
        self._watcher.directoryChanged.connect(self._app.receive_open_requests)
        self._app.receive_open_requests()

    def load_initial_content(self) -> None:
        """Load the lists of this window, and tick what was ticked last, else in the latest chat."""
        self._keeps_ticks = False
        self._window.menu_bar.fill_menus()
        self.controllers.models.refresh_models()
        self.controllers.folders.show_known_folders()
        chat_id = self.controllers.chat.chat_id
        ticks = last_folders(chat_id, self._app.settings)
        latest = self._app.chats.list_chats()[:1]
        if ticks is None and latest:
            ticks = self._app.chats.load_conversation(latest[0].chat_id).folder_ids
        if ticks:
            self.sidebar.folders.set_ticked_folders(ticks)
            self._on_ticks_changed()
        self._keeps_ticks = True

    def open_models(self) -> None:
        """Open the models page."""
        self.controllers.models_controller.open_page()

    def save_place(self) -> None:
        """Keep where the window and what is read in it were, for the next start."""
        hidden = self.panes.hidden_panes
        save_window_geometry(self._window, self.splitter, hidden, self._app.settings)
        save_last_chat(self.controllers.chat, self.view.transcript, self._app.settings)

    def close(self) -> None:
        """Stop and save what runs; the application with the last window."""
        if self._window_registry.is_last_window(self._window):
            self._bridge.close()
            self._app.close()
        else:
            self.dialogs.close()
            self.controllers.sources.close()
            self._bridge.set_busy(busy=False, who=self)
            self._unsubscribe()
            self._window_registry.remove_window(self._window)

    def _on_event(self, event: AppEvent) -> None:
        self.controllers.dispatch_event(event)
        if isinstance(event, AnswerEvent):
            self.composer_controller.on_answer_event(event)
        if isinstance(event, SettingChanged):
            self.preferences.on_app_event(event)
        if isinstance(event, OpenRequested) and self._receives_open_requests():
            self._window.bring_to_front()
            self.path_opener.open_paths(classify_paths(event.paths))

    def _on_dropped(self, dropped: DroppedPaths) -> None:
        files = self.view.composer.files
        self.path_opener.open_paths(dropped)
        if self.view.composer.files != files:
            self.dialogs.show_chat()  # they are seen there, and asked
        self.composer_controller.attachments.tell_about_pictures(dropped.others)

    def _receives_open_requests(self) -> bool:
        return self._window_registry.receives_open_requests(self._window)

    def _on_chat_opened(self, chat_id: str) -> None:
        if chat_id:  # already now: a program that is killed opens it again too
            save_last_chat(self.controllers.chat, self.view.transcript, self._app.settings)
        elif self._keeps_ticks:
            self._on_ticks_changed()  # it answers from the folders of the chat before
        self.dialogs.show_chat()
        self.panes.end_detour()
        self.view.composer.setFocus()

    def _on_ticks_changed(self, _ticks: Iterable[str] = ()) -> None:
        ticked = self.sidebar.folders.ticked_folder_ids
        self.controllers.chat.set_ticked_folders(ticked)
        self.composer_controller.show_folders()
        if self._keeps_ticks and self._app.folders.known_folders:
            save_last_folders(self.controllers.chat, ticked, self._app.settings)

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
