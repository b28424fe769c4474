"""The time that is left follows what was measured, and is not said before."""

import pytest

from core.base.time_left import SteadyTimeLeft, format_time_left
from core.library.filesystem.folder_scanner import ScannedEntry
from core.library.sync.sync_progress import SyncTimeEstimate


class Clock:
    """Stands until it is moved."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def working(pace: SyncTimeEstimate, clock: Clock, seconds: int) -> None:
    for _step in range(seconds * 2):
        clock.now += 0.5
        pace.count_elapsed_time()


def test_texts_of_a_kind_are_as_dense_as_those_before() -> None:
    clock = Clock()
    files = [
        ScannedEntry("a.txt", 1000, 1),
        ScannedEntry("b.pdf", 9000, 1),
        ScannedEntry("c.txt", 3000, 1),
    ]
    pace = SyncTimeEstimate(files, clock)
    assert pace.seconds_left() is None
    working(pace, clock, 5)
    pace.count_embedded_tokens(500)
    pace.count_finished_file(files[0], 500)  # half a token a byte, 100 tokens a second
    assert pace.seconds_left() == pytest.approx((9000 * 0.5 + 3000 * 0.5) / 100)
    working(pace, clock, 5)
    pace.count_embedded_tokens(90)
    pace.count_finished_file(files[1], 90)  # a hundredth
    assert pace.seconds_left() == pytest.approx(1500 / 59)


def test_what_is_embedded_of_a_long_file_counts() -> None:
    clock = Clock()
    files = [ScannedEntry("a.txt", 1000, 1), ScannedEntry("b.txt", 1000, 1)]
    pace = SyncTimeEstimate(files, clock)
    working(pace, clock, 4)
    pace.count_embedded_tokens(800)
    pace.count_finished_file(files[0], 500)
    assert pace.seconds_left() == pytest.approx((500 - 300) * 4 / 800)


def test_time_spent_giving_way_is_not_counted() -> None:
    clock = Clock()
    file = ScannedEntry("a.txt", 1000, 1)
    pace = SyncTimeEstimate([file, ScannedEntry("b.txt", 1000, 1)], clock)
    working(pace, clock, 4)
    pace.count_embedded_tokens(400)
    pace.count_finished_file(file, 400)
    before = pace.seconds_left()
    clock.now += 3600
    pace.count_elapsed_time()
    assert pace.seconds_left() == before == pytest.approx(4.0)


def test_nothing_is_left_at_the_end() -> None:
    clock = Clock()
    file = ScannedEntry("a", 1000, 1)
    pace = SyncTimeEstimate([file], clock)
    working(pace, clock, 4)
    pace.count_embedded_tokens(400)
    pace.count_finished_file(file, 400)
    assert pace.seconds_left() == 0.0


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, ""),
        (12.0, "less than a minute left"),
        (62.0, "about 1 minute left"),
        (3000.0, "about 50 minutes left"),
        (7300.0, "about 2 hours left"),
    ],
)
def test_the_time_left_in_words(seconds: float | None, words: str) -> None:
    assert format_time_left(seconds) == words


def test_the_time_that_is_said_never_jumps() -> None:
    clock = Clock()
    steady = SteadyTimeLeft(clock)
    assert steady.follow_estimate(None) is None
    said = steady.follow_estimate(2100.0)  # 35 minutes, of the first few files
    for estimate in (840.0, 120.0, 2400.0, 120.0, 900.0, 118.0):
        for _step in range(20):
            clock.now += 0.5
            before, said = said, steady.follow_estimate(estimate)
            assert before is not None
            assert said is not None
            assert said - before <= 0.5 + 1e-9
    assert said is not None
    for _step in range(200):
        clock.now += 0.5
        said = steady.follow_estimate(118.0)
    assert said == pytest.approx(118.0, abs=15)
