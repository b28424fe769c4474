"""Which of the answers on their way need the engine of this computer."""

from core.chat.answering.running_answers import RunningAnswers
from core.chat.conversations.conversation import Conversation


class AnsweringRun:
    """An answer that needs a model all the time."""

    holds_engine = is_computing = True

    def __init__(self, turn_id: str) -> None:
        self.turn_id = turn_id
        self.conversation = Conversation(chat_id="c", title="", created=0, updated=0, turns={})

    @property
    def draft(self) -> "AnsweringRun":
        return self

    def stop(self) -> None:
        """Do nothing."""

    close = check_deadlines = retry_engine = stop


def test_an_answer_of_a_server_computes_but_uses_no_engine_here() -> None:
    running = RunningAnswers()
    running.add_answer(AnsweringRun("far"), is_remote=True)
    assert (running.is_computing, running.uses_engine) == (True, False)
    running.add_answer(AnsweringRun("here"), is_remote=False)
    assert running.uses_engine
    assert running.remove_answer("here")
    assert not running.uses_engine


def test_a_turn_that_a_server_answered_may_be_answered_here_next() -> None:
    running = RunningAnswers()
    running.add_answer(AnsweringRun("turn"), is_remote=True)
    assert running.remove_answer("turn")
    assert not running.remove_answer("turn")
    running.add_answer(AnsweringRun("turn"), is_remote=False)
    assert running.uses_engine
