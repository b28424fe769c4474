"""Messages between the application and the child that answers other programs over HTTP.

The application opens the child's port with a request. What other programs ask of it then comes as
`ApiCall`s, which belong to no request of the application; each is answered by any number of
ApiProgress and one ApiResult that name it.
"""

from typing import Never

from msgspec import Struct

from core.messages.common_messages import Cancel, Failed, FinalMessage, Hello, Message, Request
from core.messages.engine_messages import (
    AnswerChunk,
    AnswerDone,
    PromptFitted,
    PromptTurn,
    ThinkingChunk,
)
from core.messages.judging_messages import PassagesJudged
from core.messages.library_messages import SearchDone, SearchFilters, TextsEmbedded

DEFAULT_MODEL_NAMES = frozenset({"", "default", "inglenook"})
"""What stands for the model that answers new questions."""
CHAT_SCOPE, EMBEDDINGS_SCOPE, SEARCH_SCOPE = "chat", "embeddings", "search"
COMMON_SCOPES = (CHAT_SCOPE, EMBEDDINGS_SCOPE, SEARCH_SCOPE)
"""What a token is good for unless said otherwise."""
FOLDER_PREFIX = "inglenook:"
"""Begins the name of a model that answers from a folder: inglenook:FOLDER[+MODEL]."""


class AcceptedToken(Struct, frozen=True, kw_only=True):
    """A token that is good, and for what: its SHA-256, since the port need not know it."""

    name: str
    scopes: tuple[str, ...]
    digest: bytes = b""


class OpenApi(Request[Never, "ApiOpened"], frozen=True, kw_only=True):
    """Listen on loopback at `port` (0: any free one); `origins` may be named by web pages.

    Requests are counted in a file at `log_path`. Failed(API_PORT) if the port is taken.
    """

    port: int
    tokens: tuple[AcceptedToken, ...]
    log_path: str
    origins: tuple[str, ...] = ()
    version6: bool = False
    """Whether it listens on ::1 as well as on 127.0.0.1."""


class ApiOpened(FinalMessage, frozen=True, kw_only=True):
    """The child listens at `address`, such as http://127.0.0.1:5277."""

    address: str


class AcceptTokens(Request[Never, "TokensAccepted"], frozen=True, kw_only=True):
    """Accept these tokens and no others from now on, also of those who are connected."""

    tokens: tuple[AcceptedToken, ...]


class TokensAccepted(FinalMessage, frozen=True, kw_only=True):
    """No other token is good any more."""


class ApiActivity(Message, frozen=True, kw_only=True):
    """One request that has ended, as it is counted; nothing of what it said.

    `client` is the name of the token, "" for a request without a right one; `agent` the program's
    own name for itself. `tokens_read` are those of prompts, `cached` among them.
    """

    client: str
    agent: str
    path: str
    status: int
    began: float
    seconds: float
    model: str = ""
    tokens_read: int = 0
    tokens_cached: int = 0
    tokens_written: int = 0


class ApiCall(Message, frozen=True, kw_only=True):
    """Base of what other programs ask; `client` is the name of the token."""

    call_id: str
    client: str = ""


class SamplingChoice(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Sampling parameters that a program gave; None means as set for the model."""

    temperature: float | None = None
    top_k: int | None = None
    top_p: float | None = None
    min_p: float | None = None
    typical_p: float | None = None
    repeat_penalty: float | None = None
    repeat_last_n: int | None = None
    presence_penalty: float | None = None
    frequency_penalty: float | None = None
    seed: int | None = None
    stop: tuple[str, ...] | None = None
    grammar: str | None = None
    json_schema: str | None = None
    thinking: bool | None = None
    logit_bias: dict[str, float] | None = None
    token_bias: dict[int, float] | None = None
    tools: str | None = None
    tool_use: str | None = None


class GenerateText(ApiCall, frozen=True, kw_only=True):
    """Answer the last of `turns` with a model of the list, named as there ("": the chosen one).

    Progress is ApiWaiting, then what a Generate reports; AnswerDone ends it. Without turns, prompt
    and suffix the model is loaded, and AnswerDone(stop="load") says that it is.
    """

    model: str
    turns: tuple[PromptTurn, ...] = ()
    begun: str = ""
    """The beginning of the answer, which goes on from there."""
    prompt: str = ""
    """Text to go on with as it is, in the place of turns; `suffix` comes after the gap."""
    prompt_ids: tuple[int, ...] = ()
    """Tokens to go on with, in the place of `prompt`."""
    suffix: str = ""
    sampling: SamplingChoice = SamplingChoice()
    max_tokens: int = 0
    logprobs: int = -1
    most_context: int = 0
    """Tokens that prompt and answer may have together; 0: as many as the model has room for."""
    may_leave_out: bool = False
    """Whether early turns may go when not all fit."""
    keep_seconds: float | None = None
    """How long the model stays in memory when nobody uses it; None: as set, negative: for ever."""


class UnloadForProgram(ApiCall, frozen=True, kw_only=True):
    """Free the memory of a model, unless an answer needs it; AnswerDone(stop="unload") answers."""

    model: str


class EmbedForProgram(ApiCall, frozen=True, kw_only=True):
    """Ask for the vectors of at most a few texts; TextsEmbedded answers."""

    texts: tuple[str, ...]


class JudgeForProgram(ApiCall, frozen=True, kw_only=True):
    """Ask how likely each of a few texts answers a query; PassagesJudged answers."""

    query: str
    texts: tuple[str, ...]


class SearchForProgram(ApiCall, frozen=True, kw_only=True):
    """Search the folders with these names, all if none is given; SearchDone answers."""

    query: str
    folders: tuple[str, ...] = ()
    k: int = 8
    filters: SearchFilters = SearchFilters()


class AskFolders(ApiCall, frozen=True, kw_only=True):
    """Answer the last of `turns`, a question, from the folders with these names.

    Progress is AnswerChunk and ThinkingChunk; FoldersAnswered ends it.
    """

    model: str
    folders: tuple[str, ...]
    turns: tuple[PromptTurn, ...]
    sampling: SamplingChoice = SamplingChoice()
    max_tokens: int = 0


class AnswerPassage(Struct, frozen=True, kw_only=True):
    """A passage that was sent with a question; `n` is its citation number."""

    n: int
    folder: str
    file: str
    path: str
    page: int | None
    heading: str
    text: str
    score: float


class AnswerCitation(Struct, frozen=True, kw_only=True):
    """Characters of the answer that passage `n` supports, by those of the passage."""

    n: int
    start: int
    end: int
    source_start: int
    source_end: int


class FoldersAnswered(Message, frozen=True, kw_only=True):
    """An answer from folders; `verdict` is what a search says of them.

    `refused`: they hold no answer, and the text says so in the words of the application.
    `unread_files` could not be found yet, UNKNOWN_COUNT while they are being listed.
    """

    text: str
    thinking: str = ""
    stop: str = "eos"
    verdict: str = ""
    confidence: float = 0.0
    refused: bool = False
    note: str = ""
    unread_files: int = 0
    passages: tuple[AnswerPassage, ...] = ()
    citations: tuple[AnswerCitation, ...] = ()
    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    thinking_tokens: int = 0


class ListApiModels(ApiCall, frozen=True, kw_only=True):
    """Ask for the models that may be named; ApiModelsListed answers."""


class CancelCall(ApiCall, frozen=True, kw_only=True):
    """The program that asked is gone: end the call, whose result nobody waits for."""


class ApiModel(Struct, frozen=True, kw_only=True):
    """One model as other programs see it; `created` in seconds since 1970."""

    name: str
    file_name: str = ""
    """Its file's name without the ending, which stands for it where no other has it."""
    family: str = ""
    architecture: str = ""
    parameters: int = 0
    quantization: str = ""
    bytes_on_disk: int = 0
    context: int = 0
    created: int = 0
    sha256: str = ""
    is_loaded: bool = False
    loaded_context: int = 0
    """Tokens that there is room for now, 0 while it isn't loaded."""
    seconds_left: float | None = None
    """After how long without use its memory is freed; None: never, or not known."""
    is_chosen: bool = False
    """Whether it answers where none is named."""
    is_folder: bool = False
    """Whether it answers from a folder of documents."""


class ApiModelsListed(Message, frozen=True, kw_only=True):
    """All models, those that answer from a folder among them."""

    models: tuple[ApiModel, ...]


class ApiWaiting(Message, frozen=True, kw_only=True):
    """A call waits: for `ahead` others, or (0) until its model is loaded, as far as `share`."""

    ahead: int
    share: float = 0.0


CallProgress = ApiWaiting | PromptFitted | AnswerChunk | ThinkingChunk
CallOutcome = (
    AnswerDone
    | FoldersAnswered
    | ApiModelsListed
    | TextsEmbedded
    | PassagesJudged
    | SearchDone
    | Failed
)


class ApiProgress(Message, frozen=True, kw_only=True):
    """Something of a call on its way."""

    call_id: str
    event: CallProgress


class ApiResult(Message, frozen=True, kw_only=True):
    """The end of a call."""

    call_id: str
    outcome: CallOutcome


ApiChildRequest = OpenApi | AcceptTokens | ApiProgress | ApiResult | Cancel
ApiCalls = (
    GenerateText
    | UnloadForProgram
    | EmbedForProgram
    | JudgeForProgram
    | SearchForProgram
    | AskFolders
    | ListApiModels
    | CancelCall
)
ApiEvent = Hello | ApiOpened | TokensAccepted | ApiActivity | ApiCalls | Failed
