"""Form for one server: name, addresses, key and model."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QLineEdit, QPlainTextEdit, QWidget

from core.base.errors import InglenookError
from core.base.i18n import _
from core.courier.connection.host_address import parse_address
from core.messages import ServerModel
from core.models.info.model_naming import slug
from core.models.server_registry import ServerEntry
from desktop.kit.buttons_and_labels import plain_label


class ServerForm(QWidget):
    """The fields of a server; `changed` is emitted whenever its text changes."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._contexts: dict[str, int] = {}
        self._build()
        for signal in (self.name.textChanged, self.addresses.textChanged):
            signal.connect(self.changed)
        self.model.editTextChanged.connect(self.changed)

    def _build(self) -> None:
        self.name = QLineEdit()
        self.addresses = QPlainTextEdit()
        self.addresses.setPlaceholderText(_("http://192.168.1.5:8000/v1"))
        self.addresses.setTabChangesFocus(True)
        self.addresses.setFixedHeight(4 * self.fontMetrics().height())
        self.key = QLineEdit()
        self.key.setEchoMode(QLineEdit.EchoMode.Password)
        self.model = QComboBox()
        self.model.setEditable(True)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(8)
        for label, field in (
            (_("Name"), self.name),
            (_("Addresses, one a line"), self.addresses),
            (_("Key, if it wants one"), self.key),
            (_("Model"), self.model),
        ):
            field.setAccessibleName(label)
            form.addRow(plain_label(label), field)
        if line := self.model.lineEdit():
            line.setAccessibleName(self.model.accessibleName())

    def draft_entry(self) -> ServerEntry:
        """Return the server as the form describes it. Raises NetworkError for invalid addresses."""
        lines = [line.strip() for line in self.addresses.toPlainText().splitlines()]
        model, name = self.model.currentText().strip(), slug(self.name.text())
        return ServerEntry(
            name=name,
            addresses=tuple(parse_address(line).url for line in lines if line),
            model=model,
            context=self._contexts.get(model, 0),
            key_name=f"server {name}" if self.key.text() else "",
        )

    @property
    def has_valid_addresses(self) -> bool:
        """Whether there are addresses and all are valid."""
        try:
            return bool(self.draft_entry().addresses)
        except InglenookError:
            return False

    @property
    def is_complete(self) -> bool:
        """Whether the form has everything a server needs."""
        has_names = self.name.text().strip() and self.model.currentText().strip()
        return bool(has_names) and self.has_valid_addresses

    def offer_models(self, models: tuple[ServerModel, ...]) -> None:
        """Offer these models; a name that was typed stays."""
        typed = self.model.currentText().strip()
        self._contexts = {model.name: model.context for model in models}
        self.model.clear()
        self.model.addItems([model.name for model in models])
        if typed:
            self.model.setEditText(typed)

    def clear(self) -> None:
        """Empty all fields."""
        self.name.clear()
        self.key.clear()
        self.addresses.clear()
        self.model.clear()
        self.model.clearEditText()
