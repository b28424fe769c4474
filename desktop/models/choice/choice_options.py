"""Choice options: the entries of the model chooser as the short lists of the window show them."""

from collections.abc import Sequence

from core.base.errors import describe_error
from core.models.info.model_entry import ModelEntry
from desktop.chat.composer.model_options import ModelOption, ModelOptions
from desktop.kit.locale_formatting import format_size
from desktop.models.choice.model_choice import ModelChoice
from desktop.models.choice.server_choice import format_answer_place


def choice_options(choice: ModelChoice, recent_refs: Sequence[str]) -> ModelOptions:
    """Return what can be chosen, with the names of those that answered last."""
    return ModelOptions(
        options=tuple(_option(entry) for entry in choice.models),
        recent_refs=tuple(recent_refs),
        current=choice.chosen.ref if choice.chosen else "",
    )


def _option(entry: ModelEntry) -> ModelOption:
    place = format_answer_place(entry)
    size = format_size(entry.bytes_on_disk) if entry.bytes_on_disk else ""
    details = place[0] if place else " · ".join(filter(None, (entry.quantization, size)))
    problem = ""
    if entry.problem_code:
        problem = describe_error(entry.problem_code, entry.problem_facts)[0]
    return ModelOption(
        ref=entry.ref, details=details, problem=problem, is_remote=bool(place and not size)
    )
