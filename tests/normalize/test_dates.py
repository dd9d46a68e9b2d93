"""Dates as pages write them: by kind, by language, by zone, and what is refused."""

from datetime import UTC, date, datetime

import pytest

from builder.normalize.dates import DateError, parse_date
from builder.normalize.datewords import MONTHS

DAY = date(2022, 2, 24)


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


MACHINE = [
    ("2022-02-24", None),
    ("20220224", None),
    ("2022-02-24T03:37", "2022-02-24T03:37"),
    ("2022-02-24 03:37:09", "2022-02-24T03:37:09"),
    ("2022-02-24T03:37:09.5Z", "2022-02-24T03:37:09.500000"),
    ("2022-02-24T03:37:09,123456789Z", "2022-02-24T03:37:09.123456"),
    ("2022-02-24t03:37:09z", "2022-02-24T03:37:09"),
    ("2022-02-24T03:37:00+05:30", "2022-02-23T22:07"),
    ("2022-02-24T03:37:00+0530", "2022-02-23T22:07"),
    ("2022-02-24T03:37:00 +0530", "2022-02-23T22:07"),
    ("2022-02-24T03:37+05", "2022-02-23T22:37"),
    ("2022-02-24T03:37:00\N{MINUS SIGN}03:30", "2022-02-24T07:07"),
    ("2022-02-24T03:37:00+01:00[Europe/Paris]", "2022-02-24T02:37"),
    ("20220224T033700Z", "2022-02-24T03:37"),
    ("20220224T0337+0530", "2022-02-23T22:07"),
    ("1645673820", "2022-02-24T03:37"),
    ("1645673820123", "2022-02-24T03:37:00.123000"),
    ("Thu, 24 Feb 2022 03:37:00 GMT", "2022-02-24T03:37"),
    ("Thu, 24 Feb 2022 03:37:00 -0500 (EST)", "2022-02-24T08:37"),
    ("24 Feb 2022 03:37 EST", "2022-02-24T08:37"),
    ("Thursday, 24-Feb-22 03:37:00 GMT", "2022-02-24T03:37"),
    ("Thu Feb 24 03:37:00 2022", "2022-02-24T03:37"),
    ("Thu Feb 24 03:37:00 EST 2022", "2022-02-24T08:37"),
    ("Thu Feb 24 03:37:00 +0000 2022", "2022-02-24T03:37"),
    ("24/Feb/2022:03:37:00 +0000", "2022-02-24T03:37"),
    ("2022-02-24T03:37:60Z", "2022-02-24T03:37:59"),
]

ENGLISH = [
    ("February 24, 2022 3:37 AM EST", "2022-02-24T08:37"),
    ("Feb. 24th, 2022", None),
    ("February the 24th, 2022", None),
    ("24th of February 2022", None),
    ("24 February 2022 03:37", "2022-02-24T03:37"),
    ("24-Feb-2022", None),
    ("24 FEB 2022 AT 15:37 HRS", "2022-02-24T15:37"),
    ("2022 Feb 24", None),
    ("Feb 24, '22", None),
    ("24-02-2022 03:37", "2022-02-24T03:37"),
    ("24/02/2022", None),
    ("02/24/2022 3:37 p.m.", "2022-02-24T15:37"),
    ("2022/02/24", None),
    ("24 . 02 . 2022", None),
    ("Updated: 24-02-2022 03:37 | Created: 23-02-2022 20:00", "2022-02-24T03:37"),
    ("Posted on Thursday, February 24, 2022 at 3:37 PM", "2022-02-24T15:37"),
    ("Published 3:37 AM EST, Thu February 24, 2022", "2022-02-24T08:37"),
    ("Updated at 03:37 on 24 Feb 2022", "2022-02-24T03:37"),
    ("Feb 24, 2022 \N{MIDDLE DOT} 3:37 p.m. ET", "2022-02-24T20:37"),
    ("Feb. 24, 2022, 3pm PT", "2022-02-24T23:00"),
    ("Feb 24, 2022 | 12:05 am", "2022-02-24T00:05"),
    ("Feb 24, 2022 12:05 PM", "2022-02-24T12:05"),
    ("Feb 24, 2022 15:37 PM", "2022-02-24T15:37"),
    ("Feb\u00a024,\u202f2022\u200b at 3:37\u202fPM", "2022-02-24T15:37"),
    ("Feb. 24, 2022Updated 3:37 p.m. ET", None),
    ("24 Feb 2022 10:00-11:30", "2022-02-24T10:00"),
    ("3:37 PM (EST), 24 Feb 2022", "2022-02-24T20:37"),
    ("Feb 24, 2022 03:37 est", "2022-02-24T08:37"),
    ("Feb 24, 2022 3:37 AM Et | New York", "2022-02-24T08:37"),
    ("24 Feb 2022 03:37 (wib)", "2022-02-23T20:37"),
    ("24 Feb 2022 03:37 est is when it began", "2022-02-24T03:37"),
]

OTHER_LANGUAGES = [
    ("Donnerstag, 24. Februar 2022 um 15.37 Uhr", "15:37"),
    ("24.02.2022, 03:37 Uhr", "03:37"),
    ("24.02.2022 (Do) 15:37", "15:37"),
    ("15:37 Uhr, 24. Feber 2022", "15:37"),
    ("Publié le jeudi 24 février 2022 à 15h37", "15:37"),
    ("24 févr. 2022 à 15 h 37", "15:37"),
    ("jueves, 24 de febrero de 2022 a las 15:37", "15:37"),
    ("24 de fev. de 2022 às 15h37", "15:37"),
    ("giovedì 24 febbraio 2022 ore 15.37", "15:37"),
    ("24 февраля 2022 г. в 15:37", "15:37"),
    ("15:37, 24 февраля 2022", "15:37"),
    ("24 лютого 2022 року, 15:37", "15:37"),
    ("2022年2月24日 15:37", "15:37"),
    ("2022 年 2 月 24 日", None),
    ("2022年02月24日星期四下午3:37", "15:37"),
    ("2022年2月24日(木) 午後3時37分", "15:37"),
    ("2022年2月24日 15時37分05秒", "15:37:05"),
    ("２０２２年２月２４日", None),
    ("令和4年2月24日", None),
    ("令和 4 年 2 月 24 日（木） 15時37分", "15:37"),
    ("令和４年２月２４日　１５：３７", "15:37"),
    ("2022年（令和4年）2月24日", None),
    ("令和4年（2022年）2月24日 15:37", "15:37"),
    ("令和4.2.24", None),
    ("2022년 2월 24일 오후 3:37", "15:37"),
    ("2022. 2. 24. 15:37", "15:37"),
    ("الخميس 24 فبراير 2022 - 03:37 م", "15:37"),
    ("٢٤ شباط/فبراير ٢٠٢٢، 03:37 ص", "03:37"),
    ("۲۴ شباط ۲۰۲۲", None),
    ("24 फ़रवरी 2022, 03:37 PM", "15:37"),
    ("২৪ ফেব্রুয়ারি ২০২২, ১৫:৩৭", "15:37"),
    ("۲۴ فوریه ۲۰۲۲ - ۱۵:۳۷", "15:37"),
    ("२४ फरवरी २०२२", None),
    ("24. veljače 2022. u 15:37", "15:37"),
    ("24 فبراير 2022 في 3:37 م", "15:37"),
    ("24 फरवरी 2022 को 3:37 PM बजे", "15:37"),
    ("24 lutego 2022 r., godz. 15:37", "15:37"),
    ("2022年2月24日 中午12:05", "12:05"),
    ("24 Şubat 2022 Sal 15:37", "15:37"),
    ("24 february 2022, 15.37", None),
    ("24 februari 2022 om 15:37 uur", "15:37"),
    ("czwartek, 24 lutego 2022, godz. 15:37", "15:37"),
    ("24 Şubat 2022 Perşembe 15:37", "15:37"),
    ("Kamis, 24 Februari 2022 pukul 15.37", "15:37"),
    ("24 februari 2022 kl. 15.37", "15:37"),
    ("24. februar 2022 kl 15:37", "15:37"),
    ("24 tháng 2, 2022", None),
    ("ngày 24 tháng hai năm 2022", None),
    ("Thứ năm, 24/2/2022, 3:37 CH", "15:37"),
    ("Πέμπτη 24 Φεβρουαρίου 2022, 3:37 μ.μ.", "15:37"),
    ("24. února 2022 v 15:37", "15:37"),
    ("to 24.2.2022 klo 15.37", "15:37"),
    ("2022. február 24., csütörtök 15:37", "15:37"),
    ("joi, 24 februarie 2022, ora 15:37", "15:37"),
    ("A las 15:37 del 24 de febrero de 2022", "15:37"),
    ("15:37 hrs. - 24/02/2022", "15:37"),
    ("ore 15:37 di giovedì 24 febbraio 2022", "15:37"),
    ("18:37 мск, 24.02.2022", "15:37"),
    ("24 февраля 2022, 18:37 (мск)", "15:37"),
    ("24/02/2022 15:37 est paru", "15:37"),
    ("24.fev.2022 (quinta-feira) - 15h37", "15:37"),
    ("24 فبراير 2022 على الساعة 15:37", "15:37"),
    ("۲۴ فوریهٔ ۲۰۲۲، ساعت ۱۵:۳۷", "15:37"),
    ("Minggu, 24 Februari 2022 pkl 15:37", "15:37"),
    ("24/02/2022 lúc 15:37", "15:37"),
    ("15h37 du 24 février 2022", "15:37"),
    ("24 de febrer de 2022 a les 15:37", "15:37"),
    ("2022 m. vasario 24 d. 15:37", "15:37"),
    ("2022. gada 24. februāris, 15:37", "15:37"),
    ("2022 жылғы 24 ақпан, 15:37", "15:37"),
    ("24 ก.พ. 2022 15:37 น.", "15:37"),
    ("24 ก.พ. 2565, 15.37 น.", "15:37"),
    ("วันที่ 24 กุมภาพันธ์ 2022 เวลา 15:37 น.", "15:37"),
    ("พฤหัสบดี 24 กุมภาพันธ์ พ.ศ. 2565 15.37 น.", "15:37"),
    ("๒๔ กุมภาพันธ์ ๒๕๖๕", None),
    ("24 בפברואר 2022 בשעה 15:37", "15:37"),
    ("24 בפבר׳ 2022, 15:37", "15:37"),
    ("24 फेब्रु, 2022", None),
    ("2022 ഫെബ്രു 24", None),
    ("24 ફેબ્રુ, 2022", None),
    ("ಫೆಬ್ರ 24, 2022", None),
    ("24 ఫిబ్ర, 2022", None),
    ("24 ਫ਼ਰ 2022", None),
    ("24 shk 2022, 3:37 m.d.", "15:37"),
    ("24 shkurt 2022, 3:37 p.d.", "03:37"),
    ("24 กุมภาพันธ์ ค.ศ. 2022, 15:37 น.", "15:37"),
    ("2022 թ. փետրվարի 24, 15:37", "15:37"),
    ("2022\u202fж. 24 ақпан, 15:37", "15:37"),
    ("2022. g. 24. febr., 15:37", "15:37"),
    ("24 lutego 2022 (15:37)", "15:37"),
    ("2022.02.24 (15:37)", "15:37"),
    ("24 de febrero de 2022 (15:37 h)", "15:37"),
    ("গুরুবার, ২৪ ফেব্রুয়ারি ২০২২, ১৫: ৩৭", "15:37"),
    ("Publicada às 15h37min de 24 de fevereiro de 2022", "15:37"),
    ("24/02/2022 - 15h37min", "15:37"),
    ("24 Feb 2022 (3:45)", None),
    ("24, Feb 2022", None),
    ("Thursday, 24, February, 2022", None),
    ("First Published : 24, Feb 2022", None),
    ("Feb, 24 2022 15:37", "15:37"),
    ("24 Feb. , 2022", None),
    ("24. Februar 2022 (Do.) 15:37", "15:37"),
    ("24 février 2022 (15h37)", "15:37"),
    ("24 février 2022 à 15 heures 37", "15:37"),
    ("24 février 2022 vers 15h37", "15:37"),
    ("24 de febrero de 2022 a la(s) 3:37 p. m.", "15:37"),
    ("24 de fevereiro de 2022, pelas 15:37", "15:37"),
    ("24 febbraio 2022 h 15:37", "15:37"),
    ("24° febbraio 2022", None),
    ("«24» февраля 2022 г.", None),
    ("24-го февраля 2022 года, 15:37", "15:37"),
    ("24 февраля 2022 в 15 ч. 37 мин.", "15:37"),
    ("24 февраля 2022 в 15 часов 37 минут", "15:37"),
    ("24 من فبراير عام 2022 في تمام الساعة 15:37", "15:37"),
    ("24 فبراير 2022م - 15:37", "15:37"),
    ("24 فبراير 2022 م، الساعة 3:37 م", "15:37"),
    ("24 फरवरी 2022 वीरवार 15:37", "15:37"),
    ("24 फरवरी 2022, दोपहर 3 बजकर 37 मिनट", "15:37"),
    ("24 Feb 2022 (15 min)", None),
    ("First Published : 24, Feb 2022 3:37 PM", "15:37"),
    ("24 פבר׳ 2022", None),
    ("24 فروری ، 2022", None),
    ("24 פברואר 2022, יום חמישי, 15:37", "15:37"),
    ("24 फेब्रुवारी 2022, 15:37", "15:37"),
    ("24. februára 2022 o 15:37", "15:37"),
    ("24. фебруар 2022. 15:37", "15:37"),
    ("24 февруари 2022 г., 15:37 ч.", "15:37"),
    ("২৪ ফেব্রুয়ারি ২০২২ বৃহস্পতিবার ১৫:৩৭", "15:37"),
]

HALF_DAYS = [
    ("২৪ ফেব্রুয়ারি ২০২২ | ৩:৩৭ অপরাহ্ণ", "15:37"),
    ("২৪ ফেব্রুয়ারি ২০২২, ০৩:৩৭ পিএম", "15:37"),
    ("২৪ ফেব্রুয়ারি ২০২২, বিকাল ৩:৩৭", "15:37"),
    ("২৪ ফেব্রুয়ারি ২০২২, ৩:৩৭ পূর্বাহ্ন", "03:37"),
    ("২৪ ফেব্রুয়ারি ২০২২, রাত ৩:৩৭", "03:37"),
    ("২৪ ফেব্রুয়ারি ২০২২, রাত ৯:৩৭", "21:37"),
    ("২৪ ফেব্রুয়ারি ২০২২, রাত ১২:৩৭", "00:37"),
    ("24 फ़रवरी 2022, शाम 3:37 बजे", "15:37"),
    ("24 फरवरी 2022 दोपहर 12:37", "12:37"),
    ("24 फरवरी 2022 3:37 पीएम", "15:37"),
    ("24 फरवरी 2022, सुबह 3:37 बजे", "03:37"),
    ("24-02-2022 3:37 شام", "15:37"),
    ("24-02-2022 3:37 سہ پہر", "15:37"),
    ("24-02-2022 دوپہر 3:37", "15:37"),
    ("24 فوریه 2022 3:37 بعد از ظهر", "15:37"),
    ("24 فوریه 2022 3:37 بعدازظهر", "15:37"),
    ("24 فوریه 2022 3:37 ب.ظ", "15:37"),
    ("24 فوریه 2022 3:37 ق.ظ", "03:37"),
    ("24 فبراير 2022 3:37 بعد الظهر", "15:37"),
    ("24 فبراير 2022 3:37 عصراً", "15:37"),
    ("24 فبراير 2022 11:37 ظهراً", "11:37"),
    ("24-02-2022 3:37 மாலை", "15:37"),
    ("24-02-2022 பிற்பகல் 3:37", "15:37"),
    ("24/02/2022 3:37 chiều", "15:37"),
    ("24 Feb 2022, 03:37 petang", "15:37"),
    ("24 Feb 2022, 03:37 PTG", "15:37"),
    ("24 Februari 2022 pagi 3:37", "03:37"),
    ("24 de febrero de 2022 a las 3:37 de la tarde", "15:37"),
    ("24 de febrero de 2022 9:37 de la noche", "21:37"),
    ("24 de febrero de 2022 3:37 de la mañana", "03:37"),
    ("24 de fevereiro de 2022 3:37 da tarde", "15:37"),
    ("24 février 2022 à 3h37 de l'après-midi", "15:37"),
    ("24 février 2022 à 3h37 du matin", "03:37"),
    ("24 febbraio 2022 3:37 del pomeriggio", "15:37"),
    ("24. Februar 2022 um 3:37 nachmittags", "15:37"),
    ("24. Februar 2022, 3:37 Uhr nachmittags", "15:37"),
    ("24 лютого 2022 3:37 пп", "15:37"),
    ("24 февраля 2022 3:37 дня", "15:37"),
    ("24 февраля 2022 12:37 ночи", "00:37"),
    ("24.02.2022 3:37 сл.об.", "15:37"),
    ("24.02.2022 3:37 следобед", "15:37"),
    ("2022. február 24. délután 3:37", "15:37"),
    ("24 Şubat 2022 3:37 öğleden sonra", "15:37"),
    ("24-02-2022 3:37 e pasdites", "15:37"),
    ("2022년 2월 24일 새벽 3:37", "03:37"),
    ("2022년 2월 24일 낮 12:37", "12:37"),
    ("2022年2月24日未明3:37", "03:37"),
    ("2022年2月24日 中午11:37", "11:37"),
    ("2022年2月24日 晚上12:37", "00:37"),
    # the same words in another sense
    ("24/02/2022 10:37 Tarde de toros", "10:37"),
    ("24/02/2022 15:37 Mañana cierra", "15:37"),
    ("24/02/2022 15:37 Pagi ini", "15:37"),
    ("24-02-2022 صبح 3:37", "03:37"),
    ("24.02.2022, 15:37 la Roma", "15:37"),
]


@pytest.mark.parametrize(("raw", "at"), MACHINE + ENGLISH, ids=[raw for raw, _ in MACHINE + ENGLISH])
def test_reads_forms(raw, at):
    moment = parse_date(raw)
    assert (moment.at, moment.day) == (at and utc(at), DAY)
    assert (moment.zone_source is None) == (at is None)


@pytest.mark.parametrize(
    ("raw", "clock"), OTHER_LANGUAGES + HALF_DAYS, ids=[raw for raw, _ in OTHER_LANGUAGES + HALF_DAYS]
)
def test_reads_languages(raw, clock):
    moment = parse_date(raw)
    assert (moment.at, moment.day) == (clock and utc(f"2022-02-24T{clock}"), DAY)


@pytest.mark.parametrize("language", sorted(MONTHS))
def test_reads_every_month_name_in_any_case(language):
    for month, names in enumerate(MONTHS[language].split(","), start=1):
        for name in names.replace("_", " ").split() if language not in ("ar", "vi") else names.split():
            for spelling in (name, name.upper(), name.title()):
                raw = f"24 {spelling.replace('_', ' ')} 2022"
                assert parse_date(raw, language=language).day == date(2022, month, 24), raw


@pytest.mark.parametrize(
    ("raw", "language", "month"),
    [
        ("24 listopada 2022", "hr", 10),
        ("24 listopada 2022", "pl-PL", 11),
        ("5. srp 2022", "cs", 8),
        ("5 lip 2022", "pl", 7),
    ],
)
def test_language_settles_disputed_names(raw, language, month):
    assert parse_date(raw, language=language).day.month == month
    with pytest.raises(DateError, match="ambiguous"):
        parse_date(raw)
    with pytest.raises(DateError, match="ambiguous"):
        parse_date(raw, language="en")


@pytest.mark.parametrize(
    ("raw", "hints", "expected"),
    [
        ("03/04/2022", {"language": "en-US"}, (2022, 3, 4)),
        ("03/04/2022", {"language": "en-IN"}, (2022, 4, 3)),
        ("03/04/2022", {"language": "en_GB"}, (2022, 4, 3)),
        ("03/04/2022", {"language": "fr"}, (2022, 4, 3)),
        ("03-04-2022", {}, (2022, 4, 3)),
        ("03.04.2022", {"language": "en"}, (2022, 4, 3)),
        ("03-04-2022", {"language": "en-US"}, (2022, 3, 4)),
        ("04/04/2022", {}, (2022, 4, 4)),
        ("24/02/2022", {"language": "en-US"}, (2022, 2, 24)),
        ("02/24/2022", {"language": "en-GB"}, (2022, 2, 24)),
        ("24.02.22", {"language": "de"}, (2022, 2, 24)),
        ("03.04.69", {"language": "de"}, (2069, 4, 3)),
        ("03.04.70", {"language": "de"}, (1970, 4, 3)),
        ("3/4/22", {"language": "en-US"}, (2022, 3, 4)),
    ],
)
def test_order_of_day_and_month(raw, hints, expected):
    assert parse_date(raw, **hints).day == date(*expected)


@pytest.mark.parametrize(
    ("raw", "hints"),
    [
        ("03/04/2022", {}),
        ("03/04/2022", {"language": "en"}),
        ("03/04/2022", {"language": "en-PH"}),
        ("03/04/2022", {"language": "not a language"}),
        ("24.02.22", {}),
        ("24.02.22", {"language": "en"}),
        ("22.02.24", {"language": "ko"}),
    ],
)
def test_undecided_order_is_refused(raw, hints):
    with pytest.raises(DateError, match="ambiguous"):
        parse_date(raw, **hints)


INCOMPLETE_OR_FOREIGN = [
    "", "  ", "no date", "2 hours ago", "yesterday", "today at 3:37 PM", "24 February", "February 2022",
    "24 Feb 22", "No. 24, Feb 2022", "2023年(令和4年)2月24日", "R4.2.24",
    "Thursday, 3:37 PM", "2022", "2022-02", "24-25 February 2022", "Chapter 3, March 2022", "v1.2.2022",
    "10.0.0.2022", "1.2.2022.5", "-2022-02-24", "10000-01-01", "1" * 31,
    "-1645673820", "164567382", "9999999999999",
]  # fmt: skip
IMPOSSIBLE = [
    "30 Feb 2022", "29.02.2022", "2022-13-01", "2022-00-10", "31/13/2022", "0000-01-01", "9999-01-01", "1799-12-31",
    "2200-01-01", "2022-02-24T25:00", "2022-02-24T24:01", "2022-02-24T23:60", "2022-02-24T23:59:61", "2022-02-24T9",
    "24 Feb 2022 25:00", "24 Feb 2022 15:37 AM", "24 Feb 2022 3:7", "2022-02-24T03:37+16:00",
    "2022-02-24T03:37+01:60", "2022-02-24T03:37+0160", "2022-02-24T03:37:00+05:30:15",
    "24 شباط/مارس 2022",
]  # fmt: skip


@pytest.mark.parametrize("raw", [*INCOMPLETE_OR_FOREIGN, *IMPOSSIBLE])
def test_what_is_no_whole_and_possible_date_is_refused(raw):
    with pytest.raises(DateError):
        parse_date(raw)


@pytest.mark.parametrize(
    ("raw", "language", "expected"),
    [
        ("24.02.2022, 15.37", "da", "15:37"),
        ("24. feb. 2022, 15.37.09", "da-DK", "15:37:09"),
        ("24.2.2022 15.37", "fi", "15:37"),
        ("24/02/2022, 15.37 WIB", "id", "08:37"),
        ("24 febbraio 2022 15.37", "it", "15:37"),
        ("24.02.2022 15.37", "nb", "15:37"),
        ("2022-02-24 15.37", "sv-SE", "15:37"),
        ("24 feb 2022 15.37", "sv", "15:37"),
        ("24. 2. 2022, 15.37", "sl", "15:37"),
        ("2022. február 24. csütörtök 15.37", "hu", "15:37"),
        ("Laatste update: 24-02-22, 15.37", "nl", "15:37"),
        ("24.02.2022 | 15.37", "tr", "15:37"),
        ("Publicerad: 15.37, 24 feb 2022", "sv", "15:37"),
        ("Bu sayfa en son 15.37, 24 Şubat 2022 tarihinde", "tr", "15:37"),
        ("Version 25.37, 24 feb 2022", "sv", None),
        ("Version 15.37, 24 Feb 2022", "en", None),
        ("24.02.2022, 15.37", "de", None),
        ("24.02.2022, 15.37", None, None),
        ("24.02.2022, 1.15.37.2", "da", None),
    ],
)
def test_a_time_with_a_dot_counts_where_the_language_writes_it_so(raw, language, expected):
    moment = parse_date(raw, language=language)
    assert moment.day == DAY
    assert (moment.at and moment.at.strftime("%H:%M:%S").removesuffix(":00")) == expected


@pytest.mark.parametrize(
    ("raw", "month"),
    [
        ("24 juill. 2022", 7),
        ("24 يوليوز 2022", 7),
        ("24 غشت 2022", 8),
        ("24 नव॰ 2022", 11),
        ("24 d'abril de 2022", 4),
        ("24 d’octubre de 2022", 10),
        ("24 Μάη 2022", 5),
        ("২৪ জানু ২০২২", 1),
    ],
)
def test_names_of_months_that_are_rarer(raw, month):
    assert parse_date(raw).day == date(2022, month, 24)


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        ("令和元年5月1日", (2019, 5, 1)),
        ("平成31年4月30日", (2019, 4, 30)),
        ("平成元年1月8日", (1989, 1, 8)),
        ("昭和64年1月7日", (1989, 1, 7)),
    ],
)
def test_years_of_japan_count_from_their_era(raw, day):
    assert parse_date(raw).day == date(*day)


@pytest.mark.parametrize(("raw", "language"), [("24/02/2565", "th"), ("๒๔/๐๒/๒๕๖๕", "th-TH"), ("24 ก.พ. 2565", None)])
def test_years_of_thailand_count_from_the_buddha(raw, language):
    assert parse_date(raw, language=language).day == DAY


@pytest.mark.parametrize(("raw", "language"), [("24/02/2565", None), ("24 February 2565", "en"), ("24 ก.พ. 65", "th")])
def test_no_other_years_do(raw, language):
    with pytest.raises(DateError):
        parse_date(raw, language=language)


def test_messages_are_one_line_and_quote_little():
    with pytest.raises(DateError) as caught:
        parse_date("a\nb\x00\u2028" + "c" * 190)
    message = str(caught.value)
    assert message.isprintable()
    assert message.split(": ", 1)[1] == "'a b\N{REPLACEMENT CHARACTER} " + "c" * 75 + "'"
    with pytest.raises(DateError, match="longer than 200"):
        parse_date("24 February 2022 " + "x" * 200)
