"""Model names as other programs give them: that of the list, or that of the file."""

from collections.abc import Callable, Sequence
from typing import TypeVar

_Model = TypeVar("_Model")


def find_by_model_name(
    name: str, models: Sequence[_Model], names_of: Callable[[_Model], tuple[str, str]]
) -> _Model | None:
    """Return the model whose name on the list this is, else the only one whose file has it.

    `names_of` returns both, the file's without its ending. Letter case and Ollama's ":latest"
    don't count.
    """
    wanted = name.strip().removesuffix(":latest").lower()
    for model in models:
        if names_of(model)[0].lower() == wanted:
            return model
    files = [model for model in models if names_of(model)[1].lower() == wanted]
    return files[0] if len(files) == 1 else None
