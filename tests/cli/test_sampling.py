"""Sampling of `inglenook ask`: flags, presets, bounds, and what is printed of thinking."""

import io
import json
from pathlib import Path

import pytest

from core.app.events.app_events import AnswerFinished, AnswerThinkingAdded
from core.app.models.sampling_defaults import (
    GROUNDED_SAMPLING,
    PLAIN_SAMPLING,
    PRESETS,
    SAMPLING_BOUNDS,
    default_sampling,
)
from core.base.paths import Paths
from core.base.settings.app_settings import PRESET, TEMPERATURE, Settings
from core.chat.conversations.conversation import AnswerStatistics
from core.cli.chats.answer_printing import JsonAnswerPrinter, TextAnswerPrinter
from core.cli.console import Console
from core.cli.main import main
from core.messages import Generate, Sampling
from tests.cli.conftest import Inglenook


def last_sampling(inglenook: Inglenook) -> Sampling:
    """Return how the words of the last answer were to be chosen."""
    return inglenook.engine.last_sent(Generate).sampling


def test_every_flag_reaches_the_sampling(inglenook: Inglenook, tmp_path: Path) -> None:
    schema = tmp_path / "schema.json"
    schema.write_text('{"type": "object"}', encoding="utf-8")
    inglenook(
        *("ask", "Who?", "--top-k", "5", "--top-p", "0.5", "--min-p", "0.1", "--typical", "0.9"),
        *("--repeat-penalty", "1.3", "--presence-penalty", "-1", "--frequency-penalty", "0.5"),
        *("--dry", "0", "--mirostat", "2", "--mirostat-tau", "3", "--mirostat-eta", "0.2"),
        *("--stop", "\n", "--stop", "END", "--logit-bias", "a=b=-100", "--logit-bias", "yes=2.5"),
        *("--no-thinking", "--preset", "creative", "--json-schema", str(schema)),
    )
    sampling = last_sampling(inglenook)
    assert (sampling.top_k, sampling.top_p, sampling.min_p, sampling.typical_p) == (
        5,
        0.5,
        0.1,
        0.9,
    )
    penalties = (sampling.repeat_penalty, sampling.presence_penalty, sampling.frequency_penalty)
    assert penalties == (1.3, -1, 0.5)
    assert (sampling.mirostat, sampling.mirostat_tau, sampling.mirostat_eta) == (2, 3, 0.2)
    assert (sampling.dry_multiplier, sampling.temperature, sampling.seed) == (0, 1.0, None)
    assert sampling.stop == ("\n", "END")
    assert not sampling.thinking
    assert sampling.logit_bias == {"a=b": -100.0, "yes": 2.5}
    assert (sampling.grammar, sampling.json_schema) == ("", '{"type": "object"}')


def test_what_is_not_typed_stays_as_it_is_set(inglenook: Inglenook, tmp_path: Path) -> None:
    grammar = tmp_path / "yes.gbnf"
    grammar.write_text('\ufeffroot ::= "yes"', encoding="utf-8")
    inglenook("ask", "Who?", "--grammar", str(grammar))
    sampling = last_sampling(inglenook)
    assert sampling.grammar == 'root ::= "yes"'
    assert sampling.temperature == PRESETS["balanced"]
    assert sampling.dry_multiplier == PLAIN_SAMPLING.dry_multiplier
    assert sampling.thinking
    inglenook("settings", "thinking", "off")
    inglenook("ask", "Who?")
    assert not last_sampling(inglenook).thinking
    inglenook("ask", "Who?", "--thinking")
    assert last_sampling(inglenook).thinking


@pytest.mark.parametrize(
    "words",
    [
        ["--top-k", "-1"],
        ["--top-p", "1.1"],
        ["--min-p", "nan"],
        ["--repeat-penalty", "0"],
        ["--mirostat", "3"],
        ["--mirostat-tau", "0"],
        ["--seed", str(2**32 - 1)],
        ["--preset", "wild"],
        ["--stop", ""],
        ["--logit-bias", "word"],
        ["--logit-bias", "=3"],
        ["--logit-bias", "word=1000"],
        ["--grammar", "/no/such/file"],
        ["--json-schema", "/"],
        ["--grammar", "a", "--json-schema", "b"],
    ],
)
def test_what_makes_no_sense_is_refused(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ask", "Who?", *words]) == 2
    assert words[0] in capsys.readouterr().err


def test_a_file_that_is_no_grammar_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for content in (b"", b"\xff\xfe\x00", b"x" * 300_000):
        path = tmp_path / "file"
        path.write_bytes(content)
        assert main(["ask", "Who?", "--grammar", str(path)]) == 2
        assert "--grammar" in capsys.readouterr().err


def test_presets_and_a_temperature_of_ones_own(root: Paths) -> None:
    settings = Settings(root.settings)
    assert default_sampling(settings, grounded=False).temperature == 0.7
    for preset, temperature in (("precise", 0.2), ("balanced", 0.7), ("creative", 1.0)):
        settings.set_value(PRESET, preset)
        assert default_sampling(settings, grounded=False).temperature == temperature
        assert default_sampling(settings, grounded=True) == GROUNDED_SAMPLING
        once = default_sampling(settings, grounded=True, preset="creative")
        assert once.temperature == 1.0
        assert once.repeat_penalty == GROUNDED_SAMPLING.repeat_penalty
    settings.set_value(TEMPERATURE, 0.35)
    assert default_sampling(settings, grounded=False).temperature == 0.35
    assert default_sampling(settings, grounded=False, preset="precise").temperature == 0.2


def test_every_bound_is_of_a_field_and_holds_its_default() -> None:
    for name, (least, most) in SAMPLING_BOUNDS.items():
        default = getattr(PLAIN_SAMPLING, name)
        assert default is None or least <= default <= most


def test_thinking_is_an_event_of_its_own(inglenook: Inglenook) -> None:
    inglenook.engine.thoughts = ("Who could", " it be?")
    ran = inglenook("ask", "Who?", "--json")
    told = [(each["event"], each.get("text")) for each in ran.objects]
    assert told[2:5] == [("thinking", "Who could"), ("thinking", " it be?"), ("token", "Aunt")]
    assert ran.objects[-1]["thinking"] == "Who could it be?"
    seconds = ran.objects[-1]["seconds_of_thinking"]
    assert seconds == round(seconds, 4) >= 0
    assert "think" not in ran.objects[-1]["text"]
    plain = inglenook("ask", "Who?")
    assert plain.out == "Aunt Mathilda planted it.\n"


def test_seconds_are_rounded_for_scripts() -> None:
    out = io.StringIO()
    printer = JsonAnswerPrinter(Console(out, io.StringIO(), as_json=True), sample=0, is_saved=True)
    finished = AnswerFinished(
        chat_id="c",
        turn_id="t",
        text="Aunt Mathilda.",
        citations=(),
        sources=(),
        statistics=AnswerStatistics(
            stop="eos", seconds_to_first_token=0.123456, seconds_of_thinking=2.54321
        ),
        note="",
        thinking="Who?",
    )
    assert printer.print_event(finished) == 0
    done = json.loads(out.getvalue().splitlines()[-1])
    assert (done["seconds_to_first_token"], done["seconds_of_thinking"]) == (0.1235, 2.5432)


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_shows_the_end_of_a_thought_while_it_lasts() -> None:
    out, err = io.StringIO(), _Terminal()
    printer = TextAnswerPrinter(Console(out, err, as_json=False), sample=0, is_saved=True)
    for piece in ("first " * 30, "and the last"):
        printer.print_event(AnswerThinkingAdded(chat_id="c", turn_id="t", text=piece))
    shown = err.getvalue().split("\r")[-1].rstrip()
    assert shown.startswith("Thinking …")
    assert shown.endswith("and the last")
    assert len(shown) < 80
    assert out.getvalue() == ""
