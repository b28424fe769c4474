"""Everything about the chosen model: what it is, its levels, its settings, its adapters."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from core.app.events import AppEvent, ModelReady, RequestFailed
from core.app.events_models import ChecksumKnown, ChecksumProgress, ModelLoading, ModelUnloaded
from core.engine.free_memory import available_memory
from core.errors import Code, InglenookError
from core.models.entry import ModelEntry
from core.words import _
from desktop.models.about_page import AboutPage
from desktop.models.adapters_page import AdaptersPage
from desktop.models.choice import LOADING, READY, ModelChoice
from desktop.models.ladder_panel import LadderPanel
from desktop.models.said import problem_words
from desktop.models.settings_page import ModelSettingsPage
from desktop.ports import Front
from desktop.theme import Theme

_CARDS = frozenset({"gpu"})


class ModelPane(QWidget):
    """`levels` emits what the person wants done with a level."""

    stop_loading_wanted = Signal()

    def __init__(self, theme: Theme, front: Front, choice: ModelChoice) -> None:
        super().__init__()
        self._theme = theme
        self._front = front
        self._choice = choice
        self._entry: ModelEntry | None = None
        self._verifying: tuple[str, ...] = ()
        self._build()
        self._connect()

    def _build(self) -> None:
        self.about = AboutPage(self._theme)
        self.levels = LadderPanel(self._theme, self._front.ladders)
        self.settings = ModelSettingsPage(self._theme, self._front.model_settings)
        self.adapters = AdaptersPage(self._theme, self._front)
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName(_("About this model"))
        for page, title in (
            (self.about, _("About")),
            (self.levels, _("Levels")),
            (self.settings, _("Settings")),
            (self.adapters, _("Adapters")),
        ):
            self.tabs.addTab(page, title)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 0, 0, 0)
        column.addWidget(self.tabs)

    def _connect(self) -> None:
        self.about.verify_wanted.connect(self._on_verify_wanted)
        self.about.stop_verifying_wanted.connect(self._on_stop_wanted)
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
        self.about.show_entry(entry, words, self._free())
        self.about.show_placed(self._choice.ready if state == READY else None)
        if state != LOADING:
            self.about.show_loading(None)
        self._show_checksum()
        for page in (self.levels, self.settings, self.adapters):
            self.tabs.setTabEnabled(self.tabs.indexOf(page), is_file)
        self.levels.show_model(entry.ref if entry and is_file else "")
        self.settings.show_model(entry.ref if entry and is_file else "", anew=changed)
        self.adapters.show_model(entry if is_file else None)

    def handle(self, event: AppEvent) -> None:
        """Take what was heard."""
        self.levels.handle(event)
        if isinstance(event, ModelLoading) and self._is_at(event.path):
            self.about.show_loading(event.share)
        elif isinstance(event, ModelUnloaded | ModelReady):
            self.about.show_loading(None)
        elif isinstance(event, ChecksumProgress) and event.request_id in self._verifying:
            self.about.show_verifying(event)
        elif isinstance(event, ChecksumKnown) and event.request_id in self._verifying:
            self._end_verifying(event.request_id)
            self.about.show_verified(event)

    def fail(self, event: RequestFailed) -> bool:
        """Take a failed request; returns whether it was asked here."""
        if event.request_id in self._verifying:
            self._end_verifying(event.request_id)
            stopped = event.problem.code == Code.CANCELLED
            self.about.say(
                "" if stopped else problem_words(event.problem), "muted" if stopped else "error"
            )
            return True
        return self.levels.fail(event)

    def close_requests(self) -> None:
        """Nobody looks any more."""
        self.levels.close_requests()

    @property
    def _is_chosen(self) -> bool:
        chosen = self._choice.chosen
        return self._entry is not None and chosen is not None and chosen.ref == self._entry.ref

    def _is_at(self, path: str) -> bool:
        return self._entry is not None and self._entry.path == path

    def _free(self) -> int:
        """Return the memory a model may take: main memory, and that of graphics cards."""
        cards = sum(each.free for each in self._front.plans.devices if each.kind in _CARDS)
        return available_memory() + cards

    def _show_checksum(self) -> None:
        entry = self._entry
        state = ""
        if entry is not None and entry.files:
            state = self._front.checksums.state(entry.files[0].path)
        self.about.show_checksum(entry, state)

    def _end_verifying(self, request_id: str) -> None:
        self._verifying = tuple(each for each in self._verifying if each != request_id)
        if not self._verifying:
            self.about.show_verifying(None)
        self._show_checksum()

    def _on_verify_wanted(self) -> None:
        if self._entry is None:
            return
        try:
            self._verifying = self._front.checksums.verify(self._entry.ref)
        except InglenookError as error:
            self.about.say(str(error), "error")
            return
        self.about.say("")
        first = ChecksumProgress(request_id="", path=self._entry.path, done=0, total=1)
        self.about.show_verifying(first)

    def _on_stop_wanted(self) -> None:
        for request_id in self._verifying:
            self._front.checksums.cancel(request_id)
