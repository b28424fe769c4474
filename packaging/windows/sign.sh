#!/usr/bin/env bash
# Signs programs with Azure Trusted Signing. Called only where the variable AZURE_SIGNING says so.
# AZURE_SIGNING_METADATA names the JSON file with endpoint, account and profile; SIGNING_DLIB the
# library of Microsoft's signing client. Both are prepared by whoever owns the account.
set -euo pipefail
: "${AZURE_SIGNING_METADATA:?names the JSON file with endpoint, account and profile}"
: "${SIGNING_DLIB:?names Azure.CodeSigning.Dlib.dll}"
signtool sign //v //fd SHA256 //tr http://timestamp.acs.microsoft.com //td SHA256 \
    //dlib "$SIGNING_DLIB" //dmdf "$AZURE_SIGNING_METADATA" "$@"
signtool verify //pa "$@"
