"""What the shelf says of one model file."""

from msgspec import Struct


class ModelEntry(Struct, frozen=True, kw_only=True):
    """One GGUF file. `bytes_on_disk` in bytes, `parameters` and `context` (trained) as counts.

    `tokenizer` names how it cuts text into its `vocabulary` tokens, as "gpt2/smollm".
    `ref` is the short name people type. `fits` is "yes", "tight" or "no": whether weights, cache
    and buffers go into this machine's free memory. `problem_code` is set for a file that can't be
    used (gone, damaged, unknown architecture), with `problem_facts` for its sentences.
    """

    ref: str
    path: str
    family: str
    architecture: str
    parameters: int
    quantization: str
    bytes_on_disk: int
    context: int
    fits: str
    memory_needed: int
    has_template: bool
    tokenizer: str = ""
    vocabulary: int = 0
    problem_code: str = ""
    problem_facts: dict[str, str] = {}
