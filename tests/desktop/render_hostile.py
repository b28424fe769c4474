"""Shows every hostile snippet in a message, a question and a preview; traced by a test."""

import os
import sys

from PySide6.QtWidgets import QApplication

from desktop.chat.message_text import MessageText
from desktop.colours import LIGHT
from tests.desktop.hostile import MARKER, SNIPPETS


def main() -> int:
    """Render them all."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    application = QApplication(sys.argv[:1])
    text = MessageText(LIGHT)
    text.resize(600, 400)
    text.show()
    for snippet in SNIPPETS:
        filled = snippet.replace("MARKER", MARKER)
        text.show_rendered(filled)
        application.processEvents()
        text.show_plain(filled)
        text.stream(filled)
        application.processEvents()
    sys.stdout.write("rendered\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
