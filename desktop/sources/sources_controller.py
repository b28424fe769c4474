"""Controller of sources: citation popups, the document viewer, quotations, wrong sources."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, QRect, Signal
from PySide6.QtWidgets import QMenu

from core.app.app import App
from core.base.errors import InglenookError
from core.base.i18n import _
from core.chat.conversations.conversation import Source
from desktop.chat.composer.composer import Composer
from desktop.chat.controller.chat_controller import ChatController
from desktop.chat.markdown.citation_marks import CitationMark
from desktop.chat.view.chat_view import ChatView
from desktop.kit.actions import ActionRegistry, MenuGroup
from desktop.kit.buttons_and_labels import pop_up_menu
from desktop.kit.notices import NoticeCenter
from desktop.kit.theme import Theme
from desktop.sources.citation_popup import CitationPopup
from desktop.sources.external_open import (
    OpenOutcome,
    is_safe_to_open,
    open_externally,
    show_in_folder,
)
from desktop.sources.sources_panel import SourcesPanel
from desktop.sources.viewer.document_kinds import has_page_pictures
from desktop.sources.viewer.viewer_shortcuts import register_viewer_shortcuts
from desktop.sources.viewer_loader import ViewerLoader
from desktop.sources.viewer_window import ViewerWindow


class SourcesController(QObject):
    """Shows the sources of an answer, and the document of one of them."""

    question_quoted = Signal(str)
    """A quotation of the document, as Markdown for the question."""
    files_question_wanted = Signal(object)  # tuple[str, ...]: absolute paths

    def __init__(self, app: App, theme: Theme, notices: NoticeCenter, panel: SourcesPanel) -> None:
        super().__init__(panel)
        self._app = app
        self._notices = notices
        self._panel = panel
        self._viewer = panel.viewer
        self._turn_id = ""
        self._unsaved: dict[str, set[int]] = {}
        """Sources marked as wrong in chats that are not saved, by turn."""
        self._source_of_mark: Callable[[str, CitationMark], Source | None] = _no_source
        self._sources_of_turn: Callable[[str], tuple[Source, ...]] = _no_sources
        self._viewer_loader = ViewerLoader(app.documents, panel.viewer)
        self.citation_popup = CitationPopup(theme, panel)
        self._connect()

    def _connect(self) -> None:
        self._panel.source_opened.connect(self._viewer_loader.open_source)
        self.citation_popup.citation_shown.connect(self._follow_mark)
        self._panel.wrong_toggled.connect(self.set_source_wrong)
        self._viewer.passage_wanted.connect(self._panel.step_source)
        self._viewer.menu_wanted.connect(self._on_menu_wanted)
        self._viewer.selection_asked.connect(self.quote_in_question)
        self._viewer.header.window_wanted.connect(self.open_window)

    def attach_to_chat(self, chat: ChatController, view: ChatView) -> None:
        """Show the sources of a chat's citations; send quotations and files to its composer."""
        transcript, composer = view.transcript, view.composer
        self._source_of_mark = chat.source_of_mark
        self._sources_of_turn = chat.sources_of
        transcript.mark_hovered.connect(self._on_mark_hovered)
        transcript.mark_left.connect(self.citation_popup.hide_soon)
        transcript.citation_clicked.connect(self.citation_popup.dismiss)
        self.citation_popup.open_wanted.connect(transcript.citation_clicked)
        self.question_quoted.connect(lambda words: _insert_quotation(composer, words))
        self.files_question_wanted.connect(composer.set_files)

    def register_actions(self, registry: ActionRegistry) -> None:
        """Offer what can be done with the open document."""
        for name, label, icon, trigger in (
            ("ask", _("Ask the open document"), "pencil", self.ask_about_document),
            ("window", _("Open document in a window of its own"), "window", self.open_window),
            ("face", _("Open document as pages or as text"), "file", self.toggle_view_mode),
            ("outside", _("Open document in its program"), "open", self.open_externally),
            ("folder", _("Show the open document in its folder"), "folder", self.show_in_folder),
        ):
            registry.add_action(
                f"document.{name}",
                MenuGroup.VIEW,
                label,
                trigger,
                icon=icon,
                section=60,
                enabled=lambda: self.source is not None,
            )
        register_viewer_shortcuts(registry)

    def close(self) -> None:
        """Drop what was requested for the viewer."""
        self._viewer_loader.close()

    @property
    def source(self) -> Source | None:
        """The source whose document is open."""
        return None if self._viewer.isHidden() else self._viewer.source

    def show_sources(
        self, sources: tuple[Source, ...], turn_id: str, *, keep_popup: bool = False
    ) -> None:
        """Show the passages of an answer, and prepare for one to be opened."""
        self._turn_id = turn_id
        if not keep_popup:
            self.citation_popup.dismiss()
        self._panel.show_sources(sources, self._wrong_numbers(turn_id), judged=bool(turn_id))
        if any(has_page_pictures(source.file) for source in sources):
            self._app.documents.prepare_viewer()

    def show_answering(self) -> None:
        """Say that the sources are of the answer before, until the one that began has its own."""
        self._panel.title.setText(_("Sources of the answer before"))

    def show_single_source(self, source: Source) -> None:
        """Show a passage that is not from an answer, but from a search."""
        self.show_sources((source,), "")
        self._panel.choose_source(source.n)
        self._viewer.focus_document()

    def _on_mark_hovered(self, turn_id: str, mark: CitationMark, beside: QRect) -> None:
        """Show the sentence of a citation next to it, soon."""
        source = self._source_of_mark(turn_id, mark)
        if source is not None:
            self._app.documents.prepare_viewer()
            self.citation_popup.show_soon(turn_id, mark, source, beside)

    def _follow_mark(self, turn_id: str, source: Source) -> None:
        """Let a viewer that is open show the document of the mark that is looked at."""
        if self._viewer.isVisible() and source != self._viewer.source:
            if turn_id != self._turn_id:
                self.show_sources(self._sources_of_turn(turn_id), turn_id, keep_popup=True)
            self._panel.open_source(source)

    def open_window(self) -> None:
        """Show the open document in a window of its own."""
        if self._panel.holds_viewer and self.source is not None:
            ViewerWindow(self._panel, self._panel.window()).show()

    def open_externally(self) -> None:
        """Open the document in the system's program, or show it in its folder if that is unsafe."""
        source = self.source
        if source is None:
            return
        outcome = open_externally(source.path)
        if outcome is OpenOutcome.GONE:
            self._notices.post_info(
                "opened", _("There is no file {path}.").format(path=source.path)
            )
        elif outcome is OpenOutcome.SHOWN:
            self._notices.post_info(
                "opened",
                _("Files of this kind may do more than show themselves."),
                _("Its folder was opened instead."),
            )

    def show_in_folder(self) -> None:
        """Show the document in its folder."""
        if self.source is not None:
            show_in_folder(self.source.path)

    def ask_about_document(self) -> None:
        """Ask the next question of this document alone."""
        if self.source is not None:
            self.files_question_wanted.emit((self.source.path,))

    def quote_in_question(self, words: str, page: int) -> None:
        """Start a question with a quotation of the document."""
        source = self._viewer.source
        if source is None or not words.strip():
            return
        name = source.file.rpartition("/")[2]
        place = _("{file}, page {page}").format(file=name, page=page) if page else name
        lines = "\n".join(f"> {line}" for line in words.strip().splitlines())
        self.question_quoted.emit(f"{lines}\n> — {place}\n\n")

    def toggle_view_mode(self) -> None:
        """Switch between page pictures and text."""
        self._viewer.set_view_mode(drawn=not self._viewer.shows_pages)

    def set_source_wrong(self, number: int, wrong: bool) -> None:  # noqa: FBT001 - a slot
        """Save whether the person marked a source as wrong."""
        try:
            is_saved = self._app.chats.wrong_sources.mark_source(self._turn_id, number, wrong=wrong)
        except InglenookError as error:
            self._notices.post_error("wrong source", error)
            return
        unsaved = self._unsaved.setdefault(self._turn_id, set())
        if wrong and not is_saved:
            unsaved.add(number)
        else:
            unsaved.discard(number)
        self._panel.show_sources(self._panel.sources, self._wrong_numbers(self._turn_id))

    def _wrong_numbers(self, turn_id: str) -> frozenset[int]:
        return self._app.chats.wrong_sources.wrong_source_numbers(turn_id) | self._unsaved.get(
            turn_id, set()
        )

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
            copy.triggered.connect(self._viewer.search.copy_selection)
            ask = menu.addAction(_("Ask about the selection"))
            ask.triggered.connect(lambda: self.quote_in_question(words, page))
            menu.addSeparator()
        menu.addAction(_("Ask this document")).triggered.connect(self.ask_about_document)
        if has_page_pictures(source.file):
            label = _("Show as text") if self._viewer.shows_pages else _("Show as pages")
            menu.addAction(label).triggered.connect(self.toggle_view_mode)
        menu.addSeparator()
        if is_safe_to_open(source.path):
            menu.addAction(_("Open in its program")).triggered.connect(self.open_externally)
        show_in_folder_action = menu.addAction(_("Show in its folder"))
        show_in_folder_action.triggered.connect(self.show_in_folder)
        show_in_folder_action.setEnabled(Path(source.path).exists())
        pop_up_menu(menu, place)


def _no_source(_turn_id: str, _mark: CitationMark) -> None:
    """Stand for a chat that isn't attached yet."""


def _no_sources(_turn_id: str) -> tuple[Source, ...]:
    return ()


def _insert_quotation(composer: Composer, words: str) -> None:
    """Put a quotation before what is typed; the question goes below it."""
    composer.set_draft(f"{words}{composer.draft}")
    composer.setFocus()
