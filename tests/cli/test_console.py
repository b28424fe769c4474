"""What is parsed, and what standard output may be: a closed pipe, a full disk, another encoding."""

import errno
import io
import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from core.base.errors import ErrorCode, StorageError
from core.base.i18n import use_language
from core.channel.standard_output import discard_output
from core.cli import terminal
from core.cli.argument_parser import build_parser
from core.cli.console import Console, OutputClosed
from core.cli.main import main
from core.cli.program_version import program_version
from desktop.__main__ import main as run_program
from tests.cli.conftest import Inglenook
from tests.house.sources import ROOT


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["fly"],
        ["folder"],
        ["ask"],
        ["ask", " "],
        ["ask", "Who?", "--seed", "x"],
        ["ask", "Who?", "--seed", "-1"],
        ["ask", "Who?", "--temperature", "nan"],
        ["ask", "Who?", "--temperature", "-1"],
        ["ask", "Who?", "--max-tokens", "0"],
        ["ask", "Who?", "--threads", "0"],
        ["ask", "Who?", "--nonsense"],
        ["ask", "Who?", "--model", ""],
        ["ask", "Who?", "--chat", ""],
        ["folder", "sync", ""],
        ["search", "pears", "-k", "0"],
        ["model", "list", "extra"],
        ["--root"],
    ],
)
def test_words_that_can_not_be_parsed(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    assert capsys.readouterr().err


@pytest.mark.parametrize("words", [["--version"], ["--help"], ["ask", "--help"]])
def test_words_about_the_program(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 0
    assert "inglenook" in capsys.readouterr().out


def test_root_and_json_stand_before_or_after_the_command(inglenook: Inglenook) -> None:
    assert inglenook("--json", "model", "list").objects[0]["ref"]
    assert inglenook("model", "--json", "list").objects[0]["ref"]
    assert inglenook("model", "list", "--json").objects[0]["ref"]
    options = build_parser().parse_args(["--root", "a", "model", "list", "--root", "b"])
    assert options.root == "b"


def test_help_speaks_the_persons_language(capsys: pytest.CaptureFixture[str]) -> None:
    use_language("pseudo")
    try:
        main(["--help"])
        main(["ask", "--help"])
    finally:
        use_language()
    text = capsys.readouterr().out
    for line in ("keep all data under this folder", "ask a model", "what to ask"):
        assert f"⟦{line}" in text.replace("\n", " ").replace("  ", " ")


class Stream(io.StringIO):
    """A stream whose writing fails as told."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number

    def write(self, _text: str) -> int:
        raise OSError(self._number, "no")


@pytest.mark.parametrize("number", [errno.EPIPE, errno.EINVAL])
def test_a_reader_who_has_enough(number: int) -> None:
    out = Stream(number)
    with pytest.raises(OutputClosed):
        Console(out, io.StringIO(), as_json=False).print_line("text")
    discard_output(out)


def test_a_full_disk_behind_standard_output() -> None:
    console = Console(Stream(errno.ENOSPC), io.StringIO(), as_json=False)
    with pytest.raises(StorageError) as caught:
        console.print_line("text")
    assert caught.value.code == ErrorCode.DISK_FULL


def test_a_closed_pipe_ends_the_command_quietly(
    inglenook: Inglenook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout", Stream(errno.EPIPE))
    ran = inglenook("model", "list")
    assert (ran.code, ran.err) == (1, "")
    assert inglenook.is_closed


@pytest.mark.parametrize("words", [("model", "list"), ("ask", "Who?"), ("model", "info", "hal")])
def test_a_full_disk_is_said_once(
    inglenook: Inglenook, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.setattr("sys.stdout", Stream(errno.ENOSPC))
    ran = inglenook(*words, "--json")
    assert ran.code == 1
    assert len(ran.err.splitlines()) == 2


@pytest.mark.parametrize(
    "words", [("--help",), ("ask", "--help"), ("--version",), ("man",), ("completion", "bash")]
)
def test_pages_that_find_no_room_are_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    monkeypatch.setattr("sys.stdout", Stream(errno.ENOSPC))
    assert main(words) == 1
    assert len(capsys.readouterr().err.splitlines()) == 2
    monkeypatch.setattr("sys.stdout", Stream(errno.EPIPE))
    assert main(words) == 1
    assert not capsys.readouterr().err


@pytest.mark.parametrize(("number", "lines"), [(errno.ENOSPC, 2), (errno.EPIPE, 0)])
def test_a_version_that_finds_no_room_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], number: int, lines: int
) -> None:
    monkeypatch.setattr("sys.stdout", Stream(number))
    assert run_program(["--version"]) == 1
    assert len(capsys.readouterr().err.splitlines()) == lines


def test_a_version_is_printed_without_the_application() -> None:
    script = (
        "import sys\nfrom desktop.__main__ import main\n"
        "code = main(['--version'])\n"
        "heavy = {'core.app.app', 'core.cli.main'} & set(sys.modules)\n"
        "sys.exit(f'imported: {heavy}' if heavy else code)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout == f"inglenook {program_version()}\n"


@pytest.mark.parametrize("stream", [None, Stream(errno.EPIPE)])
def test_nobody_reads_the_errors(
    inglenook: Inglenook, monkeypatch: pytest.MonkeyPatch, stream: Stream | None
) -> None:
    monkeypatch.setattr("sys.stderr", stream)
    ran = inglenook("model", "info", "hal", "--json")
    assert ran.code == 1
    assert ran.objects[-1]["code"] == "model_unknown"


def test_standard_output_was_closed(inglenook: Inglenook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", None)
    ran = inglenook("model", "list")
    assert (ran.code, ran.err) == (0, "")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8"])
def test_any_encoding_of_the_terminal(encoding: str) -> None:
    fields = {"text": "“é” 水 \udcff \N{PEAR}" if encoding == "utf-8" else "“é” 水"}
    line = _written(encoding, lambda console: console.print_json(fields), as_json=True)
    assert json.loads(line) == fields
    assert _written(encoding, lambda console: console.print_line("“é” 水"), as_json=False)


def _written(encoding: str, write: Callable[[Console], Any], *, as_json: bool) -> str:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding)
    write(Console(stream, io.StringIO(), as_json=as_json))
    stream.flush()
    return raw.getvalue().decode(encoding)


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_progress_shows_on_a_terminal_and_goes_away() -> None:
    out, err = io.StringIO(), Terminal()
    console = Console(out, err, as_json=False)
    console.show_progress(1, 2, "a.txt")
    assert err.getvalue() == "\r[##########..........] 1/2 · a.txt"
    console.print_line("done")
    assert err.getvalue().endswith("\r")
    assert out.getvalue() == "done\n"


def test_progress_is_silent_elsewhere() -> None:
    err = io.StringIO()
    Console(io.StringIO(), err, as_json=False).show_progress(1, 2, "a.txt")
    assert err.getvalue() == ""


def test_a_table_with_wide_characters_is_aligned() -> None:
    out = io.StringIO()
    Console(out, io.StringIO(), as_json=False).print_table(
        ("NAME", "SIZE"), [("水水", "1 MB"), ("a", "100 MB")]
    )
    assert out.getvalue() == "NAME    SIZE\n水水    1 MB\na     100 MB\n"


def _table_on(columns: int, heads: tuple[str, ...], row: tuple[str, ...]) -> list[str]:
    class Narrow(terminal.Terminal):
        @property
        def columns(self) -> int:
            return columns

    out = Terminal()
    with terminal.used_terminal(Narrow()):
        Console(out, io.StringIO(), as_json=False).print_table(heads, [row])
    return out.getvalue().splitlines()


def test_several_wide_columns_are_cut_to_fit() -> None:
    lines = _table_on(40, ("A", "B", "N"), ("a" * 50, "b" * 30, "7"))
    assert max(map(len, lines)) <= 40
    assert lines[1].count("…") == 2
    assert lines[1].endswith("7")


@pytest.mark.parametrize(
    ("is_shown", "said"), [(True, "It\na note\n is fine.\n"), (False, "Ita note\n is fine.\n")]
)
def test_a_note_begins_a_line_where_an_answer_is_shown(*, is_shown: bool, said: str) -> None:
    both = Terminal()
    out = both if is_shown else io.StringIO()
    console = Console(out, both, as_json=False)
    console.print_text("It")
    console.print_note("a note")
    console.print_text(" is fine.\n")
    console.print_note("another")
    told = both.getvalue().removesuffix("another\n")
    assert (told if is_shown else f"It{told} is fine.\n") == said


def test_long_values_break_between_words() -> None:
    heads = ("TITLE", "A", "B", "C", "D")
    lines = _table_on(30, heads, ("What is the password of the shed?", "1", "2", "3", "4" * 23))
    assert lines[:2] == ["TITLE  What is the password of", "       the shed?"]
    assert lines[-1] == f"D      {'4' * 23}"


def test_a_table_of_many_columns_becomes_lines_on_a_narrow_terminal() -> None:
    heads = ("NAME", "FILES", "STATE", "LANGUAGE", "PATH")
    path = "/home/somebody/documents/of/the/year/2024"
    lines = _table_on(40, heads, ("letters", "12", "", "several languages", path))
    assert max(map(len, lines)) <= 40
    assert lines[:3] == ["NAME      letters", "FILES     12", "LANGUAGE  several languages"]
    assert "".join(line[10:] for line in lines[3:]) == path
