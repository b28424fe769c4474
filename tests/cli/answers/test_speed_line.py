"""The line under an answer at a terminal: how much was written, and how fast."""

import io

import pytest

from core.app.events.app_events import AnswerFinished
from core.chat.conversations.conversation import AnswerStatistics
from core.cli.chats.answer_printing import TextAnswerPrinter
from core.cli.console import Console


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("tokens", "speed", "line"),
    [(42, 11.44, "42 tokens, 11.4 a second"), (1, 0.0, "1 token"), (0, 0.0, "")],
)
def test_what_was_written_in_no_time_has_no_speed(tokens: int, speed: float, line: str) -> None:
    err = _Terminal()
    printer = TextAnswerPrinter(Console(io.StringIO(), err, as_json=False), sample=0, is_saved=True)
    finished = AnswerFinished(
        chat_id="c",
        turn_id="t",
        text="Four.",
        citations=(),
        sources=(),
        statistics=AnswerStatistics(stop="eos", completion_tokens=tokens, tokens_per_second=speed),
        note="",
    )
    printer.print_event(finished)
    assert err.getvalue().split("\r")[-1].strip() == line
