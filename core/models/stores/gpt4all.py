"""GPT4All's models: files beside each other in the folder that its settings name."""

from collections.abc import Iterator
from pathlib import Path

from core.models.entry import Origin
from core.models.stores.found import Found, Places, gguf_files, read_text


def find(places: Places) -> Iterator[Found]:
    """Yield what lies in its folders."""
    for folder in dict.fromkeys(_folders(places)):
        for path in gguf_files(folder):
            if not path.name.startswith("incomplete-"):  # what it is still fetching
                yield Found(path=str(path), origin=Origin.GPT4ALL)


def _folders(places: Places) -> Iterator[Path]:
    for line in read_text(places.settings / "nomic.ai/GPT4All.ini").splitlines():
        key, _sign, value = line.partition("=")
        if key.strip() == "modelPath" and value.strip():
            yield Path(value.strip().strip('"'))
    yield places.data / "nomic.ai/GPT4All"
