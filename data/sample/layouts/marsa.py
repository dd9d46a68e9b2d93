"""al-marsa.example: an Arabic paper, written from right to left; UTF-8, `time` elements and Arabic-Indic digits."""
# ruff: noqa: E501 - lines of HTML

from __future__ import annotations

from collections.abc import Sequence

from sample.layouts.parts import advert, consent, esc, menu, meta, page, share, teasers
from sample.story import Story

HOST = "https://al-marsa.example"
MENU = ("الرئيسية", "محليات", "اقتصاد", "ثقافة", "رياضة", "علوم", "صحة", "مجتمع", "آراء", "طقس", "صور", "أرشيف")
LEGAL = ("من نحن", "اتصل بنا", "سياسة الخصوصية", "شروط الاستخدام", "إعلانات")
MONTHS = ("يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر")
DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def render(story: Story, others: Sequence[Story], variant: str = "normal") -> str:
    """Draw the page of a story; there is one layout."""
    assert variant == "normal"
    when = story.published
    words = f"{when.day} {MONTHS[when.month - 1]} {when.year} - {when:%H:%M}".translate(DIGITS)
    paragraphs = [f"<p>{esc(p)}</p>" for p in story.paragraphs]
    paragraphs.insert(1, advert(2, "إعلان"))
    body = "\n".join((
        consent("ar"), f'<header><a href="/">المرسى</a></header>{menu(MENU)}', "<main><article>",
        f'<p class="section">{esc(story.section or "")}</p><h1>{esc(story.title)}</h1><p class="intro">{esc(story.subtitle)}</p>',
        f'<p class="by"><a rel="author" href="/w">{esc("، ".join(story.authors))}</a> <time datetime="{when.isoformat()}">{words}</time></p>',
        share("مشاركة"),
        f'<figure><img src="{HOST}/img/{story.id}.jpg" alt=""><figcaption>{esc(story.caption)} (تصوير: {esc(story.credit)})</figcaption></figure>',
        '<div class="content">', *paragraphs, "</div></article>", teasers(others, "اقرأ أيضا"), "</main>",
        f'<footer>{menu(LEGAL, kind="legal")}<p>جميع الحقوق محفوظة للمرسى ٢٠٢٢</p></footer>',
    ))  # fmt: skip
    social = meta(
        description=story.subtitle, author="، ".join(story.authors), og__type="article", og__title=story.title,
        og__image=f"{HOST}/img/{story.id}.jpg", og__locale="ar_TN", article__published_time=when.isoformat(), article__section=story.section,
    )  # fmt: skip
    head = f'<title>{esc(story.title)} | المرسى</title>\n{social}\n<link rel="canonical" href="{HOST}{story.path}">'
    return page(head, body, "ar", "utf-8", "rtl")
