"""What in a text looks like a date, what it is called, and which day it says."""

import pytest

from builder.extract.facts.date.datemarks import (
    called,
    datelike,
    dates_in,
    day_key,
    has_clock,
    is_label_of_people,
    is_told,
    same_day,
    window,
)
from builder.normalize.dates import parse_date
from builder.normalize.datewords import MONTHS

WINDOWS = {
    "clock before": ("Published 11:37pm, Thu 24 Feb 2022", ["Published 11:37pm, Thu 24 Feb 2022"]),
    "and its zone": (
        "Washington, 10:15 PM EST, Thu February 24, 2022",
        ["Washington, 10:15 PM EST, Thu February 24, 2022"],
    ),
    "an offset": ("Published 03:37 (UTC+2) 24 February 2022", ["Published 03:37 (UTC+2) 24 February 2022"]),
    "an offset with minutes": ("By Ann Lee | 09:14 (GMT +5:30), 24 Feb 2022", ["09:14 (GMT +5:30), 24 Feb 2022"]),
    "an offset alone": ("Posted 09:14 AM +0530, Thu Feb 24, 2022", ["Posted 09:14 AM +0530, Thu Feb 24, 2022"]),
    "an offset to the west": ("09:14 GMT-0300, 24 February 2022", ["09:14 GMT-0300, 24 February 2022"]),
    "an offset without a clock": ("Times are (GMT +5:30), 24 February 2022", ["24 February 2022"]),
    "half of the day": ("来源：新华网 下午6:30 2022年2月24日", ["下午6:30 2022年2月24日"]),
    "beyond column 40": (
        "Von unserem Korrespondenten in Frankfurt am Main | 18:30 Uhr - Do, 24. Februar 2022",
        ["18:30 Uhr - Do, 24. Februar 2022"],
    ),
    "a label": ("Reuters | Veröffentlicht am 24.02.2022", ["am 24.02.2022"]),
    "no space": ("Veröffentlicht:24.02.2022", ["24.02.2022"]),
    "vowel signs": (f"24 फरवरी 2022 {'x' * 37} की खबर", [f"24 फरवरी 2022 {'x' * 37}"]),
    "a long word": (f"24.02.2022 03:37 {'x' * 60}", ["24.02.2022 03:37"]),
    "two, clocks behind": (
        "24. Februar 2022, 3:37 Uhr Aktualisiert am 25. Februar 2022, 8:12 Uhr",
        ["24. Februar 2022, 3:37 Uhr", "am 25. Februar 2022, 8:12 Uhr"],
    ),
    "two, clocks before": (
        "PUBLISHED: 03:37, 24 February 2022 | UPDATED: 08:12, 25 February 2022",
        ["PUBLISHED: 03:37, 24 February 2022", "UPDATED: 08:12, 25 February 2022"],
    ),
    "the clock of the other": (
        "24 Feb 2022 03:37 (IST) | Last Updated: 25 Feb 2022",
        ["24 Feb 2022 03:37 (IST)", "Updated: 25 Feb 2022"],
    ),
    "two, the year in front": (
        "Published: 2022-02-24 15:37 Updated: 2022-02-25 16:12",
        ["Published: 2022-02-24 15:37", "Updated: 2022-02-25 16:12"],
    ),
    "the label without a colon": (
        "Publicerad 2022-02-24 15:37:09 Uppdaterad 2022-02-25 16:12",
        ["Publicerad 2022-02-24 15:37:09", "Uppdaterad 2022-02-25 16:12"],
    ),
    "an hour with h": ("2022/02/24 15h37 Atualizado 2022/02/25", ["2022/02/24 15h37", "Atualizado 2022/02/25"]),
    "an offset before the label": (
        "2022-02-24 15:37 GMT+7 Updated 2022-02-25 16:12 GMT+7",
        ["2022-02-24 15:37 GMT+7", "Updated 2022-02-25 16:12 GMT+7"],
    ),
}


@pytest.mark.parametrize(("line", "windows"), WINDOWS.values(), ids=WINDOWS)
def test_a_date_is_cut_out_with_its_clock_and_whole_words(line: str, windows: list[str]) -> None:
    found: list[str] = []
    start = 0
    for match in dates_in(line):
        found.append(window(line, match, start))
        start = match.end()
    assert found == windows


DATED = {
    "a.m.": "The Associated Press, New York, Thursday, Feb. 24, 2022, 3:37 a.m.",
    "p.m.": "By Laura Sanchez, Reuters | Feb. 24, 2022 at 3:37 p.m.",
    "in brackets": "Laura Sanchez, Staff Writer (Feb. 24, 2022, 3:37 p.m.)",
    "hours": "Agência Brasil, Brasília | 24/02/2022 às 03:37 hs.",
    "hours, two dates": "24/02/2022 03:37h. Actualizado 25/02/2022 08:12h.",
    "Uhr": "Frankfurt am Main (dpa) - Frankfurter Rundschau - 24.02.2022, 03:37 Uhr.",
    "a year, pl": "Aktualności | Gospodarka | Warszawa | 24 lutego 2022 r.",
    "a year, ru": "Новости | Экономика | Москва | 24 февраля 2022 г.",
}
TOLD = {
    "p.m.": "The council meets on Feb. 24, 2022 at 3:37 p.m.",
    "hours": "El consejo se reunirá el 24 de febrero de 2022 a las 15:37 h.",
    "a year, pl": "Mur portowy runął na miasto 1 maja 1945 r.",
    "a year, ru": "Старая стена гавани рухнула 1 мая 1945 г.",
    "no clock": "The Harbour Wall Of The Old Town Fell On 1 May 1945.",
}


@pytest.mark.parametrize("line", DATED.values(), ids=DATED)
def test_an_abbreviation_at_the_end_makes_no_sentence(line: str) -> None:
    assert not any(is_told(line, match) for match in dates_in(line))


@pytest.mark.parametrize("line", TOLD.values(), ids=TOLD)
def test_a_sentence_may_end_in_an_abbreviation(line: str) -> None:
    assert is_told(line, dates_in(line)[0])


NATIVE = {
    "ar": "٠١٢٣٤٥٦٧٨٩",
    "fa, ur": "۰۱۲۳۴۵۶۷۸۹",
    "hi": "०१२३४५६७८९",
    "bn": "০১২৩৪৫৬৭৮৯",
    "th": "๐๑๒๓๔๕๖๗๘๙",
    "ja": "０１２３４５６７８９",
}


@pytest.mark.parametrize("digits", NATIVE.values(), ids=NATIVE)
@pytest.mark.parametrize("day", ["24/02/2022", "24-02-2022", "24.02.2022", "2022/02/24", "2022-02-24"])
def test_digits_of_every_script_make_a_date(digits: str, day: str) -> None:
    written = day.translate(str.maketrans("0123456789", digits))
    assert [match.group() for match in dates_in(f"x {written} y")] == [written]
    assert day_key(written) == day_key(day)
    assert has_clock(f"{written} 15:37".translate(str.maketrans("0123456789", digits)))


def test_a_clock_in_wide_signs_belongs_to_its_date() -> None:
    line = "荷湖市　２０２２年２月２４日　１５：３７　広報"
    assert has_clock(line)
    assert window(line, dates_in(line)[0]) == "荷湖市　２０２２年２月２４日　１５：３７　広報"
    line = "１５：３７　２０２２年２月２４日"
    assert window(line, dates_in(line)[0]) == line


@pytest.mark.parametrize("language", sorted(set(MONTHS) - {"zh"}))
def test_a_day_and_a_month_of_any_language_look_like_a_date(language: str) -> None:
    for names in MONTHS[language].split(","):
        for name in names.split():
            written = f"24 {name.replace('_', ' ')} 2022"
            assert [match.group() for match in dates_in(f"x | {written} | y")] == [written]


WORDED = {
    "ca": "24 d'abril de 2022",
    "ca, curly": "24 d’octubre de 2022",
    "lt": "2022 m. vasario 24",
    "lv": "2022. gada 24. februāris",
    "kk": "2022 жылғы 24 ақпан",
    "ur": "24 فروری ، 2022",
    "th": "24 ก.พ. 2565",
    "th, the era": "24 กุมภาพันธ์ พ.ศ. 2565",
    "th, digits": "๒๔ กุมภาพันธ์ ๒๕๖๕",
    "vi": "24 tháng 2 năm 2022",
    "vi, words": "24 Tháng Mười Hai, 2022",
    "th, close": "24ก.พ.2565",
    "ja, wide slashes": "２０２２／２／２４",
    "ja, wide hyphens": "２０２２－０２－２４",
    "a wide dot": "24．02．2022",
    "marks of direction, ar": "24\u200f/02\u200f/2022",
    "marks of direction, own digits": "٢٤\u200f/٠٢\u200f/٢٠٢٢",
    "marks of direction, he": "24\u200e/02\u200e/2022",
    "marks of direction, year first": "2022\u200f/02\u200f/24",
    "a comma at the year": "24 فبراير ,2022",
    "a comma without a space": "24 Feb,2022",
    "a dot and a comma": "24 ஜன., 2022",
    "a hard hyphen": "2022‑02‑24",
    "an en dash": "2022–02–24",
    "th, the common era": "24 กุมภาพันธ์ ค.ศ. 2022",
    "hy": "2022 թ. փետրվարի 24",
    "kk, short": "2022 ж. 24 ақпан",
    "lv, short": "2022. g. 24. febr.",
    "nl, two digits": "24 feb '22",
    "two digits, curly": "24 Feb ’22",
    "the year first": "2022 February 24",
    "the year first, short": "2022 Feb 24",
    "the year first, capitals": "2022 FEB 24",
    "the year first, hyphens": "2022-Feb-24",
    "the month first, hyphens": "Feb-24-2022",
    "the month first, a comma behind it": "Feb, 24 2022",
    "the month first, commas without a space": "Feb 24,2022",
    "the month first, no space": "Feb.24, 2022",
    "the month first, two digits": "Feb 24, '22",
    "the month first, of the year": "febrero 24 de 2022",
    "a comma behind the day": "24, Feb 2022",
    "a comma behind the day and the month": "24, Feb, 2022",
    "no space behind the dot": "24.Februar 2022",
    "a degree": "24° febbraio 2022",
    "a long month between dots": "24.septiembre.2022",
    "ru, quoted": "24» февраля 2022",
    "ru, ordinal": "24-го февраля 2022",
    "ar, the year": "24 فبراير عام 2022",
    "ar, of": "24 من فبراير 2022",
    "ar, two names": "24 شباط (فبراير) 2022",
    "ar, two names of two words": "24 كانون الثاني (يناير) 2022",
    "ar, the month first": "فبراير 24، 2022",
    "ja, era": "令和4年2月24日",
    "ja, era in wide digits": "令和４年２月２４日",
    "ja, era with dots": "令和4.2.24",
    "ja, era behind the year": "2022年（令和4年）2月24日",
    "ja, era before the year": "令和4年（2022年）2月24日",
    "the year first, ne": "2022 जनवरी 24",
    "the year first, ml": "2022 ജനുവരി 24",
}


@pytest.mark.parametrize("written", WORDED.values(), ids=WORDED)
def test_dates_in_words_of_more_languages_are_found_and_read(written: str) -> None:
    assert [match.group() for match in dates_in(f"x | {written} | y")] == [written]
    assert parse_date(written).day.year == 2022


@pytest.mark.parametrize("text", ["version 1.2.3", "call 555 1234", "in 2022", "room 12", "50 of 2000"])
def test_what_looks_like_no_date(text: str) -> None:
    assert datelike(text) is None


def test_years_of_thailand_are_seen_in_numbers() -> None:
    for written in ("24/02/2565", "๒๔/๐๒/๒๕๖๕"):
        assert [match.group() for match in dates_in(f"x | {written} | y")] == [written]
        assert parse_date(written, language="th").day.year == 2022


def test_a_comma_behind_the_day_needs_a_clock_within_a_line() -> None:
    assert [match.group() for match in dates_in("First Published : 24, Feb 2022 3:37 PM")] == ["24, Feb 2022"]
    assert dates_in("The Journal of Old Harbours, No. 24, Feb 2022") == []
    assert dates_in("Heft Nr. 24, Februar 2022") == []


@pytest.mark.parametrize(
    "line", ["24, Feb 2022", "Posted: 24, Feb 2022", "Thursday, 24, Feb 2022", "Ann Lee | 24, Feb 2022"]
)
def test_or_to_begin_a_line_or_to_follow_a_label(line: str) -> None:
    assert [match.group() for match in dates_in(line)] == ["24, Feb 2022"]


def test_an_era_of_single_digits_is_seen() -> None:
    assert [match.group() for match in dates_in("更新日：令和4年2月4日")] == ["令和4年2月4日"]


@pytest.mark.parametrize(
    "text",
    [
        "24 เขต 2565",
        "5 hours 2550",
        "เวลา 24 ชั่วโมง 3000",
        "in 2022 m. 5 km",
        "2022 г 24 км",
        "in 2022 about 24",
        "in 2022 may 24",
        "Decreto 24 de 2022",
        "Heft 24/2022",
        "Drucksache 24-2022",
        "令和4年度",
    ],
)
def test_numbers_beside_other_words_look_like_no_date(text: str) -> None:
    assert dates_in(text) == []


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2022-02-24T10:00Z", "2022-02-24"),
        ("am 4. 2. 2022", "2022-02-04"),
        ("04.02.22", "2022-02-04"),
        ("1.2.34.5", None),
        ("soon", None),
    ],
)
def test_day_key(text: str, day: str | None) -> None:
    assert day_key(text) == day


def test_days_are_compared_across_languages() -> None:
    assert same_day("2022-02-24T10:00:00Z", "24 फरवरी 2022")
    assert not same_day("2022-02-24T10:00:00Z", "25 फरवरी 2022")
    assert same_day("2022-02-24T10:00:00Z", "24.02.22")
    assert same_day("2022-02-24", "02/24/2022 10:00")
    assert not same_day("2022-02-24", "24/03/2022")


LABELS_PUBLISHED = {
    "bn": "প্রকাশ:", "bn, long": "প্রকাশিত:", "el": "Δημοσίευση:", "el, long": "Δημοσιεύθηκε:", "th": "เผยแพร่",
    "ta": "பதிவு:", "ta, long": "வெளியிடப்பட்டது:", "ur": "شائع", "ur, noun": "تاریخ اشاعت:", "fa": "تاریخ انتشار:",
    "he": "פורסם:", "he, noun": "תאריך פרסום:", "bg": "Публикувано на", "hr": "Objavljeno", "sr": "Објављено",
    "et": "Avaldatud", "lt": "Paskelbta", "cs": "Zveřejněno:", "sk": "Zverejnené", "te": "ప్రచురణ తేదీ:",
    "ml": "പ്രസിദ്ധീകരിച്ചത്:", "kn": "ಪ್ರಕಟಣೆ:", "gu": "પ્રકાશિત:",
}  # fmt: skip
LABELS_UPDATED = {
    "bn": "আপডেট:", "bn, own": "হালনাগাদ:", "el": "Ενημερώθηκε:", "el, noun": "Τελευταία ενημέρωση:", "th": "อัปเดต",
    "th, p": "อัพเดท", "th, last": "แก้ไขล่าสุด", "th, own": "ปรับปรุง:",
    "ta, modified": "மாற்றம் செய்த நாள்:", "ta": "புதுப்பிக்கப்பட்டது:", "ta, loan": "அப்டேட்:",
    "ur": "اپ ڈیٹ", "ur, one": "اپڈیٹ", "fa": "به\u200cروزرسانی:", "fa, plain": "بروزرسانی:", "he": "עודכן:",
    "he, noun": "עדכון אחרון:", "hi": "अंतिम अपडेट:", "bg": "Обновена", "bg, loan": "Актуализирано", "hr": "Ažurirano",
    "sr": "Ажурирано", "sl": "Posodobljeno", "et": "Uuendatud", "lt": "Atnaujinta", "lv": "Atjaunināts",
    "ca": "Actualitzat", "ms": "Dikemas kini", "te": "అప్\u200cడేట్:", "ml": "അപ്ഡേറ്റ്:", "kn": "ಅಪ್\u200cಡೇಟ್:",
    "gu": "અપડેટ:", "pa": "ਅਪਡੇਟ:", "de": "Stand:", "de, of": "Stand vom 24.02.2022", "de, alone": "Stand",
}  # fmt: skip
NO_LABELS = {
    "el, a newspaper": "Ενημέρωση",
    "fa, spread": "انتشار ویروس در شهر",
    "he, update": "עדכון מזג האוויר",
    "bn, reporter": "প্রতিবেদক",
    "th, improving": "ปรับปรุงถนน",
    "bg, public": "публичен",
}


@pytest.mark.parametrize("label", LABELS_PUBLISHED.values(), ids=LABELS_PUBLISHED)
def test_labels_of_publication(label: str) -> None:
    assert "label:published" in called(f"{label} ")


@pytest.mark.parametrize("label", LABELS_UPDATED.values(), ids=LABELS_UPDATED)
def test_labels_of_updates(label: str) -> None:
    assert "label:updated" in called(f"{label} ")


@pytest.mark.parametrize("words", NO_LABELS.values(), ids=NO_LABELS)
def test_words_like_labels_are_none(words: str) -> None:
    assert list(called(f"{words} ")) == []


@pytest.mark.parametrize("words", ["Bestand:", "Vorstand: 24", "Kontostand:", "Am Stand", "We stand"])
def test_words_that_end_like_the_german_one_call_nothing_an_update(words: str) -> None:
    assert "label:updated" not in called(f"{words} ")


@pytest.mark.parametrize(
    "before",
    ["Published:", "Terminato il", "登録日：", "등록", "입력", "Kayıt tarihi:", "Veröffentlicht am", "発表"],
)
def test_a_label_of_stories_is_none_of_people(before: str) -> None:
    assert not is_label_of_people(f"{before} ")
