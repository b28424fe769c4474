"""Window work: what only an open window does, without one: a draft is typed, or it idles.

`python -m tests.app.encryption.window_work ROOT draft TEXT | idle SECONDS`
"""

import sys
import threading
import time
from pathlib import Path

from core.app.app import App
from core.base.paths import Paths
from core.chat.store.draft_store import MessageDraft


def main(root: str, what: str, value: str) -> None:
    """Do it over the data folder, whose key the key store has."""
    woken = threading.Event()
    app = App(Paths(Path(root)), woken.set)
    app.open_root()
    try:
        if what == "draft":
            for length in range(1, len(value) + 1):  # letter by letter
                app.chats.drafts.save_draft("", MessageDraft(value[:length]))
            app.chats.drafts.save_draft("", MessageDraft(value))
            return
        app.warm_up()
        ends = time.monotonic() + float(value)
        while time.monotonic() < ends:
            woken.wait(0.2)
            woken.clear()
            app.process_events()
    finally:
        app.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
