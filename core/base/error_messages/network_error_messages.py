"""Error messages for everything beyond this machine: downloads, servers, updates."""

from collections.abc import Mapping

from core.base.error_codes import ErrorCode
from core.base.i18n import N_

NETWORK_ERROR_MESSAGES: Mapping[ErrorCode, tuple[str, str]] = {
    ErrorCode.COURIER_DIED: (
        N_("The part of Inglenook that may use the network stopped unexpectedly ({detail})."),
        N_("Try again; what has been fetched is kept."),
    ),
    ErrorCode.CONSENT_NEEDED: (
        N_("{host} would be contacted, and nobody is there to agree; nothing was sent."),
        N_("Add “--yes” to the command to agree."),
    ),
    ErrorCode.CONSENT_REFUSED: (
        N_("You did not agree, so nothing was sent to {host}."),
        N_("Run the command again if you change your mind."),
    ),
    ErrorCode.ADDRESS_REFUSED: (
        N_("“{address}” can't be used as an address: {detail}."),
        N_("Give it with http:// or https://, as in https://example.org."),
    ),
    ErrorCode.HOST_UNREACHABLE: (
        N_("{host} can't be reached ({detail})."),
        N_("Check the connection, the address and the proxy, then try again."),
    ),
    ErrorCode.HOST_UNTRUSTED: (
        N_("{host} can't prove that it is {host} ({detail})."),
        N_("Check this computer's clock, and whether something stands between you and it."),
    ),
    ErrorCode.HOST_TROUBLE: (
        N_("{host} is in trouble or asks to wait (HTTP {status})."),
        N_("Try again in a while; what has been fetched is kept."),
    ),
    ErrorCode.HOST_REFUSES: (
        N_("{host} refuses this request (HTTP {status})."),
        N_("Check the address and the access token; “inglenook model token” keeps one."),
    ),
    ErrorCode.HOST_NONSENSE: (
        N_("{host} answers, but not as expected ({detail})."),
        N_("Check the address: it may be another kind of server, or a sign-in page in between."),
    ),
    ErrorCode.HUB_NOT_SHOWN: (
        N_("{host} shows {repository} to nobody without an access token."),
        N_("Check the name; if it is right, keep a token with “inglenook model token”."),
    ),
    ErrorCode.HUB_GATED: (
        N_("{repository} is only given to people who agreed to its maker's terms."),
        N_("Agree to them at {page}, then keep a token of that account (“inglenook model token”)."),
    ),
    ErrorCode.HUB_NOT_FOUND: (
        N_("{host} has no {what}."),
        N_("Check the name; upper and lower case count."),
    ),
    ErrorCode.FETCH_WISH: (
        N_("“{wish}” names no model that can be fetched."),
        N_("Give a name of the catalog, or OWNER/REPOSITORY, with “:LEVEL” or “:FILE” behind it."),
    ),
    ErrorCode.FETCH_AMBIGUOUS: (
        N_("{repository} holds more than one model file for “{choice}”: {choices}."),
        N_("Name one of them behind a colon, as in {example}."),
    ),
    ErrorCode.FETCH_NOTHING: (
        N_("{repository} holds no GGUF file for “{choice}”; there are: {choices}."),
        N_("Choose one of these, or another repository."),
    ),
    ErrorCode.FETCH_UNPROVABLE: (
        N_("{host} doesn't say how large {file} is or how it can be proven."),
        N_("Choose another repository, or fetch the file yourself and add it."),
    ),
    ErrorCode.FETCH_CHANGED: (
        N_("{file} at {host} is not what was announced ({detail})."),
        N_("Fetch it again, from the beginning: its maker has probably replaced it."),
    ),
    ErrorCode.FETCH_CORRUPT: (
        N_("What arrived of {file} is not the file that was announced: its SHA-256 differs."),
        N_("It was thrown away. Fetch it again; if it comes back, ask who runs {host}."),
    ),
    ErrorCode.FETCH_NO_ROOM: (
        N_("{file} needs {needed} more on the disk, and {free} are free in {folder}."),
        N_("Make room, or choose a lower quantization level."),
    ),
    ErrorCode.FETCH_DISK_FULL: (
        N_("The disk that holds {path} became full."),
        N_("Make room and go on: what has been fetched is kept."),
    ),
    ErrorCode.FETCH_UNWRITABLE: (
        N_("{path} can't be written ({detail})."),
        N_("Change the permissions of its folder; what has been fetched is kept."),
    ),
    ErrorCode.FETCH_BUSY: (
        N_("{file} is being fetched already."),
        N_("Wait for it, or stop the other fetch first."),
    ),
    ErrorCode.FETCH_EXISTS: (
        N_("Another file called {file} lies in {folder} already; it was left as it is."),
        N_("Remove or rename it, then fetch again."),
    ),
    ErrorCode.FETCH_UNKNOWN: (
        N_("Nothing is being fetched as “{wish}”."),
        N_("“inglenook model get --list” shows what was begun."),
    ),
    ErrorCode.KEY_STORE_MISSING: (
        N_("This system has no key store that can be used ({detail})."),
        N_(
            "Set one up (on Linux: GNOME Keyring or KWallet), or keep the key in a variable: "
            "HF_TOKEN for the hub, INGLENOOK_KEY_NAME for the server NAME."
        ),
    ),
    ErrorCode.UPDATE_UNPROVEN: (
        N_("What {host} says about new versions is not signed by the makers of Inglenook."),
        N_("Don't trust it; get new versions where you got this one."),
    ),
    ErrorCode.UPDATE_REPLAYED: (
        N_("What {host} says about new versions is older than what it said before."),
        N_("Something on the way may hold back the news; look where you got this version."),
    ),
    ErrorCode.UPDATE_NOWHERE: (
        N_("This build names no place that knows of new versions."),
        N_("Look for a newer one where you got it."),
    ),
    ErrorCode.SERVER_CONSENT: (
        N_("Text may not leave for {host} yet."),
        N_("Agree in the chat's model chooser, or with “inglenook model server allow {name}”."),
    ),
    ErrorCode.SERVER_BUDGET: (
        N_("This month's budget of {name}, {budget}, is spent."),
        N_("Raise it with “inglenook model server price {name}”, or choose another model."),
    ),
    ErrorCode.SERVER_UNKNOWN: (
        N_("No server is called “{name}”."),
        N_("“inglenook model server list” shows the names."),
    ),
    ErrorCode.SERVER_NAME_TAKEN: (
        N_("A model is called “{name}” already."),
        N_("Choose another name for the server."),
    ),
    ErrorCode.SERVER_MODEL: (
        N_("{host} has no such model, or several; there are: {models}."),
        N_("Name one of them with “--model”."),
    ),
    ErrorCode.SERVER_CUT: (
        N_("{host} ended its answer in the middle."),
        N_("Ask again; if it keeps happening, look at the server's own log."),
    ),
    ErrorCode.SERVER_KEY: (
        N_("{host} wants a key, or another one."),
        N_("Give it one: “inglenook model server key NAME”."),
    ),
    ErrorCode.SERVER_SAYS: (
        N_("{host} can't answer: {detail}."),
        N_("Check the server's model and its own log, or choose a model of this computer."),
    ),
    ErrorCode.API_DIED: (
        N_("The part of Inglenook that answers other programs has ended ({detail})."),
        N_("Switch it on again; if that keeps happening, look at the log api.log."),
    ),
    ErrorCode.API_PORT: (
        N_("Port {port} of this computer can't be used ({detail})."),
        N_("Choose another one with “--port”, or in the settings."),
    ),
    ErrorCode.API_TOKEN_UNKNOWN: (
        N_("No token is called “{name}”."),
        N_("“inglenook serve token --list” shows the names."),
    ),
    ErrorCode.MCP_MISSING: (
        N_("This Inglenook lacks the Python package “mcp”, which programs are served with."),
        N_("Install Inglenook with it (“pip install inglenook[mcp]”); “serve” needs no more."),
    ),
    ErrorCode.TOOL_ARGUMENTS: (
        N_("That is not what “{tool}” takes: {detail}."),
        N_("Correct the arguments; they are one JSON object."),
    ),
    ErrorCode.TOOL_SERVER_FAILED: (
        N_("The tool server “{name}” gives no answer: {detail}."),
        N_("It may need a folder or the network: remove it and add it with “--read” or so."),
    ),
    ErrorCode.TOOL_SERVER_UNKNOWN: (
        N_("There is no tool server “{name}”."),
        N_("“inglenook tools list” names all."),
    ),
    ErrorCode.TOOL_SERVER_NAME: (
        N_("“{name}” can't be the name of a tool server."),
        N_("Take another one, of letters, digits and hyphens, that no other server has."),
    ),
    ErrorCode.START_CONSENT: (
        N_("“{name}” would be started, and nobody is there to agree; nothing was started."),
        N_("Add “--yes” to the command to agree."),
    ),
    ErrorCode.START_REFUSED: (
        N_("You did not agree, so “{name}” was not started."),
        N_("Run the command again if you change your mind."),
    ),
    ErrorCode.TOOL_UNKNOWN: (
        N_("There is no tool “{name}”."),
        N_("“inglenook tools list” names all."),
    ),
    ErrorCode.PROGRAM_MISSING: (
        N_("There is no program “{name}”."),
        N_("Install it, or give the whole path of its file."),
    ),
    ErrorCode.NO_FOLDER_ALLOWED: (
        N_("No folder is allowed for programs that ask through “inglenook mcp”."),
        N_("“inglenook mcp allow NAME” allows one."),
    ),
    ErrorCode.FOLDER_NOT_ALLOWED: (
        N_("“{name}” is none of the folders that are allowed for programs."),
        N_("“inglenook mcp allow --list” lists them."),
    ),
    ErrorCode.API_REQUEST: (
        N_("The request can't be answered: {detail}."),
        N_("Change it as the message says."),
    ),
}
