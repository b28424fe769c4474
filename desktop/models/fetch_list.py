"""What is being fetched: a row each, with how far it is, pause, resume and cancel."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from core.app.durations import time_left
from core.app.events import AppEvent
from core.app.events_fetch import FetchesChanged, FetchMoved, FetchState
from core.app.fetches import CHECKING, DONE, FAILED, FETCHING, PAUSED, WAITING
from core.errors import InglenookError
from core.words import _
from desktop.asking import Asking
from desktop.buttons import ElidedLabel, IconButton, TextButton
from desktop.chat.visible import shown
from desktop.models.said import Said
from desktop.shelf_ports import FetchCalls
from desktop.theme import Theme
from desktop.words import size

_PARTS = 1000


def state_words(fetch: FetchState) -> str:
    """Return how a fetch stands."""
    plan = fetch.plan
    done = _("{done} of {total}").format(done=size(fetch.done), total=size(plan.total))
    match fetch.state:
        case "fetching":
            speed = _("{size} a second").format(size=size(round(fetch.bytes_per_second)))
            told = [done, speed if fetch.bytes_per_second else "", time_left(fetch.seconds_left)]
        case "checking":
            told = [_("All is here; its checksum is being computed"), size(plan.total)]
        case "waiting":
            told = [_("Waits for another fetch"), done]
        case "paused":
            told = [_("Paused"), done]
        case "failed":
            told = [_("Stopped"), done]
        case _:
            told = [_("Fetched and checked"), size(plan.total)]
    return " · ".join(filter(None, told))


class FetchRow(QFrame):
    """One fetch."""

    pause_wanted = Signal(str)
    resume_wanted = Signal(str)
    drop_wanted = Signal(str)
    use_wanted = Signal(str)

    def __init__(self, theme: Theme, fetch: FetchState) -> None:
        super().__init__()
        self._theme = theme
        self.fetch = fetch
        self._build()
        self._connect()
        self.show_fetch(fetch)

    def _build(self) -> None:
        self.setObjectName("card")
        plan = self.fetch.plan
        title = _("{name} from {host}").format(name=plan.name, host=plan.host)
        self._name = ElidedLabel(shown(title), "title")
        self._state = ElidedLabel("", "muted")
        self.said = Said()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, _PARTS)
        self._bar.setAccessibleName(_("Fetching {name}").format(name=plan.name))
        self.hold = IconButton(self._theme, "pause", "", size=18)
        self.drop = IconButton(
            self._theme, "close", _("Stop fetching {name}").format(name=plan.name), size=18
        )
        self.use = TextButton(self._theme, _("Use"))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._name, 3)
        row.addWidget(self._state, 3)
        for button in (self.use, self.hold, self.drop):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 8, 8)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self._bar)
        column.addWidget(self.said.label)
        self._state.setAlignment(Qt.AlignmentFlag.AlignRight)

    def _connect(self) -> None:
        self.hold.clicked.connect(self._on_hold_clicked)
        self.drop.clicked.connect(lambda: self.drop_wanted.emit(self.fetch.plan.fetch_id))
        self.use.clicked.connect(lambda: self.use_wanted.emit(self.fetch.ref))

    def show_fetch(self, fetch: FetchState) -> None:
        """Show it as it stands."""
        self.fetch = fetch
        name = fetch.plan.name
        self._state.setText(state_words(fetch))
        done = fetch.checked if fetch.state == CHECKING else fetch.done
        self._bar.setValue(round(_PARTS * done / max(fetch.plan.total, 1)))
        self._bar.setVisible(fetch.state != DONE)
        going = fetch.state in {WAITING, FETCHING, CHECKING}
        words = _("Pause fetching {name}") if going else _("Go on fetching {name}")
        icon = "pause" if going else "again" if fetch.state == FAILED else "play"
        self.hold.show_icon(icon, words.format(name=name))
        self.hold.setVisible(fetch.state != DONE)
        self.use.setVisible(bool(fetch.ref) and fetch.problem is None)
        leave = _("Take {name} off this list") if fetch.state == DONE else _("Stop fetching {name}")
        self.drop.setAccessibleName(leave.format(name=name))
        self.drop.setToolTip(leave.format(name=name))
        if fetch.problem is not None:
            self.said.show_problem(fetch.problem)
        else:
            self.said.say("")

    def _on_hold_clicked(self) -> None:
        fetch_id = self.fetch.plan.fetch_id
        if self.fetch.state in {PAUSED, FAILED}:
            self.resume_wanted.emit(fetch_id)
        else:
            self.pause_wanted.emit(fetch_id)


class FetchList(QWidget):
    """A row for each; `emptied` tells whether there is none."""

    use_wanted = Signal(str)
    emptied = Signal(bool)

    def __init__(self, theme: Theme, fetches: FetchCalls) -> None:
        super().__init__()
        self._theme = theme
        self._fetches = fetches
        self.rows: dict[str, FetchRow] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self.refresh()

    def refresh(self) -> None:
        """Show every fetch there is."""
        states = {state.plan.fetch_id: state for state in self._fetches.all()}
        for fetch_id in [each for each in self.rows if each not in states]:
            row = self.rows.pop(fetch_id)
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        for fetch_id, state in states.items():
            if fetch_id in self.rows:
                self.rows[fetch_id].show_fetch(state)
            else:
                self._add(fetch_id, state)
        self.emptied.emit(not self.rows)

    def handle(self, event: AppEvent) -> None:
        """Take what was heard."""
        if isinstance(event, FetchesChanged):
            self.refresh()
        elif isinstance(event, FetchMoved):
            row = self.rows.get(event.fetch.plan.fetch_id)
            if row is not None:
                row.show_fetch(event.fetch)

    def _add(self, fetch_id: str, state: FetchState) -> None:
        row = self.rows[fetch_id] = FetchRow(self._theme, state)
        row.pause_wanted.connect(self._fetches.pause)
        row.resume_wanted.connect(self._on_resume_wanted)
        row.drop_wanted.connect(self._on_drop_wanted)
        row.use_wanted.connect(self.use_wanted)
        self._column.addWidget(row)

    def _on_resume_wanted(self, fetch_id: str) -> None:
        try:
            self._fetches.resume(fetch_id)
        except InglenookError as error:
            self.rows[fetch_id].said.show_error(error)

    def _on_drop_wanted(self, fetch_id: str) -> None:
        fetch = self.rows[fetch_id].fetch
        if fetch.state == DONE or not fetch.done:
            self._drop(fetch_id)
            return
        text = _("The {size} that are here are removed. Paused, it could go on later.")
        asking = Asking(
            self._theme,
            self.window(),
            title=_("Stop fetching {name}?").format(name=fetch.plan.name),
            text=text.format(size=size(fetch.done)),
            deed=_("Stop and remove"),
            value=None,
        )
        asking.accepted.connect(lambda: self._drop(fetch_id))
        asking.open()

    def _drop(self, fetch_id: str) -> None:
        try:
            self._fetches.drop(fetch_id)
        except InglenookError as error:
            if fetch_id in self.rows:
                self.rows[fetch_id].said.show_error(error)
