"""Build llama-cpp-python so that one build serves every machine; the wheel goes to build/wheels.

    python3 packaging/llama_wheel.py [--jobs N]

On Linux and Windows llama.cpp gets dynamic backends: the processor's for every generation (the best
one is chosen at start) and Vulkan, which is passed over where there is no driver. On macOS it gets
Metal. Vulkan's needs: apt-get install libvulkan-dev glslc spirv-headers, or LunarG's SDK.
The sources are checked against locks/llama.txt.
"""

import argparse
import os
import re
import sys
import zipfile
from pathlib import Path, PurePosixPath

from console import ROOT, SetupError, run, say
from freeze import BUILD, WHEELS

LOCK = ROOT / "packaging" / "locks" / "llama.txt"
VENV = BUILD / "llama-venv"
COMMON = {
    "GGML_NATIVE": "OFF",
    # On Windows it would need a library that no clean machine has (pyinstaller/pyinstaller#9216).
    "GGML_OPENMP": "OFF",
    "LLAVA_BUILD": "OFF",
}
DYNAMIC = {
    "GGML_BACKEND_DL": "ON",
    "GGML_CPU_ALL_VARIANTS": "ON",
    "GGML_VULKAN": "ON",
    # Backends go beside the other libraries, from where core.engine.devices.backend_loading loads
    # them.
    "CMAKE_INSTALL_BINDIR": "llama_cpp/lib",
    "CMAKE_INSTALL_LIBDIR": "llama_cpp/lib",
    "CMAKE_INSTALL_INCLUDEDIR": "llama_cpp/include",
}
CPU_VARIANTS = ("ggml-cpu-x64", "ggml-cpu-haswell", "ggml-cpu-icelake")
"""Those that every compiler can build; gcc builds fourteen."""
SYSTEMS = {
    "linux": {**COMMON, **DYNAMIC, "CMAKE_INSTALL_RPATH": "$ORIGIN"},
    "win32": {**COMMON, **DYNAMIC},
    "darwin": {**COMMON, "GGML_METAL": "ON", "CMAKE_OSX_DEPLOYMENT_TARGET": "14.0"},
}


def main() -> int:
    """Build the wheel; 1 with two sentences when that fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    jobs = parser.parse_args().jobs
    try:
        build(jobs)
    except SetupError as error:
        for line in str(error).splitlines():
            say(line)
        return 1
    return 0


def cmake_arguments(system: str) -> str:
    """Return the definitions CMake gets, as the variable CMAKE_ARGS holds them."""
    return " ".join(f"-D{name}={value}" for name, value in SYSTEMS[system].items())


def build(jobs: int) -> Path:
    """Return the wheel, built anew. Raises SetupError."""
    python = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    tools, source = BUILD / "llama-tools.txt", BUILD / "llama-source.txt"
    BUILD.mkdir(exist_ok=True)
    source_lines, tool_lines = split_lock(LOCK.read_text(encoding="utf-8"))
    source.write_text(source_lines, encoding="utf-8")
    tools.write_text(tool_lines, encoding="utf-8")
    failed = "Try again; the lines above say what went wrong."
    run([sys.executable, "-m", "venv", str(VENV)], happened="No environment", next_step=failed)
    pip = [str(python), "-m", "pip"]
    run(
        [*pip, "install", "--require-hashes", "--only-binary", ":all:", "-r", str(tools)],
        happened="The tools that build llama.cpp could not be installed",
        next_step=failed,
    )
    # Not pip's own: it may keep one that the set-up of a checkout has built with other flags.
    wheel = [*pip, "wheel", "--no-cache-dir", "--require-hashes", "--no-deps"]
    wheel += ["--no-build-isolation", "--no-binary", "llama-cpp-python"]
    run(
        [*wheel, "-r", str(source), "-w", str(WHEELS)],
        happened="llama.cpp could not be built",
        next_step="Install a C++ compiler and what Vulkan needs, then try again.",
        environment={
            "CMAKE_ARGS": cmake_arguments(sys.platform),
            "CMAKE_BUILD_PARALLEL_LEVEL": str(jobs),
            "PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}",
        },
    )
    built = max(WHEELS.glob("llama_cpp_python-*.whl"))
    if missing := lacking(built, sys.platform):
        raise SetupError(
            f"{built.name} lacks {', '.join(missing)}.",
            "The lines above say which of llama.cpp's options were not taken; then try again.",
        )
    return built


def lacking(wheel: Path, system: str) -> list[str]:
    """Return the backends that should lie beside the library in `wheel` and don't."""
    wanted = ["ggml-metal"] if system == "darwin" else ["ggml-vulkan", *CPU_VARIANTS]
    with zipfile.ZipFile(wheel) as archive:
        there = {
            PurePosixPath(name).stem.removeprefix("lib")
            for name in archive.namelist()
            if name.startswith("llama_cpp/lib/")
        }
    return [name for name in wanted if name not in there]


def split_lock(text: str) -> tuple[str, str]:
    """Return the lock of llama.cpp's sources, and that of the tools that build them."""
    entries = re.split(r"^(?=[a-z])", text, flags=re.MULTILINE)
    ours = [each for each in entries if each.startswith("llama-cpp-python==")]
    rest = [each for each in entries if each not in ours and not each.startswith("#")]
    # What llama.cpp's binding needs at run time is in the other locks.
    return "".join(ours), "".join(rest)


if __name__ == "__main__":
    sys.exit(main())
