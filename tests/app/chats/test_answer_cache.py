"""Answer cache: an earlier answer is given again, and only where nothing has changed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.app.app import App
from core.app.chats.ask_options import AskOptions
from core.app.events.app_events import AnswerFinished, AppEvent
from core.base.settings import app_settings as declared
from core.chat.conversations.conversation import Turn
from core.messages import EmbedTexts, Generate, Sampling
from tests.cli.answering_children import HIT
from tests.fakes.app import make_app

QUESTION = "Who planted the pear tree?"


class Asking:
    """An application that answers by itself; each answer is another one."""

    def __init__(self, folder: Path) -> None:
        self.app, self.children = make_app(folder)
        self.children.library.hits = (HIT,)
        self.told: list[AppEvent] = []
        self.app.subscribe(self.told.append)
        self._count = 0

    def ask(self, text: str = QUESTION, *, chat_id: str | None = None, **options: object) -> Turn:
        """Ask in a folder, and return the answer."""
        self._count += 1
        self.children.engine.script = (f"Aunt Mathilda did, number {self._count}.",)
        given = AskOptions(**{"folder_ids": ("f",), **options})  # type: ignore[arg-type]
        started = self.app.questions.ask_question(text, given, chat_id=chat_id)
        self.pump()
        return self.app.chat_service.load_chat(started.chat_id).turns[started.turn_id]

    def pump(self) -> None:
        """Process what the children delivered, and what they answer to that."""
        while any(child.has_events for child in self.children.all_children):
            self.app.process_events()

    @property
    def generated(self) -> int:
        """How many answers the model wrote."""
        return len(self.children.engine.all_sent(Generate))


@pytest.fixture
def asking(tmp_path: Path) -> Iterator[Asking]:
    made = Asking(tmp_path)
    yield made
    made.app.close()


def number(turn: Turn) -> int:
    """Return which answer of the model a turn shows."""
    return int(turn.text.split()[-1].strip("."))


def test_the_same_question_gets_the_same_answer_with_its_sources(asking: Asking) -> None:
    first = asking.ask()
    assert first.assurance.recalled is None
    again = asking.ask(f"  {QUESTION} ")
    recalled = again.assurance.recalled
    assert recalled is not None
    assert (recalled.turn_id, recalled.question) == (first.turn_id, "")
    assert (again.text, again.sources, again.citations) == (
        first.text,
        first.sources,
        first.citations,
    )
    assert again.turn_id != first.turn_id
    assert asking.generated == 1
    assert isinstance(finished := asking.told[-2], AnswerFinished)
    assert finished.assurance == again.assurance
    question = asking.app.chats.load_conversation(recalled.chat_id).turns[first.parent_id or ""]
    assert question.sent


@pytest.mark.parametrize(
    ("worded", "shared"),
    [
        ("Tell me who planted the pear tree", True),
        ("Who planted the PEAR tree", True),
        ("who planted the pear tree", True),
        ("By whom was the pear tree planted?", False),  # who did what to whom may turn around
        ("Who planted the pear trees?", False),
        ("Who planted the apple tree?", False),
        ("Who planted no pear tree?", False),
        ("Who planted the first pear tree?", False),
        ("When was the pear tree planted?", False),
        ("Who planted pear tree 2?", False),
        ("Wer hat den pear tree planted?", False),
    ],
)
def test_another_wording_is_the_same_question_only_if_it_surely_is(
    asking: Asking, worded: str, *, shared: bool
) -> None:
    first = asking.ask()
    again = asking.ask(worded)
    recalled = again.assurance.recalled
    assert (recalled is not None) is shared
    assert recalled is None or (recalled.question, again.text) == (QUESTION, first.text)


def test_a_name_in_small_letters_is_the_same_name(asking: Asking) -> None:
    first = asking.ask("How high is the rent of Kastanienweg 17?")
    again = asking.ask("how high is the rent of kastanienweg 17")
    assert again.assurance.recalled is not None
    assert again.text == first.text
    assert asking.ask("how high is the rent of kastanienweg 18").assurance.recalled is None


def test_other_documents_models_settings_and_folders_are_answered_anew(asking: Asking) -> None:
    asking.ask()
    assert number(asking.ask(folder_ids=("g",))) == 2
    assert number(asking.ask(sampling=Sampling(temperature=0.5))) == 3
    assert number(asking.ask(max_tokens=5)) == 4
    asking.children.library.state = "another"
    assert number(asking.ask()) == 5
    assert number(asking.ask(fresh=True)) == 7 - 1
    assert number(asking.ask()) == 6, "the latest one"


def test_a_follow_up_is_repeated_after_the_same_words_only(asking: Asking) -> None:
    chats = [asking.ask(), asking.ask(fresh=True)]
    ids = [chat.chat_id for chat in asking.app.chats.list_chats()]
    assert len(ids) == len(chats)
    for chat_id in ids:
        asking.ask("And the plum tree?", chat_id=chat_id)
    last = [asking.app.chats.load_conversation(each).path()[-1] for each in ids]
    assert [turn.assurance.recalled for turn in last] == [None, None], "another answer before"
    assert asking.children.library.all_sent(EmbedTexts)[-1].texts == (QUESTION,)


def test_what_is_erased_disliked_or_wrong_is_not_repeated(asking: Asking) -> None:
    chat_ids: list[str] = []
    for spoil in range(3):
        answer = asking.ask()
        assert answer.assurance.recalled is None
        (chat_id,) = {chat.chat_id for chat in asking.app.chats.list_chats()} - set(chat_ids)
        if spoil == 0:
            asking.app.chat_service.delete_chat(chat_id)
            rows = asking.app.chats._db.execute("SELECT count(*) FROM answer_keys").fetchone()
            assert rows == (0,)
            continue
        chat_ids.append(chat_id)
        if spoil == 1:
            asking.app.turns.rate_answer(chat_id, answer.turn_id, -1)
        else:
            asking.app.chats.wrong_sources.mark_source(answer.turn_id, 1, wrong=True)
    kept = asking.ask()
    assert kept.assurance.recalled is None
    asking.app.chat_service.trash_chat(asking.app.chats.list_chats()[0].chat_id)
    assert asking.ask().assurance.recalled is None


def test_temporary_chats_neither_give_nor_take(asking: Asking) -> None:
    asking.ask(temporary=True)
    asking.ask()
    assert asking.ask(temporary=True).assurance.recalled is None
    assert asking.generated == 3


def test_chats_without_folders_are_repeated_if_nothing_is_left_to_chance(asking: Asking) -> None:
    asking.ask(folder_ids=())
    assert number(asking.ask(folder_ids=())) == 2
    exact = Sampling(temperature=0)
    asking.ask(folder_ids=(), sampling=exact)
    assert number(asking.ask(folder_ids=(), sampling=exact)) == 3


def test_an_answer_without_sources_or_end_is_not_repeated(asking: Asking) -> None:
    asking.children.library.hits = ()
    asking.ask()
    asking.children.library.hits = (HIT,)
    assert asking.ask().assurance.recalled is None


def test_it_can_be_switched_off_or_to_the_same_words(asking: Asking) -> None:
    app: App = asking.app
    asking.ask()
    app.settings.set_value(declared.ANSWER_CACHE, "same")
    assert asking.ask(f"Please tell me {QUESTION}").assurance.recalled is None
    assert asking.ask().assurance.recalled is not None
    app.settings.set_value(declared.ANSWER_CACHE, "off")
    assert asking.ask().assurance.recalled is None


def test_another_answer_is_never_an_earlier_one(asking: Asking) -> None:
    answer = asking.ask()
    (chat,) = asking.app.chats.list_chats()
    asking.app.turns.regenerate_answer(chat.chat_id, answer.turn_id, AskOptions(folder_ids=("f",)))
    asking.pump()
    assert asking.generated == 2
