"""Loaded model: one GGUF file's weights in native memory, its vocabulary and LoRA adapters."""

import ctypes
from collections.abc import Callable
from pathlib import Path

import llama_cpp

from core import gguf
from core.base.errors import ErrorCode, ModelError
from core.base.i18n import _
from core.engine.devices.device_list import ensure_backends_loaded
from core.engine.llama import llama_log
from core.engine.llama.abort_flag import Aborted, AbortFlag
from core.engine.llama.adapter_content import readable_adapter
from core.engine.llama.llama_parameters import model_parameters
from core.engine.llama.model_vocabulary import Handle, Vocabulary
from core.ipc.channel import ParentGone
from core.messages import Placement


class LlamaModel:
    """The weights of a file with a given placement. One thread uses it; `close` frees it."""

    def __init__(
        self,
        path: Path,
        placement: Placement,
        flag: AbortFlag,
        progress: Callable[[float], None] | None = None,
    ) -> None:
        """Load; raises ModelError(MODEL_LOAD_FAILED), or Aborted when the flag was set."""
        ensure_backends_loaded()
        llama_log.start_capture()
        self.path = path
        self.placement = placement
        self.handle = self._load(flag, progress)
        self.vocabulary = Vocabulary(self.handle)
        self._adapters: dict[str, Handle] = {}

    def _load(self, flag: AbortFlag, progress: Callable[[float], None] | None) -> Handle:
        @llama_cpp.llama_progress_callback  # type: ignore[untyped-decorator]
        def on_progress(share: float, _data: ctypes.c_void_p) -> bool:
            try:
                if progress:
                    progress(share)
            except ParentGone:  # nobody waits for the model; the next send raises it again
                return False
            return not flag.is_set

        native = model_parameters(self.placement)
        native.parameters.progress_callback = on_progress
        handle = llama_cpp.llama_model_load_from_file(str(self.path).encode(), native.parameters)
        if not handle:
            if flag.is_set:
                raise Aborted
            raise ModelError(ErrorCode.MODEL_LOAD_FAILED, file=self.path.name)
        return handle

    @property
    def is_recurrent(self) -> bool:
        """Whether it has recurrent layers, whose state can't be rewound by some tokens."""
        return bool(
            llama_cpp.llama_model_is_recurrent(self.handle)
            or llama_cpp.llama_model_is_hybrid(self.handle)
        )

    @property
    def window(self) -> int:
        """How many tokens layers with a sliding window look back; 0 without such layers."""
        return int(llama_cpp.llama_model_n_swa(self.handle))

    def load_adapter(self, path: str) -> Handle:
        """Return a LoRA adapter, checked and loaded the first time. Raises ModelError."""
        if path not in self._adapters:
            gguf.check_adapter(_adapter_header(path), gguf.read_header(self.path))
            with readable_adapter(path) as plain:
                adapter = llama_cpp.llama_adapter_lora_init(self.handle, plain.encode())
            if not adapter:
                detail = _("llama.cpp can’t read it")
                raise ModelError(ErrorCode.ADAPTER_REFUSED, file=Path(path).name, detail=detail)
            self._adapters[path] = adapter
        return self._adapters[path]

    def close(self) -> None:
        """Free the weights, and with them the adapters. Every context must be closed before."""
        llama_cpp.llama_model_free(self.handle)


def _adapter_header(path: str) -> gguf.GgufHeader:
    try:
        return gguf.read_header(Path(path))
    except ModelError as error:
        if error.code is ErrorCode.MODEL_GONE:  # while the model was being loaded
            raise ModelError(ErrorCode.ADAPTER_GONE, path=path) from error
        raise
