"""What a child process sees of the engine's environment: enough to work, nothing that a step did not ask for."""

from __future__ import annotations

from collections.abc import Mapping

SHELL = ("PATH", "HOME", "LANG", "TMPDIR")

WORKER = (
    *SHELL,
    *("LC_ALL", "LC_CTYPE", "LANGUAGE", "TZ", "USER", "LOGNAME", "SHELL", "TERM", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"),
    *(
        "PYTHONPATH",
        "PYTHONHASHSEED",
        "PYTHONPYCACHEPREFIX",
        "PYTHONDONTWRITEBYTECODE",
        "PYTHONWARNINGS",
        "VIRTUAL_ENV",
    ),
    *("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "CONDA_PREFIX", "CUDA_VISIBLE_DEVICES", "OMP_NUM_THREADS"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"),
    *("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "no_proxy", "all_proxy"),
)
"""A worker's interpreter has to find its packages, its libraries, the network and the person's home."""

_FALLBACK_PATH = "/usr/local/bin:/usr/bin:/bin"


def shell(environ: Mapping[str, str]) -> dict[str, str]:
    return {"PATH": _FALLBACK_PATH, **_only(environ, SHELL)}


def worker(environ: Mapping[str, str]) -> dict[str, str]:
    return {"PATH": _FALLBACK_PATH, **_only(environ, WORKER)}


def _only(environ: Mapping[str, str], names: tuple[str, ...]) -> dict[str, str]:
    return {name: environ[name] for name in names if name in environ}
