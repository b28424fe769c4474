"""Clones of the public repositories that hold the judge's sources, read at one commit each."""

import gzip
import io
import json
import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HOST = "https://github.com"


@dataclass(frozen=True, slots=True)
class Clone:
    """One repository at one commit; `folder` becomes a bare repository with that commit alone."""

    folder: Path
    repository: str
    commit: str

    def fetch(self) -> None:
        """Fetch the commit, unless it is there. Raises CalledProcessError if git can't."""
        if self.folder.exists():
            return
        self._git("init", "--bare", "--quiet", str(self.folder))
        self._git(
            *self._here,
            "fetch",
            "--quiet",
            "--depth",
            "1",
            f"{HOST}/{self.repository}",
            self.commit,
        )

    def content(self, path: str) -> bytes:
        """Return a file's content. Raises CalledProcessError for one that isn't there."""
        return self._git(*self._here, "show", f"{self.commit}:{path}")

    def text(self, path: str) -> str:
        """Return a file's text, that of a .gz file unpacked."""
        content = self.content(path)
        return (gzip.decompress(content) if path.endswith(".gz") else content).decode("utf-8")

    def zipped_text(self, path: str) -> str:
        """Return the text of the one file in a .zip file."""
        packed = zipfile.ZipFile(io.BytesIO(self.content(path)))
        return packed.read(packed.namelist()[0]).decode("utf-8")

    def json(self, path: str) -> Any:  # noqa: ANN401 - published JSON
        """Return what a JSON file holds."""
        return json.loads(self.text(path))

    def lines(self, path: str) -> list[Any]:
        """Return the values of a JSON-lines file."""
        return [json.loads(line) for line in self.text(path).splitlines() if line.strip()]

    def names(self, under: str, ending: str) -> list[str]:
        """Return the paths of the files below a folder, sorted as git has them."""
        found = self._git(*self._here, "ls-tree", "-r", "--name-only", self.commit, under)
        return [name for name in found.decode("utf-8").split("\n") if name.endswith(ending)]

    @property
    def _here(self) -> tuple[str, str]:
        return "--git-dir", str(self.folder)

    @staticmethod
    def _git(*arguments: str) -> bytes:
        done = subprocess.run(["git", *arguments], capture_output=True, check=True)  # noqa: S607
        return done.stdout
