"""User-interface language: choice, layout direction, number locale, and Qt's translations."""

import os

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from core.base.i18n import (
    LANGUAGE_VARIABLE,
    PSEUDO,
    SOURCE,
    available_languages,
    current_language,
    use_language,
)

_PLAIN_ENGLISH = "en_GB"
"""Days before months, and the clock of 24 hours."""


def use_system_language(wanted: str) -> None:
    """Use the system's language, unless a setting or the environment names another.

    gettext knows the environment's words for it, which only Unix sets; Qt asks each system.
    """
    if wanted or os.environ.get(LANGUAGE_VARIABLE):
        return
    for name in QLocale.system().uiLanguages():
        code = name.replace("-", "_")
        for known in (code, code.partition("_")[0]):
            if known in available_languages():
                use_language(known)
                return


def apply_language(application: QApplication) -> None:
    """Set layout direction, forms of dates and numbers, and Qt's translations."""
    code = current_language()
    if QLocale().language() is QLocale.Language.C:  # of a system that says nothing: "14 11 2023"
        QLocale.setDefault(QLocale(_PLAIN_ENGLISH))
    if code == SOURCE or os.environ.get(LANGUAGE_VARIABLE) == PSEUDO:
        return
    locale = QLocale(code)
    QLocale.setDefault(locale)
    application.setLayoutDirection(locale.textDirection())
    translator = QTranslator(application)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load(locale, "qtbase", "_", folder):
        application.installTranslator(translator)


def native_language_name(code: str) -> str:
    """Return the name of a language in that language."""
    if code == SOURCE:
        return "English"
    name = QLocale(code).nativeLanguageName()
    return name[:1].upper() + name[1:]
