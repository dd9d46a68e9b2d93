import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.config.yaml import MOST_BYTES, read_document


def found(text: str | bytes) -> list[str]:
    raw = text.encode() if isinstance(text, str) else text
    return [f"{mark.line}:{mark.column}: {message}" for mark, message in read_document("f", raw).problems]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("no", "no", id="no is text"),
        pytest.param("off", "off", id="off is text"),
        pytest.param("12:30", "12:30", id="no sexagesimals"),
        pytest.param("1_000", "1_000", id="no underscores"),
        pytest.param("16MiB", "16MiB", id="size"),
        pytest.param("=", "=", id="equals"),
        pytest.param("12", 12, id="integer"),
        pytest.param("-3", -3, id="negative"),
        pytest.param("0x1F", 31, id="hexadecimal"),
        pytest.param("0o17", 15, id="octal"),
        pytest.param("1e3", 1000.0, id="exponent"),
        pytest.param(".5", 0.5, id="leading dot"),
        pytest.param("True", True, id="true"),
        pytest.param("false", False, id="false"),
        pytest.param("~", None, id="tilde"),
        pytest.param("null", None, id="null"),
        pytest.param("'12'", "12", id="quoted number"),
        pytest.param("'2022-01-01'", "2022-01-01", id="quoted date"),
        pytest.param("2022-01-01", dt.date(2022, 1, 1), id="date"),
        pytest.param("2022-01-01T03:04:05Z", dt.datetime(2022, 1, 1, 3, 4, 5, tzinfo=dt.UTC), id="time"),
        pytest.param("a#b", "a#b", id="hash in a word"),
        pytest.param('"\\u00e9"', "é", id="escape"),
    ],
)
def test_scalars_follow_yaml_1_2(text: str, value: object) -> None:
    document = read_document("f", f"k: {text}".encode())
    assert document.problems == []
    assert document.data == {"k": value}
    assert type(document.data["k"]) is type(value)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param(
            "a: 012",
            "1:4: 012 is read as 12 by some and as octal by others; quote it or drop the zero",
            id="octal or not",
        ),
        pytest.param("a: .nan", "1:4: .nan is not a finite number; quote it if it is text", id="nan"),
        pytest.param("a: 1e999", "1:4: 1e999 is too large for a number", id="overflow"),
        pytest.param(
            "a: 2022-02-30",
            "1:4: 2022-02-30 is not a date; quote it if it is text",
            id="day",
        ),
        pytest.param("a: 1\nb: 2\na: 3", '3:1: the key "a" stands here twice, first in line 1', id="duplicate key"),
        pytest.param("a:\n\tb: 1", "2:1: a tab; indent with spaces", id="tab"),
        pytest.param("a: 1\n---\nb: 2", "2:1: a second document; a config file holds one", id="two documents"),
        pytest.param("a: &x 1", "1:4: anchors (&name) are not allowed; remove it", id="anchor"),
        pytest.param("a: *x", "1:4: aliases (*name) are not allowed; write the value out", id="alias"),
        pytest.param("<<: {a: 1}", "1:1: merge keys (<<) are not allowed; write the entries out", id="merge key"),
        pytest.param(
            "a: !!python/object/apply:os.system [x]",
            '1:4: tags like "tag:yaml.org,2002:python/object/apply:os.system" are not allowed; remove it',
            id="python tag",
        ),
        pytest.param("a: !!str 5", '1:4: tags like "tag:yaml.org,2002:str" are not allowed; remove it', id="core tag"),
        pytest.param("%YAML 1.1\n---\na: no", "2:1: no % directives before the document; remove them", id="directive"),
        pytest.param("2022: a", "1:1: this key is the number 2022, not a name; quote it", id="number as key"),
        pytest.param(
            "? [a]\n: b", "1:3: a key must be plain text, not a list, a mapping or an alias", id="list as key"
        ),
        pytest.param('a: "\\ud800"', "1:4: half of a surrogate pair, which is no character", id="surrogate"),
        pytest.param(
            "a: b: c",
            "1:5: a second `: ` in one line, or wrong indentation; quote the value if the colon belongs to it",
            id="colon",
        ),
        pytest.param("a: 1\nb: x\x01", "2:5: the control character U+0001 may not stand here", id="control character"),
        pytest.param(b"a: 1\nb: \xe9t\xe9", "2:4: not UTF-8: byte 0xe9; save the file as UTF-8", id="latin-1"),
        pytest.param("a: 1".encode("utf-16"), "1:1: not UTF-8: byte 0xff; save the file as UTF-8", id="utf-16"),
        pytest.param("[" * 60, "1:51: nested deeper than 50", id="deep"),
        pytest.param("a: [1", "1:6: not YAML: expected ',' or ']', but got '<stream end>'", id="unclosed"),
        pytest.param("#" * (MOST_BYTES + 1), "1:1: larger than 1048576 bytes; a config is smaller", id="large"),
    ],
)
def test_refused(text: str | bytes, line: str) -> None:
    assert found(text) == [line]


def test_byte_order_mark_is_accepted() -> None:
    document = read_document("f", b"\xef\xbb\xbfa: 1")
    assert (document.data, document.problems) == ({"a": 1}, [])


@pytest.mark.parametrize("opening", ["[", "{", "- ", "? ", "{a: "])
def test_deep_nesting_is_bounded(opening: str) -> None:
    assert found(opening * 100_000)[-1].endswith("nested deeper than 50")


def test_alias_bomb_is_not_expanded() -> None:
    levels = "".join(f"l{number}: &l{number} [{', '.join([f'*l{number - 1}'] * 9)}]\n" for number in range(1, 10))
    document = read_document("f", f"l0: &l0 x\n{levels}".encode())
    assert len(document.problems) == 10 + 9 * 9
    assert document.data["l9"] == [None] * 9


def test_marks_are_of_keys_and_entries() -> None:
    marks = read_document("f", b"# c\na:\n  - b: 1\n    c: {d: 2}\n").marks
    assert {path: (mark.line, mark.column) for path, mark in marks.items() if "\0" not in path} == {
        (): (2, 1),
        ("a",): (2, 1),
        ("a", 0): (3, 5),
        ("a", 0, "b"): (3, 5),
        ("a", 0, "c"): (4, 5),
        ("a", 0, "c", "d"): (4, 9),
    }


PIECES = st.sampled_from(
    [
        *(": ", "- ", "? ", "[", "]", "{", "}", ",", "&x ", "*x", "!t ", "!!int ", "'", '"', "|\n", ">-\n", "#", "<<"),
        *("\n", "  ", "\t", "\r\n", "a", "b: 1\n", "%YAML 1.9\n", "---\n", "...\n", "@", "`"),
        *("\\U99999999", "\ufeff", "\x85", "\u2028", "0x", "-.inf", "1e", "+", "0", "2022-13-01T25:61:00Z"),
    ]
)
BYTES = st.one_of(
    st.lists(PIECES, max_size=30).map("".join).map(str.encode), st.text().map(str.encode), st.binary(max_size=60)
)


@settings(max_examples=400, deadline=None)
@given(BYTES)
def test_any_bytes_give_a_document(raw: bytes) -> None:
    document = read_document("f", raw)
    assert document.problems or not document.broken
    assert () in document.marks or document.broken
