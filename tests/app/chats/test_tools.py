"""Tools that a model calls: a scripted model over the real application."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.app.chats.ask_options import AskOptions
from core.app.events.app_events import AnswerFinished, AnswerToolCalls
from core.app.tools.tool_permissions import ToolRule
from core.base.paths import Paths
from core.chat.conversations.tool_calls import CallDecision, CallState, RecordedCall
from core.chat.tools.tool_rounds import CALL_SECONDS, MAX_ROUNDS
from core.messages import Document, DocumentPage, FoldersListed, ListFolders, LoadDocument
from tests.app.stage import GARDEN, HIT, Stage
from tests.fakes.app import prepare_root


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return prepare_root(tmp_path)


@pytest.fixture
def stage(paths: Paths) -> Iterator[Stage]:
    stage = Stage(paths)
    stage.engine.loads_at_once = True
    stage.engine.title = ""
    yield stage
    stage.app.close()


def call(tool: str, arguments: str) -> str:
    return f'<tool_call>\n{{"name": "{tool}", "arguments": {arguments}}}\n</tool_call>'


def ask(
    stage: Stage, question: str = "How much?", *, chat_id: str | None = None, **options: object
) -> str:
    asked = AskOptions(use_tools=True, **options)  # type: ignore[arg-type]
    started = stage.app.questions.ask_question(question, asked, chat_id=chat_id)
    stage.app.process_events()
    return started.turn_id


def answer(stage: Stage, text: str) -> None:
    stage.engine.write(text)
    stage.engine.finish_answer()
    stage.app.process_events()


def calls_now(stage: Stage) -> tuple[RecordedCall, ...]:
    last: AnswerToolCalls = stage.of(AnswerToolCalls)[-1]
    return last.calls


def finished(stage: Stage) -> AnswerFinished:
    (last,) = stage.of(AnswerFinished)[-1:]
    assert isinstance(last, AnswerFinished)
    return last


def test_a_model_calculates_and_answers_with_the_result(stage: Stage) -> None:
    turn_id = ask(stage)
    assert '"calculate"' in stage.engine.generated[-1].sampling.tools
    answer(stage, "I will compute it. " + call("calculate", '{"expression": "17.5 * 12"}'))
    told = stage.engine.generated[-1].turns
    assert [turn.role for turn in told[-2:]] == ["assistant", "tool"]
    assert told[-1].text == "17.5 * 12 = 210"
    answer(stage, "It is 210.")
    done = finished(stage)
    assert done.text == "I will compute it. \n\nIt is 210."
    (made,) = done.tool_calls
    assert (made.tool, made.state, made.result) == (
        "calculate",
        CallState.DONE,
        "17.5 * 12 = 210",
    )
    saved = stage.app.chats.load_conversation(done.chat_id).turns[turn_id]
    assert saved.tool_calls == done.tool_calls


def test_an_answer_with_calls_is_counted_as_one(stage: Stage) -> None:
    ask(stage)
    stage.engine.write(call("calculate", '{"expression": "2+2"}'))
    stage.engine.finish_answer(prompt_tokens=10, completion_tokens=5)
    stage.app.process_events()
    stage.engine.write("Four.")
    stage.engine.finish_answer(prompt_tokens=20, completion_tokens=3)
    stage.app.process_events()
    (row,) = stage.app.usage.list_usage(1)
    assert (row.answers, row.tokens_read, row.tokens_written) == (1, 30, 8)


def write_round(stage: Stage, text: str, tokens: int, speed: float) -> None:
    stage.engine.write(text)
    stage.engine.finish_answer(completion_tokens=tokens, tokens_per_second=speed)
    stage.app.process_events()


@pytest.mark.parametrize(
    ("tokens", "speed", "expected"),
    [(11, 20.0, 40 / (30 / 10 + 10 / 20)), (1, 0.0, 10.0)],
)
def test_an_answer_s_speed_is_that_of_all_its_rounds(
    stage: Stage, tokens: int, speed: float, expected: float
) -> None:
    ask(stage)
    write_round(stage, call("calculate", '{"expression": "2+2"}'), 31, 10.0)
    write_round(stage, "4", tokens, speed)
    statistics = finished(stage).statistics
    assert statistics.completion_tokens == 31 + tokens
    assert statistics.tokens_per_second == pytest.approx(expected)


def test_an_answer_that_is_stopped_at_a_call_keeps_what_was_counted(stage: Stage) -> None:
    turn_id = ask(stage)
    write_round(stage, call("search_folders", '{"query": "beds"}'), 31, 10.0)
    stage.app.answers.stop_answer(turn_id)
    stage.app.process_events()
    done = finished(stage).statistics
    assert (done.stop, done.completion_tokens, done.tokens_per_second) == ("cancelled", 31, 10.0)


def test_the_next_question_reads_the_calls_again(stage: Stage) -> None:
    ask(stage)
    answer(stage, call("calculate", '{"expression": "2+2"}'))
    answer(stage, "Four.")
    ask(stage, "And now?", chat_id=finished(stage).chat_id)
    roles = [turn.role for turn in stage.engine.generated[-1].turns]
    assert roles[-5:] == ["user", "assistant", "tool", "assistant", "user"]


def test_a_search_waits_for_a_yes_and_its_passages_become_sources(stage: Stage) -> None:
    turn_id = ask(stage, "When are the beds watered?")
    answer(stage, call("search_folders", '{"query": "beds"}'))
    assert calls_now(stage)[0].state is CallState.ASKING
    assert stage.searches == []
    stage.app.answers.decide_call(turn_id, 1, CallDecision.ONCE)
    stage.found(HIT)
    assert "watered every Friday" in stage.engine.generated[-1].turns[-1].text
    answer(stage, "The beds are watered every Friday.")
    done = finished(stage)
    assert [source.file for source in done.sources] == ["duties.md"]
    assert [cited.n for cited in done.citations] == [1]


def test_a_refused_call_is_told_to_the_model_and_never_made(stage: Stage) -> None:
    turn_id = ask(stage)
    answer(stage, call("search_folders", '{"query": "beds"}'))
    stage.app.answers.decide_call(turn_id, 1, CallDecision.REFUSE)
    stage.app.process_events()
    assert stage.searches == []
    assert "refused" in stage.engine.generated[-1].turns[-1].text
    answer(stage, "I can't look.")
    assert finished(stage).tool_calls[0].state is CallState.REFUSED


def test_always_holds_for_the_next_start_and_this_chat_for_this_chat(
    stage: Stage, paths: Paths
) -> None:
    turn_id = ask(stage)
    answer(stage, call("search_folders", '{"query": "a"}'))
    stage.app.answers.decide_call(turn_id, 1, CallDecision.CHAT)
    stage.found(HIT)
    answer(stage, call("search_folders", '{"query": "b"}'))
    assert len(stage.searches) == 2
    stage.found(HIT)
    answer(stage, "Done.")
    turn_id = ask(stage)  # another chat
    answer(stage, call("search_folders", '{"query": "c"}'))
    assert calls_now(stage)[0].state is CallState.ASKING
    stage.app.answers.decide_call(turn_id, 1, CallDecision.ALWAYS)
    stage.found(HIT)
    stage.app.close()
    stage.__init__(paths)  # type: ignore[misc]
    (search,) = (each for each in stage.app.tools.list_tools() if each.name == "search_folders")
    assert stage.app.tools.rule_of(search) is ToolRule.ALWAYS


def test_a_tool_that_is_off_is_not_offered(stage: Stage) -> None:
    for tool in stage.app.tools.list_tools():
        if tool.name == "search_folders":
            stage.app.tools.set_rule(tool, ToolRule.OFF)
    ask(stage)
    assert "search_folders" not in stage.engine.generated[-1].sampling.tools


@pytest.mark.parametrize("rule", [ToolRule.ASK, ToolRule.OFF])
def test_a_rule_set_later_holds_in_the_chat_too(stage: Stage, rule: ToolRule) -> None:
    tool = stage.app.tools.find_tool("search_folders")
    stage.app.tools.remember_decision(tool, "chat", CallDecision.CHAT)
    assert stage.app.tools.is_allowed(tool, "chat")
    stage.app.tools.set_rule(tool, rule)
    assert not stage.app.tools.is_allowed(tool, "chat")


def test_a_model_that_calls_for_ever_has_to_answer(stage: Stage) -> None:
    ask(stage)
    for number in range(MAX_ROUNDS):
        assert stage.engine.generated[-1].sampling.tools
        answer(stage, call("calculate", f'{{"expression": "{number}+1"}}'))
    assert stage.engine.generated[-1].sampling.tools == ""
    answer(stage, "Enough.")
    assert len(finished(stage).tool_calls) == MAX_ROUNDS


def test_a_model_that_repeats_its_call_has_to_answer(stage: Stage) -> None:
    ask(stage)
    answer(stage, call("calculate", '{"expression": "1+1"}'))
    answer(stage, call("calculate", '{"expression": "1+1"}'))
    assert stage.engine.generated[-1].sampling.tools == ""


def test_stopping_while_a_call_asks_ends_the_answer(stage: Stage) -> None:
    turn_id = ask(stage)
    answer(stage, call("search_folders", '{"query": "beds"}'))
    stage.app.answers.stop_answer(turn_id)
    assert finished(stage).tool_calls[0].state is CallState.CUT
    stage.app.answers.decide_call(turn_id, 1, CallDecision.ONCE)  # late: nothing happens
    assert stage.searches == []


def test_a_call_that_takes_too_long_is_given_up(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn_id = ask(stage)
    answer(stage, call("search_folders", '{"query": "beds"}'))
    stage.app.answers.decide_call(turn_id, 1, CallDecision.ONCE)
    (run,) = stage.app.running_answers
    later = run._rounds._clock() + CALL_SECONDS  # type: ignore[attr-defined]
    monkeypatch.setattr(run._rounds, "_clock", lambda: later)  # type: ignore[attr-defined]
    stage.app.process_events()
    assert calls_now(stage)[0].state is CallState.FAILED
    assert "too long" in stage.engine.generated[-1].turns[-1].text


def test_a_document_is_read_by_the_name_a_search_gave_it(stage: Stage) -> None:
    turn_id = ask(stage)
    answer(stage, call("read_document", '{"file": "Garden/duties.md"}'))
    stage.app.answers.decide_call(turn_id, 1, CallDecision.ONCE)
    (listing,) = stage.library.all_sent(ListFolders)
    stage.hear(FoldersListed(request_id=listing.request_id, folders=(GARDEN,)))
    (opening,) = stage.library.all_sent(LoadDocument)
    assert (opening.folder_id, opening.file) == ("f", "duties.md")
    page = DocumentPage(number=1, heading="", text="Every Friday." * 2000)
    stage.hear(Document(request_id=opening.request_id, file="duties.md", path="/g", pages=(page,)))
    told = stage.engine.generated[-1].turns[-1].text
    assert told.startswith("[page 1]\nEvery Friday.")
    assert len(told) < 2_000  # what a model with this context can read
    assert "cut" in told


def test_calls_of_tools_that_are_not_there_fail_in_words(stage: Stage) -> None:
    ask(stage)
    answer(stage, call("delete_all", "{}"))
    assert calls_now(stage)[0].state is CallState.FAILED
    assert "no such call" in stage.engine.generated[-1].turns[-1].text
