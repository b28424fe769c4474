"""Last chat: which one was open when the window closed, and where it was read."""

import logging

from core.app.app import App
from core.base.errors import InglenookError
from core.base.settings.app_settings import Settings
from core.base.settings.window_settings import LAST_CHAT
from desktop.chat.controller.chat_controller import ChatController
from desktop.chat.transcript.transcript_view import TranscriptView

_log = logging.getLogger(__name__)


def save_last_chat(chat: ChatController, transcript: TranscriptView, settings: Settings) -> None:
    """Save the open chat and its place; of a temporary one nothing. A failure is only logged."""
    place = None if transcript.following else transcript.reading_place()
    words = [chat.chat_id, *(map(str, place) if place else ())]
    text = "" if not chat.chat_id or chat.next_question.is_temporary else " ".join(words)
    if text == settings.get_value(LAST_CHAT):
        return
    try:
        settings.set_value(LAST_CHAT, text)
    except InglenookError:
        _log.exception("the open chat was not kept")


def open_last_chat(chat: ChatController, transcript: TranscriptView, app: App) -> None:
    """Open the chat that was open last, where it was read; nothing if it is gone."""
    chat_id, *place = app.settings.get_value(LAST_CHAT).split(" ")
    if not chat_id or all(each.chat_id != chat_id for each in app.chats.list_chats()):
        return
    chat.open_chat(chat_id)
    if len(place) == 2 and place[1].lstrip("-").isdecimal():
        transcript.scroll_to_place(place[0], int(place[1]))
