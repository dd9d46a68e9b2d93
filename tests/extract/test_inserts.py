"""Stories that are interrupted to learn from them."""

import re
from itertools import pairwise

import numpy as np
import pytest
from lxml import html
from parsed_pages import parse

from builder.extract.page import ParsedPage
from builder.extract.training.inserts import STORY as OF_STORY
from builder.extract.training.inserts import Others, Turn, inserts, interrupt, mark_of, others_by_fold

FOLDS = 5
TAGS = {"aside", "blockquote", "div", "dl", "figure", "form", "nav", "ol", "p", "pre", "section", "table", "ul"}
TAGS |= {"h3", "h4"}
LINE = "The old ferry will stay in service until the very end of the year, says the council."
STORY = "".join(f"<p>{LINE} That was part {number} of it.</p>\n" for number in range(8))
PAGE = f'<html lang="de"><nav>Menu</nav><article><h1>Ferry</h1>{STORY}</article><footer>Imprint</footer></html>'


OTHERS = Others(["Fish & <b>chips for all"], ["Ann Lee"], ["Lantern"], ["Fish"], ["Fish is all that they eat in town."])


def interrupted(page: str = PAGE, fold: int = 0, key: str = "a") -> ParsedPage | None:
    """The page with inserts, if it takes any."""
    parsed = parse(page)
    good = np.array([block.text.startswith("The old ferry") for block in parsed.blocks])
    done = interrupt(parsed.blocks, good, np.ones(len(good), np.bool_), OTHERS, Turn(key, fold, FOLDS))
    return ParsedPage(parsed.page, parsed.root, parsed.decoded) if done else None


def put_in(page: ParsedPage) -> list[str]:
    return [block.text for block in page.blocks if mark_of(block.element) is not None]


@pytest.mark.parametrize("language", inserts())
def test_inserts_are_one_box_each_that_stands_by_itself(language):
    for box in inserts()[language]:
        assert html.fromstring(box).tag in TAGS, box
        assert len(html.fragments_fromstring(box)) == 1, box
        assert {"headline", "name", "sentence", "site", "topic"} >= set(re.findall(r"\{(.*?)\}", box)), box
        found = put_in(interrupted_by(box))
        assert any(text.strip() for text in found), box


def interrupted_by(box: str) -> ParsedPage:
    return parse(f"<div><p>{LINE}</p>{box.replace('>', ' data-insert>', 1)}<p>{LINE}</p></div>")


def test_inserts_stand_between_paragraphs_of_the_story_and_behind_it_and_change_nothing_else():
    page = interrupted()
    plain = [block.text for block in parse(PAGE).blocks]
    assert [block.text for block in page.blocks if not mark_of(block.element) is not None] == plain
    before = [own.text for own, following in pairwise(page.blocks) if mark_of(following.element) is not None]
    beside = [text for text in before if text in plain]
    assert len(set(beside)) >= 3
    assert {text.startswith(LINE) for text in beside} == {True}
    assert plain[-2] in beside
    assert page.blocks[-1].text == "Imprint"


def test_the_same_page_takes_the_same_inserts_and_another_others():
    assert put_in(interrupted()) == put_in(interrupted())
    assert put_in(interrupted()) != put_in(interrupted(key="b"))


def test_inserts_of_one_fold_are_in_no_other():
    """Or a model would be asked of pages whose inserts it has learnt by heart."""
    of_fold = [
        {text for key in map(str, range(40)) for text in put_in(interrupted(fold=fold, key=key))}
        for fold in range(FOLDS)
    ]
    short = {
        "Anmelden",
        "Teilen",
        "Facebook",
        "Ja",
        "Nein",
        *OTHERS.headlines,
        *OTHERS.names,
        *OTHERS.sentences,
        "Fish",
        "Fish?",
    }
    for number, one in enumerate(of_fold):
        for other in of_fold[:number]:
            assert not (one & other) - short


def test_inserts_are_of_the_language_of_the_page_and_english_where_there_are_none():
    german = {text for fold in range(FOLDS) for text in put_in(interrupted(fold=fold))}
    assert german & {"Anmelden", "Zum Login", "Mehr zum Thema", "Anzeige", "Teilen", "Umfrage", "Artikel anhören"}
    other = put_in(interrupted(PAGE.replace('"de"', '"fi"')))
    assert other == put_in(interrupted(PAGE.replace('"de"', '"en-GB"')))


@pytest.mark.parametrize(
    "page",
    [
        PAGE.replace("</p>\n<p>", "</p>\n<hr><p>"),
        PAGE.replace("<p>", "<div><p>").replace("</p>", "</p></div>"),
        PAGE.replace(" until the very end of the year, says the council.", ".").replace(" That was part", ""),
        "<p>Nothing of it.</p>",
    ],
    ids=["something-between", "no-siblings", "short", "no-story"],
)
def test_where_no_paragraph_follows_a_paragraph_nothing_is_put_in(page):
    assert interrupted(page) is None


def test_inserts_are_about_other_pages():
    said = " ".join(text for n in range(40) for text in put_in(interrupted(fold=n % FOLDS, key=str(n))))
    assert "Fish & <b>chips for all" in said
    assert "Ann Lee" in said
    assert "{" not in said


def test_inserts_are_about_what_is_known_of_the_pages_of_their_fold():
    truths = [
        {"url": "https://www.harbour.example/a", "title": "Ferries to stay, says council", "author": ["Ann", "Bo"]},
        {
            "url": "https://tide.example/b",
            "text": "No more than that.\nThat is all there is to say.\nAll that there is to say",
        },
        {"url": "https://nowhere.example/c", "title": "Of a site that has no fold"},
    ]
    said = "That is all there is to say."
    title = "Ferries to stay, says council"
    words = ["Ferries", "council"]
    together = others_by_fold(truths, {"harbour.example": 3, "tide.example": 3})
    assert together == {3: ([title], ["Ann", "Bo"], ["Harbour", "Tide"], words, [said])}
    apart = others_by_fold(truths, {"harbour.example": 0, "tide.example": 1})
    assert apart == {
        0: ([title], ["Ann", "Bo"], ["Harbour"], words, [title]),
        1: (["Tide"], ["Tide"], ["Tide"], ["Tide"], [said]),
    }


def test_some_inserts_are_of_the_story_but_never_the_last():
    marked = {(number, mark_of(block.element)) for number, block in enumerate(interrupted().blocks)}
    marks = [mark for _, mark in sorted(marked) if mark is not None]
    assert set(marks) == {OF_STORY, ""}
    assert {key: mark_of(interrupted(key=key).blocks[-2].element) for key in "abcdefgh"} == dict.fromkeys(
        "abcdefgh", ""
    )
