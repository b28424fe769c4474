"""Energy of written tokens, from counters as Linux shows them."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from core.bench.bench_session import BenchSession
from core.bench.energy_use import EnergyMeter, measure_energy
from core.messages import AnswerDone


def make_package(folder: Path, name: str, used: int, largest: int = 1000) -> Path:
    zone = folder / name
    zone.mkdir(parents=True)
    (zone / "energy_uj").write_text(f"{used}\n", encoding="ascii")
    (zone / "max_energy_range_uj").write_text(f"{largest}\n", encoding="ascii")
    return zone


def count(zone: Path, used: int) -> None:
    (zone / "energy_uj").write_text(f"{used}\n", encoding="ascii")


def test_packages_are_summed_and_a_counter_may_begin_anew(tmp_path: Path) -> None:
    one = make_package(tmp_path, "intel-rapl:0", 100)
    other = make_package(tmp_path, "intel-rapl:1", 900)
    core = make_package(tmp_path, "intel-rapl:0:0", 0)  # counted in its package
    meter = EnergyMeter(tmp_path)
    count(one, 400)
    count(other, 200)
    count(core, 999)
    assert meter.joules() == pytest.approx((300 + 300) / 1e6)
    assert meter.joules() == 0


def test_a_counter_for_administrators_is_none(tmp_path: Path) -> None:
    zone = make_package(tmp_path, "intel-rapl:0", 100)
    assert EnergyMeter(tmp_path).can_read
    count(zone, 0)
    (zone / "energy_uj").unlink()
    assert not EnergyMeter(tmp_path).can_read
    assert not EnergyMeter(tmp_path / "none").can_read


def test_without_counters_the_row_says_so(tmp_path: Path) -> None:
    (metric,) = measure_energy(cast("BenchSession", None), lambda: EnergyMeter(tmp_path))
    assert metric.value is None
    assert metric.note


def test_what_the_prompt_takes_is_not_the_reference_s(tmp_path: Path) -> None:
    """The engine keeps the prompt of the round before, the reference reads it each time."""
    zone = make_package(tmp_path, "intel-rapl:0", 0, largest=10**12)
    used = 0

    def use(microjoules: int) -> None:
        nonlocal used
        used += microjoules
        count(zone, used)

    class Reference:
        def prompt_tokens(self, _turns: object) -> tuple[int, ...]:
            return (1, 2)

        def time_writing(self, _prompt: object, tokens: int) -> float:
            use(5_000_000 + 1_000_000 * tokens)
            return 1.0

    def answer(*_arguments: Any, **_named: Any) -> object:
        use(12_000_000)
        done = AnswerDone(request_id="a", stop="length", completion_tokens=11)
        return SimpleNamespace(turns=(), done_event=done)

    bench = SimpleNamespace(
        rounds=2,
        reference=Reference(),
        complete_answer=answer,
        fitting_answer_length=lambda tokens: tokens,
    )
    (metric,) = measure_energy(cast("BenchSession", bench), lambda: EnergyMeter(tmp_path))
    assert metric.value == pytest.approx(1.2)
    assert metric.reference == pytest.approx(1.0)
    assert metric.meets_target is False
