"""Prompt controller: completion, expansion and editing of prompts in one window."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QDate, QLocale, QObject, QTime
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from core.chat.conversations.chat_style import DEFAULT_CHAT_STYLE
from core.chat.prompts.prompt_library import Prompt
from core.chat.prompts.prompt_variables import (
    CLIPBOARD,
    DATE,
    INPUT,
    SELECTION,
    TIME,
    fill_variables,
    variable_names,
)
from desktop.chat.composer.composer import Composer
from desktop.chat.composer.next_question import NextQuestion
from desktop.chat.message.message_text import MessageText
from desktop.kit.window_context import WindowContext
from desktop.prompts.prompt_gap_keys import PromptGapKeys
from desktop.prompts.prompt_popup import PromptPopup


class PromptController(QObject):
    """Belongs to one window, because a prompt may insert the window's selected text."""

    def __init__(
        self, context: WindowContext, composer: Composer, next_question: NextQuestion
    ) -> None:
        super().__init__(context.window)
        self._context = context
        self._composer = composer
        self._next_question = next_question
        self._popup: PromptPopup | None = None
        self._gap_keys = PromptGapKeys(composer)
        self._connect()

    def _connect(self) -> None:
        self._composer.text_edit.textChanged.connect(self._on_text_changed)
        self._composer.style_strip.edit_wanted.connect(self.edit_chat_style)
        self._composer.style_strip.removed.connect(self._on_chat_style_accepted)

    def use_prompt(self, prompt: Prompt, typed: str = "") -> None:
        """Insert a prompt's text into the composer, and show its instructions above it."""
        filled = fill_variables(prompt.text, self._values(typed))
        if prompt.has_chat_style:
            self._next_question.set_chat_style(prompt.chat_style)
        self._composer.set_draft(filled.text)
        self._composer.setFocus()
        if filled.gap is not None:
            self._gap_keys.begin_gaps(variable_names(prompt.text), filled.gap)

    def expand_command(self, text: str) -> bool:
        """If `text` is a command followed by words, apply it; returns whether it was one."""
        command, _space, typed = text.strip().partition(" ")
        if not command.startswith("/") or "\n" in command:
            return False
        for prompt in self._context.app.chats.prompts.list_prompts():
            if prompt.command == command[1:].lower():
                self.use_prompt(prompt, typed.strip())
                return True
        return False

    def edit_chat_style(self) -> None:
        """Edit the chat style of the open chat."""
        from desktop.prompts.chat_style_page import ChatStylePage  # noqa: PLC0415 - rarely needed

        def make() -> ChatStylePage:
            asked = self._next_question
            chat_id, temporary = asked.chat_id, asked.is_temporary
            page = ChatStylePage(self._context.theme, self._context.window, asked.chat_style)
            page.accepted.connect(
                lambda: asked.set_chat_style_of(chat_id, page.chat_style, temporary=temporary)
            )
            return page

        self._context.dialogs.open_page("style", make)

    def edit_prompts(self) -> None:
        """Show all prompts."""
        from desktop.prompts.prompts_page import PromptsPage  # noqa: PLC0415 - rarely needed

        def make() -> PromptsPage:
            page = PromptsPage(
                self._context.theme, self._context.notices, self._context.app, self._context.window
            )
            page.prompt_used.connect(self.use_prompt)
            return page

        self._context.dialogs.open_page("prompts", make)

    def _values(self, typed: str) -> dict[str, Callable[[], str]]:
        locale = QLocale()
        long, short = QLocale.FormatType.LongFormat, QLocale.FormatType.ShortFormat
        return {
            SELECTION: partial(selected_text, self._context.window, self._composer.text_edit),
            CLIPBOARD: QGuiApplication.clipboard().text,
            DATE: lambda: locale.toString(QDate.currentDate(), long),
            TIME: lambda: locale.toString(QTime.currentTime(), short),
            INPUT: lambda: typed,
        }

    def _on_text_changed(self) -> None:
        """Show matching prompts while the whole question is one word that begins with "/"."""
        text = self._composer.draft
        if not text.startswith("/") or any(letter.isspace() for letter in text):
            if self._popup is not None:
                self._popup.reset_popup()
            return
        if not self._composer.text_edit.hasFocus():
            return
        typed = text[1:].casefold()
        prompts = self._context.app.chats.prompts.list_prompts()
        first = [each for each in prompts if each.command.startswith(typed)]
        rest = [each for each in prompts if each not in first and typed in each.name.casefold()]
        if first or rest:
            self._made_popup().offer_prompts([*first, *rest])
        elif self._popup is not None:
            self._popup.hide()

    def _made_popup(self) -> PromptPopup:
        """Return the popup, created when it is first needed."""
        if self._popup is None:
            self._popup = PromptPopup(self._context.theme, self._composer, self._context.window)
            self._popup.prompt_used.connect(self.use_prompt)
            self._popup.manage_wanted.connect(self._on_manage_wanted)
        return self._popup

    def _on_manage_wanted(self) -> None:
        self._composer.set_draft("")
        self.edit_prompts()

    def _on_chat_style_accepted(self) -> None:
        self._next_question.set_chat_style(DEFAULT_CHAT_STYLE)


def selected_text(window: QWidget, question: QWidget) -> str:
    """Return the selected text of a window outside its composer, "" for none."""
    found: list[str] = []
    for text in window.findChildren(QTextEdit) + window.findChildren(QPlainTextEdit):
        if text is question or not text.isVisible() or not text.textCursor().hasSelection():
            continue
        words = text.textCursor().selection().toPlainText()
        found.append(text.selected_plain_text() if isinstance(text, MessageText) else words)
    return "\n\n".join(found)
