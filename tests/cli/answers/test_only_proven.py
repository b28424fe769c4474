"""`inglenook ask --only-proven`: what a terminal shows of an answer that lost sentences."""

import io
from pathlib import Path

from core.app.events.app_events import AnswerFinished, AnswerStarted, AnswerTextAdded
from core.chat.conversations.conversation import AnswerStatistics
from core.cli.chats.answer_printing import TextAnswerPrinter
from core.cli.console import Console
from tests.cli.conftest import Inglenook

STREAMED = "It is swept in March. It takes an hour."
PROVEN = "It is swept in March."


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def _printed(text: str, left_out: int, out: io.StringIO | None = None) -> tuple[str, str]:
    """Return what is printed of a streamed answer that ends as `text`, and what is noted."""
    out, err = out or _Terminal(), io.StringIO()
    printer = TextAnswerPrinter(Console(out, err, as_json=False), sample=0, is_saved=True)
    printer.print_event(
        AnswerStarted(chat_id="c", question_id="q", turn_id="t", model="m", is_provisional=True)
    )
    printer.print_event(AnswerTextAdded(chat_id="c", turn_id="t", text=STREAMED))
    finished = AnswerFinished(
        chat_id="c",
        turn_id="t",
        text=text,
        citations=(),
        sources=(),
        statistics=AnswerStatistics(stop="eos", left_out=left_out),
        note="",
    )
    printer.print_event(finished)
    return out.getvalue(), err.getvalue()


def test_what_is_proven_of_a_streamed_answer_is_shown() -> None:
    out, err = _printed(PROVEN, left_out=1)
    assert out == f"{STREAMED}\n{PROVEN}\n"
    assert "What of it is in your documents:" in err


def test_a_file_gets_the_proven_part_alone() -> None:
    out, err = _printed(PROVEN, left_out=1, out=io.StringIO())
    assert out == f"{PROVEN}\n"
    assert not err


def test_an_answer_that_lost_nothing_is_shown_once() -> None:
    assert _printed(STREAMED, left_out=0)[0] == f"{STREAMED}\n"


def test_without_documents_nothing_is_left_out_and_said(
    inglenook: Inglenook, documents: Path
) -> None:
    assert "“--only-proven” leaves nothing out" in inglenook("ask", "Who?", "--only-proven").err
    ran = inglenook("ask", "Who?", "--only-proven", "--folder", str(documents))
    assert "leaves nothing out" not in ran.err
