#!/bin/sh
# The desktop learns of the program, its icon and .gguf files; where it can't, nothing is lost.
set -e
refresh() { command -v "$1" >/dev/null 2>&1 && "$@" >/dev/null 2>&1 || true; }
refresh update-desktop-database -q /usr/share/applications
refresh update-mime-database /usr/share/mime
refresh gtk-update-icon-cache -q -t -f /usr/share/icons/hicolor
