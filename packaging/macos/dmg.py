"""dmgbuild's settings for the macOS disk image: the program beside a link to Applications.

dmgbuild -s packaging/macos/dmg.py -D app=dist/Inglenook.app Inglenook dist/Inglenook.dmg
"""

from pathlib import Path

# dmgbuild runs this file with `defines` among its names.
application = Path(globals().get("defines", {}).get("app", "dist/Inglenook.app"))

format = "ULFO"  # noqa: A001 - dmgbuild's name; LZFSE opens faster than zlib and is smaller
filesystem = "APFS"
files = [str(application)]
symlinks = {"Applications": "/Applications"}
icon = str(Path("build/icons/inglenook.icns"))
icon_locations = {application.name: (140, 150), "Applications": (400, 150)}
window_rect = ((240, 240), (540, 320))
icon_size = 112
text_size = 13
show_icon_preview = False
default_view = "icon-view"
include_icon_view_settings = True
