"""Answer job of the scheduler, its slot (a sequence of the KV cache), and jobs of one request."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from core.engine.llama.model_vocabulary import Handle
from core.messages import Adapter


class TokenChooser(Protocol):
    """Chooses the next token of one job from the logits of a batch's token."""

    def choose_token(self, context: Handle, index: int = -1, *, choices: int = 1) -> int:
        """Return the token. Raises InglenookError, which ends the job.

        `choices`: how many jobs choose from this batch, for who chooses many otherwise than one.
        """

    def close(self) -> None:
        """Free what it holds."""


class ShownText(Protocol):
    """The text of one job as it is shown: at once, or held back to be shown piece by piece."""

    @property
    def waiting_count(self) -> int:
        """Pieces that were written and are not yet shown."""

    def set_interval(self, seconds: float) -> None:
        """Show a piece every so many seconds from now on; 0: all at once, as it is written."""


class WantedPrompt(Protocol):
    """A prompt that is to be read, and what its saved state belongs to (see `kv_snapshots`)."""

    tokens: list[int]
    key: str
    folder: str
    adapters: tuple[Adapter, ...]
    is_judging: bool


@dataclass(slots=True, eq=False)
class ExpectedPrompt:
    """What a prompt will begin with that nobody has asked for yet; it is read while idle."""

    tokens: list[int]
    key: str
    folder: str
    adapters: tuple[Adapter, ...] = ()
    is_judging: bool = False


@dataclass(slots=True, eq=False)
class AnswerJob:
    """One answer. `tokens` are the prompt and the tokens written since, at most `limit` of them.

    The scheduler calls `on_start` once with the number of cached prompt tokens, `on_token` with
    each token, which returns why the answer ends with it ("" to continue), and at last `on_end`
    with the reason or `on_failure`. `key` and `folder` belong to its saved state (see
    `kv_snapshots`).
    """

    request_id: str
    tokens: list[int]
    limit: int
    sampler: TokenChooser
    on_start: Callable[[int], None]
    on_token: Callable[[int], str]
    on_end: Callable[[str], None]
    on_failure: Callable[[Exception], None]
    key: str = ""
    folder: str = ""
    adapters: tuple[Adapter, ...] = ()
    drafting: bool = True
    shown: ShownText | None = None
    """None where nobody reads what is written."""
    is_judging: bool = False
    """Whether it only reads a prompt: it goes after answers, and its state is not kept."""
    is_outside: bool = False
    """Whether another program asked: it goes after answers for the person."""
    prompt_length: int = field(init=False)
    started: bool = False
    checks: int = 0
    drafted: int = 0
    accepted: int = 0

    def __post_init__(self) -> None:
        self.prompt_length = len(self.tokens)

    @property
    def rank(self) -> int:
        """The order in which waiting jobs start: answers for the person first."""
        return 2 * self.is_judging + self.is_outside

    @property
    def written_count(self) -> int:
        """Tokens of the answer so far."""
        return len(self.tokens) - self.prompt_length


@dataclass(slots=True, eq=False)
class Slot:
    """One sequence of the context: the KV cache holds the first `cached` of its `tokens`.

    Without a job it is idle, and its cells are kept for a prompt with the same beginning.
    """

    number: int
    tokens: list[int] = field(default_factory=list)
    cached: int = 0
    key: str = ""
    folder: str = ""
    adapters: tuple[Adapter, ...] = ()
    job: AnswerJob | None = None
    served: int = 0
    is_kept: bool = True
    """Whether its state is saved before its cells go to another prompt."""

    @property
    def pending_count(self) -> int:
        """Tokens that are still to be evaluated; at least the last one while a job runs."""
        return len(self.tokens) - self.cached


class JobGroup:
    """Counts the ends of jobs.

    `on_end` is called once, after the last job, and told whether any was cancelled. If a job fails,
    `on_failure` gets the first error instead.
    """

    def __init__(
        self, count: int, on_end: Callable[[bool], None], on_failure: Callable[[Exception], None]
    ) -> None:
        self.running = count
        self._on_end = on_end
        self._on_failure = on_failure
        self._was_cancelled = self._has_failed = False

    def end_job(self, reason: str) -> None:
        """Note that a job has ended."""
        self._was_cancelled |= reason == "cancelled"
        self.running -= 1
        if not self.running and not self._has_failed:
            self._on_end(self._was_cancelled)

    def fail_job(self, error: Exception) -> None:
        """Note that a job has failed."""
        self.running -= 1
        if not self._has_failed:
            self._has_failed = True
            self._on_failure(error)
