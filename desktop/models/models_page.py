"""Models page: an overview in cards, and all details in tables, catalog and folders."""

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from core.app.app import App
from core.app.events.app_events import AppEvent
from core.app.events.model_events import ModelTaskFailed
from core.base.i18n import _
from desktop.kit.buttons_and_labels import plain_label
from desktop.kit.drag_and_drop import accept_as_copy, paths_from_mime_data
from desktop.kit.layers.page import Page
from desktop.kit.notices import NoticeCenter
from desktop.kit.theme import Theme
from desktop.models.choice.model_choice import ModelChoice
from desktop.models.downloads.catalog_tab import CatalogTab
from desktop.models.downloads.download_list import DownloadList
from desktop.models.model_task_strip import ModelTaskStrip
from desktop.models.model_tasks import ModelTasks
from desktop.models.models_tabs import CATALOG, FOLDERS, INSTALLED, TABS
from desktop.models.overview.overview_tab import OverviewTab
from desktop.models.registry.installed_models_tab import InstalledModelsTab
from desktop.models.registry.model_folders_tab import ModelFoldersTab
from desktop.models.widgets.scroll_page import ScrollPage


class ModelsPage(Page):
    """Four tabs, the first one in cards; running downloads and tasks are shown above them."""

    def __init__(
        self,
        theme: Theme,
        notices: NoticeCenter,
        app: App,
        choice: ModelChoice,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._notices = notices
        self._app = app
        self._choice = choice
        self._build()
        self._connect()
        self.installed_tab.refresh_models()
        self._on_models_changed()
        self.downloads.refresh_downloads()

    def _build(self) -> None:
        self.setWindowTitle(_("Models"))
        self.setAccessibleName(_("Models"))
        self.setAcceptDrops(True)
        self.downloads = DownloadList(self._theme, self._app.downloads)
        self.task_strip = ModelTaskStrip(self._theme, self._notices.post_failure)
        self.overview_tab = OverviewTab(self._theme, self._app, self._choice)
        self.installed_tab = InstalledModelsTab(self._theme, self._app, self._choice, self._notices)
        self.catalog_tab = CatalogTab(self._theme, self._app)
        self.folders_tab = ModelFoldersTab(self._theme, self._app)
        self._build_tabs()
        text = _("Drop a GGUF file here to add it; it is used where it lies.")
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 12, 20, 16)
        column.setSpacing(8)
        self._download_area = ScrollPage(most_lines=16)
        self._download_area.set_content(self.downloads)
        for part in (self._download_area, self.task_strip):
            column.addWidget(part)
        column.addWidget(self.tabs, 1)
        column.addWidget(plain_label(text, "muted", wrap=True))
        self.tasks = ModelTasks(
            self._theme,
            self._app,
            self._notices,
            self.task_strip,
            self.catalog_tab.catalog_models,
            self,
        )
        self.tasks.show_running_task()

    def _build_tabs(self) -> None:
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName(_("Models"))
        for tab, title in (
            (self.overview_tab, _("Overview")),
            (self.installed_tab, _("All details")),
            (self.catalog_tab, _("Catalog")),
            (self.folders_tab, _("Folders")),
        ):
            self.tabs.addTab(tab, title)

    def _connect(self) -> None:
        self._choice.changed.connect(self._on_models_changed)
        self.finished.connect(self._on_finished)
        self._connect_overview()
        self.installed_tab.copy_wanted.connect(self.tasks.copy_model)
        self.installed_tab.pane.stop_loading_wanted.connect(self._app.model_loading.cancel_loading)
        self.catalog_tab.download_wanted.connect(self.tasks.open_download_dialog)
        self.folders_tab.scanning_changed.connect(self.installed_tab.show_scanning)
        self.downloads.empty_changed.connect(self._download_area.setHidden)
        self.downloads.use_wanted.connect(self._on_download_use_wanted)
        self.installed_tab.pane.quantizations.download_wanted.connect(
            self.tasks.open_download_dialog
        )
        for levels in (self.installed_tab.pane.quantizations, self.catalog_tab.quantizations):
            levels.quantize_wanted.connect(self.tasks.open_quantize_dialog)
            levels.measure_wanted.connect(self.tasks.measure_quantization)
        self.catalog_tab.quantizations.use_wanted.connect(self._on_use_wanted)

    def _connect_overview(self) -> None:
        overview = self.overview_tab
        overview.use_wanted.connect(self._choice.choose_model)
        overview.get_wanted.connect(self.tasks.open_download_dialog)
        overview.details_wanted.connect(self._on_details_wanted)
        overview.catalog_details_wanted.connect(self._on_catalog_details_wanted)

    def show_tab(self, tab: str) -> None:
        """Show one of TABS."""
        self.tabs.setCurrentIndex(TABS.index(tab))

    def on_app_event(self, event: AppEvent) -> None:
        """Pass an event on to the parts of the page."""
        if isinstance(event, ModelTaskFailed) and not self.task_strip.is_following:
            self._notices.post_failure(event.failure)
        for part in (
            self.installed_tab.pane,
            self.catalog_tab.quantizations,
            self.folders_tab,
            self.downloads,
        ):
            part.on_app_event(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept model files and folders; anything else is for the window."""
        dragged = paths_from_mime_data(event.mimeData())
        if dragged.models or dragged.folders:
            accept_as_copy(event)
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        """Add dropped GGUF files as models or adapters, and dropped folders as model folders."""
        dropped = paths_from_mime_data(event.mimeData())
        for path in dropped.models:
            if self._app.adapters.is_adapter_file(path):
                self.installed_tab.pane.adapters.add_adapter(path)
            else:
                self.show_tab(INSTALLED)
                self.installed_tab.add_models([path])
        for path in dropped.folders:
            self.show_tab(FOLDERS)
            self.folders_tab.add_folder(path)
        accept_as_copy(event)

    def _on_models_changed(self) -> None:
        self.folders_tab.refresh_folders(self._choice.models)
        paths = {entry.path for entry in self._app.registry.list_models()}
        self.downloads.forget_removed_models(paths)
        self.task_strip.forget_removed_model(paths)

    def _on_download_use_wanted(self, path: str) -> None:
        refs = [entry.ref for entry in self._choice.models if entry.path == path]
        self._on_use_wanted(refs[0] if refs else path)

    def _on_use_wanted(self, ref: str) -> None:
        self.show_tab(INSTALLED)
        self.installed_tab.use_model(ref)

    def _on_details_wanted(self, ref: str) -> None:
        self.show_tab(INSTALLED)
        self.installed_tab.select_model(ref)
        self.installed_tab.table.setFocus()

    def _on_catalog_details_wanted(self, model_id: str) -> None:
        self.show_tab(CATALOG)
        self.catalog_tab.table.select_key(model_id)
        self.catalog_tab.table.setFocus()

    def _on_finished(self) -> None:
        self.overview_tab.stop_requests()
        self.installed_tab.pane.release_requests()
        self.catalog_tab.quantizations.cancel_requests()
        self.task_strip.release_task()
