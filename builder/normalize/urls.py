"""URLs: absolute, canonical, without what tracks the reader; and the site that they belong to."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import SplitResult, unquote, urljoin, urlsplit, urlunsplit

from publicsuffixlist import PublicSuffixList
from w3lib.url import canonicalize_url

URL_LIMIT = 4096
_TRACKING = re.compile(
    r"(?:utm_|mc_|pk_|piwik_|hsa_|vero_|oly_|itm_|guce_|fb_)\w*|_hsenc|_hsmi|_ga|_gl"
    r"|(?:fb|g|dc|ms|tt|yc|tw)clid|gclsrc|[gw]braid|igshid|igsh|srsltid|mkt_tok|ref_src|ref_url|cmpid|ocid|smid|ncid"
    r"|guccounter|s_cid|xtor|__twitter_impression|amp_js_v|usqp|spm",
    re.IGNORECASE,
)
_SESSION = re.compile(r";jsessionid=[^?#/]*", re.IGNORECASE)
_HOST = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*|[0-9a-f:.]*:[0-9a-f:.]*")
_CONTROL = re.compile(r"[\x00-\x20\x7f]")
_PLAIN = re.compile(r"https?://[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*+/(?:[A-Za-z0-9_~-][A-Za-z0-9._~-]*+(?:/|\Z))*+")
"""A URL that is canonical as it stands, as most are: nothing in it has another spelling, and no segment is of dots."""
_USERINFO = re.compile(
    r"([\x00-\x20<]*+(?:view-source:)?+(?:(?:https?|ftp|wss?):[/\\\s]*+|[a-z][a-z0-9+.-]*+://|[/\\]{2,}+))[^/?#]*@",
    re.IGNORECASE,
)
"""A user and password, also where a browser alone takes a text for a URL: any number of slashes of either kind."""
_NO_PARTS = SplitResult("", "", "", "", "")


class UrlError(ValueError):
    """Not an http or https URL that can be written canonically."""


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def without_userinfo(url: str) -> str:
    """A URL as it is, however it is written, but for a user and password in it: they are nobody's business.

    >>> without_userinfo("https://me:pw@news.example/a@b"), without_userinfo("https://news.example/a@b")
    ('https://news.example/a@b', 'https://news.example/a@b')
    """
    found = _USERINFO.match(url) if "@" in url else None
    return url if found is None else found[1] + url[found.end() :]


def split_url(url: str) -> SplitResult:
    """The parts of a URL as `urlsplit` gives them; all of them empty where it refuses to.

    >>> split_url("https://news.example/a?b").path, split_url("https://[broken/a").path
    ('/a', '')
    """
    try:
        return urlsplit(url)
    except ValueError:  # a bracket without its other, or a host with characters that NFKC makes marks of
        return _NO_PARTS


@lru_cache(maxsize=8192)
def host_of(url: str) -> str:
    """The host in lower-case ASCII (IDNA), without port and userinfo; empty where there is none.

    What is percent-encoded in it is decoded, as browsers do.

    >>> host_of("https://me:pw@Bücher.Example:8443/x"), host_of("https://b%C3%BCcher.example/"), host_of("file:a.html")
    ('xn--bcher-kva.example', 'xn--bcher-kva.example', '')
    """
    try:
        host = urlsplit(url).hostname or ""
        if "%" not in host:
            return _in_ascii(host)
        decoded = _in_ascii(unquote(host, errors="strict").lower())
        return decoded if _HOST.fullmatch(decoded) and ":" not in decoded else ""
    except ValueError:  # a malformed address, or a label that IDNA refuses
        return ""


def _in_ascii(host: str) -> str:
    return host.rstrip(".") if host.isascii() else host.rstrip(".").encode("idna").decode("ascii")


@lru_cache(maxsize=8192)
def site_of(host: str) -> str | None:
    """The registrable domain of a host by the Public Suffix List; the host itself where it has none (an IP address).

    >>> site_of("www.news.example.co.uk")
    'example.co.uk'
    """
    if not host:
        return None
    if ":" in host or host.replace(".", "").isdigit():
        return host
    return str(_suffixes().privatesuffix(host) or host)


@lru_cache(maxsize=8192)
def canonical_url(raw: str, base: str = "") -> str:
    """An absolute http(s) URL in one spelling.

    Resolved against `base`, host lower-case and IDNA, default port, userinfo, fragment, session id and tracking
    parameters dropped, query sorted, percent-encoding normalised. Applying it twice changes nothing.

    >>> canonical_url("/a/../b?utm_source=x&z=1&a=2#top", "http://User@News.Example:80/c")
    'http://news.example/b?a=2&z=1'

    Raises:
        UrlError: no http or https URL, no host, or longer than 4,096 characters.

    """
    text = without_userinfo(raw.strip())  # before any of it can stand in a message
    if not text or len(text) > URL_LIMIT:
        raise UrlError("empty" if not text else f"longer than {URL_LIMIT} characters: {text[:80]!r}")
    absolute = text if _PLAIN.fullmatch(text) else _absolute(text, base)
    if _PLAIN.fullmatch(absolute) and len(absolute) <= URL_LIMIT:
        return absolute
    return _in_one_spelling(absolute, text)


def _absolute(text: str, base: str) -> str:
    written = _CONTROL.sub(lambda found: "" if found[0] in "\t\r\n" else f"%{ord(found[0]):02X}", text)
    try:
        return urljoin(base, written)
    except ValueError as error:
        raise UrlError(f"{error}: {text[:80]!r}") from error


def _in_one_spelling(absolute: str, text: str) -> str:
    try:
        parts = urlsplit(absolute)
        port = parts.port
    except ValueError as error:
        raise UrlError(f"{error}: {text[:80]!r}") from error
    host = host_of(absolute)
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(host):
        raise UrlError(f"not an http or https URL: {text[:80]!r}")
    default = {"http": 80, "https": 443}[parts.scheme]
    netloc = (f"[{host}]" if ":" in host else host) + ("" if port in (None, default) else f":{port}")
    query = "&".join(filter(None, parts.query.split("&")))
    url = _without_noise(urlunsplit((parts.scheme, netloc, parts.path, query, "")), text)
    if len(url) > URL_LIMIT:
        raise UrlError(f"longer than {URL_LIMIT} characters: {text[:80]!r}")
    return url


def _without_noise(url: str, raw: str) -> str:
    """Percent-encoding in one spelling first, for what is dropped may be encoded."""
    try:
        parts = urlsplit(str(canonicalize_url(url)))
    except ValueError as error:  # a lone surrogate
        raise UrlError(f"{error}: {raw[:80]!r}") from error
    path = _SESSION.sub("", _remove_dots(parts.path)) or "/"
    query = "&".join(part for part in parts.query.split("&") if not _TRACKING.fullmatch(part.partition("=")[0]))
    return urlunsplit((parts.scheme, parts.netloc, path, query, ""))


def _remove_dots(path: str) -> str:
    """Dot segments resolved as RFC 3986 section 5.2.4 does; urljoin leaves those of an absolute URL."""
    if "/." not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == "..":
            del kept[max(len(kept) - 1, 1) :]
        elif segment != ".":
            kept.append(segment)
    return "/".join(kept) + ("/" if segments[-1] in (".", "..") else "")
