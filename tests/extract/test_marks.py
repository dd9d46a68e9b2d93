import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from builder.extract.facts.scan import surroundings
from builder.extract.marks import BITS, CLASSES, WORDS, class_roles, is_veiled, word_bits
from builder.extract.roles import _BITS as ROLE_WORDS
from builder.extract.roles import AUTHOR, CAPTION, DATE, roles_of

_PARTS = [
    *ROLE_WORDS, *" ".join(WORDS.values()).split(), "post", "meta", "by", "line", "review", "x",
    "md:", "[a]", "é", "ß", "12",
]  # fmt: skip
_names = st.lists(
    st.lists(
        st.sampled_from(_PARTS).flatmap(lambda word: st.sampled_from([word, word.title(), word.upper()])), max_size=4
    ),
    max_size=4,
).flatmap(lambda names: st.sampled_from(["-", "_", "", "0"]).map(lambda sign: " ".join(map(sign.join, names))))


def plain_roles(names: str) -> int:
    """Name by name, the longest words first, as the table of words says it."""
    longest = re.compile("|".join(sorted(map(re.escape, ROLE_WORDS), key=len, reverse=True)))
    bits = 0
    for name in names.lower().split():
        if len(name) > 3 and ":" not in name and "[" not in name:
            for word in longest.findall(name):
                bits |= ROLE_WORDS[word]
    return bits


def plain_words(names: str) -> int:
    """The bits of all words, camel case taken apart."""
    found = {word.lower() for word in re.findall("[a-z]+|[A-Z][a-z]+|[A-Z]+", names)}
    return sum(BITS[f"word:{kind}"] for kind, words in WORDS.items() if found & set(words.split()))


@given(_names)
def test_classes_are_judged_word_by_word_as_they_would_be_name_by_name(names):
    """What is remembered of single words adds up to what the whole attribute says."""
    assert word_bits(names) == plain_words(names)
    assert class_roles(names) == plain_roles(names) == roles_of(names)


def test_verdicts_are_remembered():
    before = len(CLASSES)
    assert class_roles("entirely-new-byline-7f3a") == class_roles("entirely-new-byline-7f3a") > 0
    assert len(CLASSES) == before + 1


def test_class_words_of_an_element_and_of_the_one_around_it_are_features() -> None:
    """What title, author and date are weighed by, beside the roles that are known beforehand."""
    stamp = "<div class='postMeta top'><span class='stamp-zone'>1 May</span></div>"
    root = html.fromstring(f"<div class='page'>{stamp}</div>")
    found = surroundings(root.find(".//span"), 0)
    assert {"word:stamp", "word:zone", "around:post", "around:meta", "around:top"} <= found
    assert not {"word:meta", "around:page", "around:stamp"} & found


@pytest.mark.parametrize(
    "names",
    [
        "sr-only", "icon u-srOnly", "geist-sr-only", "sr-only-text", "utils_visuallyHidden__DJ_eB", "u-hidden-visually",
        "govuk-visually-hidden", "visuallyhidden", "hide-visually", "screen-reader-text", "u-screen-reader-only",
        "is-screenreader-only", "screenreader", "pkp_screen_reader", "show-for-sr", "a-offscreen", "clipped",
        "elementor-screen-only", "slds-assistive-text", "mw-editsection", "md:flex sr-only",
    ],
)  # fmt: skip
def test_names_of_what_only_screen_readers_say(names: str) -> None:
    assert is_veiled(names)


@pytest.mark.parametrize(
    "names",
    [
        "", "sr", "usr-only", "md:sr-only", "sr-only sm:not-sr-only", "is-not-visually-hidden",
        "visually-hidden-focusable", "visually-hidden--focusable", "screen-only", "screen",
        "hide-from-screen-readers", "screen-reader-hidden", "offscreen-menu", "text-clipped", "hidden",
    ],
)  # fmt: skip
def test_names_of_what_is_seen(names: str) -> None:
    assert not is_veiled(names)


ROLES = {
    "haber-yazar": AUTHOR, "muhabir": AUTHOR, "nama-penulis": AUTHOR, "pewarta": AUTHOR, "reporter_name": AUTHOR,
    "skribent": AUTHOR, "nome-giornalista": AUTHOR, "article-avtor": AUTHOR, "forfattare": AUTHOR, "redacteur": AUTHOR,
    "verfasser": AUTHOR, "tac-gia": AUTHOR, "zuozhe": AUTHOR, "navToRight": 0, "tanggal": DATE, "horodatage": DATE,
    "veroeffentlicht": DATE, "bildunterschrift": CAPTION, "didascalia": CAPTION, "onderschrift": CAPTION,
    "bijschrift": CAPTION, "data-table": 0,
}  # fmt: skip


@pytest.mark.parametrize("name", ROLES)
def test_the_names_of_classes_in_other_languages_say_what_an_element_holds(name: str) -> None:
    assert class_roles(name) & (AUTHOR | DATE | CAPTION) == ROLES[name]
