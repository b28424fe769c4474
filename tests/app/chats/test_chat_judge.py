"""The loaded model's part in the verdict on what a search found."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from msgspec import structs

from core import gguf
from core.app.chats.ask_options import AskOptions
from core.app.judging.chat_judge import LATEST_FACTOR, READING_SECONDS
from core.app.judging.statement_judges import StatementJudges
from core.base.errors import ErrorCode
from core.base.paths import Paths
from core.base.settings import app_settings as declared
from core.chat.answering.answer_protocols import JudgingReply
from core.chat.judging.chat_opinion import NO_OPINION, ChatOpinion, judged_search
from core.chat.judging.judging_cases import bundled_cases
from core.ipc.reply import Reply
from core.messages import (
    FoldersListed,
    JudgePrompts,
    SearchDone,
    SearchFiles,
    SearchVerdict,
    StatementsJudged,
    StatementSupport,
)
from core.models.info.judging_ability import JudgedScores, measure_ability
from tests.app.models.test_model_loading import Clock
from tests.app.stage import GARDEN, HIT, Stage
from tests.gguf.writing import Gguf

CASES = bundled_cases()
STARTER = "smollm2-135m-instruct-q4_1"
OUTCOMES = [case.outcome for kind in CASES[:2] for case in kind]


@pytest.fixture
def stage(stage: Stage) -> Stage:
    stage.hear(FoldersListed(request_id="r", folders=(GARDEN,)))
    return stage


def load(stage: Stage, *, is_able: bool = True, speed: float = 400.0) -> None:
    scores = tuple(4.0 if outcome and is_able else -4.0 for outcome in OUTCOMES)
    judging = JudgedScores(cases=CASES.key, scores=scores)
    stage.app.abilities.measurements.save_judging("print", judging)
    stage.app.models.choose_model(stage.app.registry.list_models()[0].ref)
    stage.engine.finish_loading(prompt_tokens_per_second=speed)
    stage.app.process_events()


def ask(stage: Stage, confidence: float, verdict: SearchVerdict, *more: str) -> None:
    """Ask a question of which the search is so sure."""
    stage.app.questions.ask_question("When are the beds watered?", AskOptions(folder_ids=("f",)))
    hits = [structs.replace(HIT, confidence=confidence)]
    for rank, text in enumerate(more, start=2):
        hits.append(structs.replace(HIT, rank=rank, passage_id=rank, text=text, score=0.8))
    stage.hear(
        SearchDone(
            request_id=stage.searches[-1].request_id,
            hits=tuple(hits),
            seconds=0.1,
            verdict=verdict,
            confidence=confidence,
        )
    )
    stage.app.process_events()


def test_an_able_model_refuses_what_the_search_took_for_an_answer(stage: Stage) -> None:
    load(stage)
    stage.engine.judge = lambda _prompt: -6.0
    ask(stage, 0.6, SearchVerdict.ANSWERED)
    assert stage.engine.generated == []
    prompt = stage.engine.all_sent(JudgePrompts)[-1].prompts[0][-1].text
    assert HIT.text in prompt
    assert "When are the beds watered?" in prompt


def test_and_answers_what_the_search_would_have_refused(stage: Stage) -> None:
    load(stage)
    stage.engine.judge = lambda _prompt: 6.0
    ask(stage, 0.4, SearchVerdict.ON_TOPIC)
    assert len(stage.engine.generated) == 1


def test_the_likeliest_passage_is_judged_whatever_its_rank(stage: Stage) -> None:
    load(stage)
    stage.app.questions.ask_question("When are the beds watered?", AskOptions(folder_ids=("f",)))
    said = (0.1, 0.2, 0.7, 0.3)
    hits = tuple(
        structs.replace(HIT, rank=rank, passage_id=rank, text=f"Text {rank}.", confidence=each)
        for rank, each in enumerate(said, start=1)
    )
    verdict = SearchVerdict.ANSWERED
    request_id = stage.searches[-1].request_id
    stage.hear(
        SearchDone(request_id=request_id, hits=hits, seconds=0.1, verdict=verdict, confidence=0.7)
    )
    stage.app.process_events()
    (request,) = stage.engine.all_sent(JudgePrompts)
    assert [prompt[0].text.split("\n")[1] for prompt in request.prompts] == ["Text 3."]
    assert request.seconds >= READING_SECONDS


def test_a_slow_model_judges_for_a_part_of_the_time_that_the_answer_takes(stage: Stage) -> None:
    load(stage, speed=20.0)
    stage.app.questions.ask_question("When are the beds watered?", AskOptions(folder_ids=("f",)))
    hit = structs.replace(HIT, confidence=0.6, section="The beds are watered. " * 60)
    done = SearchDone(
        request_id=stage.searches[-1].request_id,
        hits=(hit,),
        seconds=0.1,
        verdict=SearchVerdict.ANSWERED,
        confidence=0.6,
    )
    stage.hear(done)
    stage.app.process_events()
    (request,) = stage.engine.all_sent(JudgePrompts)
    assert request.seconds > READING_SECONDS


@pytest.mark.parametrize("why", ["not able", "not measured", "switched off", "slow", "off topic"])
def test_nobody_is_asked_where_it_does_not_help(stage: Stage, why: str) -> None:
    load(stage, is_able=why != "not able", speed=20.0 if why == "slow" else 400.0)
    if why == "not measured":
        judging = JudgedScores(cases="others", scores=(1.0,) * 100)
        stage.app.abilities.measurements.save_judging("print", judging)
    if why == "switched off":
        stage.app.settings.set_value(declared.CHAT_JUDGE, False)
    verdict = SearchVerdict.NOTHING if why == "off topic" else SearchVerdict.ANSWERED
    ask(stage, 0.6, verdict)
    assert stage.engine.all_sent(JudgePrompts) == []
    assert len(stage.engine.generated) == (why != "off topic")


def test_files_beside_a_question_are_read_without_asking_whether_they_answer_it(
    stage: Stage,
) -> None:
    load(stage)
    stage.engine.judge = lambda _prompt: -6.0
    stage.app.questions.ask_question("When are the beds watered?", AskOptions(files=("/g/a.md",)))
    found = SearchDone(
        request_id=stage.library.last_sent(SearchFiles).request_id,
        hits=(HIT,),
        seconds=0.1,
        verdict=SearchVerdict.ANSWERED,
        confidence=0.6,
    )
    stage.hear(found)
    stage.app.process_events()
    assert stage.engine.all_sent(JudgePrompts) == []
    assert len(stage.engine.generated) == 1


def test_what_takes_too_long_is_cancelled_and_the_search_counts_alone(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    monkeypatch.setattr(stage.app.chat_judge, "clock", clock)
    load(stage)
    ask(stage, 0.6, SearchVerdict.ANSWERED)
    assert stage.engine.generated == []
    clock.now += LATEST_FACTOR * READING_SECONDS
    stage.app.process_events()
    stage.app.process_events()
    assert len(stage.engine.generated) == 1


def ask_while_loading(stage: Stage, *, is_able: bool = True) -> str:
    """Ask a doubtful question before the model is there; returns the model's fingerprint."""
    entry = stage.app.registry.list_models()[0]
    facts = stage.app.registry.cache.facts[entry.path]
    fingerprint = gguf.fingerprint(Path(entry.path), facts.header())
    scores = tuple(4.0 if outcome and is_able else -4.0 for outcome in OUTCOMES)
    judging = JudgedScores(cases=CASES.key, scores=scores)
    stage.app.abilities.measurements.save_judging(fingerprint, judging)
    stage.engine.judge = lambda _prompt: 6.0
    ask(stage, 0.4, SearchVerdict.ON_TOPIC)
    return fingerprint


def test_an_able_model_that_is_being_loaded_is_waited_for(stage: Stage) -> None:
    fingerprint = ask_while_loading(stage)
    assert stage.engine.all_sent(JudgePrompts) == []
    assert stage.app.running_answers.turn_ids
    stage.engine.finish_loading(prompt_tokens_per_second=400.0, fingerprint=fingerprint)
    stage.app.process_events()
    stage.app.process_events()
    assert len(stage.engine.all_sent(JudgePrompts)) == 1
    assert len(stage.engine.generated) == 1


def test_one_that_is_not_able_is_not_waited_for(stage: Stage) -> None:
    ask_while_loading(stage, is_able=False)
    assert not stage.app.running_answers.turn_ids
    assert stage.engine.generated == []


@pytest.mark.parametrize("ends", ["failed", "stopped"])
def test_without_the_model_that_was_waited_for_the_search_counts_alone(
    stage: Stage, ends: str
) -> None:
    fingerprint = ask_while_loading(stage)
    if ends == "failed":
        stage.engine.fail_loading(ErrorCode.MODEL_UNREADABLE)
    else:
        stage.app.answers.stop_answer()
        stage.engine.finish_loading(prompt_tokens_per_second=400.0, fingerprint=fingerprint)
    stage.app.process_events()
    assert not stage.app.running_answers.turn_ids
    assert stage.engine.all_sent(JudgePrompts) == []
    assert stage.engine.generated == []


def test_stopping_the_answer_stops_the_judgement(stage: Stage) -> None:
    load(stage)
    ask(stage, 0.6, SearchVerdict.ANSWERED)
    stage.app.answers.stop_answer()
    stage.app.process_events()
    assert stage.engine.all_sent(JudgePrompts)[-1].request_id in stage.engine.cancelled
    assert stage.engine.generated == []


def test_a_model_that_is_taken_away_leaves_the_search_as_it_was(stage: Stage) -> None:
    load(stage)
    ask(stage, 0.6, SearchVerdict.ANSWERED)
    stage.app.model_loading.unload_model()
    stage.app.process_events()
    assert stage.app.model_loading.path, "it is loaded again for the answer"


def test_sentences_are_judged_by_their_evidence(stage: Stage) -> None:
    load(stage)
    stage.engine.judge = lambda prompt: 6.0 if "Fridays" in prompt else -6.0
    pairs = [("It is on Fridays.", HIT.text), ("It is at nine.", HIT.text)]
    reply = stage.app.chat_judge.judge_statements(pairs)
    stage.app.process_events()
    assert reply.result is not None
    yes, no = reply.result.combined_with([0.5, 0.5])
    assert yes > 0.8
    assert no < 0.2


class LibraryJudge:
    """The library's judge, which says the same of each pair."""

    judge_name = "small"

    def __init__(self, supported: float, contradicted: float) -> None:
        self._support = StatementSupport(supported=supported, contradicted=contradicted)

    def judge_statements(self, _question: str, pairs: Sequence[tuple[str, str]]) -> JudgingReply:
        supports = (self._support,) * len(pairs)
        return Reply.finished(StatementsJudged(request_id="r", supports=supports))


def test_an_able_model_is_asked_of_the_sentences_of_an_answer(stage: Stage) -> None:
    load(stage)
    stage.engine.judge = lambda prompt: 6.0 if "Fridays" in prompt else -6.0
    judges = StatementJudges(LibraryJudge(0.5, 0.3), stage.app.chat_judge)
    assert judges.judge_name == "small"
    pairs = [("It is on Fridays.", HIT.text), ("It is at nine.", HIT.text)]
    reply = judges.judge_statements("When are the beds watered?", pairs)
    stage.app.process_events()
    assert reply.result is not None
    yes, no = reply.result.supports
    assert yes.supported > 0.8
    assert no.supported < 0.2
    assert all(each.supported + each.contradicted <= 1 for each in (yes, no))
    assert yes.contradicted < 0.3 < no.contradicted
    prompt = stage.engine.all_sent(JudgePrompts)[-1].prompts[0][-1].text
    assert "When are the beds watered?" in prompt


def test_a_model_that_is_not_able_changes_nothing_of_them(stage: Stage) -> None:
    load(stage, is_able=False)
    judges = StatementJudges(LibraryJudge(0.5, 0.3), stage.app.chat_judge)
    reply = judges.judge_statements("", [("It is on Fridays.", HIT.text)])
    assert reply.result is not None
    assert reply.result.supports == (StatementSupport(supported=0.5, contradicted=0.3),)


def found(*confidences: float, verdict: SearchVerdict = SearchVerdict.ANSWERED) -> SearchDone:
    hits = tuple(
        structs.replace(HIT, rank=rank, confidence=each)
        for rank, each in enumerate(confidences, start=1)
    )
    return SearchDone(
        request_id="r", hits=hits, seconds=0.1, verdict=verdict, confidence=max(confidences)
    )


def test_no_opinion_changes_nothing() -> None:
    done = found(0.7, 0.2)
    assert judged_search(done, NO_OPINION) == done
    assert judged_search(done, ChatOpinion((0.01, 0.01), 0.0)) == done
    assert judged_search(done, ChatOpinion((None, None), 0.6)) == done


def test_of_the_passages_only_the_judged_one_changes() -> None:
    judged = judged_search(found(0.2, 0.7, 0.69), ChatOpinion((0.01,), 0.6))
    assert judged.verdict is SearchVerdict.ON_TOPIC
    assert judged.confidence < 0.2
    assert [hit.confidence for hit in judged.hits][::2] == [0.2, 0.69]
    assert judged.hits[1].confidence < 0.2


def test_a_found_passage_needs_a_lower_score_than_a_case() -> None:
    scores = [4.0 if outcome else -4.0 for outcome in OUTCOMES]
    ability = measure_ability(scores, OUTCOMES)
    assert ability.found_probability(-1.0) > ability.probability(-1.0)


def test_whole_files_keep_their_confidence() -> None:
    whole = structs.replace(HIT, rank=9, whole=True, confidence=0.3)
    done = found(0.4)
    judged = judged_search(
        structs.replace(done, hits=(whole, *done.hits)), ChatOpinion((0.9,), 0.5)
    )
    assert judged.hits[0].confidence == 0.3
    assert judged.hits[1].confidence > 0.4


def test_a_model_stays_loaded_for_the_question_that_is_being_searched(
    stage: Stage, root: Paths
) -> None:
    Gguf().write(root.models / "Other.gguf")
    stage.app.models.choose_model(STARTER)
    stage.engine.finish_loading()
    stage.app.process_events()
    stage.app.questions.ask_question("When are the beds watered?", AskOptions(folder_ids=("f",)))
    loads = list(stage.engine.loads)
    stage.app.questions.ask_question("Hello?", AskOptions(model="other"))
    assert stage.engine.loads == loads
    stage.found(HIT)
    assert stage.engine.loads == loads
    assert len(stage.engine.generated) == 1
    stage.engine.answer("Every Friday.")
    stage.app.process_events()
    assert len(stage.engine.loads) == len(loads) + 1


def test_settings_that_change_during_a_search_load_the_model_anew(stage: Stage) -> None:
    stage.app.models.choose_model(STARTER)
    stage.engine.finish_loading()
    stage.app.process_events()
    stage.app.questions.ask_question("When are the beds watered?", AskOptions(folder_ids=("f",)))
    stage.app.model_settings.change_setting(STARTER, "context", "700")
    stage.found(HIT)
    assert [order.placement.context for order in stage.engine.orders] == [0, 700]
