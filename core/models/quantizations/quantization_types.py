"""Quantization types of llama.cpp, with their published bits per weight and quality loss.

The published numbers are llama.cpp's (as bundled by llama-cpp-python 0.3.36): bits per weight of
Llama 3.1 8B in tools/quantize/README.md (Q4_0 to Q5_1: from the size of Llama 3 8B), perplexity and
KL divergence of Llama 3 8B in tools/perplexity/README.md; IQ4_XS with an importance matrix, all
others without. A smaller model loses more.
"""

from msgspec import Struct

from core.base.errors import ErrorCode, ModelError

PUBLISHED_SOURCE = "llama.cpp, tools/perplexity/README.md: Llama 3 8B"
_PERPLEXITY = 6.233160 - 0.001524
"""Perplexity of the original weights: that of f16 minus its published increase."""

LOW_BITS = 7.0
"""A file with fewer bits has already lost what a new quantization should keep."""


class Quantization(Struct, frozen=True):
    """A quantization of llama.cpp: `file_type` is its llama_ftype, `weights` its main tensor type.

    `bits` per weight, `more_perplexity` and `divergence` are published; None if they are not.
    """

    name: str
    file_type: int
    weights: str
    bits: float
    more_perplexity: float | None = None
    divergence: float | None = None
    needs_matrix: bool = False

    @property
    def published_loss(self) -> float | None:
        """The increase of perplexity, as a share of the original's."""
        return None if self.more_perplexity is None else self.more_perplexity / _PERPLEXITY


LADDER_QUANTIZATIONS: tuple[Quantization, ...] = (
    Quantization("Q2_K", 10, "Q2_K", 3.1593, 3.519934, 0.445132),
    Quantization("Q3_K_S", 11, "Q3_K", 3.6429, 1.632152, 0.228217),
    Quantization("Q3_K_M", 12, "Q3_K", 3.9960, 0.656864, 0.101913),
    Quantization("Q3_K_L", 13, "Q3_K", 4.2979, 0.556242, 0.087176),
    Quantization("IQ4_XS", 30, "IQ4_XS", 4.4597, 0.228071, 0.036334),
    Quantization("Q4_K_S", 14, "Q4_K", 4.6672, 0.268895, 0.043136),
    Quantization("Q4_K_M", 15, "Q4_K", 4.8944, 0.175482, 0.031273),
    Quantization("Q5_K_S", 16, "Q5_K", 5.5704, 0.104964, 0.016595),
    Quantization("Q5_K_M", 17, "Q5_K", 5.7036, 0.056974, 0.010762),
    Quantization("Q6_K", 18, "Q6_K", 6.5633, 0.021748, 0.005452),
    Quantization("Q8_0", 7, "Q8_0", 8.5008, 0.002650, 0.001355),
    Quantization("F16", 1, "F16", 16.0005, 0.001524, 0.000551),
)
"""From the smallest to the largest: each of them has a row in every ladder."""

_OTHERS: tuple[Quantization, ...] = (
    Quantization("IQ1_S", 24, "IQ1_S", 2.0042, needs_matrix=True),
    Quantization("IQ1_M", 31, "IQ1_M", 2.1460, needs_matrix=True),
    Quantization("IQ2_XXS", 19, "IQ2_XXS", 2.3824, needs_matrix=True),
    Quantization("IQ2_XS", 20, "IQ2_XS", 2.5882, needs_matrix=True),
    Quantization("IQ2_S", 28, "IQ2_XS", 2.7403, needs_matrix=True),
    Quantization("IQ2_M", 29, "IQ2_S", 2.9294, needs_matrix=True),
    Quantization("Q2_K_S", 21, "Q2_K", 2.9697, needs_matrix=True),
    Quantization("IQ3_XXS", 23, "IQ3_XXS", 3.2548, needs_matrix=True),
    Quantization("IQ3_XS", 22, "IQ3_S", 3.4977, needs_matrix=True),
    Quantization("IQ3_S", 26, "IQ3_S", 3.6606),
    Quantization("IQ3_M", 27, "IQ3_S", 3.7628),
    Quantization("MXFP4", 38, "MXFP4", 4.25),
    Quantization("Q4_0", 2, "Q4_0", 4.64, 0.468514, 0.071940),
    Quantization("IQ4_NL", 25, "IQ4_NL", 4.6818),
    Quantization("Q4_1", 3, "Q4_1", 5.11, 0.451103, 0.071683),
    Quantization("Q5_0", 8, "Q5_0", 5.57, 0.131591, 0.022239),
    Quantization("Q5_1", 9, "Q5_1", 6.04, 0.106223, 0.018045),
    Quantization("BF16", 32, "BF16", 16.0005),
    Quantization("F32", 0, "F32", 32.0),
)
"""Quantizations that have a row only if there is a file."""

_BY_NAME = {level.name: level for level in (*LADDER_QUANTIZATIONS, *_OTHERS)}
_NOT_MADE = {"MXFP4", "BF16", "F32"}
MAKEABLE_QUANTIZATIONS: tuple[str, ...] = tuple(name for name in _BY_NAME if name not in _NOT_MADE)
"""The quantizations that can be made here."""


def find_quantization(name: str) -> Quantization | None:
    """Return a quantization by its name in upper or lower case, None for an unknown one."""
    return _BY_NAME.get(name.upper())


def makeable_quantization(name: str) -> Quantization:
    """Return a quantization that can be made here. Raises ModelError(LEVEL_UNKNOWN)."""
    level = find_quantization(name)
    if level is None or level.name not in MAKEABLE_QUANTIZATIONS:
        raise ModelError(
            ErrorCode.LEVEL_UNKNOWN, level=name, known=", ".join(MAKEABLE_QUANTIZATIONS)
        )
    return level


def published_bits(name: str) -> float:
    """Return the published bits per weight of a quantization, 0 for an unknown one."""
    level = find_quantization(name)
    return level.bits if level else 0.0
