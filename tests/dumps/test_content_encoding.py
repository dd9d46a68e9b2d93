"""Bodies in content encodings: undone as labelled, cut, corrupt, too large, or not encoded at all."""

from __future__ import annotations

import zlib
from collections.abc import Callable

import pytest
from encoded_bodies import ENCODE, HTML, LIMIT, zst
from hypothesis import given
from hypothesis import strategies as st

from builder.dumps.http import DECODERS, decode_content
from builder.errors import PageError


def raw_deflate(data: bytes) -> bytes:
    deflater = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return deflater.compress(data) + deflater.flush()


def decode(body: bytes, label: str, limit: int = LIMIT) -> bytes:
    return decode_content(body, {"content-encoding": label}, limit)[0]


@pytest.mark.parametrize("label", ENCODE)
@pytest.mark.parametrize("write", [str, str.upper, lambda label: f" {label} "], ids=["plain", "upper", "blanks"])
def test_each_encoding(label: str, write: Callable[[str], str]) -> None:
    assert decode(ENCODE[label](HTML), write(label)) == HTML


def test_every_decoder_is_tested() -> None:
    assert set(ENCODE) == set(DECODERS)


def test_deflate_without_its_zlib_header() -> None:
    assert decode(raw_deflate(HTML), "deflate") == HTML


@pytest.mark.parametrize("label", ["identity", "none", "utf-8", "", "text/html", "bogus, identity"])
def test_labels_that_say_nothing_of_the_bytes(label: str) -> None:
    assert decode(HTML, label) == HTML


@pytest.mark.parametrize("label", ENCODE)
@pytest.mark.parametrize(
    "body",
    [HTML, b"\n" + HTML, b"\n<p>hi</p>", b"<!doctype html>", b"  <html>", b"plain words", b"\xef\xbb\xbf<p>bom", b"<"],
)
def test_a_page_that_was_decoded_already_is_taken_as_it_is(label: str, body: bytes) -> None:
    assert decode(body, label) == body


@given(st.text("<>/abehlmp \n\"='!-", min_size=1, max_size=60), st.sampled_from(sorted(ENCODE)))
def test_any_text_under_a_wrong_label_is_kept(words: str, label: str) -> None:
    body = b"\n<html><body>" + words.encode() + b"</body></html>"
    assert decode(body, label) == body


@pytest.mark.parametrize("label", ENCODE)
def test_bytes_that_are_neither_as_labelled_nor_text(label: str) -> None:
    with pytest.raises(PageError) as caught:
        decode(b"\x00\xff\xfe\x01" * 100, label)
    assert caught.value.code == "bad_content_encoding"


@pytest.mark.parametrize(("wrong", "right"), [("gzip", "br"), ("gzip", "zstd"), ("zstd", "gzip"), ("deflate", "gzip")])
def test_a_label_of_another_encoding(wrong: str, right: str) -> None:
    with pytest.raises(PageError) as caught:
        decode(ENCODE[right](HTML), wrong)
    assert caught.value.code == "bad_content_encoding"


@pytest.mark.parametrize(("first", "second"), [("gzip", "br"), ("br", "gzip"), ("deflate", "gzip"), ("gzip", "gzip")])
def test_two_encodings_are_undone_from_the_last(first: str, second: str) -> None:
    assert decode(ENCODE[second](ENCODE[first](HTML)), f"{first}, {second}") == HTML


def test_one_of_two_encodings_was_never_applied() -> None:
    assert decode(ENCODE["gzip"](HTML), "gzip, gzip") == HTML


@pytest.mark.parametrize(("label", "after"), [("gzip", b""), ("gzip", b"\0\0\0\0"), ("zstd", b"")])
def test_two_members_or_frames_are_read_to_their_end(label: str, after: bytes) -> None:
    assert decode(ENCODE[label](HTML[:500]) + ENCODE[label](HTML[500:]) + after, label) == HTML


NUMBERS = b"<html>" + b" ".join(b"%d" % (7919 * number) for number in range(25_000))


@pytest.mark.parametrize("left", [0.75, 0.9])
@pytest.mark.parametrize("label", ENCODE)
def test_a_cut_stream_gives_what_there_is_and_is_not_whole(label: str, left: float) -> None:
    packed = ENCODE[label](NUMBERS)
    for cut in (int(len(packed) * left), len(packed) - 1):
        found, is_whole = decode_content(packed[:cut], {"content-encoding": label}, LIMIT)
        assert (NUMBERS.startswith(found), is_whole) == (True, False)
        assert len(found) > len(NUMBERS) // 2


@pytest.mark.parametrize("after", [b"\r\n", b"\n", b"<!-- served in 3 ms -->", b"\0" * 2000, b"x" * 5000], ids=len)
@pytest.mark.parametrize("label", ENCODE)
def test_bytes_behind_a_stream_are_none_of_it(label: str, after: bytes) -> None:
    for body in (HTML, NUMBERS):
        assert decode_content(ENCODE[label](body) + after, {"content-encoding": label}, LIMIT) == (body, True)


@pytest.mark.parametrize("label", [label for label in ENCODE if label != "br"])  # which has no checksum
def test_a_stream_that_is_corrupt_gives_what_stands_before(label: str) -> None:
    packed = bytearray(ENCODE[label](NUMBERS))
    at = len(packed) * 3 // 4
    packed[at : at + 100] = b"\xff" * 100
    found, is_whole = decode_content(bytes(packed), {"content-encoding": label}, LIMIT)
    assert (found[:100_000], is_whole) == (NUMBERS[:100_000], False)


def test_skippable_frames_of_zstd_are_passed_over() -> None:
    frame = b"\x52\x2a\x4d\x18\x03\x00\x00\x00abc"
    assert decode(frame + zst(HTML[:500]) + frame + zst(HTML[500:]) + frame, "zstd") == HTML


@pytest.mark.parametrize("label", ENCODE)
def test_an_empty_body_is_empty_under_any_label(label: str) -> None:
    assert decode(b"", label) == b""


@pytest.mark.parametrize("label", [*ENCODE, "identity"])
def test_the_limit(label: str) -> None:
    packed = ENCODE[label](HTML) if label in ENCODE else HTML
    assert decode(packed, label, len(HTML)) == HTML
    with pytest.raises(PageError) as caught:
        decode(packed, label, len(HTML) - 1)
    assert caught.value.code == "too_large"


@given(st.binary(max_size=200), st.sampled_from([*ENCODE, "gzip, br", "x"]), st.integers(0, 300))
def test_any_bytes_are_decoded_or_refused(body: bytes, label: str, limit: int) -> None:
    try:
        assert len(decode(body, label, limit)) <= limit
    except PageError as error:
        if error.code not in ("bad_content_encoding", "too_large"):
            raise
