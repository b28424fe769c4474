"""Tabs of the models page by name, in order: one can be asked for before the page is loaded."""

OVERVIEW, INSTALLED, CATALOG, FOLDERS = "overview", "installed", "catalog", "folders"
TABS = (OVERVIEW, INSTALLED, CATALOG, FOLDERS)
