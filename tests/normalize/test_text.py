"""Text in one spelling: NFC, single blanks, nothing invisible."""

from __future__ import annotations

import re
import resource
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.normalize.text import _MARKS, _SPACED, clean_line, clean_text, word_count
from builder.records import Preformatted

ODD = st.text(
    st.characters() | st.sampled_from("\x00\x1f\x7f\x85\xa0\xad\u0301\u200b\u2028\u2060\ufeff\u1100\u1161\u212b")
)


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        ("", ""),
        (" \t\r\n\x0b\x0c\x1c\x85\xa0\u2003\u2028\u2029\u3000", ""),
        ("a  b\n\tc", "a b c"),
        ("a\xa0b\u202fc\u2009d\u3000e", "a b c d e"),
        ("Cafe\u0301", "Café"),
        ("\u212bngström", "Ångström"),
        ("\u1112\u1161\u11ab", "한"),
        ("co\xadoperate", "cooperate"),
        ("zero\u200bwidth\u2060join\ufeffer", "zerowidthjoiner"),
        ("a\x00b\x07c\x1bd\x7fe\x80f\x9fg", "abcdefg"),
        ("a\x85b\x1cc", "a b c"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d🚒 ❤\ufe0f", "👩\u200d🚒 ❤\ufe0f"),
        ("\u200fשלום\u200e", "\u200fשלום\u200e"),
        ("lone \ud800 surrogate", "lone \ufffd surrogate"),
        ("ﬁsh ² ½", "ﬁsh ² ½"),
        ("潮が満ちる", "潮が満ちる"),
    ],
)
def test_clean_line(raw: str, line: str) -> None:
    assert clean_line(raw) == line


@given(ODD)
def test_a_clean_line_is_clean(raw: str) -> None:
    line = clean_line(raw)
    assert clean_line(line) == line
    assert unicodedata.is_normalized("NFC", line)
    assert line == line.strip()
    assert not any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in line)
    assert " ".join(line.split()) == line
    line.encode("utf-8")


@given(st.text(st.characters(categories=["L", "N", "P"], max_codepoint=0x24F), min_size=1))
def test_letters_are_kept(word: str) -> None:
    assert clean_line(f" {word} ") == unicodedata.normalize("NFC", word)


@pytest.mark.parametrize(
    ("blocks", "text"),
    [
        ([], ""),
        (["", " ", "\n\n"], ""),
        (["One.", "Two."], "One.\n\nTwo."),
        (["One\n\n\ntwo", "", " three "], "One\ntwo\n\nthree"),
        (["a\r\nb"], "a\nb"),
        (["a \u2028 b"], "a b"),
        (["a", Preformatted("\n  b:\n\n\n\n\tc  =  d \u200b\n"), "  e"], "a\n\n  b:\n\n\tc  =  d\n\ne"),
        ([Preformatted("\xa0\xa0e\u0301\xad\x07")], "  \xe9"),
        ([Preformatted(" \n\u200b\n"), "a"], "a"),
    ],
)
def test_clean_text(blocks: list[str], text: str) -> None:
    assert clean_text(blocks) == text


@given(st.lists(ODD, max_size=5))
def test_clean_text_of_its_own_blocks_changes_nothing(blocks: list[str]) -> None:
    text = clean_text(blocks)
    assert clean_text(text.split("\n\n")) == text
    assert "\n\n\n" not in text


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0), ("...", 0), ("one", 1), ("one two", 2), ("it's", 1), ("it’s o'clock", 2), ("well-known", 1),
        ("a - b", 2),
        ("東京", 2), ("東京 Tokyo", 3), ("Tokyo東京", 3), ("カタカナ", 4), ("밀물이 든다", 2),
        ("二〇〇〇年", 5), ("佐々々木〆〆", 6), ("ﾆｭｰｽ", 4), ("𠮷𠀀𠀁", 3),
        ("ไทย", 3), ("Прилив в четыре", 3),
        ("price: 300", 2), ("größer", 1), ("हिन्दी में", 2),
        ("שָׁלוֹם לְכֻלָּם", 2), ("בֵּית־סֵפֶר", 2),
    ],
)  # fmt: skip
def test_word_count(text: str, count: int) -> None:
    assert word_count(text) == count


_CLASS = rf"(?:[^\W{_SPACED}]|[{_MARKS}])"
_PLAINLY = re.compile(rf"[{_SPACED}]|[^\W{_SPACED}]{_CLASS}*(?:['’\-]{_CLASS}+)*")


@given(
    st.lists(
        st.sampled_from(["a", "ä", "1", "_", "'", "’", "-", " ", "\n", ".", "京", "า", "हि", "\u0301", "\u200d"])
    ).map("".join)
    | ODD
)
def test_words_are_counted_as_the_plain_pattern_finds_them(text: str) -> None:
    assert word_count(text) == sum(1 for _ in _PLAINLY.finditer(text))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems count memory otherwise")
def test_a_text_that_is_one_word_costs_no_memory() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert word_count("a" * 4_000_000) == 1
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # kB


@given(st.lists(st.text("abcäöü", min_size=1, max_size=8), max_size=20))
def test_word_count_of_words(words: list[str]) -> None:
    assert word_count(", ".join(words)) == len(words)
