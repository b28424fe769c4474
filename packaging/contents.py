"""What goes into an installed Inglenook and what stays out; read by inglenook.spec.

Each line that leaves something out was tried with `inglenook-cli selftest` on the frozen program.
"""

from fnmatch import fnmatch
from pathlib import PurePath

HEAVY = (
    "PIL",
    "chardet",
    "chromadb",
    "kreuzberg",
    "llama_cpp",
    "numpy",
    "onnxruntime",
    "pypdfium2",
    "scipy",
    "sentence_transformers",
    "sklearn",
    "torch",
    "transformers",
)
"""Never in the window's program."""

QT = (
    "PySide6",
    "shiboken6",
    "desktop.process.application_start",
    "desktop.process.window_selftest",
)
"""Never in the console's program: on Windows torch can't be loaded once Qt is there
(pytorch/pytorch#166628)."""

NOWHERE = (
    "IPython",
    "accelerate",
    "datasets",
    "hf_xet",
    "joblib",
    "kubernetes",
    "matplotlib",
    "narwhals",
    "pandas",
    "pytest",
    # Of SciPy its picture functions and sparse matrices are called: core.base.imports.import_stubs.
    *(
        f"scipy.{part}"
        for part in (
            "cluster",
            "constants",
            "datasets",
            "differentiate",
            "fft",
            "fftpack",
            "integrate",
            "interpolate",
            "io",
            "linalg",
            "odr",
            "optimize",
            "signal",
            "sparse.linalg",
            "spatial",
            "special",
            "stats",
        )
    ),
    "setuptools",
    "sklearn",
    "tkinter",
    "torch.utils.tensorboard",
    "torchaudio",
    "torchvision",
    "triton",
    "uvloop",
)
"""Optional parts of what is used; none is imported by what Inglenook calls."""

CHROMA_LEFT_OUT = (
    "chromadb.cli",
    "chromadb.server",
    "chromadb.test",
    ".distributed",
    "chromadb.proto.",
)
"""Chroma names its classes by strings, so all of its modules come along but these."""

WINDOW_HOOKS_LEFT_OUT = frozenset({"pyi_rth_inspect", "pyi_rth_multiprocessing", "pyi_rth_pkgutil"})
"""Scripts of PyInstaller that run before the program: three hundredths of a second for what the
window doesn't do, which is reading sources, starting copies of itself, and listing packages."""

_READ_BY_TRANSFORMERS_ITSELF = """
align auto bert blenderbot blenderbot_small encoder_decoder longt5 m2m_100 marian moonshine mt5
paligemma pegasus pegasus_x prophetnet switch_transformers t5 t5gemma t5gemma2 timm_wrapper udop
umt5 whisper
"""
_EMBEDDERS_AND_RERANKERS = """
albert big_bird camembert deberta deberta_v2 distilbert electra ernie funnel gemma gemma2 gemma3
llama longformer mistral mobilebert modernbert mpnet nomic_bert nystromformer qwen2 qwen3 rembert
roberta squeezebert xlm_roberta xlm_roberta_xl
"""
TRANSFORMERS_MODELS = frozenset(
    [*_READ_BY_TRANSFORMERS_ITSELF.split(), *_EMBEDDERS_AND_RERANKERS.split()]
)
"""Of five hundred kinds of models that transformers knows; a folder of another kind is refused in
words, as one that is damaged."""

_FROM_THE_SYSTEM = (
    # Taken from the system: an older libstdc++ of ours stops Mesa's drivers from being loaded
    # (pyinstaller/pyinstaller#6993), and the Vulkan loader belongs to the driver.
    "libstdc++.so.6",
    "libgcc_s.so.1",
    "libvulkan.so.1",
    # The desktop's own, which must fit each other: GTK is there where a desktop uses it.
    "libgtk-3.so.0",
    "libgdk-3.so.0",
    "libgdk_pixbuf-2.0.so.0",
    "libatk-1.0.so.0",
    "libatk-bridge-2.0.so.0",
    "libatspi.so.0",
    "libpango*-1.0.so.0",
    "libcairo*.so.2",
    "libepoxy.so.0",
    "libharfbuzz.so.0",
    "libgraphite2.so.3",
    "libthai.so.0",
    "libdatrie.so.1",
    "libfribidi.so.0",
    "libpixman-1.so.0",
    "libglib-2.0.so.0",
    "libgio-2.0.so.0",
    "libgobject-2.0.so.0",
    "libgmodule-2.0.so.0",
    "libdbus-1.so.3",
    "libsystemd.so.0",
    "libgthread-2.0.so.0",
    "libcloudproviders.so.0",
    "libmount.so.1",
    "libblkid.so.1",
    "libselinux.so.1",
    "libpcre2-8.so.0",
    "libcap.so.2",
    "libfontconfig.so.1",
    "libfreetype.so.6",
    "libbrotli*.so.1",
    "libgssapi_krb5.so.2",
    "libkrb5*.so.*",
    "libk5crypto.so.3",
    "libkeyutils.so.1",
    "libcom_err.so.2",
    "libX*.so.*",
    "libwayland-*.so.*",
)
"""Not those of the same name that a package brings in a folder of its own."""

_DROPPED_BINARIES = (
    # The window opens no connection, so Qt's network part stays at home.
    "libQt6Network.so.6",
    "Qt6Network.dll",
    "PySide6/QtNetwork*",
    "*/plugins/networkinformation/*",
    "*/plugins/tls/*",
    # Parts of Qt that plugins drag in.
    "libQt6Pdf*",
    "libQt6Quick*",
    "libQt6Qml*",
    "libQt6VirtualKeyboard*",
    "libQt6EglF*",
    "Qt6Pdf*",
    "Qt6Quick*",
    "Qt6Qml*",
    "Qt6VirtualKeyboard*",
    "opengl32sw.dll",
    "*/imageformats/*qpdf*",
    "*/platforminputcontexts/*qtvirtualkeyboard*",
    "*/egldeviceintegrations/*",
    "*/platforms/libqeglfs.so",
    "*/platforms/libqlinuxfb.so",
    "*/platforms/libqvnc.so",
    "*/platforms/libqminimalegl.so",
    "*/platforms/libqvkkhrdisplay.so",
    "*/generic/*",
    # Tools of torch.
    "torch/bin/protoc*",
    "torch/test/*",
    # A wheel holds every library of llama.cpp three times; libraries name each other by `.so.N`.
    "llama_cpp/lib/*.so.[0-9]*.[0-9]*.[0-9]*",
    "llama_cpp/lib/libggml-cpu-*.so.*",
    "llama_cpp/lib/libggml-vulkan.so.*",
)
_DROPPED_DATA = (
    # What translators work with; the program reads the .mo beside it.
    "resources/locale/*.pot",
    "resources/locale/*.po",
    "*/__pycache__/*",
    "*/translations/qt*",
    # Their texts stand in third-party.txt; some paths are longer than Windows allows.
    "*.dist-info/licenses/*",
    "torch/include/*",
    "torch/share/*",
    "torch/lib/*.lib",
    "torch/lib/*.a",
    "llama_cpp/include/*",
    "llama_cpp/lib/cmake/*",
    "llama_cpp/lib/pkgconfig/*",
    "*/tests/*.npz",
)


def keep_module(name: str) -> bool:
    """Return whether a module goes in."""
    package, _dot, rest = name.partition("transformers.models.")
    return package != "" or not rest or rest.partition(".")[0] in TRANSFORMERS_MODELS


def keep_binary(target: str) -> bool:
    """Return whether a library goes in, by where it would lie."""
    path = PurePath(target)
    of_system = len(path.parts) == 1 and _matches(target, _FROM_THE_SYSTEM)
    return not of_system and not _matches(target, _DROPPED_BINARIES)


def keep_data(target: str) -> bool:
    """Return whether a data file goes in, by where it would lie."""
    parts = PurePath(target).parts
    if parts[:2] == ("transformers", "models") and len(parts) > 3:
        return parts[2] in TRANSFORMERS_MODELS
    return not _matches(target, _DROPPED_DATA)


def keep_chroma(module: str) -> bool:
    """Return whether a module of Chroma goes in."""
    return not any(part in module for part in CHROMA_LEFT_OUT)


def _matches(target: str, patterns: tuple[str, ...]) -> bool:
    path = PurePath(target).as_posix()
    name = path.rpartition("/")[2]
    return any(fnmatch(path, each) or fnmatch(name, each) for each in patterns)
