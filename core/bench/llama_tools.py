"""llama.cpp's own tools: what they read and write for each second of the processor's time."""

import os
import shutil
import subprocess
from pathlib import Path

import psutil

from core.messages import ModelLoaded

BENCH, BATCHED = "llama-bench", "llama-batched-bench"
FEW = 8
"""Tokens of the short one of two runs, whose difference leaves out loading and reading."""
_PROMPT = 32
_RESULT = "avg_ts"


class ToolFailedError(Exception):
    """A tool, which it names, ended without a result."""


class LlamaTools:
    """Runs the tools on one model as the engine has loaded it: threads, attention, cache, batch.

    The processor's time counts, of all threads: what other programs do then changes little.
    """

    def __init__(self, folder: Path | None, loaded: ModelLoaded) -> None:
        """`folder`: where they lie; None searches them as a shell does."""
        self._folder = folder
        placement = loaded.placement
        self._common = ["-m", loaded.path, "-t", str(loaded.threads)]
        if placement.flash_attention in {"on", "off"}:
            self._common += ["-fa", placement.flash_attention]
        for option, kind in (("-ctk", placement.cache_keys), ("-ctv", placement.cache_values)):
            if kind in {"q8_0", "q4_0"}:
                self._common += [option, kind]

    def has_tool(self, name: str) -> bool:
        """Whether a tool is there."""
        return self._program(name) is not None

    def reading_speed(self, tokens: int) -> float:
        """Return tokens a second of reading so many."""
        return tokens / self._timed_part("prompt run 1/", "-p", str(tokens), "-n", "0")

    def writing_speed(self, depth: int, tokens: int) -> float:
        """Return tokens a second of writing so many after `depth` others."""
        sizes = ("-p", "0", "-n", str(tokens), "-d", str(depth))
        return tokens / self._timed_part("generation run 1/", *sizes)

    def speed_at_once(self, count: int, tokens: int) -> float:
        """Return tokens a second of `count` sequences in one cache, all together."""
        seconds = self._whole_run(count, FEW + tokens) - self._whole_run(count, FEW)
        return count * tokens / max(seconds, 1e-6)

    def _timed_part(self, begin: str, *sizes: str) -> float:
        """Return the processor seconds between two lines of `llama-bench`."""
        options = ["-r", "1", "--progress", "-o", "json", *sizes]
        with self._start(BENCH, *options) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            watched = psutil.Process(process.pid)
            lines = iter(process.stderr)
            before = next((used_seconds(watched) for line in lines if f": {begin}" in line), None)
            results = iter(process.stdout)
            after = next((used_seconds(watched) for line in results if _RESULT in line), None)
            process.communicate()
        if before is None or after is None:
            raise ToolFailedError(BENCH)
        return max(after - before, 1e-6)

    def _whole_run(self, count: int, tokens: int) -> float:
        context = str((_PROMPT + tokens) * count + 256)
        sizes = ["-npp", str(_PROMPT), "-ntg", str(tokens), "-npl", str(count), "-c", context]
        with self._start(BATCHED, "-kvu", *sizes, "--output-format", "jsonl") as process:
            watched, seconds = psutil.Process(process.pid), None
            assert process.stdout is not None
            for line in process.stdout:
                if "speed_tg" in line:
                    seconds = used_seconds(watched)
            process.communicate()
        if seconds is None:
            raise ToolFailedError(BATCHED)
        return seconds

    def _start(self, name: str, *options: str) -> "subprocess.Popen[str]":
        program = self._program(name)
        if program is None:
            raise ToolFailedError(name)
        return subprocess.Popen(
            [program, *self._common, *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if name == BENCH else subprocess.DEVNULL,
            text=True,
        )

    def _program(self, name: str) -> str | None:
        path = None if self._folder is None else os.fspath(self._folder)
        return shutil.which(name, path=path)


def used_seconds(process: psutil.Process) -> float:
    """Return the processor seconds that a process has used so far."""
    times = process.cpu_times()
    return float(times.user + times.system)
