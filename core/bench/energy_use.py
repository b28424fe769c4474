"""Energy use: joules of the processor for a written token, where the system counts them.

Linux tells what each processor package used (the powercap interface:
https://docs.kernel.org/power/powercap/powercap.html). The count is of all programs.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from core.base.i18n import _
from core.bench.bench_metrics import BenchMetric, MetricTarget, compared_metric
from core.bench.bench_session import BenchSession
from core.bench.single_answer_speed import answer_greedily

POWERCAP = Path("/sys/class/powercap")
MOST_ENERGY = 1.03
"""Of the bare loop's: what the engine may use besides the batches."""


class EnergyMeter:
    """Counters of the processor's packages, as they were when it was made."""

    def __init__(self, folder: Path = POWERCAP) -> None:
        self._packages = [
            zone for zone in sorted(folder.glob("*-rapl:*")) if zone.name.count(":") == 1
        ]
        self._before = self._read_counts()

    @property
    def can_read(self) -> bool:
        """Whether there are counters, and this person may read them."""
        return bool(self._before)

    def joules(self) -> float:
        """Return what was used since the last call, or since the meter was made."""
        before, self._before = self._before, self._read_counts()
        return sum(self._used(zone, before) for zone in self._before) / 1e6

    def _used(self, zone: Path, before: Mapping[Path, int]) -> int:
        used = self._before[zone] - before.get(zone, self._before[zone])
        if used >= 0:
            return used
        return used + _microjoules(zone / "max_energy_range_uj")  # the counter began anew

    def _read_counts(self) -> dict[Path, int]:
        counts = {}
        for zone in self._packages:
            try:
                counts[zone] = _microjoules(zone / "energy_uj")
            except (OSError, ValueError):  # administrators alone may read it on most systems
                continue
        return counts


def _microjoules(file: Path) -> int:
    return int(file.read_text(encoding="ascii"))


def measure_energy(
    bench: BenchSession, make_meter: Callable[[], EnergyMeter] = EnergyMeter
) -> list[BenchMetric]:
    """Write 128 tokens, the likeliest each time, and have the bare loop write as many."""
    key, what = "energy", _("energy for a written token")
    if not make_meter().can_read:
        note = _("not told by this system, or to administrators only")
        return [BenchMetric(key=key, what=what, note=note)]
    ours, reference = [], []
    for number in range(bench.rounds + 1):
        meter = make_meter()
        answer = answer_greedily(bench)
        used = meter.joules()
        prompt = bench.reference.prompt_tokens(answer.turns)
        count = max(answer.done_event.completion_tokens - 1, 1)
        meter.joules()
        bench.reference.time_writing(prompt, 1)
        used_for_prompt = meter.joules()  # the engine has read it in the round before
        bench.reference.time_writing(prompt, count + 1)
        if number:
            ours.append(used / count)
            reference.append(max(meter.joules() - used_for_prompt, 0.0) / count)
    return [
        compared_metric(
            key,
            what,
            _("J/token"),
            ours,
            reference,
            reference_name=_("bare loop, nothing chosen"),
            asked=MetricTarget(most=MOST_ENERGY),
            note=_("of the whole processor, with all that other programs did"),
        )
    ]
