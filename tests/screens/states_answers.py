"""States of an answer on its way, of one that ended, and of what stands around it."""

from PySide6.QtWidgets import QPushButton, QToolTip, QWidget

from core.base.errors import ErrorCode
from core.base.settings.app_settings import WHEN_FULL
from core.chat.conversations.conversation import ConversationSummary
from core.messages import Adapter
from desktop.chat.cards.summary_card import SummaryCard
from desktop.chat.cards.thinking_fold import ThinkingFold
from desktop.kit.buttons_and_labels import ElidedLabel
from desktop.window.main_window import MainWindow
from tests.desktop.scripted_backend import ScriptedBackend
from tests.screens.filled import WORDS, answer, ask, filled, last_answer

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


def _talk(backend: ScriptedBackend, window: MainWindow) -> None:
    filled(backend, window)
    answer(backend, window)
    answer(backend, window, "They are cut back in **March**.", "And the roses?")


def _full(backend: ScriptedBackend, window: MainWindow) -> None:
    """Ask once more, which no longer fits without the first question and answer."""
    ask(backend, window, "And what of the hedge?")
    backend.answer_failed(ErrorCode.CONTEXT_FULL, early="2", context="4096")


def _open(parent: QWidget, kind: type[QWidget]) -> None:
    """Press the line that opens one of the folded parts."""
    parent.findChildren(kind)[-1].findChildren(QPushButton)[0].click()


def rewriting(backend: ScriptedBackend, window: MainWindow) -> None:
    """The question is put into words for the search."""
    filled(backend, window)
    answer(backend, window)
    backend.engine.rewriting = None
    ask(backend, window, "And the roses?")


def waiting(backend: ScriptedBackend, window: MainWindow) -> None:
    """Another answer has to end first."""
    filled(backend, window)
    backend.put_model("other-q8_0")
    ask(backend, window, "Please write to the housing association about the bins again")
    backend.app.models.choose_model("other-q8_0")
    window.controllers.chat.open_new_chat()
    ask(backend, window)


def reading(backend: ScriptedBackend, window: MainWindow) -> None:
    """The model reads a long prompt."""
    filled(backend, window)
    ask(backend, window)
    backend.answer_read(prompt_tokens=3140)


def summarising(backend: ScriptedBackend, window: MainWindow) -> None:
    """The chat has grown; its early part is summed up."""
    _talk(backend, window)
    _full(backend, window)


def thinking(backend: ScriptedBackend, window: MainWindow) -> None:
    """A model thinks, and its thoughts are open."""
    filled(backend, window)
    ask(backend, window)
    backend.answer_thought(THOUGHTS[:60])
    _open(window.view, ThinkingFold)
    backend.answer_thought(THOUGHTS[60:180])


def thought(backend: ScriptedBackend, window: MainWindow) -> None:
    """The answer is there, what was thought is folded away."""
    filled(backend, window)
    ask(backend, window)
    backend.answer_thought(THOUGHTS)
    backend.answer_text(WORDS)
    backend.answer_finished()


def thought_opened(backend: ScriptedBackend, window: MainWindow) -> None:
    """The same, with the thoughts open."""
    thought(backend, window)
    _open(window.view, ThinkingFold)


def summarised(backend: ScriptedBackend, window: MainWindow) -> None:
    """Early messages were summed up."""
    _talk(backend, window)
    _full(backend, window)
    backend.answer_text(SUMMARY)
    backend.answer_finished()
    backend.answer_text("The hedge is cut once, after the birds have left it: in **late August**.")
    backend.answer_finished()


def summary_opened(backend: ScriptedBackend, window: MainWindow) -> None:
    """The summary is open."""
    summarised(backend, window)
    transcript = window.view.transcript
    rows = transcript.card_layout.rows
    (summary,) = (row for row in rows if isinstance(row, ConversationSummary))
    transcript.scroll_to_turn(summary.summary_id)  # a card out of sight is not built
    _open(window.view, SummaryCard)


def context_full(backend: ScriptedBackend, window: MainWindow) -> None:
    """The question how to free context."""
    backend.settings.set_value(WHEN_FULL, "ask")
    _talk(backend, window)
    _full(backend, window)


def two_answering(backend: ScriptedBackend, window: MainWindow) -> None:
    """Two chats answer at once."""
    filled(backend, window)
    ask(backend, window, "Please write to the housing association about the bins again")
    backend.answer_text("Dear neighbours")
    window.controllers.chat.open_new_chat()
    ask(backend, window)
    backend.answer_text(WORDS[:110])


def adapters(backend: ScriptedBackend, window: MainWindow) -> None:
    """Two adapters stand over the question, one of a long name."""
    filled(backend, window)
    names = ("tone", "letters-to-the-housing-association-in-plain-language-lora-r16-f16")
    chips = tuple(Adapter(path=f"/home/me/adapters/{name}.gguf", scale=0.75) for name in names)
    window.view.composer.adapter_chips.show_adapters(chips)


def cost(backend: ScriptedBackend, window: MainWindow) -> None:
    """The pointer rests on what an answer cost."""
    filled(backend, window)
    answer(backend, window)
    card = window.view.transcript.find_answer_card(last_answer(window))
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
