"""Answer job as the scheduler sees it, and the slot (sequence of cells) it is written in."""

from collections.abc import Callable
from dataclasses import dataclass, field

from core.engine.runtime.token_sampler import TokenSampler
from core.messages import Adapter


@dataclass(slots=True, eq=False)
class AnswerJob:
    """An answer that is asked for.

    `tokens` are the prompt and what was written since; the scheduler appends to them. `limit` is
    how many may be written. `began` is told once how many tokens of the prompt were at hand,
    `wrote` each token, and says why the answer ends with it ("" to go on); `ended` is told the
    reason, whoever it came from, or `failed` what went wrong. `key` and `folder` are of its saved
    state (see snapshot).
    """

    request_id: str
    tokens: list[int]
    limit: int
    sampler: TokenSampler
    began: Callable[[int], None]
    wrote: Callable[[int], str]
    ended: Callable[[str], None]
    failed: Callable[[Exception], None]
    key: str = ""
    folder: str = ""
    adapters: tuple[Adapter, ...] = ()
    drafting: bool = True
    prompt_length: int = field(init=False)
    started: bool = False
    checks: int = 0
    drafted: int = 0
    accepted: int = 0

    def __post_init__(self) -> None:
        self.prompt_length = len(self.tokens)

    @property
    def written_count(self) -> int:
        """Tokens of the answer so far."""
        return len(self.tokens) - self.prompt_length


@dataclass(slots=True, eq=False)
class Slot:
    """One of the context's sequences: the cells hold the first `cached` of its `tokens`.

    Without a job it is at rest: its tokens are kept for whoever begins likewise.
    """

    number: int
    tokens: list[int] = field(default_factory=list)
    cached: int = 0
    key: str = ""
    folder: str = ""
    job: AnswerJob | None = None
    served: int = 0

    @property
    def pending_count(self) -> int:
        """Tokens that are still to be evaluated; a running one always lacks its last."""
        return len(self.tokens) - self.cached
