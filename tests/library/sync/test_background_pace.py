"""Reading beside an answer: slower, never not at all."""

from core.library.sync.background_pace import LONGEST_REST_SECONDS, REST_FACTOR, BackgroundPace


class Clock:
    """Stands until it is moved."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def work(pace: BackgroundPace, clock: Clock, seconds: float) -> None:
    with pace.timed_step():
        clock.now += seconds


def test_without_an_answer_there_is_no_rest() -> None:
    clock = Clock()
    pace = BackgroundPace(clock, clock)
    work(pace, clock, 5.0)
    assert pace.seconds_to_rest == 0.0


def test_beside_an_answer_each_step_is_followed_by_a_rest_as_long_as_it_deserves() -> None:
    clock = Clock()
    pace = BackgroundPace(clock, clock)
    pace.is_throttled = True
    work(pace, clock, 0.1)
    assert abs(pace.seconds_to_rest - 0.1 * REST_FACTOR) < 1e-9
    clock.now += 0.1 * REST_FACTOR
    assert pace.seconds_to_rest == 0.0
    work(pace, clock, 600.0)
    assert pace.seconds_to_rest == LONGEST_REST_SECONDS


def test_what_is_urgent_ends_the_rest() -> None:
    clock = Clock()
    pace = BackgroundPace(clock, clock)
    pace.is_throttled = True
    work(pace, clock, 1.0)
    pace.end_rest()
    assert pace.seconds_to_rest == 0.0


def test_a_step_that_waited_for_the_processor_has_rested_already() -> None:
    clock, processor = Clock(), Clock()
    pace = BackgroundPace(clock, processor)
    pace.is_throttled = True
    with pace.timed_step():
        clock.now += 0.4  # of which the engine had three quarters
        processor.now += 0.1
    assert abs(pace.seconds_to_rest - (0.1 * REST_FACTOR - 0.3)) < 1e-9
