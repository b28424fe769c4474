"""Setting options of a model: label, help, parser, and allowed values of each."""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass

from core.app.models.sampling_defaults import PRESETS, SAMPLING_BOUNDS
from core.base.i18n import N_, _
from core.engine.memory.placement_tuning import CACHE_TYPES

ModelSettingValue = int | float | str

MAX_TEXT_BYTES = 32 << 10
"""A longer system prompt or template would leave no space for a chat."""


@dataclass(frozen=True, slots=True)
class ModelSettingOption:
    """One option. `parse` converts what was typed; it raises ValueError for an invalid text.

    `metadata` is the key under which a file may recommend a value.
    """

    key: str
    label: str
    help: str
    parse: Callable[[str], ModelSettingValue]
    allowed: Callable[[], str]
    metadata: str = ""
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None


def _whole(
    key: str, label: str, about: str, least: int, most: int, metadata: str = ""
) -> ModelSettingOption:
    def parse(text: str) -> int:
        number = int(text)
        if not least <= number <= most:
            raise ValueError(text)
        return number

    def allowed() -> str:
        return _("a whole number from {least} to {most}").format(least=least, most=most)

    return ModelSettingOption(key, label, about, parse, allowed, metadata, (), least, most)


def _real(key: str, label: str, about: str, metadata: str) -> ModelSettingOption:
    least, most = SAMPLING_BOUNDS[key]

    def parse(text: str) -> float:
        number = float(text)
        if not (math.isfinite(number) and least <= number <= most):
            raise ValueError(text)
        return number

    def allowed() -> str:
        return _("a number from {least} to {most}").format(least=f"{least:g}", most=f"{most:g}")

    return ModelSettingOption(key, label, about, parse, allowed, metadata, (), least, most)


def _choice(key: str, label: str, about: str, choices: tuple[str, ...]) -> ModelSettingOption:
    def parse(text: str) -> str:
        word = text.strip().lower()
        if word not in choices:
            raise ValueError(text)
        return word

    def allowed() -> str:
        return ", ".join(f"“{choice}”" for choice in choices)

    return ModelSettingOption(key, label, about, parse, allowed, "", choices)


def _text(key: str, label: str, about: str) -> ModelSettingOption:
    def parse(text: str) -> str:
        if len(text.encode(errors="replace")) > MAX_TEXT_BYTES:
            raise ValueError(text)
        return text.encode(errors="replace").decode()

    def allowed() -> str:
        return _("text of at most {count} bytes").format(count=MAX_TEXT_BYTES)

    return ModelSettingOption(key, label, about, parse, allowed)


_CACHE = ("auto", *CACHE_TYPES)

OPTIONS = (
    _whole(
        "context",
        N_("Context length"),
        N_("Tokens the model keeps in view; 0 chooses what fits this machine."),
        0,
        1_048_576,
    ),
    _whole(
        "gpu_layers",
        N_("Layers on graphics cards"),
        N_("Layers that lie on graphics cards at most; -1 takes as many as fit."),
        -1,
        1024,
    ),
    _choice(
        "cache_keys",
        N_("Type of cached keys"),
        N_("How exactly the keys of the conversation are kept in memory."),
        _CACHE,
    ),
    _choice(
        "cache_values",
        N_("Type of cached values"),
        N_("How exactly the values of the conversation are kept in memory."),
        _CACHE,
    ),
    _whole(
        "threads",
        N_("Threads"),
        N_("Processor threads the model uses; 0 takes the physical cores."),
        0,
        1024,
    ),
    _choice(
        "preset",
        N_("Choice of words"),
        N_("For plain chats: precise stays close to the likeliest words, creative varies more."),
        tuple(PRESETS),
    ),
    _real(
        "temperature",
        N_("Temperature"),
        N_("For plain chats, before the preset: 0 takes the likeliest word."),
        "general.sampling.temp",
    ),
    _whole(
        "top_k",
        N_("Likeliest words"),
        N_("For plain chats: only so many of the likeliest words; 0 is off."),
        int(SAMPLING_BOUNDS["top_k"][0]),
        int(SAMPLING_BOUNDS["top_k"][1]),
        "general.sampling.top_k",
    ),
    _real(
        "top_p",
        N_("Share of likely words"),
        N_("For plain chats: only the likeliest words that have this share together."),
        "general.sampling.top_p",
    ),
    _real(
        "min_p",
        N_("Least likely words"),
        N_("For plain chats: only words this likely, measured by the likeliest one."),
        "general.sampling.min_p",
    ),
    _real(
        "repeat_penalty",
        N_("Repeated words"),
        N_("For plain chats: makes words less likely that came before; 1 is off."),
        "general.sampling.penalty_repeat",
    ),
    _text(
        "system_prompt",
        N_("System prompt"),
        N_("What the model is told before each chat; a chat's own counts before it."),
    ),
    _text(
        "template",
        N_("Chat template"),
        N_("Jinja that lays chats out, instead of the file's own."),
    ),
    _text(
        "draft",
        N_("Model that guesses ahead"),
        N_("A small model of the same family: “auto” finds one, “off” takes none, or its name."),
    ),
    _text(
        "adapters",
        N_("Adapters"),
        N_("LoRA adapters that new chats begin with, as PATH=SCALE, several parted by “;”."),
    ),
)
OPTIONS_BY_KEY = {option.key: option for option in OPTIONS}


def format_setting_value(value: object) -> str:
    """Return a value as one line of text."""
    if isinstance(value, float):
        return f"{value:g}"
    text = "" if value is None else str(value)
    return json.dumps(text, ensure_ascii=False) if "\n" in text else text
