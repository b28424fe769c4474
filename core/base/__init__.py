"""Base: errors, settings, i18n, paths, log, storage and databases; knows no other package."""
