"""A length that fits the model: answers end where nobody set a limit."""

import pytest

from core.engine.runtime.engine_child import MAX_LENGTH, MIN_LENGTH, fitting_length


@pytest.mark.parametrize(
    ("context", "thinks", "length"),
    [
        (2048, False, MIN_LENGTH),
        (8192, False, 2048),
        (131_072, False, MAX_LENGTH),
        (2048, True, 1024),
        (8192, True, 4096),
        (131_072, True, 2 * MAX_LENGTH),
    ],
)
def test_a_quarter_of_the_context_in_bounds_and_twice_that_for_thinking(
    context: int, *, thinks: bool, length: int
) -> None:
    assert fitting_length(context, thinks=thinks) == length
