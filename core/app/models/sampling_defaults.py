"""Sampling defaults, presets, and the bounds of each sampling parameter."""

from collections.abc import Mapping

from msgspec import structs

from core.base.settings import app_settings as declared
from core.base.settings.app_settings import Settings
from core.messages import Sampling

DRY_STRENGTH = 0.8
"""The strength its author gives; keeps a small model from going round in circles."""
PLAIN_SAMPLING = Sampling(dry_multiplier=DRY_STRENGTH)
GROUNDED_SAMPLING = Sampling(temperature=0.2, repeat_penalty=1.0, dry_multiplier=DRY_STRENGTH)
"""For answers from documents: close to the likeliest words, and no word punished for coming again,
since quoting is no repetition."""
PRESETS: Mapping[str, float] = {"precise": 0.2, "balanced": 0.7, "creative": 1.0}
"""The temperature of each preset."""
SAMPLING_BOUNDS: Mapping[str, tuple[float, float]] = {
    "temperature": (0, 5),
    "top_k": (0, 1_000_000),
    "top_p": (0, 1),
    "min_p": (0, 1),
    "typical_p": (0, 1),
    "repeat_penalty": (0.1, 10),
    "presence_penalty": (-10, 10),
    "frequency_penalty": (-10, 10),
    "dry_multiplier": (0, 10),
    "mirostat": (0, 2),
    "mirostat_tau": (0.1, 20),
    "mirostat_eta": (0.001, 1),
    "seed": (0, 2**32 - 2),
}
"""The least and greatest value of each number of a `Sampling`; llama.cpp ends the process outside
of some. A seed of 2^32 - 1 would mean "draw one" to it."""
MAX_BIAS = 100.0
"""A bias lies between minus this and this; either end decides alone."""


def default_sampling(settings: Settings, *, grounded: bool, preset: str = "") -> Sampling:
    """Return the sampling for an answer from documents, or for a plain chat.

    A `preset` given for this answer counts for both (one that isn't known for none), as does
    whether models think first. The rest of what is set counts for plain chats: a temperature of
    one's own before the preset.
    """
    thinking = bool(settings.get_value(declared.THINKING))
    sampling = structs.replace(GROUNDED_SAMPLING if grounded else PLAIN_SAMPLING, thinking=thinking)
    if preset in PRESETS:
        return structs.replace(sampling, temperature=PRESETS[preset])
    if grounded:
        return sampling
    own = float(settings.get_value(declared.TEMPERATURE))
    if own == declared.TEMPERATURE.default:
        own = PRESETS[settings.get_value(declared.PRESET)]
    return structs.replace(sampling, temperature=own)
