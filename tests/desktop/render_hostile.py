"""Rendering of every hostile snippet in answers and questions, for a system call trace."""

import os
import sys
import time
from pathlib import Path

from PySide6.QtWidgets import QApplication

from core.base.settings.app_settings import Settings
from core.chat.conversations.conversation import TurnState
from desktop.chat.cards.answer_card import AnswerCard
from desktop.chat.cards.question_card import QuestionCard
from desktop.chat.markdown.markdown_html import render_markdown
from desktop.chat.message.formula_renderer import render_formula
from desktop.chat.message.message_text import MessageText
from desktop.chat.message.render_tools import make_render_tools
from desktop.kit.theme import Theme
from tests.desktop.hostile import MARKER, SNIPPETS
from tests.desktop.values import answer, question


def main(root: str) -> int:
    """Render them all."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    application = QApplication(sys.argv[:1])
    application.setStyle("fusion")
    settings = Settings(Path(root) / "settings.json")
    tools = make_render_tools(Theme(application, settings), application)
    streamed = AnswerCard(tools, answer("s", "", state=TurnState.STREAMING))
    plain = MessageText(tools.theme.colours)
    for widget in (streamed, plain):
        widget.resize(600, 400)
        widget.show()
    for snippet in SNIPPETS:
        filled = snippet.replace("MARKER", MARKER)
        cards = [AnswerCard(tools, answer("a", filled)), QuestionCard(tools, question("q", filled))]
        for card in cards:
            card.resize(600, 400)
            card.show()
        streamed.restart_answer("")
        for at in range(0, len(filled), 40):
            streamed.add_text(filled[at : at + 40])
        plain.show_prose(render_markdown(filled))
        application.processEvents()
        for text in streamed.text_widgets:
            for formula in text.formulas:
                render_formula(formula, 16.0, "#000000")
        for card in cards:
            card.deleteLater()
    while tools.background.is_busy:
        application.processEvents()
        time.sleep(0.01)
    sys.stdout.write("rendered\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
