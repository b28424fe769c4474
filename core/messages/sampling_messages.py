"""Sampling parameters: how the tokens of an answer are chosen."""

from msgspec import field

from core.messages.common_messages import Message


class Sampling(Message, frozen=True, kw_only=True):
    """Sampling parameters. `seed` None draws one; `sampling_defaults` has the ranges.

    What cuts off unlikely tokens: `top_k` (0 keeps all), `typical_p` and `top_p` (1 keeps all),
    `min_p` (a share of the likeliest one's probability). `mirostat` 1 or 2 does that instead of
    them, aiming at a surprise of `mirostat_tau` with the learning rate `mirostat_eta`. At
    temperature 0 the likeliest token is taken, whatever else is set here.
    """

    temperature: float = 0.7
    top_k: int = 40
    top_p: float = 0.95
    min_p: float = 0.05
    typical_p: float = 1.0
    repeat_penalty: float = 1.1
    repeat_last_n: int = 64
    """Last tokens of the answer that the three penalties count: 0 none, -1 all."""
    presence_penalty: float = 0.0
    frequency_penalty: float = 0.0
    dry_multiplier: float = 0.0
    """Strength of DRY, which stops an answer from repeating whole phrases of its own."""
    mirostat: int = 0
    mirostat_tau: float = 5.0
    mirostat_eta: float = 0.1
    seed: int | None = None
    stop: tuple[str, ...] = ()
    """Texts that end the answer; they are not part of it."""
    logit_bias: dict[str, float] = field(default_factory=dict)
    """What is added to the logits of a text's tokens: -100 rules it out."""
    token_bias: dict[int, float] = field(default_factory=dict)
    """The same for single tokens by their ids."""
    grammar: str = ""
    """GBNF that the answer follows; its thinking is free."""
    json_schema: str = ""
    """JSON schema that the answer follows, used when there is no grammar."""
    tools: str = ""
    """JSON list of tools (name, description, parameters) that the answer may call; used when there
    is neither grammar nor schema."""
    tool_use: str = "auto"
    """Whether it may call them (auto; auto_one: once) or must (required; one: once)."""
    thinking: bool = True
    """Whether a reasoning model that can do without thinks first; many others can't help it."""
