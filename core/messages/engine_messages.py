"""Messages between the front end and the engine child: load, generate, and their results."""

from typing import Never

from msgspec import Struct

from core.messages.common_messages import Cancel, Failed, FinalMessage, Hello, Message, Request
from core.messages.planner_messages import DeviceMemory, Placement
from core.messages.sampling_messages import Sampling
from core.messages.tuning_messages import EngineTuning


class Adapter(Message, frozen=True, kw_only=True):
    """A LoRA adapter's GGUF file, and how strongly it bends the model it was made for."""

    path: str
    scale: float = 1.0


class LoadModel(Request["LoadProgress", "ModelLoaded | AnswerDone"], frozen=True, kw_only=True):
    """Load a GGUF file, after unloading another.

    `draft_path` names a small model of the same vocabulary that guesses ahead, "" for none.
    `any_architecture` tries a kind of model that this version doesn't know. `states_folder` holds
    a folder of read transcripts for each chat, together at most `states_limit` bytes; "": none.
    """

    path: str
    placement: Placement = Placement()
    draft_path: str = ""
    template: str = ""
    """Lays chats out instead of the file's own template, when there is one."""
    states_folder: str = ""
    states_limit: int = 0
    any_architecture: bool = False
    adapters: tuple[str, ...] = ()
    """Adapters' files that its answers may name: the child can open no others."""
    tunings: tuple[EngineTuning, ...] = ()
    """What was measured on this machine so far."""
    measures: bool = False
    """Whether a model of another shape than those is measured while nobody waits."""
    reading_speed: float = 0.0
    """Tokens a second that this model was read to with before; 0: measured before it is ready."""


class LoadProgress(Message, frozen=True, kw_only=True):
    """How much of the weights is there, 0 to 1; at most five a second.

    It begins again from 0 when memory ran out and less is tried.
    """

    request_id: str
    share: float


class ModelLoaded(FinalMessage, frozen=True, kw_only=True):
    """The model is ready; `fingerprint` names its vocabulary and weights (see core.gguf).

    `draft` is the file that guesses ahead for it, "" when none does.
    """

    path: str
    fingerprint: str
    context: int
    threads: int
    prompt_tokens_per_second: float
    seconds: float
    placement: Placement = Placement()
    draft: str = ""
    memory: tuple[DeviceMemory, ...] = ()
    """What really went where."""
    tried: Placement | None = None
    """What there was no memory for, when less had to be taken."""
    tuning: EngineTuning | None = None
    """What was measured for a model of its shape on this machine."""


class TimeModel(Request[Never, "ModelTimed | AnswerDone"], frozen=True, kw_only=True):
    """Ask for what is measured of the loaded model, after the answers that run."""


class ModelTimed(FinalMessage, frozen=True, kw_only=True):
    """What was measured; None where nothing is to be chosen for this model and these settings."""

    tuning: EngineTuning | None


class ModelTuned(Message, frozen=True, kw_only=True):
    """The loaded model was measured while idle; `placement` is what it has from now on."""

    path: str
    tuning: EngineTuning
    placement: Placement
    memory: tuple[DeviceMemory, ...]


SYSTEM_ROLE, USER_ROLE, ASSISTANT_ROLE, TOOL_ROLE = "system", "user", "assistant", "tool"
"""Roles of turns; that of a tool is what a call of the answer before it returned."""


class PromptTurn(Message, frozen=True, kw_only=True):
    """One turn of the transcript as the model reads it.

    `text` is what was sent (with sources, for a question), `plain` the same without sources.
    `token_ids` are the model's own tokens of an answer, valid for the model they came from only;
    those of its `thinking` are among them.
    """

    role: str
    text: str
    plain: str = ""
    thinking: str = ""
    token_ids: tuple[int, ...] = ()


class PromptSource(Message, frozen=True, kw_only=True):
    """A found passage on its way into a prompt: `n` is its citation number, `label` its place.

    Those with `whole` are together all of a file, in order: they are sent if all of them fit, and
    the others only if not.
    """

    n: int
    label: str
    passage: str
    section: str
    whole: bool = False


FITTING_LENGTH = -1
"""In place of a number of tokens: a length that fits the model and its context."""
REPEATED = "repeat"
"""Why an answer ended that began to repeat itself; other reasons are the engine's."""


class Generate(
    Request["PromptFitted | AnswerChunk | ThinkingChunk", "AnswerDone"], frozen=True, kw_only=True
):
    """Answer the last of `turns`, a user's question, with `sources` put before it as they fit.

    Several may run at once; those with the same adapters share what their prompts share.
    """

    turns: tuple[PromptTurn, ...]
    sources: tuple[PromptSource, ...] = ()
    sampling: Sampling = Sampling()
    max_tokens: int = 0
    """0: as many as the context leaves; FITTING_LENGTH: as many as suit the model."""
    adapters: tuple[Adapter, ...] = ()
    state_folder: str = ""
    """Where the read transcript may be kept for the next start; "": nowhere, as for a chat that
    is not saved. The child never makes this folder: one that is gone keeps nothing."""
    drafting: bool = True
    """Whether tokens may be guessed ahead; what is answered stays the same."""
    may_leave_out: bool = True
    """Whether early turns may go when not all fit; without it, that is Failed(CONTEXT_FULL)."""
    shortens_ahead: bool = False
    """Whether the past is shortened to half of the room before the next question of a usual length
    would not fit, whatever this one's: then most prompts begin as the one before did."""
    prompt: str = ""
    """Text that goes on as it is, without a template, in the place of `turns`."""
    prompt_ids: tuple[int, ...] = ()
    """The same as tokens of the model, in the place of `prompt`; nothing is put before them."""
    suffix: str = ""
    """What comes after the text to be written between it and `prompt`."""
    logprobs: int = -1
    """How many of the likeliest tokens are told with each token; -1: no probabilities at all."""
    most_context: int = 0
    """Tokens that prompt and answer may have together, where the model has more room; 0: all."""
    is_outside: bool = False
    """Whether another program asked: answers for the person go first."""
    begun: str = ""
    """An answer that goes on: what of it stands already; `begun_ids` are its tokens if known."""
    begun_ids: tuple[int, ...] = ()


class ReadAhead(Request[Never, "PastExpected | AnswerDone"], frozen=True, kw_only=True):
    """Have the past of a question that will be asked read while nobody waits.

    The last turn of `question` stands in its place. Whatever is asked for interrupts the reading,
    and another prompt may end it; what was read by then is not read again. Refused as the question
    would be: with Failed(CONTEXT_FULL) where early turns have to go and may not.
    """

    question: Generate


class PastExpected(FinalMessage, frozen=True, kw_only=True):
    """So many tokens of past are known, and are read from now on as far as they are not yet."""

    tokens: int


class FittedPrompt(Struct, frozen=True, kw_only=True):
    """The prompt to be sent, as `prompt_fitting` chose it in the engine's child.

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
    prompt: str = ""
    """All that the model was given, letter by letter, control tokens spelled out."""
    note: str = ""
    """What else is to be said with the answer."""


class TokenScore(Struct, frozen=True, kw_only=True, array_like=True):
    """A token and its log probability among all, before penalties, cuts and temperature."""

    token: int
    raw: bytes
    logprob: float


class ScoredToken(TokenScore, frozen=True, kw_only=True, array_like=True):
    """A token of the answer, with the likeliest ones in its place."""

    likeliest: tuple[TokenScore, ...] = ()


class AnswerChunk(Message, frozen=True, kw_only=True):
    """Text of the answer, gathered for about 30 ms; `scores` of its tokens if they were wanted."""

    request_id: str
    text: str
    scores: tuple[ScoredToken, ...] = ()


class ThinkingChunk(Message, frozen=True, kw_only=True):
    """Text of a reasoning model's thinking, which comes before the answer; gathered likewise."""

    request_id: str
    text: str


class AnswerDone(FinalMessage, frozen=True, kw_only=True):
    """The whole answer. `stop` is eos, length, stop or cancelled; rates are first to last token.

    `stop_string` is the one of the request that ended it.

    `token_ids` are all the model wrote, thinking included; `cached_tokens` were not read again.
    `checks` decodings looked at `drafted_tokens` guesses, of which `accepted_tokens` were right.
    """

    stop: str
    stop_string: str = ""
    text: str = ""
    thinking: str = ""
    token_ids: tuple[int, ...] = ()
    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    thinking_tokens: int = 0
    """Those of `completion_tokens` that came before the text, the marks of thinking among them."""
    seconds_to_first_token: float = 0.0
    tokens_per_second: float = 0.0
    checks: int = 0
    drafted_tokens: int = 0
    accepted_tokens: int = 0
    scores: tuple[ScoredToken, ...] = ()
    """Of the tokens of `text`, if they were wanted."""


class JudgePrompts(Request[Never, "PromptsJudged | AnswerDone"], frozen=True, kw_only=True):
    """Ask how much likelier an answer to each prompt begins with `yes` than with `no`.

    Each prompt is the turns of a short chat that ends with a question; what they begin with in
    common is read once. Answers that run meanwhile go first, and nothing of it is kept.
    """

    prompts: tuple[tuple[PromptTurn, ...], ...]
    yes: str = "Yes"
    no: str = "No"
    """One word each; other spellings by case and a space before it count too."""
    seconds: float = 0.0
    """Prompts are taken in order while reading them takes no longer; 0: all of them."""


class PromptsJudged(FinalMessage, frozen=True, kw_only=True):
    """Log-likelihood of `yes` minus that of `no` by prompt; None for one that was not read.

    That is one beyond the seconds or the context. `read_tokens` were not in the cache.
    """

    differences: tuple[float | None, ...]
    prompt_tokens: int = 0
    read_tokens: int = 0
    elapsed: float = 0.0


class ExampleText(Struct, frozen=True, kw_only=True):
    """One example: the turns that a model reads, and the answer that it is to learn."""

    turns: tuple[PromptTurn, ...]
    answer: str


class ExampleTokens(Struct, frozen=True, kw_only=True):
    """An example as the model reads it; the answer, with its end, begins at token `start`."""

    tokens: tuple[int, ...]
    start: int


class TokenizeExamples(Request[Never, "ExamplesTokenized | AnswerDone"], frozen=True, kw_only=True):
    """Ask for the tokens of examples, laid out by the loaded model's template."""

    examples: tuple[ExampleText, ...]


class ExamplesTokenized(FinalMessage, frozen=True, kw_only=True):
    """The examples as tokens, in the requested order."""

    examples: tuple[ExampleTokens, ...]


class ScoreExamples(
    Request["ExamplesProgress", "ExamplesScored | AnswerDone"], frozen=True, kw_only=True
):
    """Ask how badly the loaded model, bent by adapters, predicts the answers of examples."""

    examples: tuple[ExampleTokens, ...]
    adapters: tuple[Adapter, ...]


class ExamplesProgress(Message, frozen=True, kw_only=True):
    """So many examples were read."""

    request_id: str
    done: int


class ExamplesScored(FinalMessage, frozen=True, kw_only=True):
    """Mean negative log likelihood of each answer's tokens, in nats, in the requested order."""

    losses: tuple[float, ...]


EngineRequest = (
    LoadModel
    | Generate
    | ReadAhead
    | JudgePrompts
    | TokenizeExamples
    | ScoreExamples
    | TimeModel
    | Cancel
)
EngineEvent = (
    Hello
    | LoadProgress
    | ModelLoaded
    | ModelTuned
    | ModelTimed
    | PromptFitted
    | ThinkingChunk
    | AnswerChunk
    | AnswerDone
    | PastExpected
    | PromptsJudged
    | ExamplesTokenized
    | ExamplesProgress
    | ExamplesScored
    | Failed
)
