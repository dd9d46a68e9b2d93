"""Clients of object stores, one a bucket or host and process: retries with back-off, errors as those of a disk.

Credentials come from the environment (AWS_*, GOOGLE_*, AZURE_*, as the stores' own tools read them) or, for S3, from a
profile of ~/.aws; never from a config. What a store refuses or does not answer is an OSError, as with a disk: the
build ends with exit 74, and running it again continues.
"""

from __future__ import annotations

import errno
import math
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

from obstore import exceptions as store
from obstore.store import ObjectStore, from_url

from builder.errors import ConfigError, to_install

SCHEMES = ("s3", "gs", "az", "http", "https")
"""What a path in a store begins with, before `://`. The last two are read only."""
RETRY_SECONDS = "BUILDER_STORE_RETRY_SECONDS"
"""Environment variable: how long a request that fails is tried again."""
_RETRY_SECONDS = 180.0
_LONGEST_SECONDS = 86_400
_MOST_RETRIES = 30
_REQUEST_SECONDS = 60.0
_LONGEST_MESSAGE = 300
_PAUSES = (0.1, 0.4, 1.6, 5.0, None)
"""Seconds before the next try of a request of which the answer broke off."""
_BROKEN_OFF = "response body error"
_STATUS = re.compile(r"status code: (\d{3}[^:]*)")
_DETAIL = re.compile(r"<Code>([^<]*)</Code>(?:.*?<Message>([^<]*)</Message>)?", re.DOTALL)
_FAILED = re.compile(r"(?:, after (\d+) retries\b.*?)? - (HTTP error: .*)")
_NO_ACCESS = ("401", "403")
_ALLOW_HTTP = ("AWS_ALLOW_HTTP", "AZURE_ALLOW_HTTP", "AZURE_STORAGE_USE_EMULATOR", "GOOGLE_ALLOW_HTTP")
_KEYS_OF_S3 = (
    "AWS_ACCESS_KEY_ID", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_SKIP_SIGNATURE",
)  # fmt: skip

Answer = TypeVar("Answer")


@lru_cache(maxsize=64)
def client_of(root: str) -> ObjectStore:
    """The client of `s3://bucket`, `gs://bucket`, `az://container`, `http(s)://host`.

    Raises:
        ConfigError: a profile that cannot be used, a setting in the environment that the store does not know.

    """
    seconds = seconds_from_env(RETRY_SECONDS, _RETRY_SECONDS, 1.0)
    try:
        return from_url(
            root,
            client_options={
                "timeout": timedelta(seconds=min(_REQUEST_SECONDS, seconds)),
                "connect_timeout": timedelta(seconds=min(10.0, seconds)),
                **({"allow_http": True} if root.startswith("http:") or any(map(_flag, _ALLOW_HTTP)) else {}),
            },
            retry_config={
                "max_retries": _MOST_RETRIES,
                "retry_timeout": timedelta(seconds=seconds),
                "backoff": {
                    "init_backoff": timedelta(milliseconds=100),
                    "max_backoff": timedelta(seconds=10),
                    "base": 2,
                },
            },
            **_profile(root),
        )
    except (store.BaseError, ValueError) as error:
        raise ConfigError(f"{root}: {_first_line(error)}") from None


def _flag(name: str) -> bool:
    """Whether a variable of the environment says yes; the client forgets those of its options that are not repeated."""
    return os.environ.get(name, "").lower() in ("1", "true")


def seconds_from_env(name: str, default: float, least: float) -> float:
    """The seconds that a variable of the environment sets, `default` where it is not set; never less than `least`.

    Raises:
        ConfigError: it is no number, or more than a day.

    """
    given = os.environ.get(name, "")
    try:
        seconds = float(given) if given else default
    except ValueError:
        seconds = math.nan
    if not seconds <= _LONGEST_SECONDS:  # nor NaN
        raise ConfigError(f"{name}={given}: not a number of seconds up to {_LONGEST_SECONDS}")
    return max(least, seconds)


def _profile(root: str) -> dict[str, Any]:
    """Credentials of a profile in ~/.aws, where one is named or nothing else is given."""
    if not root.startswith("s3:") or any(name in os.environ for name in _KEYS_OF_S3):
        return {}
    file = Path(os.environ.get("AWS_SHARED_CREDENTIALS_FILE") or Path.home() / ".aws" / "credentials")
    if "AWS_PROFILE" not in os.environ and not file.is_file():
        return {}  # a role of the machine that this runs on
    try:
        provider = import_module("obstore.auth.boto3").Boto3CredentialProvider
    except ImportError:
        hint = f"{to_install('aws')}; or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        raise ConfigError(f"{root}: a profile of ~/.aws is read by boto3, which is missing; {hint}") from None
    try:
        return {"credential_provider": provider()}
    except Exception as error:  # botocore's own: a profile that is not there, no credentials in it
        raise ConfigError(f"{root}: AWS profile: {_first_line(error)}") from None


def ask(name: str, request: Callable[[], Answer]) -> Answer:
    """Do a request, once more where its answer breaks off amid the body; all else the client tries again by itself.

    Raises:
        FileNotFoundError, PermissionError, FileExistsError, OSError: see `store_errors`.

    """
    for pause in _PAUSES:
        with store_errors(name):
            try:
                return request()
            except store.BaseError as error:
                if pause is None or _BROKEN_OFF not in str(error):
                    raise
        time.sleep(pause)
    raise AssertionError("the last try returns or raises")


@contextmanager
def store_errors(name: str) -> Iterator[None]:
    """Let what a store answers arise as an OSError that names the object.

    Raises:
        FileNotFoundError, PermissionError, FileExistsError, OSError.

    """
    try:
        yield
    except FileNotFoundError:
        raise FileNotFoundError(errno.ENOENT, "no such object", name) from None
    except (store.AlreadyExistsError, store.PreconditionError) as error:
        raise FileExistsError(errno.EEXIST, "changed by another", name) from error
    except (store.InvalidPathError, store.NotSupportedError, ValueError) as error:
        raise OSError(errno.EINVAL, _first_line(error), name) from None
    except store.BaseError as error:
        said = answer_of(error)
        if isinstance(error, store.PermissionDeniedError | store.UnauthenticatedError) or said.startswith(_NO_ACCESS):
            text = f"the store refuses access ({said}); renew or check the credentials"
            raise PermissionError(errno.EACCES, text, name) from None
        raise OSError(errno.EIO, f"the store did not complete the request ({said})", name) from None


def answer_of(error: BaseException) -> str:
    """What a store said, in one line: status, code and message, as far as it said them; else what failed."""
    text = str(error)
    status, detail = _STATUS.search(text), _DETAIL.search(text)
    if status is None:
        failed = _FAILED.search(text.partition("\n")[0])
        return _shortened(f"{failed[2]}, after {failed[1] or 0} retries") if failed else _first_line(error)
    parts = [status[1], *(part for part in (detail.groups() if detail else ()) if part)]
    return _shortened(": ".join(" ".join(part.split()) for part in parts))


def _first_line(error: BaseException) -> str:
    """One line of an error: stores answer with documents, and the cause stands at the end of a chain."""
    return _shortened(" ".join(str(error).split("\n\nDebug source")[0].split()))


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_MESSAGE else f"{text[:_LONGEST_MESSAGE]}..."
