"""Text that a model's quality is measured with; it was written for this purpose."""

from core.base.errors import ErrorCode, ModelError
from core.base.paths import resources_folder


def load_quality_text() -> str:
    """Return the shipped text. Raises ModelError when the file is gone."""
    path = resources_folder() / "catalog" / "quality.txt"
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        detail = error.strerror or str(error)
        raise ModelError(ErrorCode.CATALOG_INVALID, file=path.name, detail=detail) from error
