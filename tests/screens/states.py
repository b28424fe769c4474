"""The main states of the window, each brought about in a fresh window over the fake application."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from core.chat.conversations.conversation import Citation, TurnState
from core.messages import Document, DocumentPage
from desktop.window.main_window import MainWindow
from tests.desktop.fake_app import FakeApp
from tests.desktop.fake_values import answer, folder, question, source
from tests.screens.filled import WORDS, fill, filled
from tests.screens.states_answers import ANSWERS
from tests.screens.states_asked import ASKED
from tests.screens.states_chats import CHATS
from tests.screens.states_everywhere import EVERYWHERE
from tests.screens.states_folders import FOLDERS
from tests.screens.states_models import MODELS
from tests.screens.states_servers import SERVERS
from tests.screens.states_shelf import SHELF
from tests.screens.states_sources import SOURCES
from tests.screens.states_transcript import TRANSCRIPT

CITATIONS = tuple(
    Citation(n=n, start=WORDS.index(words), end=WORDS.index(words) + len(words))
    for n, words in (
        (1, "The long beds are watered **every second Friday**, before nine in the morning."),
        (2, "In a dry month the same holds for every Friday."),
        (3, "Open the valve behind the shed first."),
    )
)
MARKDOWN = """\
### Pressing cider

Wash the apples and mill them *the same day*. A press of this size holds about **40 litres**:

| Variety | Share | Notes |
|---|---|---|
| Boskoop | 50 % | acid, keeps well |
| Cox | 30 % | scent |
| Gala | 20 % | sugar |

```python
def must(kilograms: float) -> float:
    return kilograms * 0.62
```

1. Mill
2. Press slowly
3. Rack after `3` days

> Cold must keeps for a week.

See the [guild's table](https://example.org/cider?ref=1) for more.
"""


def empty(front: FakeApp, window: MainWindow) -> None:
    """Nothing was ever asked."""


def no_model(front: FakeApp, window: MainWindow) -> None:
    """No model yet."""
    front.on_shelf.clear()
    window.controllers.models.refresh_models()


def searching(front: FakeApp, window: MainWindow) -> None:
    """An answer waits for its passages, a folder is being read."""
    filled(front, window)
    front.folder_seen(folder("folder-3", "Archive", state="syncing", indexed=0))
    front.folder_progress("", "folder-3", done=212, total=543, skipped=7)
    window.controllers.chat.ask_question("When do I water the long beds?")
    front.answer_stage("searching")


def streaming(front: FakeApp, window: MainWindow) -> None:
    """Words come in."""
    filled(front, window)
    window.controllers.chat.ask_question("When do I water the long beds?")
    front.answer_sources(tuple(source(n) for n in (1, 2, 3)))
    front.answer_text(WORDS[:110])


def answered(front: FakeApp, window: MainWindow) -> None:
    """An answer with marks and sources."""
    filled(front, window)
    front.model_ready()
    window.controllers.chat.ask_question("When do I water the long beds?")
    front.answer_sources(
        (
            source(1),
            source(2, "In a dry month the same holds for every Friday.", page=None, heading=""),
            source(3, "Open the valve behind the shed first, then the one at the long beds. " * 6),
        )
    )
    front.answer_text(WORDS)
    front.answer_finished(CITATIONS, "One passage was left out: it didn't fit.")


def document(front: FakeApp, window: MainWindow) -> None:
    """A source is open at its passage."""
    answered(front, window)
    window.sources.choose_source(1)
    text = "Rake the paths.\n\n" * 4 + source(1).text + "\n\n" + "Sweep the yard.\n\n" * 30
    pages = tuple(DocumentPage(number=n, heading="", text=text) for n in (1, 2, 3))
    request_id = f"request-{len(front.calls)}"
    front.document_ready(
        Document(request_id=request_id, file="", path="", pages=pages),
    )


def markdown(front: FakeApp, window: MainWindow) -> None:
    """Tables, code, lists."""
    filled(front, window)
    window.controllers.chat.ask_question(
        "How do we press cider this year? Please with a table and the code."
    )
    front.answer_text(MARKDOWN)
    front.answer_finished()


def failed(front: FakeApp, window: MainWindow) -> None:
    """An answer failed half-way, and a notice stands."""
    filled(front, window)
    window.controllers.chat.ask_question("When do I water the long beds?")
    front.answer_text(WORDS[:79])
    front.answer_failed(
        "The model stopped unexpectedly (signal 11).",
        "Ask again: it starts anew by itself. If it keeps stopping, choose another model.",
    )


def interrupted(front: FakeApp, window: MainWindow) -> None:
    """A chat as it is found after a crash."""
    fill(front)
    turns = (
        question("q1", "When do I water the long beds?"),
        answer("a1", WORDS, state=TurnState.CANCELLED),
        question("q2", "And the roses?"),
        answer("a2", WORDS[:60], state=TurnState.INTERRUPTED),
    )
    chat_id = front.chats.put("When do I water the long beds?", turns)
    window.controllers.chats.refresh_list()
    window.controllers.chat.open_chat(chat_id)


def asking(front: FakeApp, window: MainWindow) -> None:
    """A question before something that can't be undone."""
    filled(front, window)
    window.sidebar.folders.remove_wanted.emit("folder-1")


def dragging(front: FakeApp, window: MainWindow) -> None:
    """Something is dragged over the window."""
    filled(front, window)
    window.overlay.cover_window()


def keyboard(front: FakeApp, window: MainWindow) -> None:
    """Focus on a button, reached by the keyboard."""
    filled(front, window)
    window.sidebar.new_button.setFocus(Qt.FocusReason.TabFocusReason)
    QApplication.processEvents()


STATES: tuple[Callable[[FakeApp, MainWindow], None], ...] = (
    empty,
    filled,
    no_model,
    searching,
    streaming,
    answered,
    document,
    markdown,
    failed,
    interrupted,
    asking,
    dragging,
    keyboard,
    *ANSWERS,
    *TRANSCRIPT,
    *FOLDERS,
    *MODELS,
    *SHELF,
    *SERVERS,
    *SOURCES,
    *EVERYWHERE,
    *CHATS,
    *ASKED,
)
