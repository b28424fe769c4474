"""States of an answer on its way, of one that ended, and of what stands around it."""

from msgspec import structs
from PySide6.QtWidgets import QPushButton, QToolTip, QWidget

from core.base.errors import ErrorCode, describe_error
from core.messages import Adapter
from desktop.chat.cards.summary_card import SummaryCard
from desktop.chat.cards.thinking_fold import ThinkingFold
from desktop.kit.buttons_and_labels import ElidedLabel
from desktop.window.main_window import MainWindow
from tests.desktop.fake_app import FakeApp
from tests.desktop.fake_values import COST, source
from tests.screens.filled import WORDS, filled

QUESTION = "When do I water the long beds?"
THOUGHTS = (
    "The person asks for the long beds. The duties list them under watering, every second "
    "Friday before nine.\n\nThe dry months are a case of their own: then it is every Friday. "
    "I should name both, and the steps in their order."
)
SUMMARY = (
    "The person looks after a garden with long beds and roses. The long beds are watered every "
    "second Friday before nine, in a dry month every Friday; the valve is behind the shed. "
    "The roses are cut back in March."
)


def _staged(front: FakeApp, window: MainWindow, stage: str, tokens: int = 0) -> None:
    filled(front, window)
    window.controllers.chat.ask_question(QUESTION)
    front.answer_stage(stage, tokens)


def _talk(front: FakeApp, window: MainWindow) -> None:
    filled(front, window)
    for words, answer in ((QUESTION, WORDS), ("And the roses?", "They are cut back in **March**.")):
        window.controllers.chat.ask_question(words)
        front.answer_text(answer)
        front.answer_finished()


def _open(holder: QWidget, kind: type[QWidget]) -> None:
    """Press the line that opens one of the folded parts."""
    holder.findChildren(kind)[-1].findChildren(QPushButton)[0].click()


def rewriting(front: FakeApp, window: MainWindow) -> None:
    """The question is put into words for the search."""
    _staged(front, window, "rewriting")


def waiting(front: FakeApp, window: MainWindow) -> None:
    """Another answer has to end first."""
    _staged(front, window, "waiting")


def reading(front: FakeApp, window: MainWindow) -> None:
    """The model reads a long prompt."""
    _staged(front, window, "reading", 3140)


def summarising(front: FakeApp, window: MainWindow) -> None:
    """The chat has grown; its early part is summed up."""
    _talk(front, window)
    window.controllers.chat.ask_question("And what of the hedge?")
    front.answer_stage("summarising")


def thinking(front: FakeApp, window: MainWindow) -> None:
    """A model thinks, and its thoughts are open."""
    _staged(front, window, "thinking")
    front.answer_thought(THOUGHTS[:60])
    _open(window.view, ThinkingFold)
    front.answer_thought(THOUGHTS[60:180])


def thought(front: FakeApp, window: MainWindow) -> None:
    """The answer is there, what was thought is folded away."""
    _staged(front, window, "thinking")
    front.answer_thought(THOUGHTS)
    front.answer_text(WORDS)
    front.answer_finished(statistics=structs.replace(COST, seconds_of_thinking=7.4))


def thought_opened(front: FakeApp, window: MainWindow) -> None:
    """The same, with the thoughts open."""
    thought(front, window)
    _open(window.view, ThinkingFold)


def summarised(front: FakeApp, window: MainWindow) -> None:
    """Early messages were summed up."""
    _talk(front, window)
    window.controllers.chat.ask_question("And what of the hedge?")
    front.answer_summarised("answer-1", SUMMARY)
    front.answer_text("The hedge is cut once, after the birds have left it: in **late August**.")
    front.answer_finished(note="2 early messages were summarised to make room.")


def summary_opened(front: FakeApp, window: MainWindow) -> None:
    """The summary is open."""
    summarised(front, window)
    _open(window.view, SummaryCard)


def context_full(front: FakeApp, window: MainWindow) -> None:
    """The person is asked how room is to be made."""
    _talk(front, window)
    window.controllers.chat.ask_question("And what of the hedge?")
    front.answer_failed(*describe_error(ErrorCode.CONTEXT_FULL, {}), ErrorCode.CONTEXT_FULL)


def two_answering(front: FakeApp, window: MainWindow) -> None:
    """Two chats answer at once."""
    filled(front, window)
    window.controllers.chat.ask_question(
        "Please write to the housing association about the bins again"
    )
    front.answer_text("Dear neighbours")
    window.controllers.chat.open_new_chat()
    window.controllers.chat.ask_question(QUESTION)
    front.answer_text(WORDS[:110])


def adapters(front: FakeApp, window: MainWindow) -> None:
    """Two adapters stand over the question, one of a long name."""
    filled(front, window)
    names = ("tone", "letters-to-the-housing-association-in-plain-language-lora-r16-f16")
    chips = tuple(Adapter(path=f"/home/me/adapters/{name}.gguf", scale=0.75) for name in names)
    window.view.composer.adapter_chips.show_adapters(chips)


def cost(front: FakeApp, window: MainWindow) -> None:
    """The pointer rests on what an answer cost."""
    filled(front, window)
    window.controllers.chat.ask_question(QUESTION)
    front.answer_sources((source(1), source(2)))
    front.answer_text(WORDS)
    front.answer_finished()
    card = window.view.transcript.find_answer_card("answer-1")
    assert card is not None
    label = next(each for each in card.findChildren(ElidedLabel) if each.accessibleDescription())
    QToolTip.showText(label.mapToGlobal(label.rect().bottomLeft()), label.toolTip(), label)


ANSWERS = (
    rewriting,
    waiting,
    reading,
    summarising,
    thinking,
    thought,
    thought_opened,
    summarised,
    summary_opened,
    context_full,
    two_answering,
    adapters,
    cost,
)
