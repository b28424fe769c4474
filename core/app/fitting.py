"""Whether a model goes into this machine's memory, as the shelf asks it."""

from collections.abc import Callable

from core.engine.fit import available_memory, choose_context
from core.gguf import Header
from core.models.shelf import Fit


def fits_with(wanted_context: Callable[[], int]) -> Callable[[Header], Fit]:
    """Return the shelf's question, for the context that is wanted when it is asked (0: choose)."""

    def fit(header: Header) -> Fit:
        plan = choose_context(header, wanted_context(), available_memory())
        return Fit(plan.verdict, plan.total)

    return fit
