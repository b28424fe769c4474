"""Importance matrix file of llama-imatrix: the weight of each column of each tensor.

Both formats are read: GGUF, and the older binary one. The file is checked here before native code
gets anything of it.
"""

import struct
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from core import gguf
from core.base.errors import ErrorCode, ModelError
from core.base.i18n import _

ColumnWeights = dict[str, NDArray[np.float32]]

_MOST_BYTES = 1 << 30
_MOST_ENTRIES = 100_000
_MOST_NAME = 256
_SUMS, _COUNTS = ".in_sum2", ".counts"
_F32 = 0


def read_importance_matrix(path: Path) -> ColumnWeights:
    """Return the weight of each column by tensor. Raises ModelError(MATRIX_REFUSED)."""
    try:
        if path.exists() and not path.is_file():  # reading a pipe would block
            raise _refused(path, _("it is none, or damaged"))
        if path.stat().st_size > _MOST_BYTES:
            raise _refused(path, _("it is too large"))
        with path.open("rb") as file:
            if file.read(4) == b"GGUF":
                weights = _from_gguf(path)
            else:
                file.seek(0)
                weights = _from_numbers(file)
    except OSError as error:
        raise _refused(path, error.strerror or str(error)) from error
    except (ValueError, struct.error) as error:
        raise _refused(path, _("it is none, or damaged")) from error
    if not weights or not all(np.isfinite(each).all() for each in weights.values()):
        raise _refused(path, _("it is none, or damaged"))
    return weights


def _from_gguf(path: Path) -> ColumnWeights:
    tensors = {tensor.name: tensor for tensor in gguf.read_header(path).tensors}
    weights: ColumnWeights = {}
    with path.open("rb") as file:

        def numbers(name: str) -> NDArray[np.float32]:
            tensor = tensors.get(name)
            if tensor is None or tensor.type_id != _F32:
                raise ValueError(name)
            file.seek(tensor.offset)
            return np.frombuffer(file.read(tensor.size), dtype="<f4")

        for name in tensors:
            if name.endswith(_SUMS):
                own = name.removesuffix(_SUMS)
                weights[own] = _averaged(numbers(name), numbers(own + _COUNTS))
    return weights


def _averaged(sums: NDArray[np.float32], counts: NDArray[np.float32]) -> NDArray[np.float32]:
    """Divide by the number of uses of each expert; one that was not used gets equal weights."""
    if counts.size == 0 or sums.size % counts.size:
        raise ValueError("sums and counts differ")
    rows = sums.reshape(counts.size, -1)
    often = counts.reshape(-1, 1)
    averaged = np.divide(rows, often, out=np.ones_like(rows), where=often > 0)
    return averaged.reshape(-1).astype(np.float32)


def _from_numbers(file: BinaryIO) -> ColumnWeights:
    """Read the older format: a count, then name, calls, length and numbers of each entry."""
    weights: ColumnWeights = {}
    for _number in range(_integer(file, _MOST_ENTRIES)):
        name = _exactly(file, _integer(file, _MOST_NAME)).decode()
        calls = _integer(file, 1 << 31)
        raw = _exactly(file, 4 * _integer(file, _MOST_BYTES // 4))
        sums = np.frombuffer(raw, dtype="<f4").astype(np.float64)
        weights[name] = (sums / max(calls, 1)).astype(np.float32)
    return weights


def _integer(file: BinaryIO, most: int) -> int:
    number = int(struct.unpack("<i", _exactly(file, 4))[0])
    if not 0 <= number <= most:
        raise ValueError(number)
    return number


def _exactly(file: BinaryIO, count: int) -> bytes:
    data = file.read(count)
    if len(data) != count:
        raise ValueError("it ends too early")
    return data


def _refused(path: Path, detail: str) -> ModelError:
    return ModelError(ErrorCode.MATRIX_REFUSED, file=path.name, detail=detail)
