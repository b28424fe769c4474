"""Last chat: which one was open when the window closed, where it was read, and its folders."""

import logging
from collections.abc import Iterable

from core.app.app import App
from core.base.errors import InglenookError
from core.base.settings.app_settings import Settings
from core.base.settings.window_settings import LAST_CHAT, LAST_FOLDERS
from desktop.chat.controller.chat_controller import ChatController
from desktop.chat.transcript.transcript_view import TranscriptView

_log = logging.getLogger(__name__)
_NEW_CHAT = "new"
"""Stands for a chat that isn't saved yet."""


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


def save_last_folders(chat: ChatController, folder_ids: Iterable[str], settings: Settings) -> None:
    """Save which folders the open chat is to answer from: it keeps them with a question only.

    Of a temporary one nothing. A failure is only logged.
    """
    if chat.next_question.is_temporary:
        return
    text = " ".join([chat.chat_id or _NEW_CHAT, *folder_ids])
    if text == settings.get_value(LAST_FOLDERS):
        return
    try:
        settings.set_value(LAST_FOLDERS, text)
    except InglenookError:
        _log.exception("the ticked folders were not kept")


def last_folders(chat_id: str, settings: Settings) -> tuple[str, ...] | None:
    """Return what was ticked last in a chat that was the open one then, else None."""
    saved_id, *folder_ids = settings.get_value(LAST_FOLDERS).split(" ")
    return tuple(folder_ids) if saved_id == (chat_id or _NEW_CHAT) else None


def open_last_chat(chat: ChatController, transcript: TranscriptView, app: App) -> None:
    """Open the chat that was open last, where it was read; nothing if it is gone."""
    chat_id, *place = app.settings.get_value(LAST_CHAT).split(" ")
    if not chat_id or all(each.chat_id != chat_id for each in app.chats.list_chats()):
        return
    folder_ids = last_folders(chat_id, app.settings)  # before that of the chat takes its place
    chat.open_chat(chat_id)
    if folder_ids is not None:
        chat.set_ticked_folders(folder_ids)
        chat.ticked_folders_restored.emit(folder_ids)
    if len(place) == 2 and place[1].lstrip("-").isdecimal():
        transcript.scroll_to_place(place[0], int(place[1]))
