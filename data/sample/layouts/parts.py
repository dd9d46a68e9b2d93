"""Pieces that news pages share: head, style, scripts, consent banner, link lists, share bar."""
# ruff: noqa: E501 - lines of HTML

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Mapping, Sequence

from sample.story import Story

STYLE = """<style>
*{box-sizing:border-box}body{margin:0;font:16px/1.5 Georgia,'Times New Roman',serif;color:#222;background:#fff}
a{color:#0a4f8f;text-decoration:none}a:hover,a:focus{text-decoration:underline}img{max-width:100%;height:auto}
header,footer,nav ul{display:flex;flex-wrap:wrap;gap:.5rem 1rem;padding:.5rem 1rem;margin:0;list-style:none}
nav{border-bottom:1px solid #ddd;background:#fafafa}footer{border-top:3px solid #222;font-size:.85rem;color:#666}
h1{font-size:2rem;line-height:1.2;margin:.4em 0}h2{font-size:1.3rem}h3{font-size:1.05rem;margin:1.2em 0 .4em}
figure{margin:1rem 0}figcaption{font-size:.8rem;color:#777}aside{background:#f4f4f0;padding:1rem;margin:1rem 0}
@media (min-width:60rem){main{display:grid;grid-template-columns:2fr 1fr;gap:2rem;max-width:72rem;margin:0 auto}}
@media print{nav,aside,footer,form,[role=dialog]{display:none}}
</style>"""

SCRIPT = """<script>
window.queue=window.queue||[];(function(w,d){var t=Date.now(),seen={};
function send(name,data){w.queue.push({name:name,data:data||{},at:Date.now()-t})}
d.addEventListener('click',function(e){var a=e.target.closest&&e.target.closest('a');if(a)send('click',{to:a.href})});
w.addEventListener('scroll',function(){var p=Math.round(10*w.scrollY/d.body.scrollHeight);
if(!seen[p]){seen[p]=1;send('depth',{tenth:p})}},{passive:true});
w.addEventListener('load',function(){send('view',{path:location.pathname,words:d.body.innerText.split(/\\s+/).length})});
})(window,document);
</script>"""

CONSENT: Mapping[str, tuple[str, str, str]] = {
    "en": (
        "We and our partners store small files on your device to count visits.",
        "Accept all",
        "Only what is needed",
    ),
    "de": ("Wir speichern kleine Dateien auf Ihrem Gerät, um Besuche zu zählen.", "Alle annehmen", "Nur das Nötige"),
    "ja": ("当サイトは利用状況を調べるため、クッキーを使います。", "同意する", "設定"),
    "es": ("Guardamos pequeños archivos en su equipo para contar las visitas.", "Aceptar todo", "Solo lo necesario"),
    "ru": ("Мы сохраняем небольшие файлы на вашем устройстве, чтобы считать посещения.", "Принять", "Только нужное"),
    "ar": ("نحفظ ملفات صغيرة على جهازك لإحصاء الزيارات.", "قبول الكل", "الضروري فقط"),
}


def esc(text: str) -> str:
    """Escape text as HTML text or attribute value.

    >>> esc('a "b" & c')
    'a &quot;b&quot; &amp; c'
    """
    return html.escape(text)


def meta(**values: str | None) -> str:
    """Make meta elements; `og__title` stands for og:title with `property`, a plain key for `name`; None is left out."""
    lines = []
    for key, value in values.items():
        if value is not None:
            kind = "property" if "__" in key else "name"
            lines.append(f'<meta {kind}="{key.replace("__", ":")}" content="{esc(value)}">')
    return "\n".join(lines)


def jsonld(data: object) -> str:
    """Make a JSON-LD script element."""
    return f'<script type="application/ld+json">{json.dumps(data, ensure_ascii=False, indent=1)}</script>'


def consent(language: str) -> str:
    """Make the banner that asks about cookies."""
    text, yes, no = CONSENT[language]
    return (
        f'<div class="consent" id="consent" role="dialog" aria-live="polite"><p>{esc(text)}</p>'
        f'<button type="button" class="yes">{esc(yes)}</button> <button type="button" class="no">{esc(no)}</button></div>'
    )


def menu(items: Sequence[str], base: str = "/", kind: str = "menu") -> str:
    """Make a navigation list; links are numbered, so that they need no Latin spelling."""
    links = "\n".join(f'<li><a href="{base}{kind}/{n}">{esc(item)}</a></li>' for n, item in enumerate(items, 1))
    return f'<nav class="{kind}" aria-label="{kind}">\n<ul>\n{links}\n</ul>\n</nav>'


def teasers(stories: Iterable[Story], heading: str, kind: str = "related") -> str:
    """Make a list of links to other stories, with their summaries."""
    items = "\n".join(
        f'<li class="teaser"><a href="{esc(story.path)}"><img src="/img/{story.id}-160.jpg" alt="" width="160" '
        f'height="90" loading="lazy"> {esc(story.title)}</a></li>'
        for story in stories
    )
    return f'<aside class="{kind}">\n<h3>{esc(heading)}</h3>\n<ul>\n{items}\n</ul>\n</aside>'


def share(label: str) -> str:
    """Make buttons that pass the page on."""
    places = ("mail", "print", "copy", "post")
    links = " ".join(f'<a class="share-{place}" href="#{place}" rel="nofollow">{place}</a>' for place in places)
    return f'<div class="share" aria-label="{esc(label)}">{links}</div>'


def advert(number: int, label: str) -> str:
    """Make an empty advertising place."""
    return (
        f'<div class="ad ad-{number}" id="ad-{number}" data-slot="/1000/news/{number}" data-sizes="300x250,320x100">'
        f"<span>{esc(label)}</span><script>window.queue.push({{name:'ad',data:{{slot:{number}}}}});</script></div>"
    )


def page(head: str, body: str, language: str, charset: str | None, direction: str = "ltr") -> str:
    """Make a whole document. `charset` None leaves the declaration to the HTTP header."""
    declared = f'<meta charset="{charset}">\n' if charset else ""
    return (
        f'<!DOCTYPE html>\n<html lang="{language}" dir="{direction}">\n<head>\n{declared}'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n{head}\n'
        f'{STYLE}\n{SCRIPT}\n</head>\n<body class="article">\n{body}\n</body>\n</html>\n'
    )
