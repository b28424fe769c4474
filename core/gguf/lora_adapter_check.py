"""LoRA adapter check: whether an adapter file fits a model, before native code sees both.

The rules are those of llama_adapter_lora_init_impl in llama-adapter.cpp, which trusts the sizes.
"""

from pathlib import Path

from core.base.errors import ErrorCode, ModelError
from core.base.i18n import _
from core.gguf.gguf_header import GgufHeader, TensorInfo

ADAPTER = "adapter"
"""`general.type` of such a file."""

_A, _B = ".lora_a", ".lora_b"
_PASSED_OVER = "_norm.weight"  # llama.cpp has no use for them and goes on
_NO_WEIGHTS = frozenset({"F64", "I8", "I16", "I32", "I64"})


def is_adapter(header: GgufHeader) -> bool:
    """Whether the file says that it is an adapter."""
    return header.text("general.type") == ADAPTER


def check_adapter(header: GgufHeader, base: GgufHeader) -> None:
    """Raise ModelError for an adapter that is none, or was made for another model than `base`."""
    if not is_adapter(header):
        raise _refused(header, _("it holds “{kind}”").format(kind=_kind(header)))
    if header.text("adapter.type") != "lora":
        kind = header.text("adapter.type")
        raise _refused(header, _("its kind of adapter is “{kind}”").format(kind=kind))
    if not isinstance(header.metadata.get("adapter.lora.alpha"), float):
        raise _refused(header, _("it does not say how strong it is"))
    if "adapter.alora.invocation_tokens" in header.metadata:
        raise _refused(header, _("it waits for words of its own before it does anything"))
    if header.architecture != base.architecture:
        made_for = _("it is for “{architecture}” models").format(architecture=header.architecture)
        raise _mismatch(header, base, made_for)
    halves = {tensor.name: tensor for tensor in header.tensors}
    weights = {tensor.name: tensor for tensor in base.tensors}
    names = _weight_names(header)
    if not names:
        raise _refused(header, _("it lacks {}").format(_("weights")))
    for name in names:
        one, other = halves.get(name + _A), halves.get(name + _B)
        if one is None or other is None:
            raise _refused(header, _("half of “{name}” is missing").format(name=name))
        if name not in weights or not _fits(weights[name], one, other):
            raise _mismatch(header, base, _("its “{name}” does not fit").format(name=name))


def _weight_names(header: GgufHeader) -> list[str]:
    """Return the names of the weights that are bent, each once."""
    names: dict[str, None] = {}
    for tensor in header.tensors:
        for half in (_A, _B):
            if tensor.name.endswith(half):
                names[tensor.name.removesuffix(half)] = None
                break
        else:
            if not tensor.name.endswith(_PASSED_OVER):
                name = tensor.name
                raise _refused(header, _("nothing is known of its “{name}”").format(name=name))
    return list(names)


def _fits(weight: TensorInfo, one: TensorInfo, other: TensorInfo) -> bool:
    """Compare sizes: the product of both halves must have the weight's shape."""
    if {one.type_label, other.type_label} & _NO_WEIGHTS:
        return False
    shapes = [tensor.shape + (1,) * (4 - len(tensor.shape)) for tensor in (weight, one, other)]
    (columns, rows, *of), (a_columns, a_rows, *of_a), (b_columns, b_rows, *of_b) = shapes
    if not of == of_a == of_b:  # as many experts
        return False
    if weight.name.endswith("token_embd.weight"):  # looked up, so its halves are turned
        return (columns, rows) == (b_rows, a_rows) and a_columns == b_columns
    return (columns, rows) == (a_columns, b_rows) and a_rows == b_columns


def _kind(header: GgufHeader) -> str:
    return header.text("general.type") or "model"


def _refused(header: GgufHeader, detail: str) -> ModelError:
    return ModelError(ErrorCode.ADAPTER_REFUSED, file=Path(header.path).name, detail=detail)


def _mismatch(header: GgufHeader, base: GgufHeader, detail: str) -> ModelError:
    names = {"file": Path(header.path).name, "model": Path(base.path).name}
    return ModelError(ErrorCode.ADAPTER_MISMATCH, detail=detail, **names)
