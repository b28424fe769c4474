"""Paths that are asked for and not served, and what to do instead."""

_WITHOUT_VERSION = ("/chat/completions", "/completions", "/embeddings", "/models", "/responses")
"""Paths that stand behind “/v1”."""
_ELSEWHERE = {
    "/api/pull": "Models are fetched in the application, or with “inglenook model get”.",
    "/api/create": "Models are added in the application, or with “inglenook model add”.",
    "/api/copy": "Models are managed in the application, or with “inglenook model”.",
    "/api/delete": "Models are removed in the application, or with “inglenook model remove”.",
    "/api/push": "Nothing is sent from this computer.",
    "/api/blobs": "Models are added in the application, or with “inglenook model add”.",
    "/v1/audio": "Models are given text alone here.",
    "/v1/images": "Models write text alone here.",
    "/v1/files": "Documents are added in the application, or with “inglenook folder add”.",
    "/v1/fine_tuning": "Models are trained with “inglenook model train”.",
    "/v1/moderations": "Nothing is moderated here.",
}
"""Sentences by the beginning of a path that other servers have."""


def describe_unknown_path(path: str) -> str:
    """Return what is said of a path that isn't served: where it is, or what to do instead.

    Programs put their own path behind the address that a person gave them, which is then one with
    “/v1” too many or too few.
    """
    said = f"Nothing is served at {path:.100}."
    for beginning, sentence in _ELSEWHERE.items():
        if path == beginning or path.startswith(f"{beginning}/"):
            return f"{said} {sentence}"
    if path.startswith(("/v1/v1/", "/v1/api/", "/api/api/", "/api/v1/")):
        return f"{said} The address given to the program must end with the port, without “/v1”."
    if path.startswith(_WITHOUT_VERSION):
        return f"{said} The address given to the program must end in “/v1”."
    return said
