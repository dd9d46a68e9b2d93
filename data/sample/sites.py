"""The sites of the sample: where they live, what clock and charset they use, which layout draws them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sample.layouts import devdiscourse, harborledger, marsa, minato, sol, tagblatt, vestnik
from sample.story import Story, load_stories


@dataclass(frozen=True, slots=True)
class Site:
    """One paper."""

    name: str
    domain: str
    root: str
    """Scheme and host of its pages."""
    language: str
    charset: str
    render: Callable[[Story, Sequence[Story], str], str]
    stories: dict[str, Story]

    @property
    def content_type(self) -> str:
        """What its server sends; the one in Shift_JIS leaves the charset to the page."""
        return "text/html" if self.charset == "shift_jis" else f"text/html; charset={self.charset}"

    def others(self, story_id: str, count: int = 6) -> list[Story]:
        """Give the stories that its lists show beside this one: those that follow it, none of the same URL."""
        ids = list(self.stories)
        after = ids[ids.index(story_id) + 1 :] + ids[: ids.index(story_id)]
        return [self.stories[i] for i in after if self.stories[i].path != self.stories[story_id].path][:count]

    def body(self, story_id: str, variant: str, charset: str | None = None) -> bytes:
        """Draw the page of a story as its server sends it."""
        html = self.render(self.stories[story_id], self.others(story_id), variant)
        return html.encode(charset or self.charset)

    def url(self, story_id: str) -> str:
        """Give the address of a story."""
        return self.root + self.stories[story_id].path


DEV = "https://www.devdiscourse.com"
MINATO = "http://www.minato-shimbun.example"
VESTNIK = "http://vestnik-volga.example"
US = "America/New_York"
_ROWS = (
    ("devdiscourse", "devdiscourse.com", DEV, "en", "Asia/Kolkata", "utf-8", devdiscourse.render),
    ("tagblatt", "tagblatt-nord.example", tagblatt.HOST, "de", "Europe/Berlin", "utf-8", tagblatt.render),
    ("harborledger", "harborledger.example", harborledger.HOST, "en", US, "utf-8", harborledger.render),
    ("minato", "minato-shimbun.example", MINATO, "ja", "Asia/Tokyo", "shift_jis", minato.render),
    ("sol", "diario-sol.example", sol.HOST, "es", "America/Bogota", "utf-8", sol.render),
    ("vestnik", "vestnik-volga.example", VESTNIK, "ru", "Europe/Samara", "windows-1251", vestnik.render),
    ("marsa", "al-marsa.example", marsa.HOST, "ar", "Africa/Tunis", "utf-8", marsa.render),
)
SITES = {
    name: Site(name, domain, root, language, charset, render, load_stories(name, zone))
    for name, domain, root, language, zone, charset, render in _ROWS
}
OLD_TAGBLATT = ("windows-1252", "text/html; charset=windows-1252")
"""What the server of tagblatt-nord.example sent before its layout changed."""
