"""When a model's memory plan is made anew, and when the one that is remembered still holds."""

import pytest
from msgspec import structs

from core.gguf import Header
from core.models.facts import Facts, read_facts
from core.models.fits import RENEWED, Fit, Fits
from tests.gguf.synthetic import dense


class Planner:
    """Counts the plans; `key` names what they depend on."""

    def __init__(self) -> None:
        self.plans = 0
        self.key = "16 GB"
        self.fits = Fits(self._plan, lambda _path: self.key)

    def _plan(self, _header: Header) -> Fit:
        self.plans += 1
        return Fit("yes", self.plans)


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Facts:
    return read_facts(dense().write(tmp_path_factory.mktemp("m") / "a-F16.gguf"))


def test_a_plan_is_remembered(facts: Facts) -> None:
    planner = Planner()
    assert planner.fits.of("a", facts) == planner.fits.of("a", facts) == Fit("yes", 1)
    assert planner.fits.of("b", facts) == Fit("yes", 2)


def test_a_file_that_changed_is_planned_anew(facts: Facts) -> None:
    planner = Planner()
    planner.fits.of("a", facts)
    (stamp,) = facts.stamps
    later = structs.replace(stamp, modified_ns=stamp.modified_ns + 1)
    assert planner.fits.of("a", structs.replace(facts, stamps=(later,))) == Fit("yes", 2)


def test_without_a_key_each_look_plans(facts: Facts) -> None:
    planner = Planner()
    planner.key = ""
    planner.fits.of("a", facts)
    assert planner.fits.of("a", facts) == Fit("yes", 2)


def test_when_memory_changed_a_look_renews_some_and_the_next_the_rest(facts: Facts) -> None:
    planner = Planner()
    paths = [str(number) for number in range(RENEWED + 2)]
    for path in paths:
        planner.fits.of(path, facts)
    planner.key = "8 GB"
    for renewed in (RENEWED, 2, 0):
        before = planner.plans
        planner.fits.look()
        for path in paths:
            planner.fits.of(path, facts)
        assert planner.plans - before == renewed
