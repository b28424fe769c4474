"""Child program: takes the pipe, seals itself and runs the role it was started for.

Nothing heavy is imported before the pipe is private: llama.cpp writes to file descriptor 1.
"""

import gc
import importlib
import logging
import os
import signal
import sys
from typing import Any, BinaryIO

import core.base.imports.early_msgspec  # noqa: F401 - before anything that imports msgspec
from core.base import log
from core.ipc import file_passing, network_lock
from core.ipc.channel import ParentGone, take_standard_streams
from core.ipc.key_handover import take_data_key
from core.sandbox.grants import take_grants
from core.sandbox.seal import seal_process

_log = logging.getLogger(__name__)


def _engine(incoming: BinaryIO, outgoing: BinaryIO) -> None:
    _load_llama()
    # The prompt is fitted where its tokens can be counted; the rule itself is the chat's.
    _module("core.engine.runtime.engine_child").serve(
        incoming, outgoing, _module("core.chat.answering.prompt_fitting").fit_prompt
    )


def _planner(incoming: BinaryIO, outgoing: BinaryIO) -> None:
    _load_llama()
    _module("core.engine.planning.planner_child").serve(incoming, outgoing)


def _bench(incoming: BinaryIO, outgoing: BinaryIO) -> None:
    _load_llama()
    _module("core.engine.reference.reference_child").serve(incoming, outgoing)


def _quantizer(incoming: BinaryIO, outgoing: BinaryIO) -> None:
    _load_llama()
    _module("core.engine.quantization.quantization_child").serve(incoming, outgoing)


def _trainer(incoming: BinaryIO, outgoing: BinaryIO) -> None:
    os.environ["HF_HUB_OFFLINE"] = "1"
    stubs = _module("core.base.imports.import_stubs")
    stubs.install_stubs(stubs.EMBEDDING_STUBS)
    _module("core.training.trainer_child").serve(incoming, outgoing)


def _library(incoming: BinaryIO, outgoing: BinaryIO) -> None:
    # NumPy's threads spin while they wait: on busy cores a question took ten times as long.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    _module("core.library.library_child").serve(incoming, outgoing)


def _extractor(incoming: BinaryIO, outgoing: BinaryIO) -> None:
    memory = _module("core.library.extractors.resource_limits").MAX_MEMORY_BYTES
    _module("core.library.extractors.extractor_child").serve(
        incoming, outgoing, "extractor", memory
    )


def _recognizer(incoming: BinaryIO, outgoing: BinaryIO) -> None:
    memory = _module("core.library.extractors.resource_limits").MAX_RECOGNIZER_BYTES
    _module("core.library.extractors.extractor_child").serve(
        incoming, outgoing, "recognizer", memory
    )


def _selftest(incoming: BinaryIO, outgoing: BinaryIO) -> None:
    _module("core.library.index.index_selftest").serve(incoming, outgoing)


def _courier(incoming: BinaryIO, outgoing: BinaryIO) -> None:
    # It has a gate of its own, which opens to the hosts that a person named.
    _module("core.courier.courier_child").serve(incoming, outgoing)


def _selftest_server(incoming: BinaryIO, outgoing: BinaryIO) -> None:
    # Locks the network itself, as soon as it listens on loopback.
    _module("core.courier.selftest_server").serve(incoming, outgoing)


def _api(incoming: BinaryIO, outgoing: BinaryIO) -> None:
    # Locks the network itself, as soon as it listens on loopback.
    _module("core.api.api_child").serve(incoming, outgoing)


def _program(incoming: BinaryIO, outgoing: BinaryIO) -> None:
    # Seals itself by what a person agreed to, and becomes a program of theirs.
    _module("core.sandbox.program_start").become_program(incoming, outgoing)


def _renderer(incoming: BinaryIO, outgoing: BinaryIO) -> None:
    memory = _module("core.library.extractors.resource_limits").MAX_MEMORY_BYTES
    _module("core.library.extractors.extractor_child").serve(incoming, outgoing, "renderer", memory)


ROLES = {
    "engine": _engine,
    "planner": _planner,
    "bench": _bench,
    "quantizer": _quantizer,
    "trainer": _trainer,
    "library": _library,
    "extractor": _extractor,
    "recognizer": _recognizer,
    "renderer": _renderer,
    "selftest": _selftest,
    "courier": _courier,
    "selftest_server": _selftest_server,
    "api": _api,
    "program": _program,
}
MAY_LEAVE = frozenset({"courier", "selftest_server", "api"})
"""Roles that may open an internet socket: outwards through a gate, and inwards on loopback."""


def _load_llama() -> None:
    _module("core.engine.llama.light_bindings").load_bindings()


def _module(name: str) -> Any:  # noqa: ANN401 - imported by name, because only its role may pay
    gc.disable()  # what imports make stays, and looking through it takes a seventh of their time
    try:
        return importlib.import_module(name)
    finally:
        gc.enable()


def main(arguments: list[str] | None = None) -> int:
    """Run one role until the parent hangs up; 2 for a role nobody knows."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if len(arguments) != 1 or arguments[0] not in ROLES:
        sys.stderr.write(f"usage: child {{{','.join(ROLES)}}}\n")
        return 2
    incoming, outgoing = take_standard_streams()
    # Ctrl-C in a terminal is the front end's business; it stops its children itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    log.to_stderr()
    take_data_key(incoming)
    if arguments[0] != "bench":  # whose plot goes to a place of the person's
        os.umask(0o077)
    if arguments[0] in MAY_LEAVE:
        network_lock.disable_telemetry()
    else:
        network_lock.lock_network()
    file_passing.take_receiver(os.environ)
    grants = take_grants(os.environ)
    if arguments[0] != "program":  # which seals itself by what a person agreed to
        seal_process(arguments[0], grants)
    try:
        ROLES[arguments[0]](incoming, outgoing)
    except ParentGone as gone:
        if gone.__cause__ is not None:  # not asked to leave: something was still to be said
            _log.info("nobody reads any more; the %s child leaves", arguments[0])
    return 0


if __name__ == "__main__":
    sys.exit(main())
