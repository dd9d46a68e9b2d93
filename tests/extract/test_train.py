import gzip
import json
from collections import Counter

import numpy as np
import pytest

from builder.extract import train
from builder.extract.classifier.names import NameJudge, NameWeights
from builder.extract.classifier.pagetype import TYPES, page_names
from builder.extract.classifier.trees import Forest
from builder.extract.training import titlefit, typefit
from builder.extract.training.examples import read_examples
from builder.extract.training.inserts import others_by_fold, read_interrupted
from builder.extract.training.labels import labels, words_of
from builder.extract.training.samples import read_pages, read_samples, read_truths

MENU = '<nav class="menu"><ul><li><a href="/">Home</a></li><li><a href="/shop">Shop</a></li></ul></nav>'
TOPICS = ("ferry", "bridge", "market", "school", "harbor", "library")


def page(topic: str, page_type: str) -> tuple[str, str]:
    """A page and its text."""
    sentence = f"The {topic} of the town will be closed on Monday, the council said, since its roof has to be repaired."
    lines = [f"{sentence} This is part {number} of the notice about it." for number in range(1, 5)]
    inner = "".join(f"<p>{line}</p>" for line in lines)
    if page_type == "product":
        inner = "".join(f'<div class="product">{line}</div>' for line in lines)
    body = f"{MENU}<h1>{topic}</h1>{inner}<footer>Imprint</footer>"
    return f"<html><head><title>{topic}</title></head><body>{body}</body></html>", "\n".join(lines)


def record(url: str, body: bytes) -> bytes:
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body
    head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nContent-Length: {len(http)}\r\n\r\n"
    return head.encode() + http + b"\r\n\r\n"


def write_corpus(folder, sites=6, **changes):
    """A page of each type for every topic, the topics spread over so many sites; what is known of each is changed."""
    folder.mkdir()
    truths, records = [], b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 3\r\n\r\na:b\r\n\r\n"
    for number, topic in enumerate(TOPICS):
        for page_type in ("article", "product"):
            url = f"https://www.site{number % sites}.example/{page_type}/{topic}"
            body, text = page(topic, page_type)
            records += record(url, body.encode())
            truth = {"case_id": url, "url": url, "text": text, "page_type": page_type, "title": topic, **changes}
            truths.append({key: value for key, value in truth.items() if value is not None})
    (folder / "pages.warc.gz").write_bytes(gzip.compress(records))
    (folder / "truth.jsonl").write_text("\n".join(map(json.dumps, truths)), encoding="utf-8")


@pytest.fixture
def corpora(tmp_path):
    write_corpus(tmp_path / "small")
    return tmp_path


@pytest.fixture
def quick(monkeypatch):
    small = train.Settings(trees=4, depth=2, rate=0.3, sample=1, share=2, smoothing=1)
    monkeypatch.setattr(typefit, "TYPE_SETTINGS", small)
    monkeypatch.setattr(train, "BLOCK_SETTINGS", small)
    monkeypatch.setattr(titlefit, "TITLE_SETTINGS", small)
    monkeypatch.setattr(train, "NETWORK_SETTINGS", train.NetworkSettings(width=4, rounds=2, pages=3))


@pytest.mark.usefixtures("quick")
def test_training_twice_gives_the_same_bytes(corpora, tmp_path, capsys):
    for name in ("one", "two"):
        assert train.main([str(corpora), "--sets", "small", "--cv", "--out", str(tmp_path / name)]) == 0
    files = [sorted((file.name, file.read_bytes()) for file in (tmp_path / name).iterdir()) for name in ("one", "two")]
    assert files[0] == files[1]
    assert [name for name, _ in files[0]] == [
        "blocks.json",
        "names.json",
        "network.json",
        "phrases.json",
        "titles.json",
        "types.json",
        "weights.json",
    ]
    assert "unseen sites" in capsys.readouterr().out


def test_pages_of_a_site_share_a_fold(corpora):
    data = train.data_of(list(read_samples(corpora / "small")))
    folds = Counter(zip((sample.site for sample in data.samples), data.folds.tolist(), strict=True))
    assert set(folds.values()) == {2}
    assert len(folds) == len(TOPICS)


def says(page_type: str) -> typefit.TypeModel:
    """A model that takes every page for one of this type."""
    start = np.array([8.0 if name == page_type else -8.0 for name in TYPES], np.float32)
    cuts, leaves = np.zeros((1, 1)), np.zeros((len(TYPES), 1, 2), np.float32)
    forest = Forest(tuple(page_names()), cuts.astype(np.int32), cuts.astype(np.float32), leaves, start)
    return typefit.TypeModel(forest, NameJudge(NameWeights({}, {}, [0.0] * len(TYPES))))


def test_fields_learn_from_types_as_models_see_them_that_do_not_know_the_site(tmp_path):
    write_corpus(tmp_path / "small", date="2022-02-24")
    data = train.data_of(list(read_samples(tmp_path / "small")))
    models = {fold: says(TYPES[fold]) for fold in set(data.folds.tolist())}
    examples = typefit.typed_examples(read_examples(tmp_path / "small"), data, models)
    folds = dict(zip((sample.site for sample in data.samples), data.folds.tolist(), strict=True))
    assert len(examples["date"]) == 2 * len(TOPICS)
    for example in examples["date"]:
        types = [feature for feature in example.candidates[-1] if feature.startswith("none:type:")]
        assert types == [f"none:type:{TYPES[folds[example.site]]}"]
    assert not any("type:" in feature for example in examples["title"] for feature in example.candidates[-1])


def test_samples_label_the_text_and_nothing_else(corpora):
    sample = next(read_samples(corpora / "small"))
    assert sample.labels.round().tolist() == [0, 0, 0, 1, 1, 1, 1, 0]


def test_of_interrupted_stories_what_stands_near_the_inserts_is_learnt_from(corpora):
    """Its labels are those it had; what was put in has its own, and its words are text where it is of the story."""
    plain = list(read_samples(corpora / "small"))
    folds = train.folds_of(sample.site for sample in plain)
    known = others_by_fold(read_truths(corpora / "small").values(), folds)
    lines = {"sentences": ["Nobody had asked until now."], "topics": ["Nobody"], "headlines": ["Nobody had asked"]}
    others = {fold: own._replace(**lines) for fold, own in known.items()}
    found = list(read_interrupted(corpora / "small", folds, others))
    added = 0
    for before, sample in zip(plain, found, strict=True):
        labels_before = dict(zip(before.texts, before.labels.round().tolist(), strict=True))
        counts_before = dict(zip(before.texts, before.weights.tolist(), strict=True))
        labels_now = dict(zip(sample.texts, sample.labels.round().tolist(), strict=True))
        counts = dict(zip(sample.texts, sample.weights.tolist(), strict=True))
        put_in = set(sample.texts) - set(before.texts)
        assert {text: labels_now[text] for text in before.texts} == labels_before
        assert min(counts[text] for text in put_in) > 0
        near = {text: counts[text] for text in before.texts if counts[text]}
        assert near == {text: counts_before[text] for text in near}
        assert 0 < len(near) < len(before.texts)
        of_text = [text for text, label in zip(sample.texts, sample.labels, strict=True) if label >= 0.5]
        assert sample.reference == Counter(word for text in of_text for word in words_of(text))
        assert (sample.site, sample.page_type) == (before.site, None)
        added += len(of_text) - (before.labels >= 0.5).sum()
    assert added


def test_other_records_are_no_pages(corpora):
    assert len(list(read_pages(corpora / "small" / "pages.warc.gz"))) == 2 * len(TOPICS)


def test_missing_corpora_are_one_clear_message(tmp_path, capsys):
    assert train.main([str(tmp_path), "--sets", "none"]) == 2
    assert "truth.jsonl" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("sites", "changes", "options", "code"),
    [
        (1, {}, [], 2),
        (2, {}, [], 0),
        (2, {}, ["--cv"], 2),
        (3, {}, ["--cv"], 0),
        (6, {"title": None}, [], 0),
        (6, {"page_type": None}, [], 2),
        (6, {"text": None, "date": "2022-02-24"}, [], 2),
        (6, {"text": None, "with": ["nowhere to be found"], "without": []}, [], 2),
    ],
    ids=["one-site", "two", "two-cv", "three-cv", "no-title", "no-type", "no-text", "no-text-found"],
)
@pytest.mark.usefixtures("quick")
def test_too_few_sites_to_learn_from_are_one_clear_message(tmp_path, capsys, sites, changes, options, code):
    write_corpus(tmp_path / "own", sites, **changes)
    assert train.main([str(tmp_path), "--sets", "own", "--out", str(tmp_path / "out"), *options]) == code
    said = capsys.readouterr().err
    assert ("too few sites in own" in said) == (code == 2)
    assert (tmp_path / "out").exists() == (code == 0)


STORY = [
    "On the ferry and its long way",
    "The old ferry will stay in service until the end of the year.",
    "Prices and times of all the ferries",
    "A ticket costs three crowns, and the last boat leaves at nine.",
]


@pytest.mark.parametrize(
    ("texts", "reference", "expected"),
    [
        (["the old ferry will stay in service", "home"], "The old ferry will stay in service.", [1, 0]),
        (["the old ferry will stay in service"] * 2, "The old ferry will stay in service.", [1, 0]),
        (["one two", "the old ferry will stay in service"], "two one the old ferry will stay in service", [0, 1]),
        (["", "word"], "", [0, 0]),
        (
            ["On the ferry and its long way", "Prices and times of all the ferries", *STORY],
            " ".join(STORY),
            [0, 0, 1, 1, 1, 1],
        ),
    ],
    ids=["content", "said-once", "other-order", "no-reference", "table-of-contents"],
)
def test_labels(texts, reference, expected):
    assert [round(share) for share in labels([words_of(text) for text in texts], words_of(reference))] == expected
