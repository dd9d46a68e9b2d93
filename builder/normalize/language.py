"""Language tags as pages declare them."""

from __future__ import annotations

import re

_TAG = re.compile(r"([a-zA-Z]{2,3})(?:[-_]([a-zA-Z]{4}))?(?:[-_]([a-zA-Z]{2}|\d{3}))?(?:[-_.].*)?")
_CODES_OF_TWO = """
    aar aa abk ab afr af aka ak alb sq amh am ara ar arg an arm hy asm as ava av ave ae aym ay aze az bak ba bam bm
    baq eu bel be ben bn bis bi bod bo bos bs bre br bul bg bur my cat ca ces cs cha ch che ce chi zh chu cu chv cv
    cor kw cos co cre cr cym cy cze cs dan da deu de div dv dut nl dzo dz ell el eng en epo eo est et eus eu ewe ee
    fao fo fas fa fij fj fin fi fra fr fre fr fry fy ful ff geo ka ger de gla gd gle ga glg gl glv gv gre el grn gn
    guj gu hat ht hau ha heb he her hz hin hi hmo ho hrv hr hun hu hye hy ibo ig ice is ido io iii ii iku iu ile ie
    ina ia ind id ipk ik isl is ita it jav jv jpn ja kal kl kan kn kas ks kat ka kau kr kaz kk khm km kik ki kin rw
    kir ky kom kv kon kg kor ko kua kj kur ku lao lo lat la lav lv lim li lin ln lit lt ltz lb lub lu lug lg mac mk
    mah mh mal ml mao mi mar mr may ms mkd mk mlg mg mlt mt mon mn mri mi msa ms mya my nau na nav nv nbl nr nde nd
    ndo ng nep ne nld nl nno nn nob nb nor no nya ny oci oc oji oj ori or orm om oss os pan pa per fa pli pi pol pl
    por pt pus ps que qu roh rm ron ro rum ro run rn rus ru sag sg san sa sin si slk sk slo sk slv sl sme se smo sm
    sna sn snd sd som so sot st spa es sqi sq srd sc srp sr ssw ss sun su swa sw swe sv tah ty tam ta tat tt tel te
    tgk tg tgl tl tha th tib bo tir ti ton to tsn tn tso ts tuk tk tur tr twi tw uig ug ukr uk urd ur uzb uz ven ve
    vie vi vol vo wel cy wln wa wol wo xho xh yid yi yor yo zha za zho zh zul zu
"""
_CODES = _CODES_OF_TWO.split()
_ISO_639_2 = dict(zip(_CODES[::2], _CODES[1::2], strict=True))
"""Every code of three letters, bibliographic and terminological, of a language that has one of two letters."""
_LANGUAGES = {*_CODES[1::2], "bh", "sh"}
_MEANT = {
    "iw": "he", "in": "id", "ji": "yi", "jw": "jv", "mo": "ro",
    "cn": "zh", "cz": "cs", "dk": "da", "gr": "el", "jp": "ja", "ua": "uk", "vn": "vi",
    "cmn": "zh", "arb": "ar", "pes": "fa", "prs": "fa", "zsm": "ms", "swh": "sw", "ekk": "et", "lvs": "lv", "npi": "ne",
    "uzn": "uz", "azj": "az", "khk": "mn", "ydd": "yi",
}  # fmt: skip
"""Codes that are none any more, those of countries that no language bears, and those of the standard form of a language
that has a code of two letters: the code of the language meant."""


def parse_language(raw: str) -> str:
    """The primary language of a tag, in lower case: BCP 47, POSIX locale or ISO 639-2.

    Two letters are a code of ISO 639-1, or of a country whose language they are often written for.

    >>> parse_language("en-US"), parse_language("pt_BR.UTF-8"), parse_language("ger")
    ('en', 'pt', 'de')

    Raises:
        ValueError: not a language tag.

    """
    match = _TAG.fullmatch(raw.split(",")[0].strip())
    if match is None or match[1].lower() in ("und", "mul", "zxx"):
        raise ValueError(f"not a language tag: {raw[:80]!r}")
    code = match[1].lower()
    primary = _MEANT.get(code) or _ISO_639_2.get(code, code)
    if len(primary) == 2 and primary not in _LANGUAGES:
        raise ValueError(f"not a language tag: {raw[:80]!r}")
    return primary


def region_of(raw: str) -> str | None:
    """The region of a language tag in upper case, which decides how its dates are written.

    >>> region_of("en-us"), region_of("de"), region_of("zh-Hant-TW")
    ('US', None, 'TW')
    """
    match = _TAG.fullmatch(raw.strip())
    return match[3].upper() if match and match[3] else None
