#!/bin/sh
# What was registered is gone with its files; the desktop looks again.
set -e
refresh() { command -v "$1" >/dev/null 2>&1 && "$@" >/dev/null 2>&1 || true; }
refresh update-desktop-database -q /usr/share/applications
refresh update-mime-database /usr/share/mime
refresh gtk-update-icon-cache -q -t -f /usr/share/icons/hicolor
