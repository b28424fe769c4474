"""When a model's memory plan is made anew, and when the one that is remembered still holds."""

import pytest
from msgspec import structs

from core.gguf import GgufHeader
from core.models.info.model_facts import ModelFacts, read_facts
from core.models.info.model_fit_cache import MAX_REPLANS, ModelFit, ModelFitCache
from tests.gguf.synthetic import dense


class Planner:
    """Counts the plans; `key` names what they depend on."""

    def __init__(self) -> None:
        self.plans = 0
        self.key = "16 GB"
        self.fits = ModelFitCache(self._plan, lambda _path: self.key)

    def _plan(self, _header: GgufHeader) -> ModelFit:
        self.plans += 1
        return ModelFit("yes", self.plans)


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> ModelFacts:
    return read_facts(dense().write(tmp_path_factory.mktemp("m") / "a-F16.gguf"))


def test_a_plan_is_remembered(facts: ModelFacts) -> None:
    planner = Planner()
    assert (
        planner.fits.fit_for_file("a", facts)
        == planner.fits.fit_for_file("a", facts)
        == ModelFit("yes", 1)
    )
    assert planner.fits.fit_for_file("b", facts) == ModelFit("yes", 2)


def test_a_file_that_changed_is_planned_anew(facts: ModelFacts) -> None:
    planner = Planner()
    planner.fits.fit_for_file("a", facts)
    (stamp,) = facts.stamps
    later = structs.replace(stamp, modified_ns=stamp.modified_ns + 1)
    assert planner.fits.fit_for_file("a", structs.replace(facts, stamps=(later,))) == ModelFit(
        "yes", 2
    )


def test_without_a_key_each_look_plans(facts: ModelFacts) -> None:
    planner = Planner()
    planner.key = ""
    planner.fits.fit_for_file("a", facts)
    assert planner.fits.fit_for_file("a", facts) == ModelFit("yes", 2)


def test_when_memory_changed_a_look_renews_some_and_the_next_the_rest(facts: ModelFacts) -> None:
    planner = Planner()
    paths = [str(number) for number in range(MAX_REPLANS + 2)]
    for path in paths:
        planner.fits.fit_for_file(path, facts)
    planner.key = "8 GB"
    for renewed in (MAX_REPLANS, 2, 0):
        before = planner.plans
        planner.fits.begin_listing()
        for path in paths:
            planner.fits.fit_for_file(path, facts)
        assert planner.plans - before == renewed
