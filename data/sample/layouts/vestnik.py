"""vestnik-volga.example: a Russian paper in windows-1251 without any structured data; times in words."""
# ruff: noqa: E501 - lines of HTML

from __future__ import annotations

from collections.abc import Sequence

from sample.layouts.parts import advert, consent, esc, menu, page, share, teasers
from sample.story import Story

MENU = ("Главная", "Город", "Область", "Транспорт", "Культура", "Образование", "Спорт", "Происшествия", "Погода", "Афиша",
        "Фото", "Архив номеров", "Подписка")  # fmt: skip
LEGAL = ("Редакция", "Реклама", "Контакты", "Правила перепечатки", "Обработка данных")
MONTHS = (
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
)


def render(story: Story, others: Sequence[Story], variant: str = "normal") -> str:
    """Draw the page of a story; there is one layout."""
    assert variant == "normal"
    when = story.published
    paragraphs = [f"<p>{esc(p)}</p>" for p in story.paragraphs]
    paragraphs.insert(
        2,
        f'{advert(2, "Реклама")}\n<p class="also">Читайте также: <a href="{others[0].path}">{esc(others[0].title)}</a></p>',
    )
    body = "\n".join((
        consent("ru"), f'<div class="logo"><a href="/">Вестник Волги</a></div>{menu(MENU)}', '<div class="page">',
        f'<div class="rubric"><a href="/r">{esc(story.section or "")}</a></div><h1>{esc(story.title)}</h1>',
        f'<div class="info"><span class="date">{when.day} {MONTHS[when.month - 1]} {when.year}, {when:%H:%M}</span> '
        f'<span class="views">Просмотров: {len(story.text)}</span></div>',
        f'<div class="anons">{esc(story.subtitle)}</div>',
        f'<div class="photo"><img src="/foto/{story.id}.jpg" alt=""><div class="sign">{esc(story.caption)} Фото: {esc(story.credit)}</div></div>',
        '<div class="text">', *paragraphs, f'<p class="author">{esc(", ".join(story.authors))}</p></div>', share("Поделиться"),
        f'<div class="tags">{" ".join(f"<a href=/t/{n}>#{esc(t)}</a>" for n, t in enumerate(story.tags))}</div>',
        teasers(others, "Другие новости"), "</div>",
        f'<div class="bottom">{menu(LEGAL, kind="legal")}<p>© Вестник Волги. Газета выходит с 1931 года. 12+</p></div>',
    ))  # fmt: skip
    return page(f"<title>Вестник Волги: {esc(story.title)}</title>", body, "ru", "windows-1251")
