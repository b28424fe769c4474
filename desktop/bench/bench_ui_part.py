"""One part of `inglenook bench ui` in its own process, with its numbers as JSON on stdout.

python -m desktop.bench.bench_ui_part empty
python -m desktop.bench.bench_ui_part settle | window | transcript | keys | viewer ROOT
"""

import json
import sys
from pathlib import Path


def main(arguments: list[str]) -> int:
    """Run the part that the first argument names."""
    part, *rest = arguments
    if part == "empty":
        from desktop.bench.startup_benchmark import show_empty_window  # noqa: PLC0415 - each part imports its own

        show_empty_window()
        return 0
    if part == "settle":
        from desktop.bench.startup_benchmark import prepare_root  # noqa: PLC0415

        prepare_root(rest[0])
        return 0
    if part == "window":
        from desktop.bench.startup_benchmark import start_inglenook  # noqa: PLC0415

        start_inglenook(rest[0])
        return 0
    sys.stdout.write(json.dumps(_measure_part(part, Path(rest[0]))) + "\n")
    return 0


def _measure_part(part: str, root: Path) -> dict[str, float]:
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415

    application = QApplication(sys.argv[:1])
    application.setStyle("fusion")
    if part == "transcript":
        from desktop.bench import transcript_benchmark  # noqa: PLC0415

        return transcript_benchmark.measure_transcript(root)
    if part == "keys":
        from desktop.bench import typing_benchmark  # noqa: PLC0415

        return typing_benchmark.measure_typing(root)
    return _measure_viewer_part(application, root)


def _measure_viewer_part(application: object, root: Path) -> dict[str, float]:
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415

    from core.base.settings.app_settings import Settings  # noqa: PLC0415
    from desktop.bench import viewer_benchmark  # noqa: PLC0415
    from desktop.kit.theme import Theme  # noqa: PLC0415

    assert isinstance(application, QApplication)
    root.mkdir(parents=True, exist_ok=True)
    theme = Theme(application, Settings(root / "settings.json"))
    theme.apply_style_sheet()
    return viewer_benchmark.measure_viewer(theme, root)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
