"""How the next token is chosen when a front end doesn't say."""

from core import settings as declared
from core.messages import Sampling
from core.settings import Settings

DRY = 0.8
"""The strength its author gives; keeps a small model from going round in circles."""
GROUNDED = Sampling(temperature=0.2, repeat_penalty=1.0, dry_multiplier=DRY)
"""For answers from documents: close to the likeliest words, and no word punished for coming again,
since quoting is no repetition."""


def default_sampling(settings: Settings, *, grounded: bool) -> Sampling:
    """Return the sampling for an answer from documents, or for a plain chat as it is set."""
    if grounded:
        return GROUNDED
    return Sampling(temperature=float(settings.get(declared.TEMPERATURE)), dry_multiplier=DRY)
