"""The window: its three parts, its rooms and dialogs, and what is opened in it."""

from collections.abc import Iterable

from PySide6.QtCore import QFileSystemWatcher, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPaintEvent
from PySide6.QtWidgets import QMainWindow, QSplitter

from core.app.events import AppEvent, OpenRequested
from core.paths import APP_NAME
from desktop.actions import ActionRegistry
from desktop.bridge import Bridge
from desktop.chat.chats_room import ChatsRoom
from desktop.chat.room import ChatRoom
from desktop.chat.transcript_actions import register_transcript
from desktop.chat.view import ChatView
from desktop.chat_parts import ChatParts
from desktop.company import Alone, Company
from desktop.dialogs import Dialogs
from desktop.drops import DropCatcher, sort_paths
from desktop.editing import register_editing
from desktop.first_run.room import WelcomeDeeds, WelcomeRoom
from desktop.geometry import keep_geometry, restore_geometry
from desktop.help import register_help
from desktop.library.room import FolderRoom
from desktop.looks import register_looks
from desktop.menus import MenuBar
from desktop.models.choice import LOADING, ModelChoice
from desktop.models.room import ModelRoom
from desktop.models.server_room import ServerRoom
from desktop.notices import Notices
from desktop.openings import Openings
from desktop.overlay import DropOverlay
from desktop.packs import Packs
from desktop.panes import Panes
from desktop.ports import Front
from desktop.privacy.room import PrivacyRoom
from desktop.rooms import Rooms
from desktop.settings.room import SettingsRoom
from desktop.sidebar import Sidebar
from desktop.sources.panel import SourcesPanel
from desktop.sources.room import SourcesRoom
from desktop.theme import Theme
from desktop.updates import UpdateRoom
from desktop.window_actions import WindowDeeds, register_window


class MainWindow(QMainWindow):
    """Shows what the front tells; `settle_in` and `warm_up` follow once it has been painted."""

    painted = Signal()

    def __init__(
        self,
        front: Front,
        theme: Theme,
        notices: Notices,
        bridge: Bridge,
        company: Company | None = None,
    ) -> None:
        super().__init__()
        self._company = company or Alone(self)
        self._front = front
        self._theme = theme
        self._notices = notices
        self._bridge = bridge
        self._seen = False
        self.registry = ActionRegistry(self, theme)
        self.dialogs = Dialogs(self)
        self._build()
        self._build_rooms()
        self._build_actions()
        self._connect()
        self.rooms.chats.refresh()
        self.rooms.chat.open_new()
        self._on_ticks_changed()

    def _build(self) -> None:
        self.setWindowTitle(APP_NAME)
        self.setMinimumSize(720, 480)
        self.sidebar = Sidebar(self._theme)
        self.view = ChatView(self._theme, self._notices)
        self.sources = SourcesPanel(self._theme)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        for part in (self.sidebar, self.view, self.sources):
            self.splitter.addWidget(part)
        self.splitter.setStretchFactor(1, 1)
        side = min(max(264, 38 * self.fontMetrics().averageCharWidth()), 400)
        self.splitter.setSizes([side, 640, 360])
        self.setCentralWidget(self.splitter)
        self.overlay = DropOverlay(self._theme, self)
        self.drops = DropCatcher(self, self.overlay)
        self.panes = Panes(
            self.splitter,
            self.sidebar,
            self.view,
            self.sources,
            typed_in=self.view.composer.text_edit,
        )
        restore_geometry(self, self.splitter, self.panes, self._front.settings)

    def _build_rooms(self) -> None:
        front, theme, notices = self._front, self._theme, self._notices
        chat = ChatRoom(front, theme, notices, self.view)
        models = ModelChoice(front.models, notices, self)
        chats = ChatsRoom(front, theme, notices, chats=self.sidebar.chat_list, room=chat)
        chats.shown_elsewhere = self._company.bring_forward
        sources = SourcesRoom(front, theme, notices, self.sources)
        self.rooms = Rooms(
            chat=chat,
            chats=chats,
            parts=ChatParts(
                self,
                front,
                theme,
                notices,
                view=self.view,
                sidebar=self.sidebar,
                chat=chat,
                chats=chats,
                dialogs=self.dialogs,
                show_place=sources.show_place,
                new_window=self._company.new,
            ),
            folders=FolderRoom(front.folders, front.viewing, theme, notices, self.sidebar.folders),
            models=models,
            servers=ServerRoom(front, theme, notices, self),
            shelf=ModelRoom(front, theme, notices, models, self.dialogs, self),
            sources=sources,
            updates=UpdateRoom(front.updates, theme, notices, self),
            notices=notices,
        )
        self.privacy = PrivacyRoom(theme, front.paths, self)
        self.openings = Openings(front, notices, self.rooms, self.view.composer)
        self._build_welcome()
        self.preferences = SettingsRoom(theme, notices, front.settings, self.rooms.models, self)

    def _build_welcome(self) -> None:
        deeds = WelcomeDeeds(
            show_privacy=lambda: self.registry.get("file.privacy").trigger(),
            open_models=self.open_models,
            choose_folder=self.rooms.folders.choose,
            open_dropped=self.openings.open,
            add_folder=self.rooms.folders.add,
            suggest=self.view.composer.set_draft,
        )
        self.welcome = WelcomeRoom(self._front, self._theme, deeds, self)

    def _build_actions(self) -> None:
        rooms = self.rooms
        deeds = WindowDeeds(
            new_chat=rooms.chats.open_new,
            write=self.view.composer.setFocus,
            stop=self._on_escape,
            add_folder=rooms.folders.choose,
            sync_folders=rooms.folders.sync_all,
            open_models=self.open_models,
            close=self._company.close_all,
        )
        register_window(self.registry, deeds)
        register_editing(self.registry)
        register_transcript(self.registry, self.view, rooms.chat)
        self.panes.register(self.registry)
        rooms.sources.register(self.registry)
        rooms.parts.register(self.registry)
        register_looks(self.registry, self._theme, self._front.settings)
        self.preferences.register(self.registry, self.dialogs)
        self.privacy.register(self.registry, self.dialogs)
        self.welcome.register(self.registry, self.dialogs)
        rooms.updates.register(self.registry)
        rooms.servers.register(self.registry, self.dialogs)
        rooms.shelf.register(self.registry)
        Packs(self._front.devices, self._theme, self._notices, self).register(self.registry)
        register_help(self.registry, self.dialogs, self, self._theme, self._front.paths)
        self._menu_bar = MenuBar(self.registry)
        self.setMenuBar(self._menu_bar)

    def _connect(self) -> None:
        self._unsubscribe = self._front.subscribe(self._on_event)
        self.drops.dropped.connect(self.openings.open)
        self.privacy.erase_wanted.connect(self._company.close_all)
        rooms = self.rooms
        rooms.chats.listed.connect(self.sidebar.count_chats)
        self.sidebar.new_button.clicked.connect(rooms.chats.open_new)
        for button in (self.sidebar.models_button.clicked, self.view.header.models_wanted):
            button.connect(self.open_models)
        self.view.greeting.models_wanted.connect(self.open_models)
        self.view.greeting.folder_wanted.connect(rooms.folders.choose)
        rooms.servers.follow(rooms.models, rooms.chat, self.view)
        rooms.shelf.follow(self.view)
        rooms.models.changed.connect(self._on_model_changed)
        rooms.chat.course.model_awaited.connect(rooms.models.set_loading)
        rooms.chat.chat_opened.connect(self._on_chat_opened)
        rooms.chat.sources_shown.connect(rooms.sources.show_sources)
        rooms.sources.follow(rooms.chat, self.view)
        rooms.folders.details.asked.connect(self.view.composer.set_files)
        rooms.folders.details.looked_at.connect(rooms.sources.show_place)
        rooms.chat.source_chosen.connect(self.sources.choose)
        rooms.chat.ticks_restored.connect(self.sidebar.folders.set_ticked)
        rooms.chat.ticks_restored.connect(self._on_ticks_changed)
        self.sidebar.folders.ticks_changed.connect(self._on_ticks_changed)
        for room in (rooms.chat.course, rooms.folders, rooms.shelf):
            room.busy_changed.connect(self._on_busy_changed)

    def warm_up(self) -> None:
        """Start what the first paint didn't need."""
        self._front.warm_up()
        self._watcher = QFileSystemWatcher([str(self._front.paths.spool)], self)
        self._watcher.directoryChanged.connect(self._front.check_spool)
        self._front.check_spool()

    def settle_in(self) -> None:
        """Fill what this window shows, and take up the folders of the last chat."""
        self._menu_bar.fill()
        self.rooms.models.refresh()
        self.rooms.folders.refresh()
        latest = self._front.chats.list()[:1]
        if latest:
            ticks = self._front.chats.load(latest[0].chat_id).folder_ids
            self.sidebar.folders.set_ticked(ticks)
            self._on_ticks_changed()

    def open_models(self) -> None:
        """Show the models."""
        self.rooms.shelf.open()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell once, when the first picture is on its way to the screen."""
        super().paintEvent(event)
        if not self._seen:
            self._seen = True
            QTimer.singleShot(0, self.painted.emit)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Go at once; what is under way is stopped and saved after the window is gone."""
        keep_geometry(self, self.splitter, self.panes, self._front.settings)
        if event.spontaneous() and self._company.stays(self):  # its frame; all else means to leave
            event.ignore()
            self.hide()
            return
        self.rooms.chat.standing.leave()
        event.accept()
        self.hide()
        if self._company.is_last(self):
            self._bridge.close()
            self._front.close()
        else:
            self.dialogs.close()
            self._bridge.watch(busy=False, who=self)
            self._unsubscribe()
            self._company.leave(self)

    def _on_event(self, event: AppEvent) -> None:
        self.rooms.handle(event)
        if isinstance(event, OpenRequested) and self._company.is_leader(self):
            self.come_forward()
            self.openings.open(sort_paths(event.paths))

    def come_forward(self) -> None:
        """Be the window one sees and types in."""
        self.show()
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.raise_()
        self.activateWindow()

    def _on_chat_opened(self, _chat_id: str) -> None:
        self.view.composer.setFocus()

    def _on_ticks_changed(self, _ticks: Iterable[str] = ()) -> None:
        ticked = self.sidebar.folders.ticked
        self.rooms.chat.set_ticks(ticked)
        self.view.composer.set_folders(self.sidebar.folders.names(ticked))

    def _on_model_changed(self) -> None:
        models = self.rooms.models
        self.view.header.set_model(models.chosen, state=models.state, ready=models.ready)
        self.view.greeting.set_model(known=models.chosen is not None)
        self._on_busy_changed()

    def _on_busy_changed(self) -> None:
        rooms = self.rooms
        loading = rooms.models.state == LOADING
        busy = rooms.chat.course.busy or rooms.folders.busy or rooms.shelf.busy or loading
        self._bridge.watch(busy=busy, who=self)

    def _on_escape(self) -> None:
        if self.rooms.chat.answering:
            self.rooms.chat.stop()
        elif self.rooms.sources.popup.isVisible():
            self.rooms.sources.popup.dismiss()
        elif self.sources.viewer.isVisible():
            self.sources.close_viewer()
