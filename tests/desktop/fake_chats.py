"""The fake application's chats: in memory, arranged, searched, drafts and prompts beside them."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import structs

from core.app.chats.comparison_service import Contestant
from core.app.events.app_events import AnswerStarted, ChatsChanged
from core.base.errors import ErrorCode, StorageError
from core.chat.conversations.chat_style import DEFAULT_CHAT_STYLE, ChatStyle
from core.chat.conversations.conversation import ChatListEntry, Conversation, Turn
from core.chat.export.chat_export import ExportFormat, export_content
from core.chat.prompts.prompt_library import Prompt, shipped_prompts
from core.chat.store.chat_organizer import ChatGroup
from core.chat.store.chat_search import ChatHit, fold_text, make_excerpt, search_terms
from core.chat.store.draft_store import NO_DRAFT, MessageDraft
from tests.desktop.fake_base import FakeBase
from tests.desktop.fake_values import FakeWrongSources

if TYPE_CHECKING:
    from tests.desktop.fake_answers import FakeAnswers


class FakeDrafts:
    """Drafts in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, MessageDraft] = {}

    def get_draft(self, chat_id: str) -> MessageDraft:
        """Return a chat's draft."""
        return self.kept.get(chat_id, NO_DRAFT)

    def save_draft(self, chat_id: str, draft: MessageDraft) -> None:
        """Keep a chat's draft."""
        self.kept[chat_id] = draft


class FakePrompts:
    """Prompts in memory."""

    def __init__(self) -> None:
        self.own: list[Prompt] = []

    def list_prompts(self) -> tuple[Prompt, ...]:
        """Return them by command."""
        found = {each.command: each for each in (*shipped_prompts(), *self.own)}
        return tuple(found[command] for command in sorted(found))

    def save_prompt(self, prompt: Prompt) -> Prompt:
        """Keep one."""
        prompt_id = prompt.prompt_id or f"prompt-{len(self.own) + 1}"
        command = prompt.command or prompt.name.lower()
        kept = structs.replace(prompt, prompt_id=prompt_id, command=command)
        self.own = [*(each for each in self.own if each.prompt_id != prompt_id), kept]
        return kept

    def remove_prompt(self, prompt_id: str) -> None:
        """Forget one."""
        self.own = [each for each in self.own if each.prompt_id != prompt_id]


class FakeChats:
    """Chats in memory."""

    def __init__(self) -> None:
        self.saved: dict[str, Conversation] = {}
        self.temporary: set[str] = set()
        self.pinned: set[str] = set()
        self.grouped: dict[str, str] = {}
        self.trashed: dict[str, float] = {}
        self.drafts = FakeDrafts()
        self.prompts = FakePrompts()
        self.wrong_sources = FakeWrongSources()

    @property
    def search(self) -> "FakeChats":
        """The words of all chats."""
        return self

    def find_hits(self, query: str) -> tuple[ChatHit, ...]:
        """Return places that hold every word."""
        terms = search_terms(query)
        hits: list[ChatHit] = []
        for chat in self.listed(trashed=False):
            for turn in self.saved[chat.chat_id].path():
                if terms and all(term in fold_text(turn.text) for term in terms):
                    excerpt, marks = make_excerpt(turn.text, terms)
                    hits.append(
                        ChatHit(
                            chat_id=chat.chat_id,
                            title=chat.title,
                            updated=chat.updated,
                            turn_id=turn.turn_id,
                            role=turn.role,
                            excerpt=excerpt,
                            marks=marks,
                        )
                    )
        return tuple(hits)

    def list_chats(self) -> tuple[ChatListEntry, ...]:
        """Return all chats, the latest first."""
        return self.listed(trashed=False)

    def listed(self, *, trashed: bool) -> tuple[ChatListEntry, ...]:
        """Return those of the list or of the trash."""
        ordered = sorted(self.saved.values(), key=lambda chat: chat.updated, reverse=True)
        return tuple(
            ChatListEntry(
                chat_id=chat.chat_id,
                title=chat.title,
                created=chat.created,
                updated=chat.updated,
                turns=len(chat.turns),
                pinned=chat.chat_id in self.pinned,
                group_id=self.grouped.get(chat.chat_id, ""),
                trashed=self.trashed.get(chat.chat_id, 0.0),
            )
            for chat in ordered
            if (chat.chat_id in self.trashed) == trashed and chat.chat_id not in self.temporary
        )

    def load_conversation(self, chat_id: str) -> Conversation:
        """Return one chat."""
        if chat_id not in self.saved:
            raise StorageError(ErrorCode.CHAT_UNKNOWN, ref=chat_id)
        return self.saved[chat_id]

    def rename_chat(self, chat_id: str, title: str) -> None:
        """Give a chat another title."""
        self.saved[chat_id] = structs.replace(self.saved[chat_id], title=title)

    def put(
        self,
        title: str,
        turns: tuple[Turn, ...],
        *,
        age: float = 0.0,
        temporary: bool = False,
        chat_style: ChatStyle = DEFAULT_CHAT_STYLE,
    ) -> str:
        """Save a finished chat, `age` seconds old."""
        chat_id = f"chat-{len(self.saved) + 1}"
        then = time.time() - age
        conversation = Conversation(
            chat_id=chat_id,
            title=title,
            created=then,
            updated=then,
            turns={},
            chat_style=chat_style,
        )
        for turn in turns:
            linked = structs.replace(turn, parent_id=conversation.leaf_id)
            conversation = conversation.with_turn(linked)
        self.saved[chat_id] = conversation
        if temporary:
            self.temporary.add(chat_id)
        return chat_id


class FakeArranging:
    """The arrangement of the list, in memory."""

    def __init__(self, fake: FakeBase, chats: FakeChats) -> None:
        self._fake = fake
        self._chats = chats
        self._groups: list[ChatGroup] = []

    def list_trashed_chats(self) -> tuple[ChatListEntry, ...]:
        """Return what is in the trash."""
        return self._chats.listed(trashed=True)

    def list_groups(self) -> tuple[ChatGroup, ...]:
        """Return all groups."""
        return tuple(sorted(self._groups, key=lambda group: group.name.casefold()))

    def pin_chat(self, chat_id: str, *, pinned: bool) -> None:
        """Keep a chat on top."""
        self._fake.refuse()
        (self._chats.pinned.add if pinned else self._chats.pinned.discard)(chat_id)
        self._fake.emit(ChatsChanged())

    def move_to_group(self, chat_id: str, group_id: str) -> None:
        """Put a chat into a group."""
        self._fake.refuse()
        self._chats.grouped[chat_id] = group_id
        self._fake.emit(ChatsChanged())

    def add_group(self, name: str) -> ChatGroup:
        """Make a group."""
        self._fake.refuse()
        group = ChatGroup(group_id=f"group-{len(self._groups) + 1}", name=name)
        self._groups.append(group)
        self._fake.emit(ChatsChanged())
        return group

    def rename_group(self, group_id: str, name: str) -> None:
        """Rename a group."""
        self._fake.refuse()
        self._groups = [
            structs.replace(each, name=name) if each.group_id == group_id else each
            for each in self._groups
        ]
        self._fake.emit(ChatsChanged())

    def remove_group(self, group_id: str) -> None:
        """Remove a group."""
        self._fake.refuse()
        self._groups = [each for each in self._groups if each.group_id != group_id]
        chats = self._chats
        chats.grouped = {key: each for key, each in chats.grouped.items() if each != group_id}
        self._fake.emit(ChatsChanged())


class FakeChatDesk:
    """What is done with whole chats."""

    def __init__(self, fake: "FakeAnswers", chats: FakeChats) -> None:
        self._fake = fake
        self._chats = chats

    def load_chat(self, chat_id: str) -> Conversation:
        """Return a chat."""
        return self._chats.load_conversation(chat_id)

    def is_temporary(self, chat_id: str) -> bool:
        """Whether it is one."""
        return chat_id in self._chats.temporary

    def rename_chat(self, chat_id: str, title: str) -> None:
        """Give a chat another title."""
        self._fake.refuse()
        self._chats.rename_chat(chat_id, title)
        self._fake.emit(ChatsChanged())

    def set_chat_style(self, chat_id: str, chat_style: ChatStyle) -> None:
        """Answer in another style."""
        self._fake.refuse()
        self._chats.saved[chat_id] = structs.replace(
            self._chats.saved[chat_id], chat_style=chat_style
        )

    def trash_chat(self, chat_id: str) -> None:
        """Put a chat into the trash; its answer ends first."""
        self._fake.refuse()
        self._end(chat_id)
        self._chats.trashed[chat_id] = time.time()
        self._fake.emit(ChatsChanged())

    def restore_chat(self, chat_id: str) -> None:
        """Take a chat out of the trash."""
        self._fake.refuse()
        del self._chats.trashed[chat_id]
        self._fake.emit(ChatsChanged())

    def delete_chat(self, chat_id: str) -> None:
        """Delete a chat; its answer ends first."""
        self._fake.refuse()
        self._end(chat_id)
        self._chats.saved.pop(chat_id, None)
        self._chats.trashed.pop(chat_id, None)
        self._chats.temporary.discard(chat_id)
        self._fake.emit(ChatsChanged())

    def save_temporary_chat(self, chat_id: str) -> None:
        """Save a temporary chat."""
        self._fake.refuse()
        self._chats.temporary.discard(chat_id)
        self._fake.emit(ChatsChanged())

    def export_chats(
        self, chat_ids: Sequence[str], form: ExportFormat, path: Path, *, sources: bool = True
    ) -> None:
        """Write chats to a file."""
        self._fake.refuse()
        path.write_bytes(
            export_content([self.load_chat(each) for each in chat_ids], form, sources=sources)
        )

    def import_chats(self, path: Path) -> tuple[Conversation, ...]:
        """Take in a file: a chat of its name."""
        self._fake.refuse()
        chat_id = self._chats.put(path.stem, ())
        self._fake.emit(ChatsChanged())
        return (self._chats.load_conversation(chat_id),)

    def _end(self, chat_id: str) -> None:
        if chat_id in self._fake.runs:
            self._fake.stop_answer(self._fake.runs[chat_id].started.turn_id)


class FakeComparing:
    """One question to several; each answer is the test's to give."""

    def __init__(self, fake: "FakeAnswers") -> None:
        self._fake = fake
        self.contestants: tuple[Contestant, ...] = ()
        self.kept: tuple[str, tuple[str, ...], str] = ("", (), "")
        self.chat_style = DEFAULT_CHAT_STYLE
        self.dropped: list[str] = []
        self.copies: set[str] = set()

    def is_copy(self, chat_id: str) -> bool:
        """Whether a chat is there for a comparison alone."""
        return chat_id in self.copies

    def start_comparison(
        self,
        text: str,
        contestants: Sequence[Contestant],
        *,
        chat_id: str = "",
        folder_ids: tuple[str, ...] = (),
        files: tuple[str, ...] = (),
        chat_style: ChatStyle = DEFAULT_CHAT_STYLE,
    ) -> tuple[AnswerStarted, ...]:
        """Ask all of them."""
        self.contestants = tuple(contestants)
        self.chat_style = chat_style
        begun = tuple(
            self._fake.ask_question(text, folder_ids=folder_ids, files=files, temporary=True)
            for _ in contestants
        )
        self.copies |= {each.chat_id for each in begun}
        return begun

    def keep_answer(
        self, better: str, others: Sequence[str], *, chat_id: str = "", temporary: bool = False
    ) -> str:
        """Keep one."""
        self.kept = (better, tuple(others), chat_id)
        if not chat_id and not temporary:
            self._fake.chat_service.save_temporary_chat(better)
        return chat_id or better

    def discard_copies(self, chat_ids: Sequence[str]) -> None:
        """Forget them."""
        self.dropped += chat_ids
