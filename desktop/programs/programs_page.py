"""Page about other programs: the switch, address and token, who asked, and examples of clients."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from core.app.api.api_service import ApiClientSummary
from core.app.api.api_token_store import ApiToken
from core.app.app import App
from core.app.events.api_events import ApiRequestEnded, ApiStateChanged
from core.app.events.app_events import AppEvent
from core.app.problems import problem_of_failure
from core.base.errors import ErrorCode
from core.base.i18n import _
from core.base.settings.network_settings import API_AT_START, API_PORT
from core.messages import Failed
from desktop.kit.buttons_and_labels import TextButton, plain_label
from desktop.kit.check_box import ThemedCheckBox
from desktop.kit.confirm_dialog import ConfirmDialog
from desktop.kit.layers.flow_layout import ButtonRow
from desktop.kit.layers.page import Page
from desktop.kit.locale_formatting import format_count
from desktop.kit.theme import Theme, follow_text_size
from desktop.programs.program_examples import EXAMPLES, fill_example

_PADDING = 6
_HIDDEN = "ing-…"


class ProgramsPage(Page):
    """The port stays open when the page is closed; what the switch says is kept."""

    widest = 900

    def __init__(self, app: App, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._app = app
        self._theme = theme
        self._token = ""
        self._build()
        self._connect()
        self._leave = app.subscribe(self._on_app_event)
        self.finished.connect(lambda _code: self._leave())
        self._show_state()
        if app.api.address:
            self._read_token()

    def _build(self) -> None:
        self.setWindowTitle(_("Other programs"))
        self.setAccessibleName(_("Other programs"))
        self.switch = ThemedCheckBox(self._theme)
        self.switch.setText(_("Answer other programs of this computer"))
        about = _(
            "Editors, scripts and agents may ask your models and folders, in the forms of OpenAI, "
            "Anthropic and Ollama. Only programs with the token are answered, and none elsewhere."
        )
        self.state = plain_label(role="title", wrap=True)
        self.token_label = plain_label(wrap=True)
        self.copy_address = TextButton(self._theme, _("Copy address"), icon="copy")
        self.copy_token = TextButton(self._theme, _("Copy token"), icon="copy")
        self.renew_token = TextButton(self._theme, _("New token"))
        buttons = ButtonRow()
        buttons.add_buttons(self.copy_address, self.copy_token, self.renew_token)
        self.clients = plain_label(role="muted", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(self.switch)
        column.addWidget(plain_label(about, "muted", wrap=True))
        column.addWidget(self.state)
        column.addWidget(self.token_label)
        column.addWidget(buttons)
        column.addWidget(self.clients)
        self._build_examples(column)

    def _build_examples(self, column: QVBoxLayout) -> None:
        self.example_box = QComboBox()
        self.example_box.setAccessibleName(_("Example"))
        self.example_box.addItems([name for name, _text in EXAMPLES])
        self.copy_example = TextButton(self._theme, _("Copy example"), icon="copy")
        row = ButtonRow()
        row.add_buttons(self.example_box)
        row.add_buttons(self.copy_example, at_end=True)
        self.example = QPlainTextEdit()
        self.example.setProperty("role", "code")
        self.example.setReadOnly(True)
        self.example.setTabChangesFocus(True)
        self.example.setAccessibleName(_("Example"))
        # it is as high as its lines, and Qt would still leave room for a bar at times
        self.example.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.example.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        follow_text_size(self, self._fit_example)
        column.addWidget(row)
        column.addWidget(self.example)
        column.addStretch(1)

    def _connect(self) -> None:
        self.refresh_while_shown(self._show_clients)
        self.switch.clicked.connect(self._on_switched)
        self.copy_address.clicked.connect(lambda: _copy(self._app.api.address))
        self.copy_token.clicked.connect(lambda: _copy(self._token))
        self.copy_example.clicked.connect(lambda: _copy(self._filled_example(self._token)))
        self.renew_token.clicked.connect(self._on_renew_clicked)
        self.example_box.currentIndexChanged.connect(self._show_example)

    def _on_switched(self) -> None:
        is_on = self.switch.isChecked()
        self._app.settings.set_value(API_AT_START, is_on)
        if is_on:
            self.state.setText(_("Opening the port…"))
            self._app.api.open_port().on_error(self._on_failed)
        else:
            self._app.api.close_port()

    def _on_renew_clicked(self) -> None:
        dialog = ConfirmDialog(
            self._theme,
            self,
            title=_("Make a new token?"),
            text=_("Programs that have the old one are refused until they get the new one."),
            button_text=_("Make a new token"),
            value=None,
        )
        dialog.prefer_cancel()
        dialog.accepted.connect(partial(self._read_token, renew=True))
        dialog.open()

    def _read_token(self, *, renew: bool = False) -> None:
        reply = self._app.api.read_token(renew=renew)
        reply.on_done(self._on_token_read).on_error(self._on_failed)
        self.finished.connect(lambda _code: reply.detach())

    def _on_token_read(self, read: ApiToken) -> None:
        self._token = read.token
        self._show_state()

    def _on_failed(self, failed: Failed) -> None:
        if failed.code == ErrorCode.CANCELLED:  # closed before it was open
            self._show_state()
            return
        problem = problem_of_failure(failed)
        self.switch.setChecked(bool(self._app.api.address))
        self.state.setText(f"{problem.message} {problem.hint}")

    def _on_app_event(self, event: AppEvent) -> None:
        if isinstance(event, ApiStateChanged):
            if event.address:
                self._read_token()
            self._show_state()
        elif isinstance(event, ApiRequestEnded):
            self._show_clients()

    def _show_state(self) -> None:
        address = self._app.api.address
        self.switch.setChecked(bool(address))
        self.state.setText(
            _("Listening at {address}").format(address=address)
            if address
            else _("Off: nothing listens, and no program can ask.")
        )
        shown = _("Token: {token}").format(token=_HIDDEN + self._token[-4:])
        self.token_label.setText(shown if address and self._token else "")
        for button in (self.copy_address, self.copy_token, self.renew_token):
            button.setEnabled(bool(address and self._token))
        self._show_clients()
        self._show_example()

    def _show_clients(self) -> None:
        summaries = self._app.api.summarise_clients()
        lines = [_client_line(each) for each in summaries[:6]]
        if summaries:
            speed = self._app.api.measure_speed()
            lines.append(_("{speed:.1f} tokens a second in the last minute").format(speed=speed))
        elif self._app.api.address:
            lines.append(_("No program has asked yet."))
        self.clients.setText("\n".join(lines))

    def _show_example(self) -> None:
        self.example.setPlainText(self._filled_example(_HIDDEN))
        self.copy_example.setEnabled(bool(self._token))
        self._fit_example()

    def _fit_example(self) -> None:
        """Make the example as high as its lines, with room for a bar below those that are long."""
        self.example.ensurePolished()
        lines, height = (
            self.example.document().lineCount(),
            self.example.fontMetrics().lineSpacing(),
        )
        margins = 2 * round(self.example.document().documentMargin()) + 2 * _PADDING
        self.example.setFixedHeight((lines + 2) * height + margins)

    def _filled_example(self, token: str) -> str:
        port = self._app.settings.get_value(API_PORT)
        address = self._app.api.address or f"http://127.0.0.1:{port}"
        chosen = self._app.models.chosen_model()
        text = EXAMPLES[max(self.example_box.currentIndex(), 0)][1]
        model = chosen.ref if chosen else "default"
        return fill_example(text, address=address, token=token, model=model)


def _copy(text: str) -> None:
    QGuiApplication.clipboard().setText(text)


def _client_line(summary: ApiClientSummary) -> str:
    text = _("{program} ({token}): requests {requests}, tokens read {read}, written {written}")
    return text.format(
        program=summary.agent or _("unknown program"),
        token=summary.client or _("no right token"),
        requests=format_count(summary.requests),
        read=format_count(summary.tokens_read),
        written=format_count(summary.tokens_written),
    )
