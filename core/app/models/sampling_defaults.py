"""Sampling defaults, presets, and the bounds of each sampling parameter."""

from collections.abc import Mapping

from msgspec import structs

from core.base.settings import app_settings as declared
from core.base.settings.app_settings import Settings
from core.messages import Sampling

DRY_STRENGTH = 0.8
"""The strength that the author of DRY recommends; it keeps small models from repetition."""
PLAIN_SAMPLING = Sampling(dry_multiplier=DRY_STRENGTH)
GROUNDED_SAMPLING = Sampling(temperature=0.2, repeat_penalty=1.0, dry_multiplier=DRY_STRENGTH)
"""For answers from documents: close to the likeliest tokens, and without a penalty for repetition,
since they quote."""
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
"""Lowest and highest value of each number of a `Sampling`; outside of some, llama.cpp ends the
process. To llama.cpp, a seed of 2^32 - 1 means a random one."""
MAX_BIAS = 100.0
"""Largest absolute value of a logit bias, which always or never chooses a token."""


def default_sampling(settings: Settings, *, grounded: bool, preset: str = "") -> Sampling:
    """Return the sampling for an answer from documents, or for a plain chat.

    A `preset` for this answer applies to both, and so does the setting of thinking; an unknown
    preset is ignored. The other settings apply to plain chats: the temperature, else the preset.
    """
    thinking = settings.get_value(declared.THINKING)
    sampling = structs.replace(GROUNDED_SAMPLING if grounded else PLAIN_SAMPLING, thinking=thinking)
    if preset in PRESETS:
        return structs.replace(sampling, temperature=PRESETS[preset])
    if grounded:
        return sampling
    own = float(settings.get_value(declared.TEMPERATURE))
    if own == declared.TEMPERATURE.default:
        own = PRESETS[settings.get_value(declared.PRESET)]
    return structs.replace(sampling, temperature=own)
