"""Conversation values: a tree of turns, of which one path is shown."""

from enum import StrEnum

from msgspec import Struct, structs

from core.chat.conversations.assurance import NO_ASSURANCE, Assurance
from core.chat.conversations.chat_style import DEFAULT_CHAT_STYLE, ChatStyle
from core.chat.conversations.tool_calls import RecordedCall
from core.messages import Adapter, Sampling


class Role(StrEnum):
    """Who speaks in a turn."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


class TurnState(StrEnum):
    """State of a turn. INTERRUPTED: cut off by a crash; CANCELLED: stopped by the person."""

    STREAMING = "streaming"
    DONE = "done"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"
    FAILED = "failed"


class Source(Struct, frozen=True, kw_only=True):
    """A passage that was sent with a question, copied so that old chats outlive re-indexing.

    `n` is its citation number, `file` relative to its folder with "/", `page` counts from 1.
    """

    n: int
    folder_id: str
    folder: str
    file: str
    path: str
    page: int | None
    heading: str
    text: str
    content_hash: str
    score: float


class Citation(Struct, frozen=True, kw_only=True):
    """Characters `start` to `end` of an answer are supported by source `n`.

    Characters `source_start` to `source_end` of that source's text are the sentence or row that
    does it; 0 to 0 where it isn't known, as in chats of earlier versions.
    """

    n: int
    start: int
    end: int
    source_start: int = 0
    source_end: int = 0


class SentenceVerdict(StrEnum):
    """What the sources of an answer say of one sentence of it.

    UNSUPPORTED: nothing of it. Common phrases (greetings, headings, lead-ins) get no verdict.
    """

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    UNSUPPORTED = "unsupported"


class JudgedSentence(Struct, frozen=True, kw_only=True):
    """The verdict on characters `start` to `end` of an answer: a sentence, row or list entry.

    Source `n` supports or contradicts it, 0 if it is UNSUPPORTED, with the characters
    `source_start` to `source_end` of its text. `support` and `contradiction` are probabilities.
    """

    start: int
    end: int
    verdict: SentenceVerdict
    n: int = 0
    source_start: int = 0
    source_end: int = 0
    support: float = 0.0
    contradiction: float = 0.0


class AnswerStatistics(Struct, frozen=True, kw_only=True):
    """Token counts and times of an answer. `tokens_per_second` is from first to last token.

    `cached_tokens` of the prompt were not read again. `checks` decodings verified
    `drafted_tokens` of speculative decoding, of which `accepted_tokens` were right.
    `seconds_of_thinking` count from the first word of thinking to the first word of the answer.
    """

    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    thinking_tokens: int = 0
    seconds_to_first_token: float = 0.0
    seconds_of_thinking: float = 0.0
    tokens_per_second: float = 0.0
    checks: int = 0
    drafted_tokens: int = 0
    accepted_tokens: int = 0
    stop: str = ""
    context: int = 0
    """Tokens the model reads at once, prompt and answer together; 0 is not known."""
    reason: str = ""
    """Why “Auto” chose the model (see `core.app.chats.routing_service`); "" when a person did."""
    intent: str = ""
    """What the question was taken for (see `core.chat.intent`); "" in a chat without documents."""
    verdict: str = ""
    """What the documents say on it (see `core.messages.SearchVerdict`), "" if none was searched; of
    an answer that they contradict or don't prove "contradicted" or "unproven"."""
    confidence: float = 0.0
    """Probability, 0 to 1, that the best passages answer it."""
    folders: int = 0
    """Number of folders that were searched for it, or gone through."""
    is_refused: bool = False
    """Whether the app answered in place of the model; the sources are the nearest passages then."""
    unread_files: int = 0
    """Files of the searched folders that were not read yet; `UNKNOWN_COUNT` if not known."""
    left_out: int = 0
    """Sentences that were written and left out, since the documents don't prove them."""


class SentPrompt(Struct, frozen=True, kw_only=True):
    """The prompt of an answer exactly as the model got it, for display.

    `cut` are passages that were found but not sent, `query` is what was searched for.
    """

    text: str
    query: str = ""
    cut: tuple[Source, ...] = ()
    sampling: Sampling = Sampling()


class Turn(Struct, frozen=True, kw_only=True):
    """One question or answer. `created` is in seconds since the epoch.

    `text` is what is shown (a question as typed, an answer without citation markers), `raw` the
    model's output, `thinking` that of a reasoning model before it, `sent` the question as the model
    got it (with sources), `token_ids` the answer's tokens with those of its thinking, valid for the
    model with this `fingerprint`.
    """

    turn_id: str
    parent_id: str | None
    role: Role
    state: TurnState
    text: str
    created: float
    raw: str = ""
    thinking: str = ""
    sent: str = ""
    token_ids: tuple[int, ...] = ()
    fingerprint: str = ""
    model: str = ""
    sources: tuple[Source, ...] = ()
    citations: tuple[Citation, ...] = ()
    sentences: tuple[JudgedSentence, ...] = ()
    """The verdicts on an answer's sentences, in order; none in chats of earlier versions."""
    statistics: AnswerStatistics = AnswerStatistics()
    note: str = ""
    """Words of the app about the turn: what was left out, why it failed."""
    rating: int = 0
    """The person's rating of an answer: 1 good, -1 bad, 0 none."""
    rating_note: str = ""
    is_edited: bool = False
    """Whether the person wrote this version of an answer."""
    assurance: Assurance = NO_ASSURANCE
    tool_calls: tuple[RecordedCall, ...] = ()
    """What the model had tools do for the answer, in order."""
    prompt: SentPrompt | None = None
    """Saved, but not loaded with a chat: it is long and rarely needed."""


def is_imported(turn: Turn) -> bool:
    """Return whether an answer was given in another program: none of its cost was measured here."""
    measured = turn.fingerprint or turn.statistics != AnswerStatistics() or turn.tool_calls
    is_answer = turn.role is Role.ASSISTANT and turn.state is TurnState.DONE
    return is_answer and not turn.is_edited and not measured


class ConversationSummary(Struct, frozen=True, kw_only=True):
    """The model's summary of early turns that no longer fit: all up to the one with `last_id`.

    `turns` is their number. They stay in the chat; the summary applies to paths with `last_id`.
    """

    summary_id: str
    last_id: str
    turns: int
    text: str
    created: float
    model: str = ""
    token_ids: tuple[int, ...] = ()
    fingerprint: str = ""


class Conversation(Struct, frozen=True, kw_only=True):
    """A chat: all its turns by id, and `leaf_id`, the last turn of the path that is shown.

    `folder_ids` and `adapters` are those of its last question, for the next one.
    """

    chat_id: str
    title: str
    created: float
    updated: float
    turns: dict[str, Turn]
    leaf_id: str | None = None
    folder_ids: tuple[str, ...] = ()
    adapters: tuple[Adapter, ...] = ()
    summaries: tuple[ConversationSummary, ...] = ()
    chat_style: ChatStyle = DEFAULT_CHAT_STYLE

    def path(self) -> tuple[Turn, ...]:
        """Return the shown turns, oldest first."""
        path: list[Turn] = []
        turn_id = self.leaf_id
        while turn_id is not None:
            turn = self.turns[turn_id]
            path.append(turn)
            turn_id = turn.parent_id
        return tuple(reversed(path))

    def with_turn(self, turn: Turn) -> "Conversation":
        """Return the conversation with `turn` added (and shown) or replaced."""
        leaf = self.leaf_id if turn.turn_id in self.turns else turn.turn_id
        return structs.replace(self, turns={**self.turns, turn.turn_id: turn}, leaf_id=leaf)

    def with_summary(self, summary: ConversationSummary) -> "Conversation":
        """Return the conversation with `summary` added or replaced."""
        others = tuple(each for each in self.summaries if each.summary_id != summary.summary_id)
        return structs.replace(self, summaries=(*others, summary))

    def applicable_summary(self) -> ConversationSummary | None:
        """Return the summary that covers most of the shown path."""
        places = {turn.turn_id: place for place, turn in enumerate(self.path())}
        applicable = [summary for summary in self.summaries if summary.last_id in places]
        return max(applicable, key=lambda summary: places[summary.last_id], default=None)


class ChatListEntry(Struct, frozen=True, kw_only=True):
    """A row of the chat list; times in seconds since the epoch.

    `group_id` is "" outside all groups, `trashed` the time of its deletion, 0 for none.
    """

    chat_id: str
    title: str
    created: float
    updated: float
    turns: int
    pinned: bool
    group_id: str
    trashed: float
