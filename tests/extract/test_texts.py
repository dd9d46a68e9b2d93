"""What an element says on one line, and what a heading says."""

from __future__ import annotations

import pytest
from lxml import html

from builder.extract.texts import heading_text, lines_of, text_of

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
    "<small>Harbour</small> Ferry crew returns": ("Ferry crew returns", "Harbour Ferry crew returns"),
    "<time>24 February 2022</time>": ("24 February 2022", "24 February 2022"),
    "Ferry crew returns <time>24 February 2022</time>": ("Ferry crew returns", "Ferry crew returns 24 February 2022"),
    "Ferry<script>var ferry</script> crew": ("Ferry crew", "Ferry crew"),
}


@pytest.mark.parametrize("inner", HEADINGS)
def test_headings(inner: str) -> None:
    heading = html.fromstring(f"<h1>{inner}</h1>")
    assert (heading_text(heading), text_of(heading)) == HEADINGS[inner]


def test_a_break_may_end_a_line() -> None:
    element = html.fromstring("<p>By <b>Ann\n Lee</b><br> <i>Hull<br/></i> desk <br><br>Today</p>")
    assert lines_of(element) == "By Ann Lee\nHull\ndesk\nToday"
    assert text_of(element) == "By Ann Lee Hull desk Today"


def test_as_much_as_is_asked_for() -> None:
    element = html.fromstring("<div><p>One two</p><script>no</script><p>three four</p>five</div>")
    assert text_of(element) == "One two three four five"
    assert text_of(element, 9) == "One two"
    assert text_of(html.fromstring("<p>One two</p>"), 3) == "One"
