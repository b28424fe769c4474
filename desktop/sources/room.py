"""What happens with sources: shown beside their marks, opened, asked, said to be wrong."""

from pathlib import Path

from PySide6.QtCore import QObject, QPoint, QRect, Signal
from PySide6.QtWidgets import QMenu

from core.app.events import RequestFailed, ViewingEvent
from core.chat.conversation import Source
from core.errors import InglenookError
from core.words import _
from desktop.actions import ActionRegistry
from desktop.chat.composer import Composer
from desktop.chat.room import ChatRoom
from desktop.chat.view import ChatView
from desktop.notices import Notices
from desktop.ports import Front
from desktop.sources.feed import Feed
from desktop.sources.kinds import is_drawn
from desktop.sources.mark_popup import MarkPopup
from desktop.sources.opening import Outcome, may_open, open_outside, show_in_folder
from desktop.sources.panel import SourcesPanel
from desktop.sources.source_deeds import register_sources
from desktop.sources.viewer_window import ViewerWindow
from desktop.theme import Theme


class SourcesRoom(QObject):
    """Makes the calls about documents and shows what comes back."""

    quoted = Signal(str)
    """Words of a document that are to be asked about, as a quotation for the question."""
    files_asked = Signal(object)  # tuple[str, ...]: absolute paths

    def __init__(self, front: Front, theme: Theme, notices: Notices, panel: SourcesPanel) -> None:
        super().__init__(panel)
        self._front = front
        self._notices = notices
        self._panel = panel
        self._viewer = panel.viewer
        self._turn_id = ""
        self._unsaved: dict[str, set[int]] = {}
        """What is said of wrong sources in chats that never reach the disk, by turn."""
        self._feed = Feed(front.viewing, panel.viewer)
        self.popup = MarkPopup(theme, panel)
        self._connect()

    def _connect(self) -> None:
        self._panel.source_opened.connect(self._feed.open)
        self._panel.wrong_toggled.connect(self.say_wrong)
        self._viewer.passage_wanted.connect(self._panel.step)
        self._viewer.menu_wanted.connect(self._on_menu_wanted)
        self._viewer.selection_asked.connect(self.quote)
        self._viewer.head.window_wanted.connect(self.open_window)

    def follow(self, chat: ChatRoom, view: ChatView) -> None:
        """Show what is behind the marks of a chat, and carry what is to be asked back to it."""
        transcript, composer = view.transcript, view.composer
        transcript.mark_hovered.connect(
            lambda turn, number, beside: self.show_mark(turn, chat.sources_of(turn), number, beside)
        )
        transcript.mark_left.connect(self.popup.leave)
        transcript.citation_clicked.connect(self.popup.dismiss)
        self.popup.open_wanted.connect(transcript.citation_clicked)
        self.quoted.connect(lambda words: _begin(composer, words))
        self.files_asked.connect(composer.set_files)

    def register(self, registry: ActionRegistry) -> None:
        """Offer what can be done with a document."""
        register_sources(registry, self)

    def handle(self, event: ViewingEvent) -> None:
        """Show what was asked for."""
        self._feed.handle(event)

    def fail(self, event: RequestFailed) -> bool:
        """Take a failed request; returns whether it was one of ours."""
        return self._feed.fail(event.request_id, event.problem.message, event.problem.hint)

    @property
    def source(self) -> Source | None:
        """The source whose document is open."""
        return None if self._viewer.isHidden() else self._viewer.source

    def show_sources(self, sources: tuple[Source, ...], turn_id: str) -> None:
        """Show the passages of an answer; whoever reads it may soon look at one."""
        self._turn_id = turn_id
        self.popup.dismiss()
        self._panel.show_sources(sources, self._wrong_of(turn_id), judged=bool(turn_id))
        if any(is_drawn(source.file) for source in sources):
            self._front.viewing.prepare()

    def show_place(self, source: Source) -> None:
        """Show a place in a document that no answer gave: what a search has found."""
        self.show_sources((source,), "")
        self._panel.choose(source.n)
        self._viewer.take_focus()

    def show_mark(
        self, turn_id: str, sources: tuple[Source, ...], number: int, beside: QRect
    ) -> None:
        """Show the passage of a mark beside it."""
        source = next((each for each in sources if each.n == number), None)
        if source is not None:
            self._front.viewing.prepare()
            self.popup.offer(turn_id, source, beside)

    def open_window(self) -> None:
        """Show the open document in a window of its own."""
        if self._panel.holds_viewer and self.source is not None:
            ViewerWindow(self._panel, self._panel.window()).show()

    def open_outside(self) -> None:
        """Let the system's program open the document, or show where it lies."""
        source = self.source
        if source is None:
            return
        outcome = open_outside(source.path)
        if outcome is Outcome.GONE:
            self._notices.say("opened", _("There is no file {path}.").format(path=source.path))
        elif outcome is Outcome.SHOWN:
            self._notices.say(
                "opened",
                _("Files of this kind may do more than show themselves."),
                _("Its folder was opened instead."),
            )

    def show_in_folder(self) -> None:
        """Show where the document lies."""
        if self.source is not None:
            show_in_folder(self.source.path)

    def ask_document(self) -> None:
        """Ask the next question of this document alone."""
        if self.source is not None:
            self.files_asked.emit((self.source.path,))

    def quote(self, words: str, page: int) -> None:
        """Begin a question about words of the document."""
        source = self._viewer.source
        if source is None or not words.strip():
            return
        name = source.file.rpartition("/")[2]
        place = _("{file}, page {page}").format(file=name, page=page) if page else name
        lines = "\n".join(f"> {line}" for line in words.strip().splitlines())
        self.quoted.emit(f"{lines}\n> — {place}\n\n")

    def flip_face(self) -> None:
        """Show text in place of pictures, or pictures again."""
        self._viewer.show_face(drawn=not self._viewer.shows_pages)

    def say_wrong(self, number: int, wrong: bool) -> None:  # noqa: FBT001 - a slot
        """Keep what the person says of a source."""
        try:
            kept = self._front.chats.wrong_sources.mark(self._turn_id, number, wrong=wrong)
        except InglenookError as error:
            self._notices.refuse("wrong source", error)
            return
        unsaved = self._unsaved.setdefault(self._turn_id, set())
        if wrong and not kept:
            unsaved.add(number)
        else:
            unsaved.discard(number)
        self._panel.show_sources(self._panel.sources, self._wrong_of(self._turn_id))

    def _wrong_of(self, turn_id: str) -> frozenset[int]:
        return self._front.chats.wrong_sources.of(turn_id) | self._unsaved.get(turn_id, set())

    def _on_menu_wanted(self, place: QPoint) -> None:
        source = self.source
        if source is None:
            return
        menu = QMenu(self._viewer)
        menu.setToolTipsVisible(True)
        menu.aboutToHide.connect(menu.deleteLater)
        words, page = self._viewer.selection
        if words.strip():
            copy = menu.addAction(_("Copy"))
            copy.triggered.connect(self._viewer.finding.copy_selected)
            ask = menu.addAction(_("Ask about the selection"))
            ask.triggered.connect(lambda: self.quote(words, page))
            menu.addSeparator()
        menu.addAction(_("Ask this document")).triggered.connect(self.ask_document)
        if is_drawn(source.file):
            face = _("Show as text") if self._viewer.shows_pages else _("Show as pages")
            menu.addAction(face).triggered.connect(self.flip_face)
        menu.addSeparator()
        if may_open(source.path):
            menu.addAction(_("Open in its program")).triggered.connect(self.open_outside)
        there = menu.addAction(_("Show in its folder"))
        there.triggered.connect(self.show_in_folder)
        there.setEnabled(Path(source.path).exists())
        menu.popup(place)


def _begin(composer: Composer, words: str) -> None:
    """Put a quotation before what is typed; the question goes below it."""
    composer.set_draft(f"{words}{composer.draft}")
    composer.setFocus()
