"""Native model and context parameters of llama.cpp, filled from a placement."""

import ctypes
from dataclasses import dataclass
from typing import Any

import llama_cpp

from core.engine.devices.device_list import cpu_buffer_type, device_handle
from core.engine.memory.compute_buffers import MAX_OUTPUTS, batch_tokens
from core.messages import Placement

GGML_CACHE_TYPES = {
    "f16": llama_cpp.GGML_TYPE_F16,
    "q8_0": llama_cpp.GGML_TYPE_Q8_0,
    "q4_0": llama_cpp.GGML_TYPE_Q4_0,
}
PROCESSOR = "CPU"
"""The processor's name among devices."""
FLASH_ATTENTION = {
    "on": llama_cpp.LLAMA_FLASH_ATTN_TYPE_ENABLED,
    "off": llama_cpp.LLAMA_FLASH_ATTN_TYPE_DISABLED,
}


class _Override(ctypes.Structure):
    """llama_model_tensor_buft_override, which the binding lacks."""

    _fields_ = (("pattern", ctypes.c_char_p), ("buffers", ctypes.c_void_p))


@dataclass(frozen=True, slots=True)
class ModelParameters:
    """`parameters` with the arrays they point to: keep it until the model is loaded."""

    parameters: Any
    arrays: tuple[Any, ...]


def model_parameters(placement: Placement) -> ModelParameters:
    """Return the parameters to load the weights.

    Only the devices of the placement are given to llama.cpp, so that it follows the plan.
    """
    names = gpu_names(placement)
    devices = (ctypes.c_void_p * (len(names) + 1))(*map(device_handle, names), None)
    shares = (ctypes.c_float * llama_cpp.llama_max_devices())(*placement.tensor_split)
    parameters = llama_cpp.llama_model_default_params()
    parameters.devices = ctypes.cast(devices, ctypes.c_void_p)
    parameters.n_gpu_layers = placement.gpu_layers if names else 0
    if placement.tensor_split:
        parameters.tensor_split = shares
    if not placement.map_file:
        parameters.load_mode = llama_cpp.LLAMA_LOAD_MODE_NONE
    parameters.use_extra_bufts = placement.rearrange
    overrides = _experts_on_cpu(placement.experts_on_cpu)
    if overrides is not None:
        parameters.tensor_buft_overrides = ctypes.cast(overrides, ctypes.c_void_p)
    return ModelParameters(parameters, (devices, shares, overrides))


def context_parameters(placement: Placement) -> Any:  # noqa: ANN401 - a structure of the binding
    """Return the parameters of the context; what is not in `placement` has its default."""
    batch = batch_tokens(placement)
    sequences = max(placement.sequences, 1)
    parameters = llama_cpp.llama_context_default_params()
    parameters.n_ctx = placement.context
    parameters.n_batch = batch
    parameters.n_ubatch = batch
    parameters.n_seq_max = sequences
    parameters.n_outputs_max = min(max(MAX_OUTPUTS, sequences), batch)
    if placement.threads > 0:
        parameters.n_threads = placement.threads
        parameters.n_threads_batch = placement.threads
    parameters.type_k = GGML_CACHE_TYPES.get(placement.cache_keys, llama_cpp.GGML_TYPE_F16)
    parameters.type_v = GGML_CACHE_TYPES.get(placement.cache_values, llama_cpp.GGML_TYPE_F16)
    parameters.flash_attn_type = FLASH_ATTENTION.get(
        placement.flash_attention, llama_cpp.LLAMA_FLASH_ATTN_TYPE_AUTO
    )
    # Sequences share cells, so that a prefix, or a part of it, is copied by reference.
    parameters.kv_unified = True
    # Even the short cache has room for some windows, so that a follow-up question finds its own.
    parameters.swa_full = not placement.short_windows
    return parameters


def gpu_names(placement: Placement) -> tuple[str, ...]:
    """Return the graphics cards of a chosen placement, in the order of their tensor split."""
    if placement.device in {"", "auto", "cpu"} or placement.gpu_layers == 0:
        return ()
    return tuple(placement.device.split(","))


def main_device(placement: Placement, layers: int) -> str:
    """Return the device that computes most of a model's `layers`, the outputs included.

    Of several cards, the first: those of a person are mostly alike.
    """
    cards = gpu_names(placement)
    return cards[0] if cards and 2 * placement.gpu_layers >= layers else PROCESSOR


def _experts_on_cpu(layers: int) -> Any:  # noqa: ANN401 - an array, None for no layer
    """Return the override that keeps the experts of the first layers in main memory."""
    if layers <= 0:
        return None
    numbers = "|".join(map(str, range(layers)))
    pattern = rf"^blk\.({numbers})\.ffn_(up|down|gate|gate_up)_(ch|)exps"
    return (_Override * 2)(_Override(pattern.encode(), cpu_buffer_type()), _Override(None, None))
