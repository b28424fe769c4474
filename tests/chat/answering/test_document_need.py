"""A message that no rule knows, but that wants no document by its vector, goes to the model."""

from core.chat.answering.answer_events import AnswerFinished
from core.chat.answering.answer_request import DocumentUse
from core.messages import AnswerDone, SearchDone, SearchVerdict
from tests.chat.answer_bench import AnswerBench, hit

REMARK = "hey there, good to have you around"


def found(bench: AnswerBench, need: float) -> None:
    """Answer the last search with a passage that would answer."""
    done = SearchDone(
        request_id=bench.searches[-1].request_id,
        hits=(hit(1, "The clubhouse is open on Sundays."),),
        seconds=0.0,
        verdict=SearchVerdict.ANSWERED,
        confidence=0.3,
        need=need,
    )
    bench.library_says(done)


def test_a_message_that_wants_no_document_is_answered_without_any(bench: AnswerBench) -> None:
    answer = bench.ask(REMARK, folder_ids=("f",))
    found(bench, need=0.1)
    (sent,) = bench.generated
    assert sent.sources == ()
    assert len(bench.queries) == 1, "no second search"
    bench.engine_says(AnswerDone(request_id=sent.request_id, stop="eos", text="Hello!"))
    finished = bench.told[-1]
    assert isinstance(finished, AnswerFinished)
    turn = bench.saved(answer)
    assert (turn.statistics.intent, turn.statistics.folders) == ("task", 0)
    assert turn.sources == ()


def test_a_doubtful_one_is_answered_from_documents(bench: AnswerBench) -> None:
    bench.ask("deposit amount", folder_ids=("f",))
    found(bench, need=0.5)
    assert bench.generated[-1].sources


def test_who_says_search_has_documents_searched(bench: AnswerBench) -> None:
    bench.ask(REMARK, folder_ids=("f",), document_use=DocumentUse.SEARCH)
    found(bench, need=0.1)
    assert bench.generated[-1].sources
