"""States of the list of chats, and of what stands around them: search, prompts, comparison."""

from core.app.events import SearchFinished
from core.chat.manner import Example, Manner
from core.messages import Hit
from desktop.chat.chat_list import Deed
from desktop.compare.dialog import CompareDialog
from desktop.search.dialog import SearchDialog
from desktop.window import MainWindow
from tests.desktop.fake_app import FakeApp
from tests.desktop.fake_values import answer, model, question, source
from tests.screens.filled import WORDS, filled


def arranged(front: FakeApp, window: MainWindow) -> None:
    """Pinned chats, groups, one of them folded, and a chat just thrown away."""
    filled(front, window)
    ids = [chat.chat_id for chat in front.chats.list()]
    front.arranging.pin(ids[2], pinned=True)
    for name in ("House & home", "Taxes, the accountant and all that goes with them"):
        front.arranging.add_group(name)
    group = front.arranging.groups()[0].group_id
    front.arranging.move(ids[1], group)
    window.rooms.chats.do(Deed.TRASH, ids[3])


def temporary(front: FakeApp, window: MainWindow) -> None:
    """A temporary chat with instructions and files of its own."""
    filled(front, window)
    window.rooms.chats.open_temporary()
    window.rooms.chat.standing.set_manner(
        Manner(system="Answer in one or two short sentences.", preset="precise")
    )
    window.view.composer.set_files([f"/home/a/scans/letter {n}.pdf" for n in range(6)])


def slash(front: FakeApp, window: MainWindow) -> None:
    """Prompts are offered."""
    filled(front, window)
    window.activateWindow()
    window.view.composer.setFocus()
    window.view.composer.text_edit.insertPlainText("/")


def search(front: FakeApp, window: MainWindow) -> None:
    """Chats and documents that hold a word."""
    filled(front, window)
    chat = (question("q1", "Where is the valve?"), answer("a1", WORDS))
    front.chats.put("The valve behind the shed", chat)
    room = window.rooms.parts.search
    room.open()
    box = window.findChild(SearchDialog)
    assert box is not None
    box.line.setText("valve")
    box.chats_wanted.emit("valve")
    box.documents_wanted.emit("valve")
    hits = tuple(_hit(n) for n in (1, 2, 3))
    request_id = f"request-{len(front.calls)}"
    front.emit(SearchFinished(request_id=request_id, hits=hits, seconds=0.1))


def prompts(front: FakeApp, window: MainWindow) -> None:
    """All prompts."""
    filled(front, window)
    window.rooms.parts.prompts.edit_prompts()


def manner(front: FakeApp, window: MainWindow) -> None:
    """The instructions of a chat."""
    filled(front, window)
    window.rooms.chat.standing.set_manner(
        Manner(
            system="You are a gardener of forty years. Say what is to be done, and when.",
            examples=(Example(question="Roses?", answer="Late March, above an outer bud."),),
        )
    )
    window.rooms.parts.prompts.edit_manner()


def compare(front: FakeApp, window: MainWindow) -> None:
    """Two answers side by side, one still being written."""
    filled(front, window)
    front.on_shelf.append(model("qwen2.5-1.5b-instruct-q4_k_m"))
    window.registry.get("chat.compare").trigger()
    dialog = window.findChild(CompareDialog)
    assert dialog is not None
    dialog.question.setPlainText("When do I water the long beds?")
    dialog.ask()
    one, two = list(front.runs)
    front.answer_text(WORDS, chat=one)
    front.answer_finished(chat=one)
    front.answer_text(WORDS[:90], chat=two)


def trash(front: FakeApp, window: MainWindow) -> None:
    """What can be brought back."""
    filled(front, window)
    for chat in front.chats.list()[:3]:
        front.chat_desk.trash(chat.chat_id)
    window.registry.get("chat.show_trash").trigger()


def export(front: FakeApp, window: MainWindow) -> None:
    """How a chat is to be written."""
    filled(front, window)
    window.rooms.chats.do(Deed.EXPORT, front.chats.list()[1].chat_id)


def _hit(n: int) -> Hit:
    base = source(n, "Open the valve behind the shed first, then the one at the long beds.")
    return Hit(
        rank=n,
        passage_id=n,
        section_id=n,
        folder_id=base.folder_id,
        folder=base.folder,
        file=base.file,
        path=base.path,
        page=n if n < 3 else None,
        heading="",
        text=base.text,
        section=base.text,
        content_hash="h",
        score=0.9,
    )


CHATS = (arranged, temporary, slash, search, prompts, manner, compare, trash, export)
