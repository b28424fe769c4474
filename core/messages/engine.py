"""Between the front end and the engine child: load, generate, and what comes of it."""

from msgspec import Struct

from core.messages.common import Cancel, Failed, Hello, Message


class LoadModel(Message, frozen=True, kw_only=True):
    """Load a GGUF file, after unloading another. `context` 0 and `threads` 0 mean: choose."""

    request_id: str
    path: str
    context: int = 0
    threads: int = 0
    gpu_layers: int = -1


class ModelLoaded(Message, frozen=True, kw_only=True):
    """The model is ready; `fingerprint` names its vocabulary and weights (see core.gguf)."""

    request_id: str
    path: str
    fingerprint: str
    context: int
    threads: int
    prompt_tokens_per_second: float
    seconds: float


class PromptTurn(Message, frozen=True, kw_only=True):
    """One turn of the transcript as the model reads it.

    `text` is what was sent (with sources, for a question), `plain` the same without sources.
    `token_ids` are the model's own tokens of an answer, valid for the model they came from only.
    """

    role: str
    text: str
    plain: str = ""
    token_ids: tuple[int, ...] = ()


class PromptSource(Message, frozen=True, kw_only=True):
    """A found passage on its way into a prompt: `n` is its citation number, `label` its place."""

    n: int
    label: str
    passage: str
    section: str


class Sampling(Message, frozen=True, kw_only=True):
    """How the next token is chosen. `seed` None draws one."""

    temperature: float = 0.7
    top_k: int = 40
    top_p: float = 0.95
    min_p: float = 0.05
    repeat_penalty: float = 1.1
    dry_multiplier: float = 0.0
    """Strength of DRY, which stops an answer from repeating whole phrases of its own."""
    seed: int | None = None


class Generate(Message, frozen=True, kw_only=True):
    """Answer the last of `turns`, a user's question, with `sources` put before it as they fit."""

    request_id: str
    turns: tuple[PromptTurn, ...]
    sources: tuple[PromptSource, ...] = ()
    sampling: Sampling = Sampling()
    max_tokens: int = 0
    """0: as many as the context leaves."""


class FittedPrompt(Struct, frozen=True, kw_only=True):
    """What was chosen to be sent; handed from core.chat.prompt to the engine in its own child.

    `turns` end with the question as `sent`, its sources included.
    """

    turns: tuple[PromptTurn, ...]
    sent: str
    sources_used: tuple[int, ...] = ()
    sources_widened: tuple[int, ...] = ()
    sources_left_out: int = 0
    turns_left_out: int = 0


class PromptFitted(Message, frozen=True, kw_only=True):
    """What was really sent: the question as `sent`, and what had to be left out."""

    request_id: str
    sent: str
    sources_used: tuple[int, ...]
    """Numbers of the passages that were sent, or stand in the transcript already."""
    sources_widened: tuple[int, ...] = ()
    """Those of them whose whole section was sent."""
    turns_left_out: int
    sources_left_out: int
    prompt_tokens: int
    cached_tokens: int


class Chunk(Message, frozen=True, kw_only=True):
    """Text of the answer, gathered for about 30 ms."""

    request_id: str
    text: str


class AnswerDone(Message, frozen=True, kw_only=True):
    """The whole answer. `stop` is eos, length, stop or cancelled; rates are first to last token."""

    request_id: str
    stop: str
    text: str = ""
    token_ids: tuple[int, ...] = ()
    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    seconds_to_first_token: float = 0.0
    tokens_per_second: float = 0.0


EngineRequest = LoadModel | Generate | Cancel
EngineEvent = Hello | ModelLoaded | PromptFitted | Chunk | AnswerDone | Failed
