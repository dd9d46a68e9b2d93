"""What an element says on one line, and what a heading says."""

from __future__ import annotations

import time

import pytest
from lxml import html

from builder.extract.texts import heading_text, lines_of, set_apart, text_of

HEADINGS = {
    # what stands in the heading: what it says, what its text is
    "Ferry crew": ("Ferry crew", "Ferry crew"),
    "Ferry<br>crew <i>returns</i>": ("Ferry crew returns", "Ferry crew returns"),
    "Quick start<a href='#quick'>¶</a>": ("Quick start", "Quick start¶"),
    "<a href='#quick'>#</a> Quick start": ("Quick start", "# Quick start"),
    "Quick start <a href='#quick'><svg><title>Link</title></svg></a>": ("Quick start", "Quick start"),
    "What is new in C#": ("What is new in C#", "What is new in C#"),
    "What is new in <a href='/c'>C#</a>": ("What is new in C#", "What is new in C#"),
    "C#<a href='#c'>#</a>": ("C#", "C##"),
    "<a href='#c'>#</a>In C#": ("In C#", "#In C#"),
    "<a href='#c'>#</a> <span>In C#</span> ": ("In C#", "# In C#"),
    "<a href='#'>¶</a>": ("¶", "¶"),
    "<a href='#top'>The top</a>": ("The top", "The top"),
    "<a href='https://other.example/#x'>#</a> tagged": ("# tagged", "# tagged"),
    "Module runtime <button>Copy item path</button>": ("Module runtime", "Module runtime Copy item path"),
    "<button>Open all</button>": ("Open all", "Open all"),
    "<ruby>火曜日<rp>(</rp><rt>かようび</rt><rp>)</rp></ruby>の便": ("火曜日の便", "火曜日の便"),
    "重新开放了\n 城里的\n<b>老剧院</b>，\n剧院": ("重新开放了城里的老剧院，剧院",) * 2,
    "연호시\n극장": ("연호시 극장",) * 2,
    "<small>Harbour</small> Ferry crew returns": ("Ferry crew returns", "Harbour Ferry crew returns"),
    "<time>24 February 2022</time>": ("24 February 2022", "24 February 2022"),
    "Ferry crew returns <time>24 February 2022</time>": ("Ferry crew returns", "Ferry crew returns 24 February 2022"),
    "Ferry<script>var ferry</script> crew": ("Ferry crew", "Ferry crew"),
    "<span class='sr-only'>Article: </span>Ferry crew": ("Ferry crew", "Article: Ferry crew"),
    "<span class='x visually-hidden'>Live<br>now</span> <i>Ferry</i> crew": ("Ferry crew", "Live now Ferry crew"),
    "Ferry crew<span class='screen-reader-text'> (opens a new tab)</span>": (
        "Ferry crew",
        "Ferry crew (opens a new tab)",
    ),
    "<span hidden>Headline: </span>Ferry crew": ("Ferry crew", "Headline: Ferry crew"),
    "<span style='display: none'>Headline: </span>Ferry crew": ("Ferry crew", "Headline: Ferry crew"),
    "<span class='sr-only'>Harbor Post</span> |": ("Harbor Post |", "Harbor Post |"),
    "<span aria-hidden='true'>Ferry</span> crew": ("Ferry crew", "Ferry crew"),
}


@pytest.mark.parametrize("inner", HEADINGS)
def test_headings(inner: str) -> None:
    heading = html.fromstring(f"<h1>{inner}</h1>")
    assert (heading_text(heading), text_of(heading)) == HEADINGS[inner]


def test_a_heading_that_is_for_screen_readers_says_what_it_says() -> None:
    heading = html.fromstring("<h1 class='sr-only' hidden><b>Ferry</b> crew</h1>")
    assert heading_text(heading) == "Ferry crew"


SIBLINGS = {
    "<span>By Ann Lee</span><span>Feb 24, 2022</span>": "By Ann Lee Feb 24, 2022",
    "<span>24.02.2022</span><span>03:37</span>": "24.02.2022 03:37",
    "<span>24 Feb 2022</span><span>3 min read</span>": "24 Feb 2022 3 min read",
    "<b>24</b><b>Feb</b><b>2022</b>": "24 Feb 2022",
    "<span>3:37 AM ET</span><span>Updated</span>": "3:37 AM ET Updated",
    "<a><b>Ann Lee</b></a><span><i>Updated</i></span>": "Ann Lee Updated",
    "<span>24.02.2022</span><i></i><span>03:37</span>": "24.02.2022 03:37",
    "<span>كتب</span><span>سامر</span>": "كتب سامر",
    "<span>H</span><span>ARBOUR</span>": "HARBOUR",
    "<span>H</span><span>arbour</span>": "Harbour",
    "<span>1</span><span>2</span><span>7</span>": "127",
    "<span>24</span><sup>th</sup>": "24th",
    "10<b>km</b>": "10km",
    "<b>10</b>km": "10km",
    "<b>Mc</b>Lean": "McLean",
    "<span>Ann</span>, <span>Bo</span>": "Ann, Bo",
    "<span>二月</span><span>記者</span>": "二月記者",
}


@pytest.mark.parametrize("inner", SIBLINGS)
def test_siblings_whose_words_would_touch_are_set_apart(inner: str) -> None:
    element, around = html.fromstring(f"<p>{inner}</p>"), html.fromstring(f"<div>{inner}<p>First words.</p></div>")
    glued = "".join(element.itertext())
    assert [text_of(element), set_apart(glued, element), set_apart(glued, around)] == [SIBLINGS[inner]] * 3
    assert heading_text(html.fromstring(f"<h1>{inner}</h1>")) == glued


def test_a_heading_of_links_to_itself_takes_linear_time() -> None:
    links = "".join(f"<a href='#x{number}'>¶</a>" for number in range(6_000))
    heading = html.fromstring(f"<h2>¶ {links} words ¶</h2>")
    began = time.process_time()
    heading_text(heading)
    assert time.process_time() - began < 2


def test_a_break_may_end_a_line() -> None:
    element = html.fromstring("<p>By <b>Ann\n Lee</b><br> <i>Hull<br/></i> desk <br><br>Today</p>")
    assert lines_of(element) == "By Ann Lee\nHull\ndesk\nToday"
    assert text_of(element) == "By Ann Lee Hull desk Today"


def test_as_much_as_is_asked_for() -> None:
    element = html.fromstring("<div><p>One two</p><script>no</script><p>three four</p>five</div>")
    assert text_of(element) == "One two three four five"
    assert text_of(element, 9) == "One two"
    assert text_of(html.fromstring("<p>One two</p>"), 3) == "One"


@pytest.mark.parametrize("said", ["<style>.by{}</style>", "<script>by()</script>", "<svg><title>By</title></svg>"])
def test_what_is_said_to_nobody_has_no_text(said: str) -> None:
    element = html.fromstring(f"<p>Ann {said}</p>")[0]
    assert (text_of(element), lines_of(element)) == ("", "")
