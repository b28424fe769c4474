"""Details of the selected model in pages: about, quantizations, settings and adapters."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from core.app.app import App
from core.app.events.app_events import AppEvent
from core.app.events.model_events import EngineStateChanged, ModelLoading
from core.app.judging.ability_formatting import format_ability
from core.app.loading.model_load_service import AWAITED, LOADING, READY
from core.app.models.checksum_service import VerifiedChecksum
from core.app.problems import problem_of_failure
from core.base.errors import ErrorCode, InglenookError
from core.base.i18n import _
from core.engine.memory.free_memory import available_memory
from core.ipc.reply import Reply
from core.messages import Failed
from core.models.files.byte_progress import ByteProgress
from core.models.info.model_entry import ModelEntry
from desktop.kit.reading_column import margins
from desktop.kit.reply_lifetime import bind_reply
from desktop.kit.theme import Theme
from desktop.models.choice.model_choice import ModelChoice
from desktop.models.quantization.quantization_ladder_panel import QuantizationLadderPanel
from desktop.models.registry.model_about_page import ModelAboutPage
from desktop.models.registry.model_adapters_page import ModelAdaptersPage
from desktop.models.registry.model_settings_page import ModelSettingsPage
from desktop.models.widgets.message_line import format_problem

Verification = Reply[ByteProgress, VerifiedChecksum]


class ModelDetailsPane(QWidget):
    """Shows one model; `quantizations` emits what the person wants done with a row.

    `report_failure` gets the failure of a check that is no longer shown here.
    """

    stop_loading_wanted = Signal()

    def __init__(
        self,
        theme: Theme,
        app: App,
        choice: ModelChoice,
        report_failure: Callable[[Failed], object],
    ) -> None:
        super().__init__()
        self._report_failure = report_failure
        self._theme = theme
        self._app = app
        self._choice = choice
        self._entry: ModelEntry | None = None
        self._verifying: list[Verification] = []
        self._released: list[Verification] = []  # checks that go on without being shown
        self._build()
        self._connect()

    def _build(self) -> None:
        self.about = ModelAboutPage(self._theme)
        self.quantizations = QuantizationLadderPanel(self._theme, self._app.quantization_ladders)
        self.settings = ModelSettingsPage(self._theme, self._app.model_settings)
        self.adapters = ModelAdaptersPage(self._theme, self._app)
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
        column.setContentsMargins(margins(16, 0, 0, 0))
        column.addWidget(self.tabs)

    def _connect(self) -> None:
        self.about.verify_wanted.connect(self._on_verify_wanted)
        self.about.stop_verifying_wanted.connect(self._on_stop_verifying_wanted)
        self.about.stop_loading_wanted.connect(self.stop_loading_wanted)

    def show_entry(self, entry: ModelEntry | None) -> None:
        """Show the current state of a model, None for no model."""
        changed = entry is None or self._entry is None or entry.path != self._entry.path
        if changed:
            self._stop_following()
        self._entry = entry
        is_file = entry is not None and bool(entry.files) and not entry.problem_code
        state = self._choice.state if self._is_chosen else ""
        text = {
            LOADING: _("It is being loaded."),
            READY: _("It is ready to answer."),
            AWAITED: _("It is loaded once the answer has ended."),
        }.get(state, "")
        ability = self._app.abilities.ability_of_model(entry.path) if entry and is_file else None
        judging = format_ability(ability) if is_file else ""
        self.about.show_entry(entry, text, self._free_memory(), judging)
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
        """Show the loading progress, and request the ladder anew after a change."""
        self.quantizations.on_app_event(event)
        if isinstance(event, ModelLoading) and self._is_at(event.path):
            self.about.show_loading_progress(event.share)
        elif isinstance(event, EngineStateChanged) and event.state != LOADING:
            self.about.show_loading_progress(None)

    @property
    def _is_chosen(self) -> bool:
        chosen = self._choice.chosen
        return self._entry is not None and chosen is not None and chosen.ref == self._entry.ref

    def _is_at(self, path: str) -> bool:
        return self._entry is not None and self._entry.path == path

    def _free_memory(self) -> int:
        """Return the free bytes of main memory and graphics cards."""
        cards = sum(each.free for each in self._app.devices.known_devices if each.kind == "gpu")
        return available_memory() + cards

    def _show_checksum(self) -> None:
        entry = self._entry
        state = ""
        if entry is not None and entry.files:
            state = self._app.checksums.checksum_state(entry.files[0].path)
        self.about.show_checksum(entry, state)

    def _on_verify_wanted(self) -> None:
        if self._entry is None:
            return
        try:
            replies = self._app.checksums.verify_checksums(self._entry.ref)
        except InglenookError as error:
            self.about.show_checksum_message(str(error), "error")
            return
        self.about.show_checksum_message("")
        self.about.show_verify_progress(ByteProgress(0, 1))
        self._verifying = [bind_reply(reply.share(), self) for reply in replies]
        for reply, shown in zip(replies, self._verifying, strict=True):
            self._follow(shown)
            reply.on_error(partial(self._report_unless_shown, shown))

    def _follow(self, reply: Verification) -> None:
        """Show the progress and the result of the checksum of one file."""

        def show_result(verified: VerifiedChecksum) -> None:
            self._end_verifying(reply)
            self.about.show_verify_result(verified)

        def show_failure(failed: Failed) -> None:
            self._end_verifying(reply)
            if failed.code == ErrorCode.CANCELLED:
                self.about.show_checksum_message("")
            else:
                problem = problem_of_failure(failed)
                self.about.show_checksum_message(format_problem(problem), "error")

        reply.on_progress(self.about.show_verify_progress)
        reply.on_done(show_result).on_error(show_failure)

    def _end_verifying(self, reply: Verification) -> None:
        self._verifying.remove(reply)
        reply.detach()
        if not self._verifying:
            self.about.show_verify_progress(None)
        self._show_checksum()

    def _report_unless_shown(self, shown: Verification, failed: Failed) -> None:
        if shown in self._released:
            self._released.remove(shown)
            self._report_failure(failed)

    def release_requests(self) -> None:
        """Show nothing more of what was requested: the dialog is closed."""
        self.quantizations.cancel_requests()
        self._stop_following()

    def _stop_following(self) -> None:
        """Stop showing checksums, because another model is shown; they go on."""
        self._released += self._verifying
        for reply in self._verifying:
            reply.detach()
        self._verifying = []

    def _on_stop_verifying_wanted(self) -> None:
        for reply in tuple(self._verifying):
            reply.cancel()
