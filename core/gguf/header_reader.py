"""Reader of GGUF headers in pure Python: validates a file before native code sees it.

Native loaders multiply and add what a file claims; here numbers can't wrap, every claim has a
limit, and the work is linear in the bytes of the header.
Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

import hashlib
import io
import os
import stat
import struct
from math import prod
from pathlib import Path
from typing import BinaryIO, NoReturn

from core.base.data_files import read_data_file
from core.base.data_key import MARK, is_encrypted
from core.base.errors import ErrorCode, ModelError, StorageError
from core.base.formatting import format_bytes
from core.base.i18n import _
from core.gguf.gguf_header import GgufHeader, OmittedValue, Scalar, TensorInfo, Value
from core.gguf.header_limits import (
    ARRAY_VALUES,
    DIMENSIONS,
    HEADER_BYTES,
    KEPT_NUMBERS,
    KEPT_STRINGS,
    KEPT_TEXT,
    KEY_BYTES,
    KEYS,
    LIST_TEXT_BYTES,
    LIST_TEXTS,
    MAX_ALIGNMENT,
    STRING_BYTES,
    TENSOR_BYTES,
    TENSOR_NAME_BYTES,
    TENSORS,
    check_header_numbers,
)
from core.gguf.header_limits import InvalidHeader as _Invalid
from core.gguf.llama_tables import TENSOR_TYPES

_CHUNK = 1 << 20
_STRING, _ARRAY = 8, 9
_SCALARS = {
    0: struct.Struct("<B"),
    1: struct.Struct("<b"),
    2: struct.Struct("<H"),
    3: struct.Struct("<h"),
    4: struct.Struct("<I"),
    5: struct.Struct("<i"),
    6: struct.Struct("<f"),
    7: struct.Struct("<?"),
    10: struct.Struct("<Q"),
    11: struct.Struct("<q"),
    12: struct.Struct("<d"),
}
_U32, _U64 = _SCALARS[4], _SCALARS[10]


WALKED = 256
"""So many lists of texts are remembered, by their digests."""
STARTER = {
    (49152, 762386): bytes.fromhex(
        "a8697db06a74a772ef2bde7685710d15205dbe9f0c332275f57605f2acf6f5a2"
        "ebfcd943595969af49cb67fe599a504cf917a9eee5fa3061fe8009191aea67d7"
    ),
    (48900, 808677): bytes.fromhex(
        "1868f5497b34b5c15ff1492a27a8245e6f5a1e028fd82dbb5ff8e7e69b54a47f"
        "5792794723f04dd1baf4cf295d1237975dc326884f6275ab0b8116fb0ba0cf2d"
    ),
}
"""The vocabulary and merges of the model that ships: its first start of all waits for no walk."""
_walked: dict[tuple[int, int], bytes] = dict(STARTER)
"""How many texts and bytes a list that was walked has, and the digest of these bytes; any thread
may add to it."""


class _Truncated(Exception):  # noqa: N818 - becomes a ModelError before anyone sees it
    def __init__(self, missing: int, *, exactly: bool = False) -> None:
        super().__init__(missing)
        self.missing = missing
        self.exactly = exactly


class _Cursor:
    """A place in the header, of which as many bytes are in memory as were needed so far."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self._size = size
        self._data = bytearray()
        self._texts = 0
        self.position = 0

    def ensure_bytes(self, count: int) -> None:
        """See to it that `count` more bytes are in memory."""
        end = self.position + count
        if end <= len(self._data):
            return
        if end > self._size:
            raise _Truncated(end - self._size)
        if end > HEADER_BYTES:
            raise _Invalid(_("its header is larger than {}").format(format_bytes(HEADER_BYTES)))
        self._data += self._file.read(max(_CHUNK, end - len(self._data)))
        if end > len(self._data):  # it was cut while being read
            raise _Truncated(end - len(self._data))

    def read_bytes(self, count: int) -> bytes:
        self.ensure_bytes(count)
        start = self.position
        self.position += count
        return bytes(self._data[start : self.position])

    def read_number(self, form: struct.Struct) -> Scalar:
        self.ensure_bytes(form.size)
        value: Scalar = form.unpack_from(self._data, self.position)[0]
        self.position += form.size
        return value

    def read_count(self, form: struct.Struct, limit: int, what: str) -> int:
        """Read a number that must lie between 0 and `limit`."""
        value = int(self.read_number(form))
        if value > limit:
            raise _Invalid(_("{what} is {value}").format(what=what, value=value))
        return value

    def read_string(self, limit: int) -> bytes:
        return self.read_bytes(self.read_count(_U64, limit, _("the length of a text")))

    def count_texts(self, count: int) -> None:
        """Count the texts of a list before they are read."""
        self._texts += count
        if self._texts > LIST_TEXTS:
            raise _Invalid(_("its lists hold more than {} texts").format(LIST_TEXTS))

    def skip_strings(self, count: int) -> None:
        """Step over `count` texts; half a million take about a tenth of a second.

        Most vocabularies are those of other files: one that was walked is known by its bytes.
        """
        if self.position + 8 * count > self._size:
            raise _Truncated(self.position + 8 * count - self._size)
        if self._skip_known(count):
            return
        start = self.position
        length_of = _U64.unpack_from
        position = self.position
        for _i in range(count):
            if position + 8 > len(self._data):
                self.position = position
                self.ensure_bytes(8)
            length = length_of(self._data, position)[0]
            if length > LIST_TEXT_BYTES:
                raise _Invalid(_("the length of a text is {}").format(length))
            position += 8 + length
        self.position = position
        self.ensure_bytes(0)
        if len(_walked) < WALKED:
            _walked[count, position - start] = self._digest(start, position)

    def _skip_known(self, count: int) -> bool:
        """Step over texts that are byte for byte those that were walked before."""
        for (known, length), digest in tuple(_walked.items()):
            end = self.position + length
            if known == count and end <= min(self._size, HEADER_BYTES):
                self.ensure_bytes(length)
                if self._digest(self.position, end) == digest:
                    self.position = end
                    return True
        return False

    def _digest(self, start: int, end: int) -> bytes:
        with memoryview(self._data) as data:
            return hashlib.blake2b(data[start:end]).digest()


def read_file_header(path: Path) -> GgufHeader:
    """Read and validate the header of one file. Raises ModelError; changes nothing.

    Of a model in parts it is one part's: `core.gguf.read_header` reads the whole.
    """
    try:
        with _open(path) as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise ModelError(ErrorCode.NOT_GGUF, file=path.name)
            is_ours = is_encrypted(file.read(len(MARK)))
            file.seek(0)
            if is_ours:  # an adapter that was trained here
                content = read_data_file(path)
                return _read(_Cursor(io.BytesIO(content), len(content)), path, len(content))
            return _read(_Cursor(file, status.st_size), path, status.st_size)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ModelError(ErrorCode.MODEL_GONE, path=str(path)) from error
    except IsADirectoryError as error:
        raise ModelError(ErrorCode.NOT_GGUF, file=path.name) from error
    except StorageError as error:
        raise ModelError(
            ErrorCode.MODEL_UNREADABLE, path=str(path), detail=_("it is encrypted")
        ) from error
    except (OSError, ValueError) as error:  # ValueError: a path with a NUL in it
        detail = getattr(error, "strerror", None) or str(error)
        raise ModelError(ErrorCode.MODEL_UNREADABLE, path=str(path), detail=detail) from error
    except _Truncated as error:
        size = format_bytes(error.missing)
        missing = size if error.exactly else _("at least {}").format(size)
        raise ModelError(ErrorCode.GGUF_TRUNCATED, file=path.name, missing=missing) from error
    except _Invalid as error:
        raise ModelError(ErrorCode.GGUF_INVALID, file=path.name, detail=str(error)) from error


def _open(path: Path) -> BinaryIO:
    if path.is_dir():  # Windows would say "permission denied"
        raise IsADirectoryError(path)
    # Without O_NONBLOCK, opening a FIFO would wait for a writer.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(path, flags), "rb", buffering=0)


def _read(cursor: _Cursor, path: Path, size: int) -> GgufHeader:
    if size < 4 or cursor.read_bytes(4) != b"GGUF":
        raise ModelError(ErrorCode.NOT_GGUF, file=path.name)
    version = int(cursor.read_number(_U32))
    if version not in {2, 3}:
        _refuse_version(version)
    tensor_count = cursor.read_count(_U64, TENSORS, _("the number of its tensors"))
    key_count = cursor.read_count(_U64, KEYS, _("the number of its facts"))
    metadata = _read_metadata(cursor, key_count)
    alignment = _alignment(metadata)
    table = [_read_tensor(cursor) for _i in range(tensor_count)]
    data_offset = -(-cursor.position // alignment) * alignment
    tensors = _place(table, data_offset, alignment, size)
    header = GgufHeader(
        path=str(path),
        size=size,
        version=version,
        alignment=alignment,
        data_offset=data_offset,
        metadata=metadata,
        tensors=tensors,
    )
    check_header_numbers(header)
    return header


def _refuse_version(version: int) -> NoReturn:
    if version & 0xFFFF == 0:
        raise _Invalid(_("it was written for machines of another byte order"))
    raise _Invalid(_("it is written in version {} of the format").format(version))


def _read_metadata(cursor: _Cursor, count: int) -> dict[str, Value]:
    metadata: dict[str, Value] = {}
    for _i in range(count):
        raw = cursor.read_string(KEY_BYTES)
        try:
            key = raw.decode()
        except UnicodeDecodeError as error:
            raise _Invalid(_("the name of a fact is not text")) from error
        if not key or key in metadata:
            raise _Invalid(_("the fact “{}” is there twice or has no name").format(key))
        metadata[key] = _read_value(cursor, int(cursor.read_number(_U32)))
    return metadata


def _read_value(cursor: _Cursor, type_id: int) -> Value:
    if type_id == _STRING:
        text = cursor.read_string(STRING_BYTES)
        # Some files carry a whole tokenizer.json as one text.
        return (
            text.decode(errors="replace")
            if len(text) <= KEPT_TEXT
            else OmittedValue(_STRING, len(text))
        )
    if type_id == _ARRAY:
        return _read_array(cursor)
    if type_id not in _SCALARS:
        raise _Invalid(_("a fact has the unknown type {}").format(type_id))
    return cursor.read_number(_SCALARS[type_id])


def _read_array(cursor: _Cursor) -> Value:
    type_id = int(cursor.read_number(_U32))
    length = cursor.read_count(_U64, ARRAY_VALUES, _("the length of a list"))
    if type_id == _STRING:
        cursor.count_texts(length)
        if length <= KEPT_STRINGS:
            strings = [cursor.read_string(LIST_TEXT_BYTES) for _i in range(length)]
            return tuple(string.decode(errors="replace") for string in strings)
        cursor.skip_strings(length)
        return OmittedValue(type_id, length)
    if type_id not in _SCALARS:
        raise _Invalid(_("a list holds values of the unknown type {}").format(type_id))
    form = _SCALARS[type_id]
    body = cursor.read_bytes(form.size * length)
    if length <= KEPT_NUMBERS:
        return tuple(value for (value,) in form.iter_unpack(body))
    return OmittedValue(type_id, length)


def _alignment(metadata: dict[str, Value]) -> int:
    alignment = metadata.get("general.alignment", 32)
    if not isinstance(alignment, int) or isinstance(alignment, bool):
        raise _Invalid(_("its alignment is not a number"))
    if not 1 <= alignment <= MAX_ALIGNMENT or alignment & (alignment - 1):
        raise _Invalid(_("its alignment is {}").format(alignment))
    return alignment


def _read_tensor(cursor: _Cursor) -> TensorInfo:
    """Read one line of the tensor table; its offset still counts from the first tensor."""
    name = cursor.read_string(TENSOR_NAME_BYTES).decode(errors="replace")
    count = cursor.read_count(_U32, DIMENSIONS, _("the number of a tensor's dimensions"))
    shape = tuple(int(cursor.read_number(_U64)) for _i in range(count))
    type_id = int(cursor.read_number(_U32))
    offset = int(cursor.read_number(_U64))
    if not name or not shape or 0 in shape:
        raise _Invalid(_("the tensor “{}” is empty or has no name").format(name))
    if type_id not in TENSOR_TYPES:
        raise _Invalid(_("the tensor “{}” has an unknown type").format(name))
    kind = TENSOR_TYPES[type_id]
    numbers = prod(shape)
    if shape[0] % kind.block or numbers // kind.block * kind.size > TENSOR_BYTES:
        raise _Invalid(_("the tensor “{}” has an impossible shape").format(name))
    return TensorInfo(name, shape, type_id, offset, numbers // kind.block * kind.size)


def _place(
    table: list[TensorInfo], data_offset: int, alignment: int, size: int
) -> tuple[TensorInfo, ...]:
    """Check that the tensors follow each other and end inside the file, as llama.cpp demands."""
    if len({tensor.name for tensor in table}) != len(table):
        raise _Invalid(_("two of its tensors have the same name"))
    expected = end = 0
    placed: list[TensorInfo] = []
    for tensor in table:
        if tensor.offset != expected:
            raise _Invalid(_("the tensor “{}” is not where it should be").format(tensor.name))
        end = expected + tensor.size
        expected = -(-end // alignment) * alignment
        absolute = data_offset + tensor.offset
        placed.append(TensorInfo(tensor.name, tensor.shape, tensor.type_id, absolute, tensor.size))
    if placed and data_offset + end > size:
        raise _Truncated(data_offset + end - size, exactly=True)
    return tuple(placed)
