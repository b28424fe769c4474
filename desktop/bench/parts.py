"""One part of `inglenook bench ui` in a process of its own, which says its figures as JSON.

python -m desktop.bench.parts empty
python -m desktop.bench.parts settle | window | transcript | keys | viewer ROOT
"""

import json
import sys
from pathlib import Path


def main(arguments: list[str]) -> int:
    """Measure what the first word names."""
    part, *rest = arguments
    if part == "empty":
        from desktop.bench.opening import empty  # noqa: PLC0415 - each part imports its own

        empty()
        return 0
    if part == "settle":
        from desktop.bench.opening import settle  # noqa: PLC0415

        settle(rest[0])
        return 0
    if part == "window":
        from desktop.bench.opening import inglenook  # noqa: PLC0415

        inglenook(rest[0])
        return 0
    sys.stdout.write(json.dumps(_figures(part, Path(rest[0]))) + "\n")
    return 0


def _figures(part: str, root: Path) -> dict[str, float]:
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415

    application = QApplication(sys.argv[:1])
    application.setStyle("fusion")
    if part == "transcript":
        from desktop.bench import transcript  # noqa: PLC0415

        return transcript.measure(root)
    if part == "keys":
        from desktop.bench import keys  # noqa: PLC0415

        return keys.measure(root)
    return _viewer(application, root)


def _viewer(application: object, root: Path) -> dict[str, float]:
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415

    from core.settings import Settings  # noqa: PLC0415
    from desktop.bench import viewer  # noqa: PLC0415
    from desktop.theme import Theme  # noqa: PLC0415

    assert isinstance(application, QApplication)
    root.mkdir(parents=True, exist_ok=True)
    theme = Theme(application, Settings(root / "settings.json"))
    theme.dress()
    return viewer.measure(theme, root)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
