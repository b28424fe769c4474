"""Details of the selected model in pages: about, quantizations, settings and adapters."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from core.app.events.app_events import AppEvent, ModelReady, RequestFailed
from core.app.events.model_events import (
    ChecksumKnown,
    ChecksumProgress,
    ModelLoading,
    ModelUnloaded,
)
from core.base.errors import ErrorCode, InglenookError
from core.base.i18n import _
from core.engine.memory.free_memory import available_memory
from core.models.info.model_entry import ModelEntry
from desktop.kit.theme import Theme
from desktop.models.choice.model_choice import LOADING, READY, ModelChoice
from desktop.models.quantization.quantization_ladder_panel import QuantizationLadderPanel
from desktop.models.registry.model_about_page import ModelAboutPage
from desktop.models.registry.model_adapters_page import ModelAdaptersPage
from desktop.models.registry.model_settings_page import ModelSettingsPage
from desktop.models.widgets.message_line import format_problem
from desktop.protocols.app_protocols import AppProtocol

_CARDS = frozenset({"gpu"})


class ModelDetailsPane(QWidget):
    """`quantizations` emits what the person wants done with a level."""

    stop_loading_wanted = Signal()

    def __init__(self, theme: Theme, front: AppProtocol, choice: ModelChoice) -> None:
        super().__init__()
        self._theme = theme
        self._front = front
        self._choice = choice
        self._entry: ModelEntry | None = None
        self._verifying: tuple[str, ...] = ()
        self._build()
        self._connect()

    def _build(self) -> None:
        self.about = ModelAboutPage(self._theme)
        self.quantizations = QuantizationLadderPanel(self._theme, self._front.quantization_ladders)
        self.settings = ModelSettingsPage(self._theme, self._front.model_settings)
        self.adapters = ModelAdaptersPage(self._theme, self._front)
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName(_("About this model"))
        for page, title in (
            (self.about, _("About")),
            (self.quantizations, _("Levels")),
            (self.settings, _("Settings")),
            (self.adapters, _("Adapters")),
        ):
            self.tabs.addTab(page, title)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 0, 0, 0)
        column.addWidget(self.tabs)

    def _connect(self) -> None:
        self.about.verify_wanted.connect(self._on_verify_wanted)
        self.about.stop_verifying_wanted.connect(self._on_stop_verifying_wanted)
        self.about.stop_loading_wanted.connect(self.stop_loading_wanted)

    def show_entry(self, entry: ModelEntry | None) -> None:
        """Show a model as it is now."""
        changed = entry is None or self._entry is None or entry.path != self._entry.path
        if changed:
            self._verifying = ()
        self._entry = entry
        is_file = entry is not None and bool(entry.files) and not entry.problem_code
        state = self._choice.state if self._is_chosen else ""
        words = {
            LOADING: _("It is being loaded."),
            READY: _("It is ready to answer."),
        }.get(state, "")
        self.about.show_entry(entry, words, self._free_memory())
        self.about.show_placement(self._choice.last_ready if state == READY else None)
        if state != LOADING:
            self.about.show_loading_progress(None)
        self._show_checksum()
        for page in (self.quantizations, self.settings, self.adapters):
            self.tabs.setTabEnabled(self.tabs.indexOf(page), is_file)
        self.quantizations.show_model(entry.ref if entry and is_file else "")
        self.settings.show_model(entry.ref if entry and is_file else "", anew=changed)
        self.adapters.show_model(entry if is_file else None)

    def on_app_event(self, event: AppEvent) -> None:
        """Take what was heard."""
        self.quantizations.on_app_event(event)
        if isinstance(event, ModelLoading) and self._is_at(event.path):
            self.about.show_loading_progress(event.share)
        elif isinstance(event, ModelUnloaded | ModelReady):
            self.about.show_loading_progress(None)
        elif isinstance(event, ChecksumProgress) and event.request_id in self._verifying:
            self.about.show_verify_progress(event)
        elif isinstance(event, ChecksumKnown) and event.request_id in self._verifying:
            self._end_verifying(event.request_id)
            self.about.show_verify_result(event)

    def on_request_failed(self, event: RequestFailed) -> bool:
        """Take a failed request; returns whether it was asked here."""
        if event.request_id in self._verifying:
            self._end_verifying(event.request_id)
            stopped = event.problem.code == ErrorCode.CANCELLED
            self.about.show_checksum_message(
                "" if stopped else format_problem(event.problem), "muted" if stopped else "error"
            )
            return True
        return self.quantizations.on_request_failed(event)

    def cancel_requests(self) -> None:
        """Nobody looks any more."""
        self.quantizations.cancel_requests()

    @property
    def _is_chosen(self) -> bool:
        chosen = self._choice.chosen
        return self._entry is not None and chosen is not None and chosen.ref == self._entry.ref

    def _is_at(self, path: str) -> bool:
        return self._entry is not None and self._entry.path == path

    def _free_memory(self) -> int:
        """Return the memory a model may take: main memory, and that of graphics cards."""
        cards = sum(each.free for each in self._front.devices.known_devices if each.kind in _CARDS)
        return available_memory() + cards

    def _show_checksum(self) -> None:
        entry = self._entry
        state = ""
        if entry is not None and entry.files:
            state = self._front.checksums.checksum_state(entry.files[0].path)
        self.about.show_checksum(entry, state)

    def _end_verifying(self, request_id: str) -> None:
        self._verifying = tuple(each for each in self._verifying if each != request_id)
        if not self._verifying:
            self.about.show_verify_progress(None)
        self._show_checksum()

    def _on_verify_wanted(self) -> None:
        if self._entry is None:
            return
        try:
            self._verifying = self._front.checksums.verify_checksums(self._entry.ref)
        except InglenookError as error:
            self.about.show_checksum_message(str(error), "error")
            return
        self.about.show_checksum_message("")
        first = ChecksumProgress(request_id="", path=self._entry.path, done=0, total=1)
        self.about.show_verify_progress(first)

    def _on_stop_verifying_wanted(self) -> None:
        for request_id in self._verifying:
            self._front.checksums.cancel(request_id)
