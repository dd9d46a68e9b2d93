# ruff: noqa: E501 - tables of messages, one case a line
import zoneinfo
from importlib.resources import files
from pathlib import Path

import pytest

from builder.config.load import load_config
from builder.errors import ConfigError

CATALOGUE = {
    "url": "url", "site": "string", "title": "string", "authors": "list<string>", "published_at": "timestamp",
    "published_date": "date", "text": "text", "word_count": "integer", "is_syndicated": "boolean",
    "links": "list<link>", "source": "source",
}  # fmt: skip
HEAD = "name: small\ninputs: [a.warc]\noutput: out\n"
SITE = "domains: [a.example]\nprofiles:\n"


def mistakes(folder: Path, job: str, **sites: str) -> list[str]:
    """Load; the lines of the error without the folder."""
    (folder / "sites").mkdir(exist_ok=True)
    for name, text in sites.items():
        (folder / "sites" / f"{name}.yaml").write_text(text)
    (folder / "job.yaml").write_text(job)
    with pytest.raises(ConfigError) as error:
        load_config(folder / "job.yaml")
    return str(error.value).replace(f"{folder}/", "").splitlines()


JOB_MISTAKES = {
    "unknown key": ("feilds: [url]", '4:1: unknown key "feilds"; did you mean "fields"?'),
    "unknown key, nothing near": ("write: {zzz: 1}", '4:9: write: unknown key "zzz"; known are part_bytes, row_group_bytes, compression_level, bloom, content_defined_chunks, max_partitions'),
    "missing key": ("duplicates: {keep: latest}", '4:1: duplicates: missing key "by"'),
    "unknown type": ("fields:\n  - lead:\n      type: sting", '6:7: fields.lead.type: unknown type "sting"; did you mean "string"?'),
    "type of a catalogue field": ("fields: [{title: {type: text}}]", "4:19: fields.title.type: title is in the catalogue, as string; leave the type out"),
    "field without type": ("fields: [lead]", '4:10: fields.0: "lead" is not in the catalogue; a new field needs a type: `- lead: {type: string}`'),
    "misspelt field": ("fields: [titel]", '4:10: fields.0: "titel" is not in the catalogue; did you mean "title"? A new field needs a type: `- titel: {type: string}`'),
    "field twice": ("fields: [url, {url: {required: true}}]", '4:16: fields.url: "url" stands among the fields twice'),
    "name of a field": ("fields: [{Lead é: {type: string}}]", "4:11: fields.Lead é: not a field name; write at most 63 of a-z, 0-9 and _, beginning with a letter or one _"),
    "dunder": ("fields: [{__class__: {type: string}}]", "4:11: fields.__class__: not a field name; write at most 63 of a-z, 0-9 and _, beginning with a letter or one _"),
    "name among the settings": ("fields: [{lead: {type: string, name: x}}]", '4:10: fields.0: unknown key "name"; the name of a field stands before its settings'),
    "no fields": ("fields: []", "4:1: fields: needs at least one entry"),
    "yes is no boolean": ("fields: [{title: {required: yes}}]", '4:19: fields.title.required: wants true or false, not the string "yes"'),
    "number for a string": ("description: 2022", "4:1: description: wants a string, not the number 2022; quote it"),
    "date for a string": ("description: 2022-01-01", "4:1: description: wants a string, not the date 2022-01-01; quote it"),
    "quoted number": ('thresholds: {max_reject_rate: "0.5"}', '4:14: thresholds.max_reject_rate: wants a number, not the string "0.5"; write it without quotes'),
    "rate": ("thresholds: {max_reject_rate: 5}", "4:14: thresholds.max_reject_rate: must be at most 1, not 5"),
    "rate of a code": ("thresholds: {max_reject_rate: {total: 0.5, timeout: 2}}", "4:44: thresholds.max_reject_rate.timeout: must be at most 1, not 2"),
    "code that is none": ("thresholds: {max_reject_rate: {timeuot: 0.5}}", '4:32: thresholds.max_reject_rate.timeuot: unknown reject code "timeuot"; did you mean "timeout"?'),
    "rate of a field": ("thresholds: {min_fill: {title: -0.1}}", "4:25: thresholds.min_fill.title: must be at least 0, not -0.1"),
    "threshold for a field that is not published": ("fields: [url]\nthresholds: {min_fill: {title: 1}}", '5:25: thresholds.min_fill.title: "title" is not among the fields of this dataset; add it to fields'),
    "partitions": ("write: {max_partitions: 2147483648}", "4:9: write.max_partitions: must be less than 2147483648, not 2147483648"),
    "size": ("limits: {page_bytes: 16Mb}", "4:10: limits.page_bytes: not a size; write a whole number of bytes, or 16MiB, 2GB"),
    "time of nothing": ("limits: {page_seconds: 0}", "4:10: limits.page_seconds: must be more than 0, not 0"),
    "fraction": ("limits: {depth: 1.5}", "4:10: limits.depth: wants a whole number, not the number 1.5"),
    "list for a mapping": ("limits: []", "4:1: limits: wants a mapping, not a list"),
    "text for a list": ("sort_by: url", '4:1: sort_by: wants a list, not the string "url"'),
    "sort twice": ("sort_by: [url, url]", "4:1: sort_by: url stands here more than once"),
    "unknown sort field": ("sort_by: [urls]", '4:11: sort_by.0: unknown field "urls"; did you mean "url"?'),
    "sort by a list": ("sort_by: [authors]", "4:11: sort_by.0: a list<string> has no order; sort by another field"),
    "duplicates by nothing": ("duplicates: {by: [urls], keep: latest}", '4:19: duplicates.by.0: unknown field "urls"; did you mean "url"?'),
    "unknown select field": ("select: {zz: {min: 1}}", '4:10: select.zz: unknown field "zz"; it is not among the fields'),
    "bounds the wrong way round": ("select: {word_count: {min: 2, max: 1}}", "4:31: select.word_count.max: 1 is less than min, 2"),
    "bound of another type": ("select: {published_date: {min: '2022-01-01'}}", '4:27: select.published_date.min: the string "2022-01-01" is no date; write a date like 2022-01-01, without quotes'),
    "time without offset": ("select: {published_at: {min: 2022-01-01T00:00:00}}", "4:25: select.published_at.min: the time 2022-01-01T00:00:00 is no timestamp; write a time with its offset, like 2022-01-01T00:00:00Z"),
    "bounds without order": ("select: {is_syndicated: {min: true}}", "4:26: select.is_syndicated.min: a boolean has no order; use one_of or required"),
    "one_of of what no config holds": ("select: {source: {one_of: [a]}}", "4:19: select.source.one_of: nothing in a config is a source; use required"),
    "rules of the source": ("rules: {source: [{const: x}, {auto: true}]}", "4:9: rules.source: source follows from the page and takes no rules"),
    "rules of links": ("fields: [{links: {rules: {css: a}}}]", "4:19: fields.links.rules: links follows from the page and takes no rules"),
    "order of links": ("select: {links: {min: a}}", "4:18: select.links.min: a list<link> has no order; use required"),
    "one_of of another type": ("select: {site: {one_of: [a, 1]}}", "4:29: select.site.one_of.1: the number 1 is no string; write it in quotes"),
    "month of a string": ("partition_by: [{month: title}]", "4:17: partition_by.0.month: title is a string; this takes date, timestamp"),
    "bare timestamp": ("partition_by: [published_at]", "4:16: partition_by.0: published_at is a timestamp; this takes string, url, language, integer, boolean, date; write {month: published_at}"),
    "week": ("partition_by: [{week: published_at}]", "4:16: partition_by.0: partition by a field name, or by {year: field}, {month: field}, {day: field} or {value: field, as: name}"),
    "value without a name": ("partition_by: [{value: site}]", "4:16: partition_by.0: partition by a field name, or by {year: field}, {month: field}, {day: field} or {value: field, as: name}"),
    "name of folders alone": ("partition_by: [{as: paper}]", "4:16: partition_by.0: partition by a field name, or by {year: field}, {month: field}, {day: field} or {value: field, as: name}"),
    "folders called like a field": ("partition_by: [{value: site, as: title}]", '4:17: partition_by.0.value: the partition column "title" would clash with the field of that name'),
    "folders called as no column can be": ("partition_by: [{value: site, as: A/b}]", '4:16: partition_by.0: not a field name; write at most 63 of a-z, 0-9 and _, beginning with a letter or one _'),
    "folders called as readers pass over": ("fields: [_desk: {type: string}]\npartition_by: [_desk]", '5:16: partition_by.0: readers pass over folders that begin with _, as _desk=... would; write {value: _desk, as: desk}'),
    "folders called so by as": ("partition_by: [{month: published_at, as: _when}]", '4:17: partition_by.0.month: readers pass over folders that begin with _, as _when=... would; write {month: published_at, as: when}'),
    "value of a timestamp": ("partition_by: [{value: published_at, as: moment}]", "4:17: partition_by.0.value: published_at is a timestamp; this takes string, url, language, integer, boolean, date; write {month: published_at}"),
    "partition twice": ("partition_by: [site, site]", '4:22: partition_by.1: two levels of folders called "site"'),
    "partition and field": ("fields: [published_date, {month: {type: integer}}]\npartition_by: [{month: published_date}]", '5:17: partition_by.0.month: the partition column "month" would clash with the field of that name'),
    "longest without text": ("fields: [url]\nduplicates: {by: [url], keep: longest}", "5:25: duplicates.keep: longest needs the field text in the dataset; add it to fields"),
    "minimum above maximum": ("fields: [{word_count: {min: 3, max: 2}}]", "4:32: fields.word_count.max: 2 is less than min, 3"),
    "lengths the wrong way round": ("fields: [{title: {min_length: 3, max_length: 2}}]", "4:34: fields.title.max_length: 2 is less than min_length, 3"),
    "negative length": ("fields: [{title: {min_length: -1}}]", "4:19: fields.title.min_length: must be at least 0, not -1"),
    "pattern on a number": ("fields: [{word_count: {pattern: a}}]", "4:24: fields.word_count.pattern: fits string, text, url, language, list<string>; word_count is a integer"),
    "pattern of a constraint": ("fields: [{title: {pattern: '(?=a)'}}]", "4:19: fields.title.pattern: RE2 does not take this pattern: invalid perl operator: (?=; it has no lookahead"),
    "minimum of a string": ("fields: [{title: {min: a}}]", "4:19: fields.title.min: fits integer, number, date, timestamp; title is a string"),
    "minimum of another type": ("fields: [{word_count: {min: many}}]", '4:24: fields.word_count.min: the string "many" is no integer; write a whole number'),
    "minimum of an own field": ("fields: [{lead: {type: date, max: '2022-01-01'}}]", '4:30: fields.lead.max: the string "2022-01-01" is no date; write a date like 2022-01-01, without quotes'),
    "one of the wrong type": ("fields: [{title: {one_of: [a, 2]}}]", "4:31: fields.title.one_of.1: the number 2 is no string; write it in quotes"),
    "one of none": ("fields: [{title: {one_of: []}}]", "4:19: fields.title.one_of: needs at least one entry"),
    "unique list": ("fields: [{authors: {unique: true}}]", "4:21: fields.authors.unique: fits string, text, url, language, integer, number, date, timestamp; authors is a list<string>"),
    "not after something else": ("fields: [{published_at: {not_after: today}}]", '4:26: fields.published_at.not_after: unknown not_after "today"; one of captured'),
    "not after, a string": ("fields: [{title: {not_after: captured}}]", "4:19: fields.title.not_after: fits date, timestamp; title is a string"),
    "action": ("fields: [{title: {max_length: 3, on_violation: rejct}}]", '4:34: fields.title.on_violation: unknown on_violation "rejct"; did you mean "reject"?'),
    "null and required": ("fields: [{title: {required: true, max_length: 3, on_violation: null}}]", "4:50: fields.title.on_violation: null leaves a required field without a value; write reject, or drop required"),
    "null and unique": ("fields: [{title: {unique: true, on_violation: null}}]", "4:33: fields.title.on_violation: null does not go with unique; write reject, keep or fail"),
    "constraint misspelt": ("fields: [{title: {max_lenght: 3}}]", '4:19: fields.title: unknown key "max_lenght"; did you mean "max_length"?'),
    "bloom of a list": ("write: {bloom: [url, authors]}", "4:22: write.bloom.1: a list<string> has no Bloom filter; it is for values to look up"),
    "bloom of a boolean": ("fields: [paid: {type: boolean}]\nwrite: {bloom: [paid]}", "5:17: write.bloom.0: a boolean has no Bloom filter; it is for values to look up"),
    "bloom of nothing": ("write: {bloom: [urls]}", '4:17: write.bloom.0: unknown field "urls"; did you mean "url"?'),
    "bloom of a folder": ("partition_by: [site]\nwrite: {bloom: [site]}", "5:17: write.bloom.0: site is a folder, which is found by its name"),
    "export without its words": ("exports: [readme, croissant]", "4:19: exports.1: croissant needs about.license, about.url, about.creator, about.date_published, description; add them to the config"),
    "export with empty words": ("description:\nabout: {license: null, url: https://a.example, creator: A, date_published: 2022-01-01}\nexports: [croissant]", "6:11: exports.0: croissant needs about.license, description; add them to the config"),
    "unknown export": ("exports: [pdf]", '4:11: exports.0: unknown exports "pdf"; one of readme, datapackage, croissant, odcs, report'),
    "home of the data": ("about: {url: data.example}", '4:9: about.url: "data.example" does not match ^https?://\\S+$'),
    "drift": ("thresholds: {max_drift: {rows: -1}}", "4:26: thresholds.max_drift.rows: must be at least 0, not -1"),
    "drift of nothing": ("thresholds: {max_drift: {row: 1}}", '4:26: thresholds.max_drift: unknown key "row"; did you mean "rows"?'),
    "keep": ("duplicates: {by: [url], keep: last}", '4:25: duplicates.keep: unknown keep "last"; did you mean "latest"?'),
    "rules twice": ("rules: {title: {css: h1}}\nfields: [{title: {rules: {css: h2}}}]", "5:19: fields.title.rules: title has rules under the key rules as well; keep one of them"),
    "version": ("version: 1.4", "4:1: version: wants a string, not the number 1.4; quote it"),
    "version without patch": ("version: '1.4'", "4:1: version: not a version; write three numbers like 1.4.0"),
    "id twice": ("fields: [{url: {id: 3}}, {title: {id: 3}}]", "4:35: fields.title.id: the id 3 is that of url; give one of them another `id`"),
    "id of another name": ("fields: [url, {title: {id: 433649379}}]", "4:24: fields.title.id: the id 433649379 is that of url; give one of them another `id`"),
    "id too large": ("fields: [{url: {id: 2147483448}}]", "4:17: fields.url.id: must be at most 2147483447, not 2147483448"),
    "id and name before": ("fields: [{url: {id: 3, renamed_from: link}}]", "4:24: fields.url.renamed_from: the id is given; leave one of the two out"),
    "name before is there": ("fields: [url, {site: {renamed_from: url}}]", '4:23: fields.site.renamed_from: "url" is still a field of its own'),
    "alias is there": ("fields: [title, {headline: {type: string, aliases: [title]}}]", '4:53: fields.headline.aliases.0: "title" is still a field of its own'),
    "alias of two": ("fields: [{lead: {type: string, aliases: [old]}}, {headline: {type: string, aliases: [old]}}]", "4:86: fields.headline.aliases.0: the id of old is that of lead's alias old; leave one of them out"),
    "alias and name before": ("fields: [{headline: {type: string, renamed_from: title, aliases: [title]}}]", "4:67: fields.headline.aliases.0: the id of title is that of headline; leave `renamed_from` out"),
    "origin is a field": ("fields: [url, {title: {origin_as: url}}]", '4:24: fields.title.origin_as: "url" is a field of its own; write another name'),
    "origin of two": ("fields: [{title: {origin_as: whence}}, {text: {origin_as: whence}}]", "4:48: fields.text.origin_as: the id of whence is that of title's origin; write another name"),
    "name before that is a list": ("fields: [{url: {renamed_from: [link]}}]", "4:17: fields.url.renamed_from: wants a string, not a list"),
    "name before that is a mapping": ("fields: [{url: {renamed_from: {a: b}}}]", "4:17: fields.url.renamed_from: wants a string, not a mapping"),
    "alias that is a list": ("fields: [{url: {aliases: [[a]]}}]", "4:27: fields.url.aliases.0: wants a string, not a list"),
    "alias that is a mapping": ("fields: [{url: {aliases: [{a: b}]}}]", "4:27: fields.url.aliases.0: wants a string, not a mapping"),
    "alias that is no name": ("fields: [{headline: {type: string, aliases: [A-b]}}]", "4:46: fields.headline.aliases.0: not a field name; write at most 63 of a-z, 0-9 and _, beginning with a letter or one _"),
    "one name before of two": ("fields: [{url: {renamed_from: link}}, {site: {renamed_from: link}}]", "4:47: fields.site.renamed_from: the id 12983560 is that of url; give one of them another `id`"),
    "sites on a web server": ("sites: https://127.0.0.1:9/sites", "4:1: sites: a web server lists no folders; keep the profiles on a disk, in s3://, gs:// or az://"),
    "folder of sites": ("sites: nowhere", '4:1: sites: the folder "nowhere" cannot be read: No such file or directory'),
}  # fmt: skip


@pytest.mark.parametrize(("text", "line"), JOB_MISTAKES.values(), ids=JOB_MISTAKES)
def test_mistake_in_a_job(tmp_path: Path, text: str, line: str) -> None:
    lines = mistakes(tmp_path, f"{HEAD}{text}\n")
    assert lines == [f"job.yaml:{line}"]


@pytest.mark.parametrize(
    ("job", "line"),
    [
        ("name: Small\ninputs: [a]\noutput: o", '1:1: name: "Small" does not match ^[a-z0-9][a-z0-9_-]*$'),
        ("name: s\ninputs: []\noutput: o", "2:1: inputs: needs at least one entry"),
        ("name: s\ninputs: [a, {format: warc}]\noutput: o", '2:13: inputs.1: missing key "path"'),
        ("name: s\ninputs: [a]", '1:1: missing key "output"'),
        ("name: s\ninputs: [~/a]\noutput: o", "2:10: inputs.0: ~ and ${...} are not replaced; write the path out, relative to this file, or give it with --set"),
        ("naem: s\ninputs: [a]\noutput: o", '1:1: unknown key "naem"; did you mean "name"?'),
        ("name: s\ninputs: [a]\noutput: ${HOME}/o", "3:1: output: ~ and ${...} are not replaced; write the path out, relative to this file, or give it with --set"),
        ('name: s\ninputs: ["a\\0b"]\noutput: o', "2:10: inputs.0: a path with a control character"),
        ('name: s\ninputs: [a]\noutput: "o\\n"', "3:1: output: a path with a control character"),
        ("name: s\ninputs: [{path: a, format: warc, index: i}]\noutput: o", "2:34: inputs.0.index: only for folder, zip, tar; the format here is warc"),
        ("name: s\ninputs: [{path: a, format: zip, verify_digests: true}]\noutput: o", "2:33: inputs.0.verify_digests: only for warc; the format here is zip"),
        ("name: s\ninputs: [{path: a, format: wark}]\noutput: o", '2:20: inputs.0.format: unknown format "wark"; did you mean "warc"?'),
        ('name: s\ninputs: [a]\noutput: o\n"\\e[2J": 1', '4:1: unknown key "\\x1b[2J"; known are name, version, description, inputs, sites, rules, fields, select, partition_by, sort_by, duplicates, thresholds, limits, write, about, exports, output'),
        ("# nothing\n", "1:1: the file is empty"),
        ("- a\n", "1:1: wants a mapping of keys, not a list"),
    ],
    ids=["name", "no inputs", "path", "output", "home", "misspelt", "variable", "NUL", "newline", "option of another format", "digests of another format", "format", "escapes", "empty", "list"],
)  # fmt: skip
def test_mistake_in_what_every_job_has(tmp_path: Path, job: str, line: str) -> None:
    assert mistakes(tmp_path, job) == [f"job.yaml:{line}"]


RULE_MISTAKES = {
    "css": ("title", "{css: 'h1['}", "css: Expected ident or '*', got <EOF at 3>"),
    "pseudo-element": ("title", "{css: 'h1::text'}", "css: Pseudo-elements are not supported; css gives the text, attr: an attribute"),
    "css prefix": ("title", "{css: 'svg|a'}", "css: a namespace prefix; pages have none"),
    "css contains is known": ("title", "{css: 'p:contains(\"x\") > a:nope'}", "css: The pseudo-class :nope is unknown"),
    "xpath": ("title", "{xpath: '//h1['}", "xpath: Invalid expression"),
    "xpath document": ("title", "{xpath: \"document('/x')\"}", "xpath: no function document() here; XPath 1.0 has its core functions only"),
    "xpath extension": ("title", "{xpath: \"//p[re:test(., 'a')]\"}", 'xpath: the prefix "re": pages have none, and extension functions are not allowed'),
    "xpath variable": ("title", "{xpath: '//p[$x]'}", "xpath: variables ($name) are not defined here"),
    "lookahead": ("title", "{line: 'a(?=b)'}", "line: RE2 does not take this pattern: invalid perl operator: (?=; it has no lookahead"),
    "back-reference": ("title", "{url: '(a)\\1'}", "url: RE2 does not take this pattern: invalid escape sequence: \\1; it has no back-references"),
    "repetition": ("title", "{css: a, pattern: '(a{1000}){1000}'}", "pattern: RE2 does not take this pattern: invalid repetition size: {1000}"),
    "groups": ("title", "{css: a, pattern: '(a)(b)'}", "pattern: 2 groups; a pattern gives one value: keep one (...), and make the others (?:...)"),
    "drop": ("title", "{css: a, drop: [a, '(']}", "drop.1: RE2 does not take this pattern: missing ): ("),
    "one drop": ("title", "{css: a, drop: '('}", "drop: RE2 does not take this pattern: missing ): ("),
    "until": ("title", "{css: a, until: '['}", "until: RE2 does not take this pattern: missing ]: ["),
    "long pattern": ("title", f"{{line: {'x' * 10_001}}}", "line: a pattern of 10001 characters; the most is 10000"),
    "attr": ("title", "{meta: a, attr: b}", "attr: only with css or xpath, not with meta"),
    "date of a string": ("title", "{css: a, date: '%Y-%m-%d'}", "date: only for date and timestamp fields; title is a string"),
    "date without year": ("published_at", "{css: a, date: '%d %b %H:%M'}", "date: the format lacks the year (%Y); nothing is filled in"),
    "date directive": ("published_at", "{css: a, date: '%Y-%m-%Q'}", "date: unknown directive %Q; known are %Y %y %m %d %e %B %b %h %A %a %H %I %M %S %f %p %z %Z %% %F %T %R %D"),
    "day of the year": ("published_at", "{css: a, date: '%Y-%j'}", "date: unknown directive %j; known are %Y %y %m %d %e %B %b %h %A %a %H %I %M %S %f %p %z %Z %% %F %T %R %D"),
    "month twice": ("published_at", "{css: a, date: '%d %b %B %Y'}", "date: %b and %B say the same"),
    "date locale": ("published_at", "{css: a, date: '%c'}", "date: %c depends on the machine's locale; write the format out"),
    "half a day": ("published_at", "{css: a, date: '%Y%m%d %I'}", "date: %I without %p; write %H for hours from 0 to 23"),
    "decimal of a string": ("title", "{css: a, decimal: '.'}", "decimal: only for integer and number fields; title is a string"),
    "decimal": ("word_count", "{css: a, decimal: ;}", 'decimal: unknown decimal ";"; one of ., ,'),
    "split": ("title", "{css: a, split: ','}", "split: only for list<string> fields; title is a string"),
    "constant": ("word_count", "{const: many}", 'const: the string "many" is no integer; write a whole number'),
    "value": ("is_syndicated", "{line: a, value: yes}", 'value: the string "yes" is no boolean; write true or false'),
    "auto": ("title", "{auto: headlin}", 'auto: unknown field "headlin"; the generic extractor knows the fields of the catalogue'),
    "auto of links": ("title", "{auto: links}", "auto: links is a list<link>, which is no value of another field"),
    "auto false": ("title", "{auto: false}", "auto: write `auto: true`, or `auto: <field>` for the generic value of another field"),
    "capture": ("title", "{capture: page_uri}", 'capture: unknown capture "page_uri"; did you mean "page_url"?'),
    "jsonld": ("title", "{jsonld: author..name}", "jsonld: not a dotted path; write `headline` or `author.name`"),
    "jsonld with blanks": ("title", "{jsonld: author. name}", "jsonld: not a dotted path; write `headline` or `author.name`"),
    **{
        f"jsonld {path}": ("title", f"{{jsonld: '{path}'}}", "jsonld: keys alone make a path, from the object that describes the page; lists are walked through: `author.name`")
        for path in ("author[0].name", "author.0.name", "$.author", "author[*].name", "*.name", "http://schema.org/headline")
    },
    "header": ("title", "{header: 'a b'}", 'header: "a b" is not the name of an HTTP header'),
    "option": ("title", "{css: a, attribute: b}", 'unknown key "attribute"; did you mean "attr"?'),
}  # fmt: skip


@pytest.mark.parametrize(("field", "rule", "message"), RULE_MISTAKES.values(), ids=RULE_MISTAKES)
def test_mistake_in_a_rule(tmp_path: Path, field: str, rule: str, message: str) -> None:
    (line,) = mistakes(tmp_path, f"{HEAD}rules:\n  {field}:\n    - {rule}\n")
    place, _, found = line.partition(f": rules.{field}.0")
    assert place.startswith("job.yaml:6:")
    assert found.lstrip(".: ") == message


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("{css: h1, xpath: //h1}", "a rule has one source, this one has css and xpath; make it two rules"),
        ("{date: '%Y-%m-%d'}", "a rule needs a source: one of css, xpath, line, jsonld, meta, microdata, header, capture, url, auto, const"),
        ("h1", 'wants a mapping, not the string "h1"'),
    ],
    ids=["two sources", "no source", "text"],
)  # fmt: skip
def test_rule_has_one_source(tmp_path: Path, rule: str, message: str) -> None:
    assert mistakes(tmp_path, f"{HEAD}rules:\n  published_date: [{rule}]\n") == [
        f"job.yaml:5:20: rules.published_date.0: {message}"
    ]


SITE_MISTAKES = {
    "zone": ("  - timezone: Asia/Calcuta", '3:5: profiles.0.timezone: unknown time zone "Asia/Calcuta"; did you mean "Asia/Calcutta"?'),
    "zone of the machine": ("  - timezone: posix/Europe/Berlin", '3:5: profiles.0.timezone: unknown time zone "posix/Europe/Berlin"; did you mean "Europe/Berlin"?'),
    "zone out of its folder": ("  - timezone: ../../etc/passwd", '3:5: profiles.0.timezone: unknown time zone "../../etc/passwd"; write one like Asia/Kolkata'),
    "dates": ("  - valid_until: 2022-02-01\n  - valid_until: 2022-02-01\n  - {}", "4:5: profiles.1.valid_until: must be later than 2022-02-01, the one of the profile before it"),
    "time for a date": ("  - valid_until: 2022-02-01\n  - valid_until: 2022-03-01T10:00:00\n  - {}", "4:5: profiles.1.valid_until: wants a date like 2023-06-30, without quotes, not the time 2022-03-01T10:00:00"),
    "no date": ("  - {}\n  - {}", "3:5: profiles.0: only the last profile may lack valid_until; the ones after it would never be used"),
    "text for a date": ("  - valid_until: '2022-02-01'", '3:5: profiles.0.valid_until: wants a date like 2023-06-30, without quotes, not the string "2022-02-01"; write it without quotes'),
    "unknown field": ("  - fields: {titel: {css: h1}}", '3:14: profiles.0.fields.titel: unknown field "titel"; did you mean "title"?'),
    "no rules": ("  - fields: {title: []}", "3:14: profiles.0.fields.title: needs at least one entry"),
    "key file": ("  - {}\nfile: x", '4:1: unknown key "file"; did you mean "profiles"?'),
    "profile name": ("  - {name: v1, valid_until: 2022-01-01}\n  - name: v1", '4:5: profiles.1.name: two profiles called "v1"'),
    "single rule": ("  - fields: {title: {css: '['}}", "3:22: profiles.0.fields.title.css: Expected ident or '*', got <EOF at 1>"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "line"), SITE_MISTAKES.values(), ids=SITE_MISTAKES)
def test_mistake_in_a_site_file(tmp_path: Path, text: str, line: str) -> None:
    assert mistakes(tmp_path, f"{HEAD}sites: sites", a=f"{SITE}{text}\n") == [f"sites/a.yaml:{line}"]


def test_a_zone_of_this_machine_alone_is_none(tmp_path: Path) -> None:
    """The reader takes zones from the package tzdata: a config that passes here passes everywhere."""
    (tmp_path / "zones" / "Own").mkdir(parents=True)
    rules = files("tzdata").joinpath("zoneinfo", "Europe", "Berlin").read_bytes()
    (tmp_path / "zones" / "Own" / "Zone").write_bytes(rules)
    try:
        zoneinfo.reset_tzpath([str(tmp_path / "zones")])
        assert zoneinfo.ZoneInfo("Own/Zone").key == "Own/Zone"
        lines = mistakes(tmp_path, f"{HEAD}sites: sites", a=f"{SITE}  - timezone: Own/Zone\n")
    finally:
        zoneinfo.reset_tzpath()
    assert [line.partition(";")[0] for line in lines] == [
        'sites/a.yaml:3:5: profiles.0.timezone: unknown time zone "Own/Zone"'
    ]


def test_domain_claimed_twice(tmp_path: Path) -> None:
    profile = "profiles: [{}]\n"
    lines = mistakes(
        tmp_path,
        f"{HEAD}sites: sites",
        a=f"domains: [x.example]\n{profile}",
        b=f"domains: [y.example, X.example]\n{profile}",
    )
    assert [line.replace(str(tmp_path), "") for line in lines] == [
        'sites/b.yaml:1:22: domains.1: "X.example" is claimed by sites/a.yaml as well'
    ]


@pytest.mark.parametrize("domain", ["https://x.example", "x.example/news", "*.x.example", "x example", "-x.example"])
def test_domain_is_a_host(tmp_path: Path, domain: str) -> None:
    lines = mistakes(tmp_path, f"{HEAD}sites: sites", a=f"domains: ['{domain}']\nprofiles: [{{}}]\n")
    assert lines == ["sites/a.yaml:1:11: domains.0: not a domain; write `example.com`, without scheme, path, port or *"]


def test_profiles_may_name_the_jobs_own_fields(tmp_path: Path) -> None:
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites" / "a.yaml").write_text(f"{SITE}  - fields: {{lead: {{css: p}}, text: {{css: article}}}}\n")
    (tmp_path / "job.yaml").write_text(f"{HEAD}sites: sites\nfields: [url, {{lead: {{type: text}}}}]\n")
    assert load_config(tmp_path / "job.yaml").sites[0].file == "a"


def test_yml_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites" / "a.yml").write_text("")
    assert mistakes(tmp_path, f"{HEAD}sites: sites") == [
        "sites/a.yml: rename it to .yaml; other files of this folder are not read"
    ]


def test_ten_mistakes_are_ten_lines(tmp_path: Path) -> None:
    job = """\
name: News 2022
inputs:
  - {path: a.warc, frmat: warc}
sites: sites
fields:
  - url
  - titel
  - lead: {type: sting}
select: {url: {min: 3}}
partition_by: [{month: url}]
limits: {page_bytes: lots, page_seconds: -1}
output: &here out
"""
    site = "domains: [a.example]\nprofiles:\n  - timezone: Mars/Base\n    fields: {lead: {css: '>'}}\n"
    lines = mistakes(tmp_path, job, a=site)
    assert [line.split(": ")[0] for line in lines] == [
        "job.yaml:1:1", "job.yaml:3:20", "job.yaml:7:5", "job.yaml:8:12", "job.yaml:9:16", "job.yaml:10:17",
        "job.yaml:11:10", "job.yaml:11:28", "job.yaml:12:9", "sites/a.yaml:3:5", "sites/a.yaml:4:21",
    ]  # fmt: skip
