"""Earlier answers, several answers and checked sentences, with the real children and model."""

from pathlib import Path

import pytest

from tests.end2end.documents import make_garden
from tests.end2end.test_command_line import Command

pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def gardener(tmp_path: Path) -> Command:
    command = Command(tmp_path / "root")
    garden = make_garden(tmp_path / "Garden")
    code, lines, _ = command.run("folder", "add", str(garden))
    assert code == 0, lines
    return command


def test_an_answer_is_repeated_compared_and_checked(gardener: Command) -> None:
    ask = ("ask", "When are the long beds watered?", "--folder", "Garden", "--max-tokens", "24")
    code, first, errors = gardener.run(*ask, "--stop", ".")
    assert code == 0, errors
    code, again, errors = gardener.run(*ask, "--stop", ".")
    assert code == 0, errors
    assert [line["event"] for line in again] == ["start", "sources", "recalled", "done"]
    assert again[-1]["text"] == first[-1]["text"]
    code, worded, errors = gardener.run(
        "ask", "Please tell me when the long beds are watered", *ask[2:], "--stop", "."
    )
    assert code == 0, errors
    (recalled,) = [line for line in worded if line["event"] == "recalled"]
    assert recalled["question"] == ask[1]

    code, compared, errors = gardener.run(*ask, "--samples", "3", "--agree", "--verify")
    assert code == 0, errors
    (agreement,) = [line for line in compared if line["event"] == "agreement"]
    counted = agreement["agreed"] + sum(other["count"] for other in agreement["others"])
    assert (agreement["samples"], counted) == (3, 3)
    assert compared[-1]["event"] == "verified"
    assert all(
        check["outcome"] in {"confirmed", "corrected", "open"} for check in compared[-1]["checks"]
    )
