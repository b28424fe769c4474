"""Overview tab: a card for each model that is here, and for those worth getting."""

from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.app.app import App
from core.app.loading.model_load_service import AWAITED, LOADING
from core.app.models.model_suggestion import (
    SUGGESTED_QUANTIZATION,
    ModelSuggestion,
    suggest_model,
    usable_memory,
)
from core.base.errors import InglenookError
from core.base.i18n import _
from core.models.info.model_entry import ModelEntry
from core.models.model_catalog import CatalogModel
from desktop.kit.buttons_and_labels import plain_label
from desktop.kit.reading_column import margins
from desktop.kit.theme import SPACING, Theme
from desktop.models.choice.model_choice import ModelChoice
from desktop.models.downloads.catalog_formatting import (
    catalog_model_fit,
    typical_size,
)
from desktop.models.overview.card_formatting import (
    format_ability,
    format_entry_ability,
    format_entry_facts,
    format_suggestion,
)
from desktop.models.overview.model_card import ModelCard
from desktop.models.overview.model_speeds import ModelSpeeds
from desktop.models.widgets.scroll_page import ScrollPage

MOST_OTHERS = 4
"""Cards of models that run here and could be got as well."""
_SPEEDS_AFTER_MS = 400
"""Speeds are computed in a process of their own; not for who only passes by."""


class OverviewTab(ScrollPage):
    """Cards instead of tables; all that is known of a model is one click deeper."""

    use_wanted = Signal(str)
    details_wanted = Signal(str)
    """The name of a model that is here."""
    get_wanted = Signal(str)
    """The request for a download."""
    catalog_details_wanted = Signal(str)
    """The id of a model of the catalog."""

    def __init__(self, theme: Theme, app: App, choice: ModelChoice) -> None:
        super().__init__()
        self._theme = theme
        self._app = app
        self._choice = choice
        self._here: dict[str, ModelCard] = {}
        self._others: dict[str, ModelCard] = {}
        self._suggestion: ModelSuggestion | None = None
        self.speeds = ModelSpeeds(app.quantization_ladders, self)
        self._build()
        self._connect()

    def _build(self) -> None:
        self.suggestion_card = ModelCard(self._theme, primary=True)
        self._none = plain_label(
            _("No model is here yet. One is a single file that ends in .gguf."), wrap=True
        )
        self._heading = plain_label(_("On this computer"), "section")
        self._others_heading = plain_label(_("These run here too"), "section")
        self._here_column, self._others_column = QVBoxLayout(), QVBoxLayout()
        inside = QWidget()
        inside.setObjectName("column")
        column = QVBoxLayout(inside)
        column.setContentsMargins(margins(0, SPACING["normal"], SPACING["normal"], 0))
        column.setSpacing(SPACING["normal"])
        column.addWidget(self.suggestion_card)
        column.addWidget(self._heading)
        column.addWidget(self._none)
        for cards in (self._here_column, self._others_column):
            cards.setSpacing(SPACING["small"])
        column.addLayout(self._here_column)
        column.addWidget(self._others_heading)
        column.addLayout(self._others_column)
        column.addStretch(1)
        self.set_content(inside)
        self.suggestion_card.hide()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SPEEDS_AFTER_MS)

    def _connect(self) -> None:
        self._choice.changed.connect(self.refresh_cards)
        self.speeds.changed.connect(self.refresh_cards)
        self._timer.timeout.connect(self._ask_speeds)
        self.suggestion_card.wanted.connect(self._on_suggestion_wanted)
        self.suggestion_card.details_wanted.connect(self._on_suggestion_details)

    def showEvent(self, event: QShowEvent) -> None:
        """Show what is here now, and a moment later how fast it is."""
        super().showEvent(event)
        self._suggest()
        self.refresh_cards()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop asking for speeds."""
        super().hideEvent(event)
        self.stop_requests()

    def stop_requests(self) -> None:
        """Stop asking for speeds."""
        self._timer.stop()
        self.speeds.stop()

    def refresh_cards(self) -> None:
        """Show the models as they are now; a card stays the same widget."""
        entries = self._choice.models
        self._none.setVisible(not entries)
        _keep_cards(self._here, {entry.ref for entry in entries})
        for place, entry in enumerate(entries):
            self._show_entry(entry, place)
        self._show_suggestion()
        self._show_others()

    def _suggest(self) -> None:
        suggested = suggest_model(self._app.devices.known_devices)
        usable = (each for each in self._choice.models if not each.problem_code)
        largest = max((each.parameters for each in usable if each.fits != "no"), default=0)
        is_better = suggested is not None and suggested.model.parameters > largest
        self._suggestion = suggested if is_better else None

    def _show_suggestion(self) -> None:
        suggestion = self._suggestion
        self.suggestion_card.setVisible(suggestion is not None)
        if suggestion is None:
            return
        model = suggestion.model
        speed = self.speeds.speed_of(f"{model.id}:{suggestion.level}")
        self.suggestion_card.show_words(
            model.name,
            format_ability(model.parameters, model.good_for),
            format_suggestion(suggestion, speed),
            above=_("Get a good model for this computer"),
        )
        self.suggestion_card.show_button(_("Get it"), enabled=True, model=model.name)

    def _show_entry(self, entry: ModelEntry, place: int) -> None:
        card = self._here.get(entry.ref)
        if card is None:
            card = self._here[entry.ref] = ModelCard(self._theme)
            card.wanted.connect(partial(self.use_wanted.emit, entry.ref))
            card.details_wanted.connect(partial(self.details_wanted.emit, entry.ref))
            self._here_column.insertWidget(place, card)
        ability, role = format_entry_ability(entry)
        facts = format_entry_facts(entry, self.speeds.speed_of(entry.path))
        card.show_words(entry.ref, ability, facts, role=role)
        chosen = self._choice.chosen
        in_use = chosen is not None and chosen.ref == entry.ref
        state = self._choice.state if in_use else ""
        begins = {LOADING: _("Loading…"), AWAITED: _("After this answer")}
        words = begins.get(state) or (_("In use") if in_use else _("Use"))
        card.show_button(words, enabled=not (entry.problem_code or state), model=entry.ref)

    def _show_others(self) -> None:
        others = self._other_models()
        _keep_cards(self._others, {model.id for model in others})
        self._others_heading.setVisible(bool(others))
        for place, model in enumerate(others):
            card = self._others.get(model.id)
            if card is None:
                card = self._others[model.id] = ModelCard(self._theme)
                request = f"{model.id}:{SUGGESTED_QUANTIZATION}"
                card.wanted.connect(partial(self.get_wanted.emit, request))
                card.details_wanted.connect(partial(self.catalog_details_wanted.emit, model.id))
                self._others_column.insertWidget(place, card)
            size = typical_size(model)
            suggestion = ModelSuggestion(model, SUGGESTED_QUANTIZATION, size)
            ability = format_ability(model.parameters, model.good_for)
            card.show_words(model.name, ability, format_suggestion(suggestion, None))
            card.show_button(_("Get it"), enabled=True, model=model.name)

    def _other_models(self) -> list[CatalogModel]:
        """Return the starter models that fit, the largest first, without what is here."""
        try:
            catalog = self._app.quantization_ladders.list_catalog()
        except InglenookError:
            return []
        memory = usable_memory(self._app.devices.known_devices)
        suggested = self._suggestion.model.id if self._suggestion else ""
        here = {entry.parameters for entry in self._choice.models}
        fitting = [
            model
            for model in catalog
            if model.starter
            and model.id != suggested
            and model.parameters not in here
            and model.file_for_quantization(SUGGESTED_QUANTIZATION)
            and catalog_model_fit(model, memory) == "yes"
        ]
        return sorted(fitting, key=lambda model: -model.parameters)[:MOST_OTHERS]

    def _ask_speeds(self) -> None:
        refs = [entry.ref for entry in self._choice.models if entry.files]
        first = [self._suggestion.model.id] if self._suggestion else []
        self.speeds.ask_about([*first, *refs])

    def _on_suggestion_wanted(self) -> None:
        if self._suggestion is not None:
            self.get_wanted.emit(f"{self._suggestion.model.id}:{self._suggestion.level}")

    def _on_suggestion_details(self) -> None:
        if self._suggestion is not None:
            self.catalog_details_wanted.emit(self._suggestion.model.id)


def _keep_cards(cards: dict[str, ModelCard], wanted: set[str]) -> None:
    """Remove the cards of models that are gone."""
    for key in [key for key in cards if key not in wanted]:
        card = cards.pop(key)
        card.hide()
        card.deleteLater()
