"""CPU a page of parsing alone, our text, our main fields, all our fields, and other extractors that are installed.

    python tests/bench/bench_extract.py [--set wcxb] [--pages 300]

Reads BUILDER_CORPORA (default ../shared/corpora). All take turns on the same pages, so ratios count, not milliseconds.
Whoever comes later finds the page's class names known already, as on any but the first pages of a site: the main fields
come first, and pay for that.
"""

from __future__ import annotations

import argparse
import importlib
import os
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import islice
from pathlib import Path

from lxml import etree

from builder.extract.article import models, read_article
from builder.extract.blocks import read_layout
from builder.extract.classifier.pagetype import read_head
from builder.extract.declaring import declaring
from builder.extract.metadata import AUTO
from builder.extract.page import ParseLimits, parse_page
from builder.extract.training.samples import read_pages
from builder.records import Locator, Page

Run = Callable[[str, bytes], object]
_PARSER = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, collect_ids=False)
_HEADERS = {"content-type": "text/html; charset=utf-8"}


def parse(_url: str, html: bytes) -> etree._Element:
    return etree.fromstring(html, _PARSER)


def look(url: str, html: bytes) -> None:
    """Parse, and look at every element once: less than that no extractor in Python does."""
    for element in parse(url, html).iter():
        _ = element.tag, element.text, element.tail, element.get("class"), element.getparent()


def text(url: str, html: bytes) -> object:
    root = parse(url, html)
    return read_article(read_layout(root), read_head(declaring(root)), url)


_MAIN = ("url", "title", "authors", "published_at", "text", "page_type")


def main_fields(url: str, html: bytes) -> object:
    page = parse_page(Page(url, html, Locator("", 0, 0), headers=_HEADERS), ParseLimits())
    return {name: next(iter(AUTO[name](page)), None) for name in _MAIN}


def fields(url: str, html: bytes) -> object:
    page = parse_page(Page(url, html, Locator("", 0, 0), headers=_HEADERS), ParseLimits())
    return {name: next(iter(offers(page)), None) for name, offers in AUTO.items()}


def others() -> dict[str, Run]:
    """The extractors that can be imported."""
    found: dict[str, Run] = {}
    with suppress(ImportError):
        trafilatura = importlib.import_module("trafilatura")
        found["trafilatura"] = lambda url, html: trafilatura.bare_extraction(html.decode("utf-8", "replace"), url=url)
    with suppress(ImportError):
        resiliparse = importlib.import_module("resiliparse.extract.html2text")
        found["resiliparse"] = lambda _, html: resiliparse.extract_plain_text(
            html.decode("utf-8", "replace"), main_content=True
        )
    with suppress(ImportError):
        newspaper = importlib.import_module("newspaper")  # fetches pictures unless told not to
        found["newspaper4k"] = lambda url, html: newspaper.article(
            url, input_html=html.decode("utf-8", "replace"), fetch_images=False
        )
    with suppress(ImportError):
        htmldate = importlib.import_module("htmldate")
        found["htmldate"] = lambda url, html: htmldate.find_date(html.decode("utf-8", "replace"), url=url)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", default="wcxb")
    parser.add_argument("--pages", type=int, default=300)
    options = parser.parse_args()
    corpora = Path(os.environ.get("BUILDER_CORPORA", "../shared/corpora"))
    models()
    runs: dict[str, Run] = {"lxml parse alone": parse, "our main fields": main_fields, "our text": text}
    runs |= {"all our fields": fields, "parse and look": look, **others()}
    spent = dict.fromkeys(runs, 0.0)
    failed = dict.fromkeys(runs, 0)
    count = 0
    for page in islice(read_pages(corpora / options.set / "pages.warc.gz"), options.pages):
        count += 1
        for name, run in runs.items():
            start = time.process_time()
            try:
                run(page.url, page.body)
            except Exception:  # a benchmark counts what others raise
                failed[name] += 1
            spent[name] += time.process_time() - start
    print(f"{options.set}, {count} pages{'ms a page':>20}{'x parse':>9}{'failed':>8}")
    for name, seconds in spent.items():
        ratio = seconds / spent["lxml parse alone"]
        print(f"  {name:<24}{1000 * seconds / max(1, count):>14.2f}{ratio:>9.2f}{failed[name]:>8}")


if __name__ == "__main__":
    main()
