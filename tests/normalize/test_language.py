"""Language tags as pages write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.normalize.language import parse_language, region_of


@pytest.mark.parametrize(
    ("raw", "language", "region"),
    [
        ("en", "en", None), ("EN", "en", None), (" en ", "en", None), ("en-US", "en", "US"), ("en-us", "en", "US"),
        ("en_GB", "en", "GB"), ("pt_BR.UTF-8", "pt", "BR"), ("zh-Hant-TW", "zh", "TW"), ("zh-Hans", "zh", None),
        ("sr-Latn", "sr", None), ("es-419", "es", "419"), ("de-1996", "de", None), ("de-DE-1996", "de", "DE"),
        ("ca-valencia", "ca", None), ("sl-rozaj", "sl", None), ("en-x-pirate", "en", None), ("fil", "fil", None),
        ("fil-PH", "fil", "PH"), ("eng", "en", None), ("ger", "de", None), ("fra-CA", "fr", "CA"), ("swe", "sv", None),
        ("TUR-TR", "tr", "TR"), ("fas", "fa", None), ("per", "fa", None), ("ukr", "uk", None), ("gsw", "gsw", None),
        ("iw", "he", None), ("jw", "jv", None), ("mo-MD", "ro", "MD"), ("sh", "sh", None), ("tw", "tw", None),
        ("cz", "cs", None), ("dk", "da", None), ("jp", "ja", None), ("cn", "zh", None), ("gr", "el", None),
        ("ua", "uk", None), ("vn", "vi", None), ("ua-UA", "uk", "UA"), ("uk", "uk", None), ("kr", "kr", None),
        ("in-ID", "id", "ID"), ("en-GB-oxendict", "en", "GB"),
        ("cmn-Hans-CN", "zh", "CN"),
        ("arb", "ar", None),
        ("yue", "yue", None),
    ],
)  # fmt: skip
def test_tags(raw: str, language: str, region: str | None) -> None:
    assert parse_language(raw) == language
    assert region_of(raw) == region


def test_the_first_of_several_languages_counts() -> None:
    assert parse_language("en, fr") == "en"
    assert parse_language("pt-BR,pt;q=0.8") == "pt"


@pytest.mark.parametrize(
    "raw",
    [
        "",
        " ",
        "e",
        "english",
        "deutsch",
        "und",
        "mul",
        "zxx",
        "UND",
        "x-default",
        "C",
        "POSIX",
        "12",
        "e1",
        "-",
        "en us",
        "us",
        "xx-XX",
        "русский",
    ],
)
def test_what_is_no_tag(raw: str) -> None:
    with pytest.raises(ValueError, match="not a language tag"):
        parse_language(raw)


@pytest.mark.parametrize("raw", ["", "english", "x-default", "русский"])
def test_no_region(raw: str) -> None:
    assert region_of(raw) is None


@given(st.text(max_size=30) | st.text("abcEN-_. ,", max_size=12))
def test_any_text_is_a_language_or_refused(raw: str) -> None:
    region_of(raw)
    try:
        language = parse_language(raw)
    except ValueError:
        return
    assert language.isascii()
    assert language == language.lower()
    assert len(language) in (2, 3)
    assert parse_language(language) == language
