"""minato-shimbun.example: a Japanese paper in Shift_JIS, declared by a meta element alone; times in words."""
# ruff: noqa: E501 - lines of HTML

from __future__ import annotations

from collections.abc import Sequence

from sample.layouts.parts import advert, consent, esc, menu, meta, page, share, teasers
from sample.story import Story

MENU = (
    "トップ",
    "地域",
    "経済",
    "文化",
    "スポーツ",
    "暮らし",
    "天気",
    "潮位",
    "社説",
    "読者の声",
    "催し",
    "写真",
    "購読案内",
    "お知らせ",
)
LEGAL = ("会社案内", "広告掲載", "著作権", "個人情報", "お問い合わせ")


def render(story: Story, others: Sequence[Story], variant: str = "normal") -> str:
    """Draw the page of a story; there is one layout."""
    assert variant == "normal"
    stamp = "%Y年%m月%d日 %H時%M分"
    updated = f" 更新：{story.updated.strftime(stamp)}" if story.updated else ""
    paragraphs = [f"<p>\u3000{esc(p)}</p>" for p in story.paragraphs]
    paragraphs.insert(1, advert(2, "広告"))
    names = "、".join(story.authors)
    body = "\n".join((
        consent("ja"), f'<div id="header"><a href="/">みなと新聞</a></div>{menu(MENU)}', '<div id="main">',
        f'<div class="pankuzu"><a href="/">トップ</a> &gt; <a href="/news/">ニュース</a> &gt; <span>{esc(story.section or "")}</span></div>',
        f'<h1>{esc(story.title)}</h1><p class="hizuke">{story.published.strftime(stamp)}{updated}</p>',
        f'<p class="lead">{esc(story.subtitle)}</p>', share("共有"),
        f'<div class="shashin"><img src="/photo/{story.id}.jpg" alt=""><p>{esc(story.caption)}（撮影・{esc(story.credit)}）</p></div>',
        '<div class="honbun">', *paragraphs, "</div>", f'<p class="kisha">【{names}】</p>',
        f'<p class="kanren">キーワード：{"、".join(story.tags)}</p>', teasers(others, "関連記事"), "</div>",
        f'<div id="footer">{menu(LEGAL, kind="legal")}<p>&copy; みなと新聞社</p></div>',
    ))  # fmt: skip
    head = f"<title>{esc(story.title)}：みなと新聞</title>\n{meta(description=story.subtitle)}"
    html = page(head, body, "ja", None)
    return html.replace("<head>", '<head>\n<meta http-equiv="Content-Type" content="text/html; charset=Shift_JIS">', 1)
