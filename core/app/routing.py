"""Who answers a question: the model that was named, the chat's server, the chosen one, or Auto's.

“Auto” takes a small model for short, plain questions and a large one for the rest, by RULES, the
first that holds. Only models on this computer that are ready to use are chosen; a server never is.
"""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from core import choosing
from core import settings as declared
from core.app.models import ModelDesk
from core.app.servers import ServerDesk
from core.chat.conversation import Conversation
from core.models.entry import ModelEntry
from core.models.servers import is_server
from core.patterns import pattern
from core.setting import Setting
from core.settings import Settings
from core.words import N_, _

AUTO = "auto"
"""What the setting “model” is, or a question's model, when Auto chooses."""
LEAST_PARAMETERS = 300_000_000
"""A model below this is only the small one when there is no other: it mostly guesses."""
LONG_CHAT = 0.5
"""The share of the small model's context that a chat may fill before the large one takes over."""
LETTERS_A_TOKEN = 3.5

_CODE = pattern(r"```|^\s*(?:def|class|import|#include|SELECT)\b|[{};]\s*$", re.MULTILINE)
_HARD = pattern(
    r"\b(?:prove|proof|derive|step by step|debug|refactor|algorithm|implement|write (?:a|the) "
    r"(?:program|function|script|essay|report)|compare|analy[sz]e|explain why|pros and cons"
    r"|beweis\w*|schritt für schritt|vergleich\w*|analysier\w*|programmier\w*|herleit\w*"
    r"|démontr\w*|étape par étape|compar(?:e|er|ez)|demuestr\w*|paso a paso|analiza\w*)\b",
    re.IGNORECASE,
)


class Question(NamedTuple):
    """What the rules look at."""

    text: str
    is_grounded: bool
    chat: Conversation | None
    long_words: int
    small_context: int
    large: str


class Rule(NamedTuple):
    """When `holds`, the large model answers (`large`) or the small one; `words` say why."""

    name: str
    words: str
    holds: Callable[[Question], bool]
    large: bool = True


def _is_long_chat(question: Question) -> bool:
    if question.chat is None:
        return False
    letters = sum(len(turn.text) for turn in question.chat.path())
    return letters / LETTERS_A_TOKEN > LONG_CHAT * question.small_context


def _has_begun_with_large(question: Question) -> bool:
    """What the large model has read of a chat it need not read again."""
    if question.chat is None:
        return False
    answers = [turn for turn in question.chat.path() if turn.model]
    return bool(answers) and answers[-1].model == question.large


RULES = (
    Rule("documents", N_("it is about documents"), lambda question: question.is_grounded),
    Rule(
        "long",
        N_("the question is long"),
        lambda question: len(question.text.split()) >= question.long_words,
    ),
    Rule("code", N_("it holds code"), lambda question: bool(_CODE.search(question.text))),
    Rule(
        "hard",
        N_("it asks for reasoning or a longer text"),
        lambda question: bool(_HARD.search(question.text)),
    ),
    Rule("long_chat", N_("the chat is long"), _is_long_chat),
    Rule("same", N_("this chat's last answer was from it"), _has_begun_with_large),
    Rule("plain", N_("the question is short and plain"), lambda _question: True, large=False),
)
ONLY = Rule("only", N_("no other model fits this computer"), lambda _question: True)
_WORDS = {rule.name: rule.words for rule in (*RULES, ONLY)}


class Choice(NamedTuple):
    """Who answers. `reason` names the rule by which Auto chose, "" when a person did."""

    entry: ModelEntry
    reason: str = ""

    @property
    def is_remote(self) -> bool:
        """Whether text leaves this computer."""
        return is_server(self.entry.path)


def reason_words(reason: str) -> str:
    """Say why Auto chose, in the current language; "" for no reason."""
    return _(_WORDS[reason]) if reason in _WORDS else ""


class RoutingDesk:
    """Chooses. One thread uses it."""

    def __init__(self, models: ModelDesk, servers: ServerDesk, settings: Settings) -> None:
        self._models = models
        self._servers = servers
        self._settings = settings

    @property
    def is_auto(self) -> bool:
        """Whether Auto answers new questions."""
        return bool(self._settings.get(declared.MODEL) == AUTO)

    @property
    def has_choice(self) -> bool:
        """Whether there are two models for Auto to choose from."""
        return len(self.pair()) > 1

    def usual(self) -> ModelEntry | None:
        """Return the model that is most likely asked next, to be loaded ahead; never a server."""
        pair = self.pair() if self.is_auto else ()
        return pair[0] if pair else self._models.chosen()

    def set_auto(self) -> None:
        """Let Auto choose from now on. Raises StorageError."""
        self._settings.set(declared.MODEL, AUTO)

    def choose(
        self,
        model: str,
        text: str,
        chat: Conversation | None,
        *,
        grounded: bool,
        anyway: bool = False,
    ) -> Choice:
        """Return who answers `text` in a chat (None: a new one).

        Raises ModelError, or NetworkError for a server that nobody has agreed to.
        """
        if model and self._servers.get(model) is not None:
            return Choice(self._servers.ready(model).entry)
        if model and model != AUTO:
            return Choice(self._models.find(model, again=True, anyway=anyway))
        used = self._servers.used_by(chat.chat_id) if chat and not model else None
        if used is not None:
            return Choice(self._servers.ready(used.name).entry)
        if model == AUTO or self.is_auto:
            return self._by_rules(text, chat, grounded=grounded)
        return Choice(self._models.find(""))

    def pair(self) -> tuple[ModelEntry, ...]:
        """Return the small and the large model, one if both are the same, none if there is none."""
        usable = [
            entry
            for entry in self._models.all()
            if not (entry.problem_code or entry.is_another_apps) and entry.fits != "no"
        ]
        if not usable:
            return ()
        usable.sort(key=lambda entry: entry.parameters)
        useful = [entry for entry in usable if entry.parameters >= LEAST_PARAMETERS]
        small = self._set(choosing.AUTO_SMALL, usable) or (useful or usable)[0]
        large = self._set(choosing.AUTO_LARGE, usable) or usable[-1]
        return (small,) if small.path == large.path else (small, large)

    def _by_rules(self, text: str, chat: Conversation | None, *, grounded: bool) -> Choice:
        pair = self.pair()
        if not pair:
            return Choice(self._models.find(""), ONLY.name)
        if len(pair) == 1:
            return Choice(pair[0], ONLY.name)
        small, large = pair
        question = Question(
            text=text,
            is_grounded=grounded,
            chat=chat,
            long_words=int(self._settings.get(choosing.AUTO_LONG)),
            small_context=small.context or 4096,
            large=large.ref,
        )
        rule = next(rule for rule in RULES if rule.holds(question))
        return Choice(large if rule.large else small, rule.name)

    def _set(self, setting: Setting, usable: Sequence[ModelEntry]) -> ModelEntry | None:
        wanted = str(self._settings.get(setting)).strip()
        return next((entry for entry in usable if wanted in {entry.ref, entry.path}), None)
