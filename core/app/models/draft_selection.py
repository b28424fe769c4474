"""Selection of the draft model for speculative decoding with a target model."""

from collections.abc import Iterable

from core.models.info.model_entry import ModelEntry

AUTO, OFF = "auto", "off"
MIN_PARAMETER_RATIO = 6
"""A model with more than a sixth of the other's parameters costs more than its guesses save."""


def find_draft_model(target: ModelEntry, entries: Iterable[ModelEntry], wanted: str) -> str:
    """Return the path of the model that guesses ahead for `target`, "" for none.

    `wanted` is AUTO, OFF, or a model's name or path. AUTO takes the smallest file that speaks the
    same tokens and is small enough, but not what another program holds; one that is named need
    only speak the same tokens. Whether each token really means the same is checked by the engine,
    which has both vocabularies.
    """
    if wanted == OFF or not target.tokenizer:
        return ""
    fitting = [
        entry
        for entry in entries
        if entry.path != target.path and not entry.problem_code and _same_tokens(entry, target)
    ]
    if wanted != AUTO:
        return next((entry.path for entry in fitting if wanted in {entry.ref, entry.path}), "")
    small = [
        entry
        for entry in fitting
        if 0 < entry.parameters * MIN_PARAMETER_RATIO <= target.parameters
        and not entry.is_from_other_app
    ]
    return min(small, key=lambda entry: (entry.bytes_on_disk, entry.ref)).path if small else ""


def _same_tokens(one: ModelEntry, other: ModelEntry) -> bool:
    return (one.tokenizer, one.vocabulary) == (other.tokenizer, other.vocabulary)
