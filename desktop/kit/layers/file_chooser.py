"""File chooser: the system dialog for files and folders, which begins where people keep theirs."""

from pathlib import Path

from PySide6.QtCore import QDir, QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget


def make_file_chooser(parent: QWidget, title: str) -> QFileDialog:
    """Return a dialog that deletes itself once it is closed.

    It begins in the folder of the last choice. Without one Qt takes the working directory, where
    the program was started, which tells nothing of where a person's files are.
    """
    chooser = QFileDialog(parent, title)
    if chooser.directory() == QDir.current():
        chooser.setDirectory(documents_folder())
    chooser.finished.connect(chooser.deleteLater)
    return chooser


def make_folder_chooser(parent: QWidget, title: str) -> QFileDialog:
    """Return the same for one folder."""
    chooser = make_file_chooser(parent, title)
    chooser.setFileMode(QFileDialog.FileMode.Directory)
    chooser.setOption(QFileDialog.Option.ShowDirsOnly)
    return chooser


def documents_folder() -> str:
    """Return the folder of the person's documents, the home folder where there is none."""
    place = QStandardPaths.StandardLocation
    documents = QStandardPaths.writableLocation(place.DocumentsLocation)
    return documents if Path(documents).is_dir() else QDir.homePath()
