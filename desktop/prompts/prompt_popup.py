"""Prompt popup: completion list above the composer while a "/" command is typed."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from core.base.i18n import _
from core.chat.prompts.prompt_library import Prompt
from desktop.chat.composer.completion_popup import CompletionPopup, CompletionRow
from desktop.chat.composer.composer import Composer
from desktop.kit.locale_formatting import one_line
from desktop.kit.theme import Theme


class PromptPopup(CompletionPopup):
    """Shown while the question is one word that begins with "/", until Escape."""

    prompt_used = Signal(object)  # Prompt
    manage_wanted = Signal()

    def __init__(self, theme: Theme, composer: Composer, parent: QWidget) -> None:
        super().__init__(theme, composer, parent, _("Prompts"))
        self.row_used.connect(self._on_row_used)

    def offer_prompts(self, prompts: Sequence[Prompt]) -> None:
        """Show these prompts with the first one selected, and a row that opens all of them."""
        rows = [
            CompletionRow(
                f"/{prompt.command}    {one_line(prompt.name, 60)}",
                f"{prompt.command}, {prompt.name}",
                prompt,
            )
            for prompt in prompts
        ]
        every = _("All prompts…")
        self.offer_rows((*rows, CompletionRow(every, every, None)))

    def _on_row_used(self, prompt: object) -> None:
        if isinstance(prompt, Prompt):
            self.prompt_used.emit(prompt)
        else:
            self.manage_wanted.emit()
