"""Who answers: rules that can be read, tried with a shelf by script."""

from types import SimpleNamespace
from typing import Any

import pytest
from msgspec import structs

from core.app.chats.routing_service import (
    ONLY_MODEL_RULE,
    ROUTING_RULES,
    RoutingService,
    describe_routing_reason,
)
from core.base.paths import Paths
from core.base.settings import app_settings as declared
from core.base.settings import auto_model_settings
from core.base.settings.app_settings import AUTO, Settings
from core.chat.conversations.conversation import Conversation, Role, Turn, TurnState
from core.models.info.model_entry import ModelEntry, ModelOrigin


def entry(ref: str, parameters: int, **more: Any) -> ModelEntry:
    return ModelEntry(
        ref=ref, path=f"/models/{ref}.gguf", family=ref, architecture="llama",
        parameters=parameters, quantization="Q4_K_M", bytes_on_disk=1, context=4096,
        **{"fits": "yes", "memory_needed": 1, "has_template": True, **more},
    )  # fmt: skip


TINY, SMALL, LARGE = entry("tiny", 135_000_000), entry("small", 10**9), entry("large", 8 * 10**9)
HUGE = entry("huge", 70 * 10**9, fits="no")
STRANGE = entry("strange", 9 * 10**9, origin=ModelOrigin.OLLAMA)


def chat(*texts: str, model: str = "") -> Conversation:
    turns: dict[str, Turn] = {}
    parent = None
    for number, text in enumerate(texts):
        role = Role.ASSISTANT if number % 2 else Role.USER
        turns[str(number)] = Turn(
            turn_id=str(number), parent_id=parent, role=role, state=TurnState.DONE, text=text,
            created=0.0, model=model if number % 2 else "",
        )  # fmt: skip
        parent = str(number)
    return Conversation(
        chat_id="c", title="", created=0.0, updated=0.0, turns=turns, leaf_id=parent
    )


class Shelf:
    """Models by script, none of them chosen by hand but the first."""

    def __init__(self, *entries: ModelEntry) -> None:
        self.entries = entries
        self.registry = self

    def list_models(self) -> tuple[ModelEntry, ...]:
        return self.entries

    def find_usable_model(self, ref: str, **_wishes: bool) -> ModelEntry:
        return next(each for each in self.entries if ref in {"", each.ref})


@pytest.fixture
def settings(root: Paths) -> Settings:
    return Settings(root.settings)


def desk(settings: Settings, *entries: ModelEntry) -> RoutingService:
    nobody = SimpleNamespace(get_server=lambda _name: None, server_for_chat=lambda _chat: None)
    shelf: Any = Shelf(*(entries or (HUGE, LARGE, TINY, STRANGE, SMALL)))
    servers: Any = nobody
    return RoutingService(shelf, servers, settings)


@pytest.mark.parametrize(
    ("text", "reason", "model"),
    [
        ("What is the capital of France?", "plain", "small"),
        ("word " * 60, "long", "large"),
        ("What does this do?\n```py\nprint(1)\n```", "code", "large"),
        ("def f(x):\n    return x", "code", "large"),
        ("Prove that there are infinitely many primes.", "hard", "large"),
        ("Vergleiche beide Verträge Schritt für Schritt", "hard", "large"),
    ],
)
def test_a_question_decides(settings: Settings, text: str, reason: str, model: str) -> None:
    choice = desk(settings).route_question(AUTO, text, None, grounded=False)
    assert (choice.reason, choice.entry.ref) == (reason, model)
    assert describe_routing_reason(choice.reason)


def test_documents_and_the_chat_decide(settings: Settings) -> None:
    routes = desk(settings)
    assert routes.route_question(AUTO, "Hi", None, grounded=True).reason == "documents"
    long = chat("x" * 9000, "y" * 100, model="small")
    assert routes.route_question(AUTO, "And?", long, grounded=False).reason == "long_chat"
    begun = chat("Prove it.", "So.", model="large")
    assert routes.route_question(AUTO, "And?", begun, grounded=False).reason == "same"
    plain = chat("Hi.", "Hello.", model="small")
    assert routes.route_question(AUTO, "And?", plain, grounded=False).entry == SMALL


def test_what_is_set_overrides(settings: Settings) -> None:
    routes = desk(settings)
    settings.set_value(auto_model_settings.AUTO_SMALL, TINY.path)
    settings.set_value(auto_model_settings.AUTO_LARGE, SMALL.ref)
    settings.set_value(auto_model_settings.AUTO_LONG_WORDS, 3)
    assert routes.auto_models() == (TINY, SMALL)
    assert routes.route_question(AUTO, "Hi there", None, grounded=False).entry == TINY
    assert routes.route_question(AUTO, "Hi there you", None, grounded=False).entry == SMALL
    settings.set_value(auto_model_settings.AUTO_LARGE, "gone")
    assert routes.auto_models() == (TINY, LARGE)


def test_a_person_who_chooses_is_not_overruled(settings: Settings) -> None:
    routes = desk(settings, SMALL, LARGE)
    assert not routes.is_auto
    assert routes.route_question("", "Prove it.", None, grounded=True) == (SMALL, "")
    assert routes.route_question("large", "Hi", None, grounded=False) == (LARGE, "")
    routes.set_auto()
    assert routes.is_auto
    assert settings.get_value(declared.MODEL) == AUTO
    assert routes.route_question("", "Hi", None, grounded=False) == (SMALL, "plain")


def test_one_model_is_the_only_one(settings: Settings) -> None:
    assert desk(settings, TINY, HUGE).route_question(AUTO, "Prove it.", None, grounded=True) == (
        TINY,
        ONLY_MODEL_RULE.name,
    )
    broken = structs.replace(TINY, problem_code="model_gone")
    assert desk(settings, broken, LARGE).auto_models() == (LARGE,)
    assert desk(settings, HUGE).auto_models() == ()


def test_every_rule_has_its_words() -> None:
    assert all(describe_routing_reason(rule.name) for rule in ROUTING_RULES)
    assert describe_routing_reason("") == ""
