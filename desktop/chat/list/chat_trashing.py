"""Trashing of chats, one or several at once: a notice says so and undoes it."""

from collections.abc import Callable, Sequence
from functools import partial

from core.app.app import App
from core.base.errors import InglenookError
from core.base.i18n import _, ngettext
from core.chat.conversations.conversation import ChatListEntry
from desktop.kit.locale_formatting import format_count
from desktop.kit.notices import NoticeCenter

_NOTICE = "trashed"


class ChatTrashing:
    """`let_go` gets each chat that went; `open_chat` the only one that is brought back."""

    def __init__(
        self,
        app: App,
        notices: NoticeCenter,
        let_go: Callable[[str], object],
        open_chat: Callable[[str], object],
    ) -> None:
        self._app = app
        self._notices = notices
        self._let_go = let_go
        self._open_chat = open_chat
        self._trashed: tuple[str, ...] = ()
        """The chats that the notice is about."""

    def trash_chats(self, chats: Sequence[ChatListEntry]) -> None:
        """Move chats to the trash without a confirmation: it can be undone."""
        gone: list[str] = []
        try:
            for chat in chats:
                self._app.chat_service.trash_chat(chat.chat_id)
                gone.append(chat.chat_id)
        except InglenookError as error:
            self._notices.post_error("chat", error)
        for chat_id in gone:
            self._let_go(chat_id)
        if gone:
            self._trashed = tuple(gone)
            words = _format_gone(chats[: len(gone)])
            undo = partial(self._restore, self._trashed)
            self._notices.post_undoable(_NOTICE, words, undo)

    def forget_restored(self, trashed: Sequence[ChatListEntry]) -> None:
        """Offer no undo for chats that were put back elsewhere, or are gone for good."""
        if not set(self._trashed) <= {chat.chat_id for chat in trashed}:
            self._notices.dismiss_notice(_NOTICE)

    def _restore(self, chat_ids: Sequence[str]) -> None:
        try:
            for chat_id in chat_ids:
                self._app.chat_service.restore_chat(chat_id)
        except InglenookError as error:
            self._notices.post_error("chat", error)
            return
        if len(chat_ids) == 1:
            self._open_chat(chat_ids[0])


def _format_gone(chats: Sequence[ChatListEntry]) -> str:
    if len(chats) == 1:
        return _("“{title}” is in the trash.").format(title=chats[0].title)
    words = ngettext("{count} chat is in the trash.", "{count} chats are in the trash.", len(chats))
    return words.format(count=format_count(len(chats)))
