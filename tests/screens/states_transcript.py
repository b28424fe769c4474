"""States of the transcript: rich answers, versions, editing, a long paste, details."""

from msgspec import structs
from PySide6.QtWidgets import QApplication

from desktop.window.main_window import MainWindow
from tests.desktop.scripted_backend import ScriptedBackend
from tests.desktop.values import answer, question, source
from tests.screens.filled import ask, filled

RICH = r"""## How much water a bed takes

A bed of length $l$ and width $w$ takes $V = l \cdot w \cdot h$, with $h$ the depth of wet soil:

\[ V = \int_0^l \frac{w(x)\, h}{1 + e^{-x}}\, dx \approx \sum_{i=1}^{n} w_i h_i \Delta x \]

| bed | length | litres |
|:----|:------:|-------:|
| long | 12 m | 180 |
| short | 4 m | **60** |

- [x] open the valve
- [ ] write it down[^1]

```python
def litres(length: float, width: float) -> float:
    # two centimetres of water, in litres
    return length * width * 0.02 * 1000

print(f"{litres(12, 0.75):.0f} litres for the long bed, which is more than a can of water holds")
```

> Every second Friday, before nine. See [the manual](https://example.org/manual?page=3).

[^1]: In the book beside the tap.
"""
PASTE = "\n".join(
    f"2026-03-{n:02}  meter {1200 + 7 * n} m³  valve open {n} minutes" for n in range(1, 31)
)


def _rich(backend: ScriptedBackend, window: MainWindow) -> None:
    filled(backend, window)
    turns = (
        question("rich-q", "How much water does a bed take?"),
        structs.replace(answer("rich-a", RICH), sources=(source(1), source(2))),
    )
    window.controllers.chat.open_chat(backend.put_chat("Water", turns))


def rich_answer(backend: ScriptedBackend, window: MainWindow) -> None:
    """Formulas, a table, tasks, code, a footnote, a link."""
    _rich(backend, window)


def rich_streaming(backend: ScriptedBackend, window: MainWindow) -> None:
    """The same in the middle of its code."""
    filled(backend, window)
    ask(backend, window, "How much water does a bed take?")
    for piece in RICH[:620].split(" "):
        backend.answer_text(f"{piece} ")
        QApplication.processEvents()


def versions(backend: ScriptedBackend, window: MainWindow) -> None:
    """An answer with others beside it, rated."""
    _rich(backend, window)
    window.controllers.chat.turn_controller.answer_again("rich-a")
    backend.pump()
    backend.answer_text("About **180 litres** for the long bed, and 60 for the short one.")
    backend.answer_finished()
    window.view.transcript.show_rating(window.view.transcript.shown_turns[-1].turn_id, 1, "")


def long_paste(backend: ScriptedBackend, window: MainWindow) -> None:
    """A question that is folded, and the button to the end of the chat."""
    filled(backend, window)
    turns = [
        question("paste-q", PASTE),
        answer("paste-a", "The valve was open longest on the 30th."),
    ]
    for n in range(4):
        turns += [question(f"more-q{n}", f"And day {n + 1}?"), answer(f"more-a{n}", RICH[:400])]
    window.controllers.chat.open_chat(backend.put_chat("Meter", tuple(turns)))
    window.view.transcript.scroll_to_turn("paste-q")


def editing(backend: ScriptedBackend, window: MainWindow) -> None:
    """A question while it is edited."""
    _rich(backend, window)
    window.view.transcript.scroll_to_turn("rich-q")
    window.view.transcript.edit_turn("rich-q")


def details(backend: ScriptedBackend, window: MainWindow) -> None:
    """All about an answer."""
    _rich(backend, window)
    window.controllers.chat.turn_controller.run_action("rich-a", "details")


def found_in_chat(backend: ScriptedBackend, window: MainWindow) -> None:
    """Words that were looked for in the chat."""
    _rich(backend, window)
    window.view.find_bar.open_bar("bed")


TRANSCRIPT = (rich_answer, rich_streaming, versions, long_paste, editing, details, found_in_chat)
