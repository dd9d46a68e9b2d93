"""Any bytes as a page: the decoder, the parser, and the whole way to a record."""

from __future__ import annotations

import time
from pathlib import Path

from fuzzing import fuzz
from hypothesis import strategies as st
from small_builds import ROOT, load, page, write_config

from builder.catalogue import CATALOGUE
from builder.compiled import Job, compile_job
from builder.errors import PageError
from builder.extract.charsets import CODECS
from builder.extract.decode import decode_html
from builder.extract.page import ParseLimits, parse_page
from builder.pipeline import Filtered, Row, build_record
from builder.records import REJECT_CODES, Locator, Page, Reject

SECONDS = 10.0
TOKENS = [
    "<", ">", "</", "/>", "<!--", "-->", "<![CDATA[", "]]>", "<!DOCTYPE html", "<?xml ", "&", "&#x110000;", "&nbsp",
    "=", "'", '"', " ", "\n", "\0", "<html lang=", "<head>", "<title>", "</title>", "<meta name=author content=",
    "<base href=", '<meta property="article:published_time" content="', '<script type="application/ld+json">',
    '{"@type": "NewsArticle", ', '"headline": ["', '"author": {"name": ', "}", "]", "</script>", "<article>", "<h1>",
    "</h1>", "<p>", "</p>", "<div", " class=byline", " itemprop=datePublished", " datetime=", "<time",
    "<table><tr><td>",
    "<a href=", "<svg>", "<br>", "<template>", "<plaintext>", "<textarea>", "<noscript>", "By Ann Lee",
    "24 February 2022, 14:30 IST", "2022-02-30", "Updated:", "http://[", "javascript:", "\u202e", "\ud7ff", "\ufeff",
    "\U000e0061", "水", "e\u0301", "x" * 400, "99" * 40, "<meta charset=", "utf-7", "utf-16", "shift_jis",
]  # fmt: skip
GOLD = sorted(path.read_bytes() for path in (ROOT / "tests" / "sites").rglob("*.html"))
SOUP = st.lists(st.sampled_from(TOKENS), max_size=80).map(lambda tokens: "".join(tokens).encode("utf-8", "replace"))


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A page of the project's own with pieces of soup in it, pieces cut out, and bytes changed."""
    data = draw(st.sampled_from(GOLD))
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, len(data)))
        end = min(len(data), at + draw(st.sampled_from([0, 1, 7, 200, 5000])))
        data = (
            data[:at]
            + draw(st.sampled_from([b"", *(token.encode("utf-8", "replace") for token in TOKENS)]))
            + data[end:]
        )
    return data


BODIES = st.one_of(st.binary(max_size=300), SOUP, mutated())
TYPES = st.sampled_from(
    [None, "", "text/html", *(f"text/html; charset={label}" for label in [*sorted(CODECS), "moon"])]
)


def page_of(body: bytes, content_type: str | None) -> Page:
    headers = {"content-type": content_type} if content_type is not None else {}
    return Page("https://www.a.example/news/1", body, Locator("a", 0, len(body)), headers=headers)


def test_fuzz_decoder() -> None:
    def check(example: tuple[bytes, str | None]) -> None:
        try:
            decoded = decode_html(*example)
        except PageError as error:
            if error.code not in ("empty", "not_html"):
                raise
            return
        assert "\0" not in decoded.html.decode("utf-8")
        assert decoded == decode_html(*example)

    fuzz(check, st.tuples(BODIES, TYPES), examples=150)


def test_fuzz_parser() -> None:
    def check(example: tuple[bytes, str | None]) -> None:
        began = time.monotonic()
        try:
            parsed = parse_page(page_of(*example), ParseLimits())
        except PageError as error:
            if error.code not in REJECT_CODES:
                raise
        else:
            "".join(map(str, parsed.root.itertext())).encode()
        assert time.monotonic() - began < SECONDS

    fuzz(check, st.tuples(BODIES, TYPES), examples=100)


def whole_job(folder: Path) -> Job:
    """Every field of the catalogue, and rules of every kind."""
    rules = [{"css": "div"}, {"xpath": "//p/text()"}, {"line": "Updated: (.+)"}, {"jsonld": "author.name"}]
    fields = [*CATALOGUE, {"own": {"type": "string", "rules": rules}}]
    (folder / "raw").mkdir(parents=True)
    return compile_job(load(write_config(folder, fields=fields, inputs=["raw"])))


def test_fuzz_record(tmp_path: Path) -> None:
    job = whole_job(tmp_path)

    def check(example: tuple[bytes, str | None]) -> None:
        began = time.monotonic()
        found = build_record(page_of(*example), job)
        assert time.monotonic() - began < SECONDS
        assert isinstance(found, Row | Reject | Filtered)
        if isinstance(found, Reject):
            assert found.code in REJECT_CODES
            assert found.code != "extract_failed", found.message
        else:
            assert found == build_record(page_of(*example), job)

    assert isinstance(build_record(page_of(page(1)["html"].encode(), None), job), Row)
    fuzz(check, st.tuples(BODIES, TYPES), examples=40)
