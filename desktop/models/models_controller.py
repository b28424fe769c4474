"""Controller of the models page: opens it, forwards events, posts notices for ended tasks."""

import typing
from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from core.app.events.app_events import AppEvent, ModelReady, Notice
from core.app.events.download_events import DownloadChanged, DownloadListChanged
from core.app.events.model_events import (
    EngineStateChanged,
    ModelEvent,
    ModelLoading,
    ModelScanFinished,
    ModelTaskFailed,
    ModelUnloaded,
    QuantizationEvent,
    QuantizationJobFinished,
    QuantizationJobStarted,
    QuantizationsMeasured,
    TrainingEnded,
)
from core.app.loading.model_load_service import LOADING
from core.app.network.download_service import CHECKING, DONE, DOWNLOADING, FAILED
from core.base.errors import ErrorCode
from core.base.i18n import _
from desktop.chat.view.chat_view import ChatView
from desktop.kit.actions import ActionRegistry, MenuGroup
from desktop.kit.layers.page import Page
from desktop.kit.window_context import WindowContext
from desktop.models.choice.model_choice import ModelChoice
from desktop.models.models_tabs import INSTALLED
from desktop.models.widgets.loading_badge import LoadingBadge

_NAME, _TRAINING = "models", "training"
MODEL_EVENTS = (
    ModelReady,
    *typing.get_args(ModelEvent),
    *typing.get_args(QuantizationEvent),
    DownloadChanged,
    DownloadListChanged,
)
"""The events that the controller takes."""

_BUSY_EVENTS = (
    DownloadListChanged,
    DownloadChanged,
    QuantizationJobStarted,
    QuantizationJobFinished,
    QuantizationsMeasured,
    ModelTaskFailed,
    TrainingEnded,
)
"""Events with which something long begins or ends."""


class ModelsPageProtocol(Protocol):
    """The methods of the page that are used here, since it is imported late."""

    def show_tab(self, tab: str) -> None:
        """Show a tab."""

    def on_app_event(self, event: AppEvent) -> None:
        """Show what has changed."""


class ModelsController(QObject):
    """Controls models in one window; `busy_changed` comes when a long task begins or ends."""

    busy_changed = Signal()

    def __init__(self, context: WindowContext, choice: ModelChoice) -> None:
        super().__init__(context.window)
        self._context = context
        self._choice = choice
        self._page: ModelsPageProtocol | None = None
        self._notified: set[str] = set()  # ids of downloads whose end was posted
        self.badge = LoadingBadge(context.theme)
        self.badge.stop_wanted.connect(context.app.model_loading.cancel_loading)

    def attach_to_chat(self, view: ChatView) -> None:
        """Show the loading progress above the chat."""
        view.header.badges.addWidget(self.badge)

    def register_actions(self, registry: ActionRegistry) -> None:
        """Register the actions for the catalog, the folders and unloading."""
        self._context.notices.ways_on[ErrorCode.NO_MODEL] = (_("Get a model…"), self.open_page)
        for action_id, label, tab in (
            ("models.catalog", _("Fetch a model…"), "catalog"),
            ("models.folders", _("Folders of models…"), "folders"),
        ):
            registry.add_action(
                action_id, MenuGroup.MODELS, label, partial(self.open_page, tab), section=20
            )
        registry.add_action(
            "models.train",
            MenuGroup.MODELS,
            _("Train an adapter…"),
            lambda: self._context.dialogs.open_page(_TRAINING, self._build_training_page),
            section=20,
        )
        registry.add_action(
            "models.unload",
            MenuGroup.MODELS,
            _("Take the model out of memory"),
            self._context.app.model_loading.unload_model,
            section=30,
            enabled=lambda: bool(self._context.app.model_loading.path),
        )

    @property
    def is_busy(self) -> bool:
        """Whether something is downloaded, made, measured or trained, which quitting would stop."""
        fetching = any(
            state.state in {DOWNLOADING, CHECKING}
            for state in self._context.app.downloads.list_downloads()
        )
        app = self._context.app
        return fetching or app.quantizations.is_busy or app.training.is_busy

    def open_page(self, tab: str = "overview") -> None:
        """Open the page with a tab."""
        self._context.dialogs.open_page(_NAME, self._build_page)
        if self._page is not None:
            self._page.show_tab(tab)

    def on_app_event(self, event: AppEvent) -> None:
        """Show what has changed: loading, long tasks, downloads."""
        if isinstance(event, ModelLoading):
            self.badge.show_progress(event.share)
        elif isinstance(event, ModelReady | ModelUnloaded):
            self.badge.show_progress(None)
        elif isinstance(event, EngineStateChanged):
            if event.state != LOADING:
                self.badge.show_progress(None)
            self._choice.on_model_event(event)
        if isinstance(event, DownloadChanged) and event.download.state == DONE:
            self._context.app.checksums.compute_missing_checksums()
        if self._page is not None:
            self._page.on_app_event(event)
        else:
            self._post_end_notice(event)
        if isinstance(event, _BUSY_EVENTS):
            self.busy_changed.emit()

    def _post_end_notice(self, event: AppEvent) -> None:
        """Post how a task ended that goes on without the page."""
        if isinstance(event, DownloadChanged):
            self._notify_download_end(event)
        elif isinstance(event, QuantizationJobFinished):
            text = _("{level} is made, as {name}.")
            self._context.notices.post_info("level", text.format(level=event.level, name=event.ref))
        elif isinstance(event, QuantizationsMeasured):
            self._context.notices.post_info(
                "level", _("The levels are measured."), _("Models shows them.")
            )
        elif isinstance(event, TrainingEnded) and event.ref:
            text = _("The adapter {name} is trained.").format(name=event.ref)
            self._context.notices.post_info("training", text)
        elif isinstance(event, ModelScanFinished | ModelTaskFailed) and event.failure is not None:
            self._context.notices.post_failure(event.failure)

    def _build_page(self) -> Page:
        from desktop.models.models_page import ModelsPage  # noqa: PLC0415 - not for the first paint

        self._choice.refresh_models()
        page = ModelsPage(
            self._context.theme,
            self._context.notices,
            self._context.app,
            self._choice,
            self._context.window,
        )
        page.finished.connect(self._on_finished)
        self._page = page
        return page

    def _build_training_page(self) -> Page:
        from desktop.models.training.training_page import TrainingPage  # noqa: PLC0415 - for few

        return TrainingPage(self._context.app, self._context.theme, self._context.window)

    def _on_finished(self, _code: int) -> None:
        self._page = None

    def _notify_download_end(self, event: DownloadChanged) -> None:
        """Post the end of a download once, if the page doesn't show it."""
        fetch = event.download
        key = f"fetch {fetch.plan.download_id}"
        if fetch.state not in {DONE, FAILED}:
            self._notified.discard(key)
            return
        if key in self._notified:
            return
        self._notified.add(key)
        if fetch.problem is not None:
            show = (_("Show it"), partial(self.open_page, INSTALLED))
            self._context.notices.post_notice(
                Notice(key=key, severity="error", problem=fetch.problem), show
            )
        elif fetch.ref:
            text = _("“{model}” was fetched and checked.").format(model=fetch.ref)
            use = (_("Use it"), partial(self._choice.choose_model, fetch.ref))
            self._context.notices.post_info(key, text, action=use)
