"""The image of a page: stated, lazily shown or captioned, and none that a template has left."""

from __future__ import annotations

import json

import pytest
from metapages import LD, MICRODATA_IMAGE, article, page

from builder.extract.metadata import AUTO


@pytest.mark.parametrize(
    "left",
    [
        "#",
        "#top",
        "/",
        "//",
        "https://",
        "http:",
        "null",
        "NULL",
        "undefined",
        "{{ image }}",
        "{% image %}",
        "${image}",
        "https://s0.wp.example/i/blank.jpg",
        "/img/Placeholder.png?v=2",
        "spacer.gif",
        "/1x1.gif",
        "/img/loading.svg",
        "data:image/gif;base64,R0lGODlhAQABAAAAACw=",
    ],
)
def test_what_a_template_leaves_is_no_image(left: str) -> None:
    meta = f'<meta property="og:image" content="{left}">'
    stated = LD.format(json.dumps({"@type": "Article", "image": left}))
    assert list(AUTO["image_url"](page(article(meta + stated, MICRODATA_IMAGE.format("Article", left))))) == []
    (found,) = AUTO["image_url"](page(article(meta + '<meta name="twitter:image" content="/null.jpg">')))
    assert (found.values, found.origin) == (["/null.jpg"], "meta:twitter:image")
    (found,) = AUTO["image_url"](page(article(meta + '<meta property="og:image" content="/blank-page.jpg">')))
    assert (found.values, found.origin) == (["/blank-page.jpg"], "meta:og:image")


@pytest.mark.parametrize("name", ["data-src", "data-original", "data-lazy-src"])
@pytest.mark.parametrize("shown", ["/grey.gif", "data:image/gif;base64,R0lGODlhAQABAAAAACw=", ""])
def test_an_image_in_microdata_that_a_script_will_show_is_that_image(name: str, shown: str) -> None:
    lazy = f'<div itemprop="image"><img src="{shown}" {name}="/a.jpg"></div>'
    assert next(AUTO["image_url"](page(article(top=lazy)))).values == ["/a.jpg"]


@pytest.mark.parametrize(
    ("top", "image"),
    [
        ('<figure><img src="/a.jpg"><figcaption>The ferry</figcaption></figure>', "/a.jpg"),
        ('<figure><img src="/grey.gif" data-src="/a.jpg"><figcaption>The ferry</figcaption></figure>', "/a.jpg"),
        ('<div><amp-img src="/a.jpg"></amp-img></div><p class="big Caption">The ferry</p>', "/a.jpg"),
        ('<figure><img src="/blank.gif"><figcaption>The ferry</figcaption></figure>', None),
        ('<figure><img src="/a.jpg"></figure>', None),
    ],
    ids=["figure", "a script's", "beside", "blank", "no caption"],
)
def test_the_picture_that_has_the_caption_is_the_image_where_none_is_stated(top: str, image: str | None) -> None:
    found = next(AUTO["image_url"](page(article(top=top))), None)
    origin = "figure" if "<figure" in top else "caption:.Caption"
    assert (found and found.values[0], found and found.origin) == (image, image and origin)
    stated = article('<meta property="og:image" content="/b.jpg">', top=top)
    assert next(AUTO["image_url"](page(stated))).values == ["/b.jpg"]
