#!/usr/bin/env bash
# Makes the disk image from dist/Inglenook.app, and has Apple look at it where there is an account.
#
# CODESIGN_IDENTITY   a Developer ID; without one the program keeps PyInstaller's ad-hoc signature
# NOTARY_KEY_FILE, NOTARY_KEY_ID, NOTARY_ISSUER   an App Store Connect key; without one nothing is sent
set -euo pipefail
cd "$(dirname "$0")/../.."
app=dist/Inglenook.app
image=dist/inglenook-${VERSION:?}-macos-arm64.dmg

codesign --verify --deep --strict --verbose=2 "$app"
# A broken link in the framework is refused by Apple only after minutes; find it now.
broken=$(find "$app" -type l ! -exec test -e {} \; -print)
[ -z "$broken" ] || { echo "broken links: $broken" >&2; exit 1; }

rm -f "$image"
dmgbuild -s packaging/macos/dmg.py -D app="$app" Inglenook "$image"
if [ -z "${CODESIGN_IDENTITY:-}" ]; then
    echo "no CODESIGN_IDENTITY: people open it once by Settings > Privacy & Security > Open Anyway"
    exit 0
fi
codesign --sign "$CODESIGN_IDENTITY" --timestamp "$image"
if [ -z "${NOTARY_KEY_FILE:-}" ]; then
    echo "no NOTARY_KEY_FILE: signed, not notarised"
    exit 0
fi
xcrun notarytool submit "$image" --wait --key "$NOTARY_KEY_FILE" --key-id "$NOTARY_KEY_ID" --issuer "$NOTARY_ISSUER"
xcrun stapler staple "$image"
spctl --assess --type open --context context:primary-signature --verbose=2 "$image"
