"""Whose item a property belongs to: the page's own, or one of another story, a comment, a product."""

import pytest
from metapages import article, page

from builder.extract.metadata import AUTO

OTHER_ITEM = (
    '<{0} itemscope itemtype="https://schema.org/{1}"><b itemprop="{2}">Storm takes the pier</b><meta itemprop="image" content="/b.jpg">'  # noqa: E501
    '<i itemprop="articleSection">Sport</i><i itemprop="keywords">zebra</i><meta itemprop="inLanguage" content="fr">'
    '<meta itemprop="isAccessibleForFree" content="false"><meta itemprop="dateModified" content="2022-03-01"></{0}>'
)
OTHERS = {
    "a teaser": OTHER_ITEM.format("div", "NewsArticle", "headline"),
    "a product": OTHER_ITEM.format("li", "Product", "name"),
    "a film": OTHER_ITEM.format("div", "VideoObject", "name"),
    "a teaser in meta": OTHER_ITEM.format("section", "Article", "headline").replace(
        '<i itemprop="keywords">zebra</i>', '<meta itemprop="keywords" content="zebra">'
    ),
    "a comment": OTHER_ITEM.format("div", "Comment", "name"),
    "an untitled teaser": f'<div class="teasers">{OTHER_ITEM.format("p", "Article", "alternateName")}</div>',
}
OWN_ITEM = (
    '<div itemscope itemtype="https://schema.org/NewsArticle"><meta itemprop="headline" content="{}">'
    '<meta itemprop="image" content="/a.jpg"><meta itemprop="articleSection" content="Town">'
    '<meta itemprop="keywords" content="ferry"><meta itemprop="inLanguage" content="de">'
    '<meta itemprop="isAccessibleForFree" content="true"><meta itemprop="dateModified" content="2022-02-25"></div>'
)
OWN_VALUES = {
    "image_url": "/a.jpg",
    "section": "Town",
    "tags": "ferry",
    "language": "de",
    "is_paywalled": "false",
    "updated_at": "2022-02-25",
}


@pytest.mark.parametrize("others", OTHERS.values(), ids=OTHERS)
@pytest.mark.parametrize("field", OWN_VALUES)
def test_microdata_of_other_stories_and_of_comments_is_not_that_of_the_page(field: str, others: str) -> None:
    html = article().replace(' lang="en"', "")
    before, behind = html.replace("<main>", f"{others}<main>"), html.replace("</main>", f"</main>{others * 3}")
    inside = html.replace("</article>", f"{others}</article>")
    assert [list(AUTO[field](page(whole))) for whole in (before, behind, inside)] == [[], [], []]


@pytest.mark.parametrize(
    "headline", ["Ferry crew returns with lost parcel", "Lost parcel: crew returns with the ferry"]
)
@pytest.mark.parametrize("field", OWN_VALUES)
def test_the_microdata_of_the_page_may_stand_anywhere(field: str, headline: str) -> None:
    own, html = OWN_ITEM.format(headline), article().replace(' lang="en"', "")
    others = f'<aside class="related">{OTHERS["a teaser"] * 30}</aside>'
    for whole in (
        html.replace("<main>", f"{others}{own}<main>"),
        html.replace("</article>", f"</article>{others}{own}"),
    ):
        found = next(AUTO[field](page(whole)))
        assert (found.values[0], found.origin.partition(":")[0]) == (OWN_VALUES[field], "microdata")


def test_what_holds_the_story_is_of_the_page_whatever_it_is_called() -> None:
    item = '<article itemscope itemtype="https://schema.org/NewsArticle"><b itemprop="headline">Back at last</b><i itemprop="keywords">ferry</i>'  # noqa: E501
    assert next(AUTO["tags"](page(article().replace("<article>", item)))).values == ["ferry"]
