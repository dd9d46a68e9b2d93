"""What may be wrong with a URL that is written down, in a config or on the command line."""

from __future__ import annotations

import re

from builder.storage.client import SCHEMES

WITH_CREDENTIALS = "a URL with credentials in it; they come from the environment, see `Object stores` in the README"
_USER = r"://(?:[^/]*@|[^/\[\]@]*:(?!\d*(?:\W|$)))"
"""A user before the host. Keys of S3 may hold a `/`: what stands behind the first colon and is no port is one, too."""
_SIGNATURE = r"://.*[?&](?:X-Amz-|X-Goog-|Signature=|AWSAccessKeyId=|sig=)"
_CREDENTIALS = re.compile(f"{_USER}|{_SIGNATURE}", re.IGNORECASE | re.DOTALL)


def has_credentials(text: str) -> bool:
    """Whether there is a URL in a text with a user, a password or a signature in it; then none of it may be shown.

    >>> has_credentials("s3://key:pass/word@bucket/x"), has_credentials("[http://host:8080/x, s3://bucket/a@b]")
    (True, False)
    """
    return _CREDENTIALS.search(text) is not None


def url_problem(text: str) -> str | None:
    """What is wrong with a URL that is written down; nothing of it is told, for it may be a secret.

    >>> url_problem("raw/x"), url_problem("s3://bucket/what?.html"), url_problem("hdfs://node/x")
    (None, None, 'hdfs:// is no store; write s3://, gs://, az://, http://, https:// or a path')
    """
    scheme, found, rest = text.partition("://")
    if not found or not scheme.isalnum():
        return None
    if has_credentials(text):
        return WITH_CREDENTIALS
    if scheme not in SCHEMES:
        return f"{scheme}:// is no store; write {', '.join(f'{known}://' for known in SCHEMES)} or a path"
    if scheme.startswith("http") and ("?" in rest or "#" in rest):
        return "a URL with a query; a dump is the whole of a file"
    return None
