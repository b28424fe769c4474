"""Selection of the draft model for speculative decoding with a target model."""

from collections.abc import Iterable

from core.models.info.model_entry import ModelEntry

AUTO, OFF = "auto", "off"
MIN_PARAMETER_RATIO = 6
"""A draft model with more than a sixth of the target's parameters costs more than it saves."""


def find_draft_model(target: ModelEntry, entries: Iterable[ModelEntry], wanted: str) -> str:
    """Return the path of the draft model for `target`, "" for none.

    `wanted` is AUTO, OFF, or a model's name or path. AUTO chooses the smallest file with the same
    vocabulary that is small enough, but no file of another program; a named one need only have the
    same vocabulary. The engine, which has both vocabularies, compares them token by token.
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
