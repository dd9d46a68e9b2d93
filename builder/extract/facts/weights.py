"""How much each sign speaks for a candidate: logistic weights, fitted on pages whose title, authors and date are known.

A candidate's score is the sum over its signs; the highest wins. `none...` are the signs of a page that has no value:
their sum is what a candidate must pass. Signs that are not listed weigh nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

TITLE_WEIGHTS: Mapping[str, float] = {
    "cut:colon": -1.68, "cut:dash": 0.41, "cut:pipe": 0.44, "cuttable": -0.25, "ends:name": 0.57, "ends:site": -1.58,
    "h1": 0.66, "h1:agrees": -0.23, "h1:apart": 0.59, "h1:article": 0.73, "h1:aside": -0.58, "h1:class": 0.48,
    "h1:far": -0.6, "h1:first": 0.69, "h1:hidden": 0.36, "h1:home": -1.13, "h1:itemprop": 0.4, "h1:link": -0.69,
    "h1:logo": -0.38, "h1:main": 0.25, "h1:near": 0.88, "h1:only": 0.88, "h1:starts": 0.09, "h1seg": 0.18,
    "h1seg:butfirst": -0.19, "h1seg:first": -0.12, "h1seg:last": 0.23, "h1seg:longest": 0.8, "h2": -0.24,
    "h2:aside": -0.3, "h2:class": -0.24, "h2:far": -0.86, "h2:header": -0.16, "h2:link": 0.38, "h2:main": -0.3,
    "h2:near": 0.74, "h2:other": -0.21, "home:h1": -0.28, "home:other": 0.28, "in:og": 0.46, "in:other": 0.6,
    "in:title": 0.6, "jsonld": 0.72, "jsonldname": -0.27, "jsonldseg": 0.13, "jsonldseg:first": 0.38,
    "jsonldseg:longest": 0.19, "metatitle": 0.4, "micro": 0.54, "microname": 0.45, "og": 1.48, "ogseg": 0.32,
    "ogseg:butlast": 0.1, "ogseg:buttwo": 0.39, "ogseg:first": 0.48, "ogseg:last": -0.17, "ogseg:longest": -0.26,
    "ogseg:mid": -0.42, "productname": -0.8, "rest:1": 0.12, "rest:2-3": 0.33, "rest:4-6": 0.26, "rest:notsite": 0.18,
    "rest:site": 0.18, "rest:sitelike": -0.33, "seg": -0.38, "seg:butfirst": -0.58, "seg:butlast": 0.16,
    "seg:first": 0.25, "seg:last": -0.24, "seg:longest": 0.48, "site": -0.48, "slug:all": 0.86, "slug:most": 0.26,
    "slug:none": -1.22, "slug:some": 0.11, "starts:site": -0.1, "tail:cut:colon": -0.91, "tail:cut:other": -0.18,
    "tail:cut:pipe": 0.49, "tail:rest:1": 0.5, "tail:rest:4-6": -0.59, "tail:rest:7+": -0.69,
    "tail:rest:sitelike": 0.65, "title": 0.94, "twitter": 0.21, "words:1": -0.72, "words:19-30": -0.3, "words:2": -0.29,
    "words:3-4": -0.28,
}  # fmt: skip
"""See `titles`."""

DATE_WEIGHTS: Mapping[str, float] = {
    "after:h1": -0.26, "agree:2": 0.23, "agree:3+": 1.03, "agree:url": 0.73, "before:h1": -0.33, "class": 0.21,
    "class:attr": 0.56, "class:first": 0.77, "class:later": -1.12, "class:long": 0.14, "class:short": -0.19,
    "close:h1": 1.37, "in:article": -0.55, "in:aside": -1.1, "in:date": -0.47, "in:header": -0.69, "in:link": -0.55,
    "in:list": -0.81, "in:main": -0.19, "in:other": -0.96, "label:published": 0.42, "label:unrelated": -0.15,
    "ld:created": -0.16, "ld:created:story": -0.14, "ld:elsewhere": 0.09, "ld:elsewhere:story": -0.23,
    "ld:elsewhere:webpage": 0.33, "ld:modified": -0.67, "ld:modified:story": -0.33, "ld:modified:webpage": -0.34,
    "ld:published": -0.29, "ld:published:story": -0.12, "ld:published:webpage": -0.16, "loose:after": -0.6,
    "loose:bare": 0.11, "loose:before": 0.54, "loose:first": 0.83, "loose:later": -0.67, "loose:long": -0.16,
    "loose:next": -0.22, "loose:noh1": 0.84, "loose:tail": -0.2, "loose:text": 0.13, "meta:article": 1.05,
    "meta:date": 0.34, "meta:modified": -0.87, "meta:other": -0.2, "meta:published": 1.19, "micro:created": 0.25,
    "micro:modified": -0.54, "micro:published": 0.67, "near": -0.56, "near:0-4": 0.77, "near:15+": -0.98,
    "near:5-14": -0.35, "near:first": 0.5, "near:h1": -0.85, "near:later": 0.3, "near:long": -0.57, "near:next": -1.06,
    "near:short": 0.91, "next:h1": 0.47, "none": 0.74, "none:agree": -0.19, "none:body:page": 0.75,
    "none:body:post": -0.76, "none:bylines:0": 0.68, "none:bylines:6+": 0.11, "none:days:0": 0.51, "none:days:1": -0.11,
    "none:days:2-3": -0.12, "none:days:4+": 0.81, "none:label": -0.2, "none:ld:forum": -0.37, "none:ld:none": -0.72,
    "none:ld:shop": 0.82, "none:ld:story": -0.63, "none:meta:published": 0.33, "none:micro:body": -0.2,
    "none:og:product": 0.71, "none:og:website": 0.12, "none:path:date": -0.35, "none:path:flat": 0.32,
    "none:path:forum": -0.67, "none:path:home": 1.55, "none:path:number": -0.7, "none:path:shop": 1.12,
    "none:path:story": -1.06, "none:slug:1-2": 0.43, "none:slug:3-4": -0.11, "none:slug:5+": -1.12,
    "none:strong": -0.34, "none:tag:article": -0.29, "none:times:0": 0.34, "none:times:1": -0.13, "none:times:5+": 0.5,
    "time": 0.13, "time:attr": 0.11, "time:first": 1.12, "time:later": -0.99, "time:pubdate": 0.13,
    "time:updated": -0.47, "weaker": -1.1,
}  # fmt: skip
"""See `published`."""

AUTHOR_WEIGHTS: Mapping[str, float] = {
    "after:h1": -0.37, "agree:1": -0.73, "agree:3+": 0.47, "before:h1": -0.42, "class": -0.39, "class:author": -0.58,
    "class:bio": -0.19, "class:byline": -0.37, "class:first": 0.84, "class:later": -1.11, "class:long": -0.53,
    "class:name": 0.75, "class:second": -0.13, "class:short": 0.2, "close:h1": 1.26, "digits": 0.22, "each": 0.43,
    "far:h1": -0.87, "in:article": -0.51, "in:aside": -0.74, "in:author": 0.47, "in:date": 0.5, "in:header": -0.09,
    "in:list": -0.33, "in:main": -0.12, "in:other": -0.48, "ld:elsewhere": -0.41, "ld:elsewhere:typed": -0.34,
    "ld:org": -0.4, "ld:text": -0.32, "ld:typed": 0.69, "lower:all": 0.15, "lower:some": -1.05, "meta": 0.27,
    "meta:author": 0.08, "meta:other": 0.33, "micro": 0.24, "micro:first": 0.34, "names:2": -0.27, "none": 0.28,
    "none:body:page": 0.53, "none:body:post": -0.43, "none:bylines:0": 0.26, "none:has:byline": 0.12,
    "none:has:jsonld": 0.35, "none:has:meta": -0.19, "none:has:microdata": 0.29, "none:has:rel": 0.16,
    "none:ld:forum": -0.58, "none:ld:none": -0.82, "none:ld:shop": 0.41, "none:ld:story": -0.26,
    "none:meta:published": -0.37, "none:micro:body": 0.41, "none:og:article": -0.37, "none:og:none": 0.2,
    "none:og:other": -0.21, "none:og:product": 0.7, "none:path:flat": 0.18, "none:path:forum": -1.14,
    "none:path:home": 0.83, "none:path:html": 1.13, "none:path:number": -0.26, "none:path:shop": 0.53,
    "none:path:story": -0.89, "none:slug:3-4": -0.27, "none:slug:5+": -0.35, "none:tag:article": 0.38,
    "none:times:0": 0.19, "none:times:1": 0.18, "none:times:5+": -0.12, "part": 0.21, "rel": 0.29, "rel:first": 0.24,
    "role": -0.76, "site": -0.24, "spoken": 0.56, "team": -0.36, "text": -0.25, "text:far": -0.74, "text:h1:0": -0.15,
    "text:h1:1": -0.1, "text:near": 0.49, "text:next": 0.21, "text:whole": -0.46, "upper": -0.1, "words:1": -0.26,
    "words:2": 0.81, "words:3": -0.13, "words:4+": -0.7,
}  # fmt: skip
"""See `authors`."""
