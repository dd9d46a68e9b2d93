"""The main text and the type of a page: every block scored by trained models, then the choice of the best expected F1.

    layout ─┬─ features of blocks ── features of the page ──┬── type probabilities
            ├─ what the words of classes and ids say ───────┤
            └─ what the words of short blocks say ──────────┴── probability of every block ── choice

Blocks are scored by trees, which see each alone, and by a network that passes messages between them: either is right
where the other is not. The model files hold both and the words as readable JSON;
`python -m builder.extract.train` writes them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from builder.extract.classifier.characters import Floats
from builder.extract.classifier.features import BoxArrays, block_features, block_names, box_arrays
from builder.extract.classifier.names import NAME_ROWS, NameJudge, name_features, name_types
from builder.extract.classifier.names import from_json as names_from_json
from builder.extract.classifier.network import Network, network_logits
from builder.extract.classifier.network import from_json as network_from_json
from builder.extract.classifier.pagetype import TYPES, Head, page_features, page_names
from builder.extract.classifier.phrases import PHRASE_ROWS, PhraseJudge, phrase_features
from builder.extract.classifier.phrases import from_json as phrases_from_json
from builder.extract.classifier.rounding import expm1, logistic, power
from builder.extract.classifier.trees import Forest, aligned, from_json, score
from builder.extract.layout import Block, Layout
from builder.extract.rows import REPEATED, compared_as, joined_cells, row_lines
from builder.extract.seen import as_seen

TYPE_NAMES = tuple(f"type:{name}" for name in TYPES)
ALL_NAMES = (*block_names(), *NAME_ROWS, *PHRASE_ROWS, *TYPE_NAMES)
MODEL_FILES = ("types.json", "blocks.json", "network.json", "names.json", "phrases.json")
_OWN_ROWS = len(block_names())
_NAMED = _OWN_ROWS + len(NAME_ROWS)
_NAMES_WEIGHT = 0.6
"""How much what names say of a page's type counts beside what its blocks say."""
_ROWS = {name: number for number, name in enumerate(ALL_NAMES)}
_ARTICLE, _DOCUMENTATION = TYPES.index("article"), TYPES.index("documentation")
_NO_STORY = [TYPES.index(name) for name in ("collection", "forum", "listing")]
"""Types of pages that tell of many things."""
_LEAST, _STRICTER, _MOST = 0.1, 0.45, 0.6
"""No block below the first is taken, none above the last left, whatever the rest of the page promises. The second is
added to the first on articles: they have hardly any doubtful text that belongs to them."""
_AD_LABELS = (
    "ad", "advert", "advertisement", "advertisements", "advertising", "anzeige", "werbung", "werbeanzeigen",
    "publicité", "publicités", "annonce", "annonces", "publicidad", "anuncio", "anuncios", "publicidade", "anúncio",
    "anúncios", "pubblicità", "annuncio pubblicitario", "advertentie", "advertenties", "reclame", "reklama", "reklamy",
    "inzerce", "inzercia", "annons", "annonser", "annonse", "reklame", "mainos", "hirdetés", "publicitate",
    "oglas", "oglasi", "διαφήμιση", "διαφημιση", "διαφημίσεις", "διαφημισεις", "reklam", "reklamlar", "reklam alanı",
    "reklam alani", "реклама", "реклама 16+", "iklan", "quảng cáo", "โฆษณา", "विज्ञापन", "বিজ্ঞাপন", "விளம்பரம்",
    "إعلان", "اعلان", "إعلانات", "الإعلانات", "تبلیغات", "آگهی", "اشتہار", "اشتہارات", "פרסומת", "פרסומות",
    "广告", "廣告", "広告", "광고", "article continues below", "article continues below this ad",
    "article continues after advertisement", "story continues below advertisement", "scroll to continue with content",
    "la suite après cette publicité", "la suite après la publicité", "continúa después de la publicidad",
    "continua após a publicidade", "continua depois da publicidade", "continua a leggere dopo la pubblicità",
    "請繼續往下閱讀", "スポンサーリンク", "スポンサードリンク",
)  # fmt: skip
_AROUND = " -–—*|·•:：[]()【】（）〔〕"
AD_LABELS = frozenset(map(str.casefold, _AD_LABELS))
"""What stands over advertisements. A rule, for the reference texts hold too few of them in most languages to learn."""
_LABEL_LENGTH = max(map(len, AD_LABELS)) + 4
_MESSAGE = 150
"""Characters of the longest page that does no more than ask for scripts."""


class Models(NamedTuple):
    """The two forests, aligned with the rows of page_names and ALL_NAMES, the network, what words say."""

    types: Forest
    blocks: Forest
    network: Network
    names: NameJudge
    phrases: PhraseJudge


class Article(NamedTuple):
    """The main text of a page."""

    blocks: list[Block]
    """In reading order; the cells of a table row are one block."""
    page_type: str | None
    """One of TYPES; None where the page has no text."""
    types: Mapping[str, float]
    """Probability of each type."""
    chosen: Sequence[Block] = ()
    """The blocks of the layout that `blocks` were made of."""


@lru_cache(maxsize=1)
def models() -> Models:
    """The models that come with the package."""
    folder = resources.files("builder.extract") / "models"
    return models_of([(folder / name).read_text(encoding="utf-8") for name in MODEL_FILES])


def models_of(files: Sequence[str]) -> Models:
    """Models from the contents of the model files.

    Raises:
        ValueError: they were learnt from other features.
    """
    types, blocks = map(from_json, files[:2])
    network = network_from_json(files[2])
    if network.names != ALL_NAMES:
        raise ValueError(f"{MODEL_FILES[2]}: learnt from other features; run python -m builder.extract.train")
    names = NameJudge(names_from_json(files[3]))
    phrases = PhraseJudge(phrases_from_json(files[4]))
    return Models(aligned(types, page_names()), aligned(blocks, ALL_NAMES), network, names, phrases)


def _never() -> bool:
    return False


def _asks_for_scripts(blocks: Sequence[Block]) -> bool:
    """Whether all that a page says is a line to readers without scripts, which would write the rest of it."""
    if sum(len(block.text) for block in blocks) > _MESSAGE:
        return False
    elements = [block.element for block in blocks]
    return all(any(node.tag == "noscript" for node in (element, *element.iterancestors())) for element in elements)


def _is_ad_label(text: str) -> bool:
    """Whether a line says no more than that an advertisement follows: Anzeige, - Anzeige -, 【广告】."""
    return text.strip(_AROUND).casefold() in AD_LABELS


def read_article(layout: Layout, head: Head, url: str, is_story: Callable[[], bool] = _never) -> Article:
    """The main text of a page that was walked.

    Args:
        layout: its blocks and boxes.
        head: what it says of itself; `Head("", frozenset())` if unknown.
        url: its address, empty if unknown.
        is_story: whether it declares its headline to be that of one story; asked where it seems to be no story.
    """
    if not layout.blocks or _asks_for_scripts(layout.blocks):
        return Article([], None, {})
    model = models()
    boxes = box_arrays(layout)
    columns = block_features(layout, boxes, head.title, room=len(ALL_NAMES) - _OWN_ROWS)
    words = expm1(columns[_ROWS["words"]])
    seen = type_probabilities(model.types, page_features(columns[:_OWN_ROWS], _ROWS, head, url)[:, None])
    types = joint_types(seen, name_types(layout, model.names)[:, None])
    if tells_of_many(types) and is_story():
        types = types_of_story(types)
    columns[_OWN_ROWS:_NAMED] = name_features(layout, boxes, words, model.names)
    columns[_NAMED : -len(TYPES)] = phrase_features([block.text for block in layout.blocks], model.phrases)
    columns[-len(TYPES) :] = types  # all in the order of `whole_columns`
    probabilities = block_probabilities(model.blocks, model.network, columns, boxes)
    rows = row_lines(layout)
    keep = taken(probabilities, words, compared_as(layout, rows), types[:, 0])
    picked = [block for block, kept in zip(layout.blocks, keep, strict=True) if kept]
    blocks = [block for block in picked if len(block.text) > _LABEL_LENGTH or not _is_ad_label(block.text)]
    by_name = dict(zip(TYPES, types[:, 0].tolist(), strict=True))
    return Article(joined_cells(as_seen(blocks), rows), TYPES[int(np.argmax(types))], by_name, blocks)


def tells_of_many(types: Floats) -> bool:
    """Whether a page of these type probabilities (types, 1) seems to tell of many things, not of one story."""
    return int(np.argmax(types)) in _NO_STORY


def types_of_story(types: Floats) -> Floats:
    """Type probabilities (types, 1) of a page that declares one story: none of the types that tell of many things."""
    kept = types.copy()
    kept[_NO_STORY] = 0
    return np.asarray(kept / kept.sum(axis=0), np.float32)


def block_probabilities(forest: Forest, network: Network, columns: Floats, boxes: BoxArrays) -> Floats:
    """The probability of every block that it belongs to the text: the mean of what both models say, as logits."""
    return logistic((score(forest, columns)[0] + network_logits(network, columns, boxes)) / 2)


def type_probabilities(forest: Forest, columns: Floats) -> Floats:
    """Probabilities of the page types (types, pages), each row of its own logistic function, made to sum to one."""
    probabilities = logistic(score(forest, columns))
    return np.asarray(probabilities / probabilities.sum(axis=0), np.float32)


def least_probability(types: Floats) -> float:
    """The probability below which no block of a page of these type probabilities is taken."""
    return _LEAST + _STRICTER * float(types[_ARTICLE])


def joint_types(by_blocks: Floats, by_names: Floats) -> Floats:
    """Probabilities of the page types (types, pages) from those that blocks and names give them."""
    probabilities = by_blocks * power(by_names, _NAMES_WEIGHT)
    return np.asarray(probabilities / probabilities.sum(axis=0), np.float32)


def whole_columns(columns: Floats, said: Floats, types: Floats) -> Floats:
    """The features of blocks, what words say and the type probabilities of the page: rows named by ALL_NAMES."""
    return np.concatenate([columns, said, np.repeat(types, columns.shape[1], axis=1)])


def chosen(probabilities: Floats, words: Floats, least: float = _LEAST) -> NDArray[np.bool_]:
    """Which blocks to take so that the expected F1 over words is best: those from a probability on that suits the page.

    On a page of doubtful blocks doubtful ones are worth having, beside sure ones they are not.

    >>> chosen(np.array([0.9, 0.3, 0.2], np.float32), np.array([50, 9, 9], np.float32)).tolist()
    [True, False, False]
    >>> chosen(np.array([0.3, 0.3, 0.05], np.float32), np.array([50, 9, 9], np.float32)).tolist()
    [True, True, False]
    """
    order = (-probabilities).argsort(kind="stable")
    hits, taken = (probabilities * words)[order].cumsum(), words[order].cumsum()
    best = int((2 * hits / (taken + hits[-1] + 1e-9)).argmax())
    return np.asarray(probabilities >= np.float32(min(max(probabilities[order[best]], least), _MOST)))


def taken(probabilities: Floats, words: Floats, texts: Sequence[str], types: Floats) -> list[bool]:
    """Which blocks of a page make its text: those chosen, long ones once; only documentation has to repeat itself.

    Args:
        probabilities: the probability of each block.
        words: how many words each has.
        texts: what each is known by: its text, or that of its row.
        types: the type probabilities of the page.
    """
    keep: list[bool] = chosen(probabilities, words, least_probability(types)).tolist()
    if int(np.argmax(types)) == _DOCUMENTATION:
        return keep
    seen: set[str] = set()
    for number, kept in enumerate(keep):
        if kept and len(texts[number]) >= REPEATED:
            said = texts[number].casefold()
            keep[number] = said not in seen
            seen.add(said)
    return keep
