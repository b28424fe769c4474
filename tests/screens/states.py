"""The main states of the window, each brought about in a fresh window over scripted children."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from core.chat.conversations.conversation import TurnState
from core.messages import Document, DocumentPage, SearchFolders
from desktop.window.main_window import MainWindow
from tests.desktop.scripted_backend import ScriptedBackend
from tests.desktop.values import answer, folder, question, source
from tests.fakes.models import SMALL_MODEL
from tests.screens.filled import WORDS, ask, fill, filled
from tests.screens.filled import answer as give_answer
from tests.screens.states_answers import ANSWERS
from tests.screens.states_asked import ASKED
from tests.screens.states_beside import BESIDE
from tests.screens.states_chats import CHATS
from tests.screens.states_everywhere import EVERYWHERE
from tests.screens.states_folders import FOLDERS
from tests.screens.states_model_work import MODEL_WORK
from tests.screens.states_models import MODELS
from tests.screens.states_servers import SERVERS
from tests.screens.states_sources import SOURCES
from tests.screens.states_transcript import TRANSCRIPT

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


def empty(backend: ScriptedBackend, window: MainWindow) -> None:
    """Nothing was ever asked."""


def no_model(backend: ScriptedBackend, window: MainWindow) -> None:
    """No model yet."""
    backend.app.models.unregister_model(SMALL_MODEL)


def searching(backend: ScriptedBackend, window: MainWindow) -> None:
    """An answer waits for its passages, a folder is being read."""
    filled(backend, window)
    backend.read_folder(folder("folder-3", "Archive", indexed=0))
    backend.folder_progress(212, 543, skipped=7)
    backend.library.held.add(SearchFolders)
    ask(backend, window)


def streaming(backend: ScriptedBackend, window: MainWindow) -> None:
    """Words come in."""
    filled(backend, window)
    ask(backend, window)
    backend.answer_text(WORDS[:110])


def answered(backend: ScriptedBackend, window: MainWindow) -> None:
    """An answer with marks and sources."""
    filled(backend, window)
    ask(backend, window)
    backend.answer_read(sources_left_out=1)
    backend.answer_text(WORDS)
    backend.answer_finished()


def document(backend: ScriptedBackend, window: MainWindow) -> None:
    """A source is open at its passage."""
    answered(backend, window)
    window.sources.choose_source(1)
    text = "Rake the paths.\n\n" * 4 + source(1).text + "\n\n" + "Sweep the yard.\n\n" * 30
    pages = tuple(DocumentPage(number=n, heading="", text=text) for n in (1, 2, 3))
    backend.library_answers(Document, file="", path="", pages=pages)


def markdown(backend: ScriptedBackend, window: MainWindow) -> None:
    """Tables, code, lists."""
    filled(backend, window)
    question = "How do we press cider this year? Please with a table and the code."
    give_answer(backend, window, MARKDOWN, question)


def failed(backend: ScriptedBackend, window: MainWindow) -> None:
    """An answer failed half-way, and a notice stands."""
    filled(backend, window)
    ask(backend, window)
    backend.answer_text(WORDS[:79])
    backend.engine_dies()


def interrupted(backend: ScriptedBackend, window: MainWindow) -> None:
    """A chat as it is found after a crash."""
    fill(backend)
    turns = (
        question("q1", "When do I water the long beds?"),
        answer("a1", WORDS, state=TurnState.CANCELLED),
        question("q2", "And the roses?"),
        answer("a2", WORDS[:60], state=TurnState.INTERRUPTED),
    )
    chat_id = backend.put_chat("When do I water the long beds?", turns)
    window.controllers.chats.refresh_list()
    window.controllers.chat.open_chat(chat_id)


def asking(backend: ScriptedBackend, window: MainWindow) -> None:
    """A question before something that can't be undone."""
    filled(backend, window)
    window.sidebar.folders.remove_wanted.emit("folder-1")


def dragging(backend: ScriptedBackend, window: MainWindow) -> None:
    """Something is dragged over the window."""
    filled(backend, window)
    window.overlay.cover_window()


def keyboard(backend: ScriptedBackend, window: MainWindow) -> None:
    """Focus on a button, reached by the keyboard."""
    filled(backend, window)
    window.sidebar.new_button.setFocus(Qt.FocusReason.TabFocusReason)
    QApplication.processEvents()


STATES: tuple[Callable[[ScriptedBackend, MainWindow], None], ...] = (
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
    *MODEL_WORK,
    *SERVERS,
    *SOURCES,
    *EVERYWHERE,
    *BESIDE,
    *CHATS,
    *ASKED,
)
