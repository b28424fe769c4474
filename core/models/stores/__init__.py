"""Model files that other programs hold: found where those keep them, read, never touched."""

from core.models.stores.found import Found, Places
from core.models.stores.search import find_all

__all__ = ["Found", "Places", "find_all"]
