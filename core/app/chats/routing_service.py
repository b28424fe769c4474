"""Model routing: the named model, the chat's server, the default model, or Auto's rules.

“Auto” chooses a small model for short, plain questions and a large one for the rest, by the first
of ROUTING_RULES that holds. It chooses among usable models on this computer, never a server.
"""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from core.app.models.model_service import ModelService
from core.app.network.server_service import ServerService
from core.base.errors import ModelError
from core.base.i18n import N_, _
from core.base.lazy_regex import lazy_pattern
from core.base.settings import app_settings as declared
from core.base.settings import auto_model_settings
from core.base.settings.app_settings import Settings
from core.base.settings.setting import Setting
from core.chat.conversations.conversation import Conversation
from core.models.info.model_entry import ModelEntry
from core.models.server_registry import is_server_path

MIN_PARAMETERS = 300_000_000
"""A smaller model is only chosen if there is no other: its answers are mostly wrong."""
LONG_CHAT_SHARE = 0.5
"""The share of the small model's context that a chat may fill before the large one takes over."""
CHARACTERS_PER_TOKEN = 3.5

_CODE = lazy_pattern(r"```|^\s*(?:def|class|import|#include|SELECT)\b|[{};]\s*$", re.MULTILINE)
_HARD = lazy_pattern(
    r"\b(?:prove|proof|derive|step by step|debug|refactor|algorithm|implement|write (?:a|the) "
    r"(?:program|function|script|essay|report)|compare|analy[sz]e|explain why|pros and cons"
    r"|beweis\w*|schritt für schritt|vergleich\w*|analysier\w*|programmier\w*|herleit\w*"
    r"|démontr\w*|étape par étape|compar(?:e|er|ez)|demuestr\w*|paso a paso|analiza\w*)\b",
    re.IGNORECASE,
)


class RoutingQuestion(NamedTuple):
    """Facts that the rules decide by."""

    text: str
    is_grounded: bool
    chat: Conversation | None
    long_words: int
    small_context: int
    large: str


class RoutingRule(NamedTuple):
    """If it `holds`, the large model answers (`large`) or the small one; `words` explain it."""

    name: str
    words: str
    holds: Callable[[RoutingQuestion], bool]
    large: bool = True


def _is_long_chat(question: RoutingQuestion) -> bool:
    if question.chat is None:
        return False
    letters = sum(len(turn.text) for turn in question.chat.path())
    return letters / CHARACTERS_PER_TOKEN > LONG_CHAT_SHARE * question.small_context


def _has_begun_with_large(question: RoutingQuestion) -> bool:
    """Whether the last answer was from the large model, which has read the chat already."""
    if question.chat is None:
        return False
    answers = [turn for turn in question.chat.path() if turn.model]
    return bool(answers) and answers[-1].model == question.large


ROUTING_RULES = (
    RoutingRule("documents", N_("it is about documents"), lambda question: question.is_grounded),
    RoutingRule(
        "long",
        N_("the question is long"),
        lambda question: len(question.text.split()) >= question.long_words,
    ),
    RoutingRule("code", N_("it holds code"), lambda question: bool(_CODE.search(question.text))),
    RoutingRule(
        "hard",
        N_("it asks for reasoning or a longer text"),
        lambda question: bool(_HARD.search(question.text)),
    ),
    RoutingRule("long_chat", N_("the chat is long"), _is_long_chat),
    RoutingRule("same", N_("this chat's last answer was from it"), _has_begun_with_large),
    RoutingRule(
        "plain", N_("the question is short and plain"), lambda _question: True, large=False
    ),
)
ONLY_MODEL_RULE = RoutingRule(
    "only", N_("no other model fits this computer"), lambda _question: True
)
_WORDS = {rule.name: rule.words for rule in (*ROUTING_RULES, ONLY_MODEL_RULE)}


class RoutingDecision(NamedTuple):
    """The model that answers. `reason` is the rule by which Auto chose, "" if a person did."""

    entry: ModelEntry
    reason: str = ""

    @property
    def is_remote(self) -> bool:
        """Whether a server answers, so that text leaves this computer."""
        return is_server_path(self.entry.path)


def describe_routing_reason(reason: str) -> str:
    """Say why Auto chose, in the current language; "" for no reason."""
    return _(_WORDS[reason]) if reason in _WORDS else ""


class RoutingService:
    """Chooses. One thread uses it."""

    def __init__(self, models: ModelService, servers: ServerService, settings: Settings) -> None:
        self._models = models
        self._servers = servers
        self._settings = settings

    @property
    def is_auto(self) -> bool:
        """Whether Auto answers new questions."""
        return bool(self._settings.get_value(declared.MODEL) == declared.AUTO)

    @property
    def has_choice(self) -> bool:
        """Whether there are two models for Auto to choose from."""
        return len(self.auto_models()) > 1

    def likely_model(self) -> ModelEntry | None:
        """Return the model that is most likely asked next, to be loaded ahead; never a server."""
        pair = self.auto_models() if self.is_auto else ()
        return pair[0] if pair else self._models.chosen_model()

    def set_auto(self) -> None:
        """Let Auto choose from now on. Raises StorageError."""
        self._settings.set_value(declared.MODEL, declared.AUTO)

    def route_question(
        self,
        model: str,
        text: str,
        chat: Conversation | None,
        *,
        grounded: bool,
        anyway: bool = False,
    ) -> RoutingDecision:
        """Return who answers `text` in a chat (None: a new one).

        Raises ModelError, or NetworkError for a server that nobody has agreed to, or whose
        budget is spent.
        """
        if model and self._servers.get_server(model) is not None:
            return RoutingDecision(self._servers.answering_server(model).model_entry)
        if model and model != declared.AUTO:
            return RoutingDecision(self._models.find_usable_model(model, again=True, anyway=anyway))
        used = self._servers.server_for_chat(chat.chat_id) if chat and not model else None
        if used is not None:
            return RoutingDecision(self._servers.answering_server(used.name).model_entry)
        if model == declared.AUTO or self.is_auto:
            return self._by_rules(text, chat, grounded=grounded)
        return RoutingDecision(self._models.find_usable_model(""))

    def can_answer(self, model: str) -> bool:
        """Whether a model of this name, or a server that was agreed to, could answer now."""
        server = self._servers.get_server(model) if model else None
        if server is not None:
            return not server.unapproved_addresses
        try:
            return bool(model) and bool(self._models.find_usable_model(model))
        except ModelError:
            return False

    def auto_models(self) -> tuple[ModelEntry, ...]:
        """Return the small and the large model, one if both are the same, none if there is none."""
        usable = [
            entry
            for entry in self._models.registry.list_models()
            if not (entry.problem_code or entry.is_from_other_app) and entry.fits != "no"
        ]
        if not usable:
            return ()
        usable.sort(key=lambda entry: entry.parameters)
        useful = [entry for entry in usable if entry.parameters >= MIN_PARAMETERS]
        small = (
            self._configured_model(auto_model_settings.AUTO_SMALL, usable) or (useful or usable)[0]
        )
        large = self._configured_model(auto_model_settings.AUTO_LARGE, usable) or usable[-1]
        return (small,) if small.path == large.path else (small, large)

    def _by_rules(self, text: str, chat: Conversation | None, *, grounded: bool) -> RoutingDecision:
        pair = self.auto_models()
        if not pair:
            return RoutingDecision(self._models.find_usable_model(""), ONLY_MODEL_RULE.name)
        if len(pair) == 1:
            return RoutingDecision(pair[0], ONLY_MODEL_RULE.name)
        small, large = pair
        question = RoutingQuestion(
            text=text,
            is_grounded=grounded,
            chat=chat,
            long_words=self._settings.get_value(auto_model_settings.AUTO_LONG_WORDS),
            small_context=small.context or 4096,
            large=large.ref,
        )
        rule = next(rule for rule in ROUTING_RULES if rule.holds(question))
        return RoutingDecision(large if rule.large else small, rule.name)

    def _configured_model(
        self, setting: Setting[str], usable: Sequence[ModelEntry]
    ) -> ModelEntry | None:
        wanted = self._settings.get_value(setting).strip()
        return next((entry for entry in usable if wanted in {entry.ref, entry.path}), None)
