"""Answer cache service: repeats an earlier answer when its question comes again.

It looks while the answer to the question is already on its way, and takes its place only before the
model begins to write: whatever goes wrong here, the question is answered. Keys are saved with the
answers they name, and go with them.
"""

import contextlib
from collections.abc import Callable

from msgspec import structs

from core.app.events.app_events import AnswerFailed, AnswerFinished, AppEvent
from core.base.errors import InglenookError
from core.base.settings import app_settings as declared
from core.base.settings.app_settings import Settings
from core.chat.answer_cache.answer_context import (
    answer_key,
    is_first_question,
    may_be_repeated,
)
from core.chat.answer_cache.question_match import cosine, is_same_question, match_threshold
from core.chat.answering.answer_draft import AdoptedAnswer
from core.chat.answering.answer_request import AnswerRequest
from core.chat.answering.answer_run import AnswerRun
from core.chat.conversations.assurance import RecalledAnswer
from core.chat.conversations.conversation import TurnState
from core.chat.store.answer_keys import AnswerKey, KeyedAnswer
from core.chat.store.chat_database import ChatDatabase
from core.library.client.library_client import LibraryClient
from core.messages import FoldersFingerprinted, TextsEmbedded

SAME, SIMILAR, OFF = "same", "similar", "off"
"""The choices of the setting."""


class AnswerLookup:
    """One question: its key as far as it is known, and whether an earlier answer may serve."""

    def __init__(self, request: AnswerRequest, *, may_repeat: bool) -> None:
        self.request = request
        self.may_repeat = may_repeat
        self.run: AnswerRun | None = None
        """The answer, None until it has begun and after its end."""
        self.key: AnswerKey | None = None
        self.embedded: TextsEmbedded | None = None


class AnswerCacheService:
    """Belongs to the thread of the application, and listens to its events."""

    def __init__(
        self,
        chats: ChatDatabase,
        library: LibraryClient,
        settings: Settings,
        identify_model: Callable[[str], str],
    ) -> None:
        """`identify_model` names weights and settings of the model at a path, "" for none."""
        self._chats = chats
        self.digests = chats.digests
        """What models wrote of parts of documents, kept in the same place."""
        self._library = library
        self._settings = settings
        self._identify_model = identify_model
        self._lookups: dict[str, AnswerLookup] = {}

    def start_lookup(self, request: AnswerRequest) -> AnswerLookup | None:
        """Begin to look, before the question is asked: the library answers in its order.

        None if its answer is never repeated.
        """
        mode = self._settings.get_value(declared.ANSWER_CACHE)
        model = self._identify_model(request.model_path)
        if mode == OFF or not model or not may_be_repeated(request):
            return None
        lookup = AnswerLookup(request, may_repeat=not request.fresh and request.question is None)
        if request.folder_ids:
            state = self._library.fingerprint_folders(tuple(sorted(request.folder_ids)))
            state.on_done(lambda done: self._on_fingerprint(lookup, model, done))
        else:
            lookup.key = answer_key(request, model, "", _version())
        if mode == SIMILAR and is_first_question(request):
            vectors = self._library.embed_texts((request.text,))
            vectors.on_done(lambda done: self._on_embedded(lookup, done))
        return lookup

    def follow_answer(self, lookup: AnswerLookup, run: AnswerRun) -> None:
        """The answer is about to begin: an earlier one may take its place, or it be repeated."""
        lookup.run = run
        self._lookups[run.turn_id] = lookup

    def repeat_answer(self, turn_id: str) -> None:
        """The answer has begun: let an earlier one take its place if it is known already."""
        lookup = self._lookups.get(turn_id)
        if lookup is not None:
            self._try(lookup)

    def on_app_event(self, event: AppEvent) -> None:
        """Save the key of an answer that has ended well."""
        if not isinstance(event, AnswerFinished | AnswerFailed):
            return
        lookup = self._lookups.pop(event.turn_id, None)
        if lookup is not None:
            lookup.run = None
        if lookup is None or lookup.key is None or not isinstance(event, AnswerFinished):
            return
        is_whole = event.statistics.stop in {"eos", "stop"} and bool(event.text)
        if event.statistics.is_refused:  # what is read meanwhile may answer
            return
        is_repeated = event.assurance.recalled is not None
        if is_whole and not is_repeated and (event.sources or not lookup.request.folder_ids):
            vector = self._vector(lookup)
            with contextlib.suppress(InglenookError):  # a full disk: it is not repeated
                self._chats.answer_keys.save_key(event.turn_id, lookup.key._replace(vector=vector))

    def _on_fingerprint(self, lookup: AnswerLookup, model: str, done: FoldersFingerprinted) -> None:
        lookup.key = answer_key(lookup.request, model, done.fingerprint, _version())
        self._try(lookup)

    def _on_embedded(self, lookup: AnswerLookup, done: TextsEmbedded) -> None:
        lookup.embedded = done
        self._try(lookup)

    def _try(self, lookup: AnswerLookup) -> None:
        """Let an earlier answer serve if one is found by what is known so far."""
        if not lookup.may_repeat or lookup.run is None or lookup.key is None:
            return
        with contextlib.suppress(InglenookError):  # an unreadable chat: it is answered anew
            found = self._find(lookup, lookup.key)
            if found is not None:
                lookup.may_repeat = False
                lookup.run.stop(instead=self._adopted(lookup, found))

    def _find(self, lookup: AnswerLookup, key: AnswerKey) -> KeyedAnswer | None:
        if same := self._chats.answer_keys.find_same_question(key):
            return same
        vector = self._vector(lookup)
        threshold = match_threshold(lookup.embedded.embedder) if lookup.embedded else None
        if not vector or threshold is None:
            return None
        near = [
            (nearness, candidate)
            for candidate in self._chats.answer_keys.list_candidates(key.context)
            if (nearness := cosine(vector, candidate.vector)) >= threshold
            and is_same_question(lookup.request.text, candidate.question, nearness, threshold)
        ]
        return max(near, key=lambda each: each[0])[1] if near else None

    def _adopted(self, lookup: AnswerLookup, found: KeyedAnswer) -> AdoptedAnswer:
        """Return the earlier answer with its prompt, as an answer to this question."""
        chat = self._chats.load_conversation(found.chat_id)
        answer = chat.turns[found.turn_id]
        question = chat.turns[answer.parent_id or ""]
        asked = lookup.request.text
        before, held, after = question.sent.rpartition(question.text)
        is_same = asked.split() == question.text.split()
        recalled = RecalledAnswer(
            chat_id=found.chat_id,
            turn_id=found.turn_id,
            answered=answer.created,
            question="" if is_same else question.text,
        )
        prompt = self._chats.branches.sent_prompt(found.turn_id)
        return AdoptedAnswer(
            answer=structs.replace(answer, prompt=prompt, state=TurnState.DONE),
            assurance=structs.replace(answer.assurance, recalled=recalled),
            sent=f"{before}{asked}{after}" if held else question.sent,
        )

    @staticmethod
    def _vector(lookup: AnswerLookup) -> bytes:
        vectors = lookup.embedded.vectors if lookup.embedded else ()
        return vectors[0] if vectors else b""


def _version() -> str:
    import importlib.metadata  # noqa: PLC0415 - takes longer than the window may wait

    try:
        return importlib.metadata.version("inglenook")
    except importlib.metadata.PackageNotFoundError:
        return ""
