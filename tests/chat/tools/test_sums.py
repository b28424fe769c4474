"""Sums that are a whole message: read in ten languages, and answered without a model."""

from pathlib import Path

import pytest

from core.app.chats.ask_options import AskOptions
from core.app.events.app_events import AnswerFinished
from core.chat.answering.answer_request import AnswerRedo
from core.chat.tools.calculator import calculate
from core.chat.tools.number_reading import read_number_words
from core.chat.tools.sum_reading import read_sum
from core.messages import Generate
from tests.app.chats.test_answer_cache import Asking


@pytest.mark.parametrize(
    ("message", "answer"),
    [
        ("17 times 23", "17 × 23 = 391"),
        ("What is 17 times 23?", "17 × 23 = 391"),
        ("hi, what is a hundred divided by four", "100 ÷ 4 = 25"),
        ("what is 15 % of eighty", "15% × 80 = 12"),
        ("99 to the power of 5", "99 ^ 5 = 9509900499"),
        ("(3+4)*5 =", "(3 + 4) × 5 = 35"),
        ("-5 + 3", "−5 + 3 = −2"),
        ("10/3", "10 ÷ 3 ≈ 3.33333333333333"),
        ("0.1+0.2", "0.1 + 0.2 = 0.3"),
        ("1,500 + 2", "1500 + 2 = 1502"),
        ("1 000 + 5", "1000 + 5 = 1005"),
        ("Was ist siebzehn mal dreiundzwanzig?", "17 × 23 = 391"),
        ("Wie viel ist 1.500 mal 1,5?", "1500 × 1,5 = 2250"),
        ("zehn durch vier", "10 ÷ 4 = 2,5"),
        ("Combien font quatre-vingt-dix-neuf fois 3 ?", "99 × 3 = 297"),
        ("¿Cuánto es treinta y cinco por dos?", "35 × 2 = 70"),
        ("vinte dividido por quatro", "20 ÷ 4 = 5"),
        ("Quanto fa ventitré per 4?", "23 × 4 = 92"),
        ("сколько будет двадцать три умножить на 4?", "23 × 4 = 92"),
        ("كم يساوي ٢٣ ضرب ٤؟", "23 × 4 = 92"),
        ("二十三乘以四等于多少？", "23 × 4 = 92"),
        ("12かける7は？", "12 × 7 = 84"),
        ("15 per cent of 80", "15% × 80 = 12"),
        ("¿Cuánto es 15 por ciento de 80?", "15% × 80 = 12"),
        ("quanto é 15 por cento de 80?", "15% × 80 = 12"),
        ("كم يساوي ٢٣ ضرب في ٤؟", "23 × 4 = 92"),
        ("Quanto fanno tre più quattro?", "3 + 4 = 7"),
        ("work out (3+4) times 2", "(3 + 4) × 2 = 14"),
    ],
)
def test_a_sum_is_computed(message: str, answer: str) -> None:
    asked = read_sum(message)
    assert asked is not None
    value = calculate(asked.expression)
    sign = "=" if value.is_exact else "≈"
    shown = f"{asked.shown(asked.expression)} {sign} {asked.shown(value.digits)}"
    assert shown == answer


@pytest.mark.parametrize(
    "message",
    [
        "2024-05-01",
        "12:30",
        "1/2/2024",
        "030-12345",
        "12-15",
        "100 + 20%",
        "2² + 3",
        "√2 + 1",
        "2(3+4)",
        "five three plus 2",
        "What is the rent times twelve?",
        "Who are the five best plus one?",
        "four score plus seven",
        "two dozen thousand plus one",
        "",
    ],
)
def test_what_may_mean_something_else_is_left_to_the_model(message: str) -> None:
    assert read_sum(message) is None


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("a hundred", 100),
        ("one hundred and five", 105),
        ("two thousand three hundred", 2300),
        ("two dozen", 24),
        ("hunderteinundzwanzig", 121),
        ("zweitausenddreihundert", 2300),
        ("soixante et onze", 71),
        ("quatre-vingts", 80),
        ("veintitrés", 23),
        ("duzentos e cinco", 205),
        ("milleduecento", 1200),
        ("две тысячи триста", 2300),
        ("مئة وخمسة وعشرون", 125),
        ("واحد وعشرون", 21),
        ("一百零五", 105),
        ("二〇二四", 2024),
        ("zero", 0),
        ("twenty twenty", None),
        ("zero five", None),
        ("a dozen dozen", None),
        ("a five", None),
        ("thousand thousand", None),
        ("un und un", None),
        ("hello", None),
    ],
)
def test_number_words(words: str, number: int | None) -> None:
    assert read_number_words(words) == number


def test_a_sum_in_a_chat_is_answered_by_the_app(tmp_path: Path) -> None:
    asking = Asking(tmp_path)
    started = asking.app.questions.ask_question("17 times 23")
    assert not any(isinstance(each, AnswerFinished) for each in asking.told), "not before the call"
    asking.app.process_events()
    turn = asking.app.chat_service.load_chat(started.chat_id).turns[started.turn_id]
    assert (turn.text, turn.model) == ("17 × 23 = 391", "Inglenook")
    assert turn.note == "Computed by the app itself, without a model."
    assert not asking.children.engine.all_sent(Generate)
    assert not asking.app.running_answers.turn_ids
    started = asking.app.questions.ask_question("5 / 0", AskOptions(folder_ids=("f",)))
    asking.app.process_events()
    turn = asking.app.chat_service.load_chat(started.chat_id).turns[started.turn_id]
    assert turn.text == "5 ÷ 0 can't be computed: it divides by zero."
    asking.app.close()


def test_a_sum_that_is_answered_again_goes_to_the_model(tmp_path: Path) -> None:
    asking = Asking(tmp_path)
    started = asking.app.questions.ask_question("17 times 23")
    asking.app.process_events()
    chat = asking.app.chat_service.load_chat(started.chat_id)
    redo = AnswerRedo(question=chat.turns[started.question_id])
    asking.app.questions.ask_question("17 times 23", AskOptions(redo=redo), chat_id=started.chat_id)
    asking.pump()
    assert asking.generated == 1
    asking.app.close()


def test_a_sum_that_is_stopped_at_once_has_no_answer(tmp_path: Path) -> None:
    asking = Asking(tmp_path)
    started = asking.app.questions.ask_question("17 times 23")
    asking.app.answers.stop_answer(started.turn_id)
    asking.app.process_events()
    turn = asking.app.chat_service.load_chat(started.chat_id).turns[started.turn_id]
    assert turn.text == ""
    assert not asking.app.running_answers.turn_ids
    asking.app.close()
