"""Turn operations: regenerate, continue, edit, branch, delete and rate.

Nothing is overwritten: another answer or wording is added as a version of the turn.
"""

import time
from collections.abc import Callable

from msgspec import Struct, structs

from core.app.chats.answer_service import AnswerService
from core.app.chats.ask_options import AS_SET, AskOptions
from core.app.chats.chat_service import ChatService
from core.app.chats.question_service import QuestionService
from core.app.events.app_events import AnswerStarted, AppEvent, ChatsChanged
from core.base.i18n import _
from core.chat.answering.answer_request import AnswerRedo
from core.chat.consensus.consensus_run import DEFAULT_SAMPLES
from core.chat.conversations import turn_tree
from core.chat.conversations.conversation import Conversation, Role, SentPrompt, Turn, TurnState
from core.chat.intent.message_intent import Intent, message_intent
from core.chat.store.chat_database import ChatDatabase, new_id


class AnswerDetails(Struct, frozen=True, kw_only=True):
    """An answer with its question and prompt; None for an answer from before prompts were saved."""

    question: Turn
    answer: Turn
    prompt: SentPrompt | None


class TurnService:
    """Belongs to the thread of the application.

    Every call that writes raises StorageError when the disk refuses; those that ask the model raise
    ModelError before anything was changed, and use the chat's adapters unless others are given. An
    answer on its way in the chat ends first.
    """

    def __init__(
        self,
        chats: ChatDatabase,
        chat_service: ChatService,
        answers: AnswerService,
        questions: QuestionService,
        emit: Callable[[AppEvent], None],
    ) -> None:
        self._chats = chats
        self._chat_service = chat_service
        self._answers = answers
        self._questions = questions
        self._emit = emit

    def regenerate_answer(
        self, chat_id: str, turn_id: str, options: AskOptions = AS_SET
    ) -> AnswerStarted:
        """Answer the question of an answer again; the earlier answer stays as a version.

        A model that is named answers this once. With `document_use` NONE, the folders are left
        alone this once; they stay those of the chat.
        """
        question = self._question(chat_id, turn_id)
        return self._questions.ask_question(
            question.text,
            structs.replace(options, redo=AnswerRedo(question=question), once=True),
            chat_id=chat_id,
        )

    def find_consensus(
        self, chat_id: str, turn_id: str, options: AskOptions = AS_SET
    ) -> AnswerStarted:
        """Answer the question of an answer several times; the common one becomes a version."""
        question = self._question(chat_id, turn_id)
        redo = AnswerRedo(question=question)
        return self._questions.ask_question(
            question.text,
            structs.replace(options, redo=redo, samples=DEFAULT_SAMPLES, agree=True),
            chat_id=chat_id,
        )

    def continue_answer(
        self, chat_id: str, turn_id: str, options: AskOptions = AS_SET
    ) -> AnswerStarted:
        """Continue an answer where it ended, with its model if that is still there.

        Its sources stay the same. A task over whole documents becomes another version, which begins
        with all that was read.
        """
        chat = self._chat_service.load_chat(chat_id)
        begun, question = chat.turns[turn_id], _question_of(chat, turn_id)
        if chat.folder_ids and _is_over_whole_documents(question, begun):
            again = structs.replace(options, folder_ids=chat.folder_ids)
            return self.regenerate_answer(chat_id, turn_id, again)
        redo = AnswerRedo(question=question, begun=begun)
        model = begun.model if self._questions.can_answer(begun.model) else ""
        return self._questions.ask_question(
            question.text,
            structs.replace(options, redo=redo, model=model, once=True),
            chat_id=chat_id,
        )

    def edit_question(
        self, chat_id: str, turn_id: str, text: str, options: AskOptions = AS_SET
    ) -> AnswerStarted:
        """Add another version of a question and answer it; the earlier one and its answers stay."""
        self._answers.end_answers_in_chat(chat_id)
        before = self._chat_service.load_chat(chat_id)
        self._show_branch(before, before.turns[turn_id].parent_id)
        try:
            return self._questions.ask_question(text, options, chat_id=chat_id)
        except Exception:
            self._show_branch(before, before.leaf_id)
            raise

    def edit_answer(self, chat_id: str, turn_id: str, text: str) -> Turn:
        """Add an edited version of an answer and show it; the model reads it as its own answer."""
        self._answers.end_answers_in_chat(chat_id)
        chat = self._chat_service.load_chat(chat_id)
        edited = structs.replace(
            chat.turns[turn_id],
            turn_id=new_id(),
            created=time.time(),
            state=TurnState.DONE,
            text=text,
            raw=text,
            thinking="",
            token_ids=(),
            citations=(),
            sentences=(),
            note=_("Edited by you."),
            is_edited=True,
            rating=0,
            rating_note="",
        )
        self._chat_service.add_turns(chat.with_turn(edited), edited)
        return edited

    def show_version(self, chat_id: str, turn_id: str, by: int) -> None:
        """Show the version `by` places after a turn, with its newest branch."""
        self._answers.end_answers_in_chat(chat_id)
        chat = self._chat_service.load_chat(chat_id)
        there = turn_tree.turn_versions(chat, turn_id)
        place = min(max(there.index(turn_id) + by, 0), len(there) - 1)
        self._show_branch(chat, turn_tree.latest_leaf(chat, there[place]))

    def branch_chat(self, chat_id: str, turn_id: str) -> str:
        """Copy the turns up to this one to a new chat; return its id."""
        chat = self._chat_service.load_chat(chat_id)
        path = turn_tree.path_to(chat, turn_id)
        turns = turn_tree.path_with_new_ids(path, [new_id() for _turn in path])
        names = {old.turn_id: new.turn_id for old, new in zip(path, turns, strict=True)}
        made = structs.replace(
            self._chats.new_conversation(
                _("{title} (branch)").format(title=chat.title), chat.folder_ids, chat.chat_style
            ),
            adapters=chat.adapters,
            summaries=tuple(
                structs.replace(summary, summary_id=new_id(), last_id=names[summary.last_id])
                for summary in chat.summaries
                if summary.last_id in names
            ),
        )
        for turn in turns:
            made = made.with_turn(turn)
        if self._chat_service.is_temporary(chat_id):
            self._chat_service.store_temporary_chat(made)
        else:
            self._chats.import_conversations((made,))
        self._emit(ChatsChanged())
        return made.chat_id

    def delete_turn(self, chat_id: str, turn_id: str) -> turn_tree.TurnRemoval:
        """Delete a turn, a question with its answers; `restore_turn` undoes it."""
        self._answers.end_answers_in_chat(chat_id)
        chat = self._chat_service.load_chat(chat_id)
        removed = turn_tree.plan_removal(chat, turn_id)
        if self._chat_service.is_temporary(chat_id):
            self._chat_service.store_temporary_chat(turn_tree.apply_removal(chat, removed))
        else:
            kept = tuple(
                structs.replace(turn, prompt=self._chats.branches.sent_prompt(turn.turn_id))
                for turn in removed.turns
            )
            removed = structs.replace(removed, turns=kept)
            self._chats.branches.remove_turns(removed)
        self._emit(ChatsChanged())
        return removed

    def restore_turn(self, removed: turn_tree.TurnRemoval) -> None:
        """Undo a deletion; turns since then stay."""
        self._answers.end_answers_in_chat(removed.chat_id)
        chat = turn_tree.undo_removal(self._chat_service.load_chat(removed.chat_id), removed)
        if self._chat_service.is_temporary(removed.chat_id):
            self._chat_service.store_temporary_chat(chat)
        else:
            there = structs.replace(
                removed,
                parents={key: up for key, up in removed.parents.items() if key in chat.turns},
            )
            self._chats.branches.restore_turns(there, chat.leaf_id)
        self._emit(ChatsChanged())

    def rate_answer(self, chat_id: str, turn_id: str, rating: int, note: str = "") -> None:
        """Save the person's rating of an answer: 1 good, -1 bad, 0 none."""
        if self._chat_service.is_temporary(chat_id):
            chat = self._chat_service.load_chat(chat_id)
            rated = structs.replace(chat.turns[turn_id], rating=rating, rating_note=note)
            self._chat_service.store_temporary_chat(chat.with_turn(rated))
        else:
            self._chats.branches.rate_answer(turn_id, rating, note)

    def answer_details(self, chat_id: str, turn_id: str) -> AnswerDetails:
        """Return an answer with its question and prompt."""
        chat = self._chat_service.load_chat(chat_id)
        answer = chat.turns[turn_id]
        prompt = answer.prompt or self._chats.branches.sent_prompt(turn_id)
        return AnswerDetails(question=_question_of(chat, turn_id), answer=answer, prompt=prompt)

    def _question(self, chat_id: str, turn_id: str) -> Turn:
        return _question_of(self._chat_service.load_chat(chat_id), turn_id)

    def _show_branch(self, chat: Conversation, leaf_id: str | None) -> None:
        if self._chat_service.is_temporary(chat.chat_id):
            self._chat_service.store_temporary_chat(structs.replace(chat, leaf_id=leaf_id))
        else:
            self._chats.branches.show_branch(chat.chat_id, leaf_id)


def _is_over_whole_documents(question: Turn, answer: Turn) -> bool:
    """Whether an answer went through documents; a killed program left no word of it."""
    intent = answer.statistics.intent
    if not intent and answer.state is TurnState.INTERRUPTED:
        return message_intent(question.text, has_history=True) is Intent.WHOLE
    return intent == Intent.WHOLE and answer.state is not TurnState.DONE


def _question_of(chat: Conversation, turn_id: str) -> Turn:
    """Return the question that a turn answers."""
    turn = chat.turns[turn_id]
    while turn.role is not Role.USER and turn.parent_id is not None:
        turn = chat.turns[turn.parent_id]
    return turn
