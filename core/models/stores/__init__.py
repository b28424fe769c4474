"""Stores of other programs: their model files, which are read and never changed."""

from core.models.stores.store_files import StoreLocations, StoreModelFile
from core.models.stores.store_search import find_store_models

__all__ = ["StoreLocations", "StoreModelFile", "find_store_models"]
