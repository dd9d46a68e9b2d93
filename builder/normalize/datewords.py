"""The words of dates: month, weekday and half-day names of the languages that news pages are written in, as plain data.

A row of `MONTHS` holds twelve comma-separated groups, January first; a group lists the spellings of one month, apart by
white space, with `_` for a space inside a name. Names are compared folded: case and accents do not count.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

MONTHS: Mapping[str, str] = {
    "ar": "يناير كانون_الثاني جانفي, فبراير شباط فيفري, مارس آذار, أبريل ابريل إبريل نيسان أفريل, مايو أيار ماي, "
    "يونيو يونيه حزيران جوان, يوليو يوليه تموز جويلية يوليوز, أغسطس اغسطس آب أوت غشت, سبتمبر أيلول شتنبر, "
    "أكتوبر اكتوبر تشرين_الأول تشرين_الاول, نوفمبر تشرين_الثاني نونبر, ديسمبر دجنبر كانون_الأول كانون_الاول",
    "bn": "জানুয়ারি জানুয়ারী, ফেব্রুয়ারি ফেব্রুয়ারী, মার্চ, এপ্রিল, মে, জুন, জুলাই, আগস্ট, সেপ্টেম্বর, অক্টোবর, নভেম্বর, ডিসেম্বর",
    "cs": "leden ledna led, únor února úno, březen března bře, duben dubna dub, květen května kvě, červen června čvn, "
    "červenec července čvc, srpen srpna srp, září zář, říjen října říj, listopad listopadu lis, prosinec prosince pro",
    "da": "januar jan, februar feb, marts mar, april apr, maj, juni jun, juli jul, august aug, september sep sept, "
    "oktober okt, november nov, december dec",
    "de": "januar jänner jan jän, februar feber feb, märz maerz mär mrz, april apr, mai, juni jun, juli jul, "
    "august aug, september sep sept, oktober okt, november nov, dezember dez",
    "el": "ιανουάριος ιανουαρίου ιαν, φεβρουάριος φεβρουαρίου φεβ, μάρτιος μαρτίου μαρ, απρίλιος απριλίου απρ, "
    "μάιος μαΐου μάι, ιούνιος ιουνίου ιουν, ιούλιος ιουλίου ιουλ, αύγουστος αυγούστου αυγ, "
    "σεπτέμβριος σεπτεμβρίου σεπ σεπτ, οκτώβριος οκτωβρίου οκτ, νοέμβριος νοεμβρίου νοε, δεκέμβριος δεκεμβρίου δεκ",
    "en": "january jan, february feb, march mar, april apr, may, june jun, july jul, august aug, september sep sept, "
    "october oct, november nov, december dec",
    "es": "enero ene, febrero feb, marzo mar, abril abr, mayo may, junio jun, julio jul, agosto ago, "
    "septiembre setiembre sep sept set, octubre oct, noviembre nov, diciembre dic",
    "fa": "ژانویه, فوریه, مارس, آوریل, مه, ژوئن, ژوئیه جولای, اوت آگوست, سپتامبر, اکتبر, نوامبر, دسامبر",
    "fi": "tammikuu tammikuuta tammikuun tammi, helmikuu helmikuuta helmikuun helmi, maaliskuu maaliskuuta maaliskuun "
    "maalis, huhtikuu huhtikuuta huhtikuun huhti, toukokuu toukokuuta toukokuun touko, "
    "kesäkuu kesäkuuta kesäkuun kesä, heinäkuu heinäkuuta heinäkuun heinä, "
    "elokuu elokuuta elokuun elo, syyskuu syyskuuta syyskuun syys, "
    "lokakuu lokakuuta lokakuun loka, marraskuu marraskuuta marraskuun marras, joulukuu joulukuuta joulukuun joulu",
    "fr": "janvier janv jan, février févr fév, mars mar, avril avr, mai, juin, juillet juill juil, août, septembre "
    "sept sep, octobre oct, novembre nov, décembre déc",
    "hi": "जनवरी जन, फ़रवरी फरवरी फ़र, मार्च, अप्रैल अप्रै, मई, जून, जुलाई जुल, अगस्त अग, "
    "सितंबर सितम्बर सित, अक्टूबर अक्तूबर अक्टू अक्तू, नवंबर नवम्बर नव, दिसंबर दिसम्बर दिस",
    "hr": "siječanj siječnja sij, veljača veljače velj, ožujak ožujka ožu, travanj travnja tra, svibanj svibnja svi, "
    "lipanj lipnja lip, srpanj srpnja srp, kolovoz kolovoza kol, rujan rujna ruj, listopad listopada lis, "
    "studeni studenoga studenog stu, prosinac prosinca pro",
    "hu": "január jan, február febr feb, március márc már, április ápr, május máj, június jún, július júl, "
    "augusztus aug, szeptember szept szep, október okt, november nov, december dec",
    "id": "januari jan, februari pebruari feb peb, maret mar, april apr, mei, juni jun, juli jul, "
    "agustus agu agt ags agust, september sep sept, oktober okt, november nopember nov nop, desember des",
    "it": "gennaio gen genn, febbraio feb febbr, marzo mar, aprile apr, maggio mag magg, giugno giu, luglio lug, "
    "agosto ago, settembre set sett, ottobre ott, novembre nov, dicembre dic",
    "nl": "januari jan, februari feb, maart mrt, april apr, mei, juni jun, juli jul, augustus aug, september sep sept, "
    "oktober okt, november nov, december dec",
    "no": "januar jan, februar feb, mars mar, april apr, mai, juni jun, juli jul, august aug, september sep sept, "
    "oktober okt, november nov, desember des",
    "pl": "styczeń stycznia sty, luty lutego lut, marzec marca mar, kwiecień kwietnia kwi, maj maja, "
    "czerwiec czerwca cze, lipiec lipca lip, sierpień sierpnia sie, wrzesień września wrz, "
    "październik października paź, listopad listopada lis, grudzień grudnia gru",
    "pt": "janeiro jan, fevereiro fev, março mar, abril abr, maio mai, junho jun, julho jul, agosto ago, setembro set, "
    "outubro out, novembro nov, dezembro dez",
    "ro": "ianuarie ian, februarie feb febr, martie mar mart, aprilie apr, mai, iunie iun, iulie iul, august aug, "
    "septembrie sept sep, octombrie oct, noiembrie noi nov, decembrie dec",
    "ru": "январь января янв, февраль февраля фев февр, март марта мар, апрель апреля апр, май мая, июнь июня июн, "
    "июль июля июл, август августа авг, сентябрь сентября сен сент, октябрь октября окт, ноябрь ноября ноя нояб, "
    "декабрь декабря дек",
    "sv": "januari jan, februari feb febr, mars mar, april apr, maj, juni jun, juli jul, augusti aug, "
    "september sep sept, oktober okt, november nov, december dec",
    "tr": "ocak oca, şubat şub, mart mar, nisan nis, mayıs may, haziran haz, temmuz tem, ağustos ağu, eylül eyl, "
    "ekim eki, kasım kas, aralık ara",
    "uk": "січень січня січ, лютий лютого лют, березень березня бер, квітень квітня квіт кві, травень травня трав тра, "
    "червень червня черв чер, липень липня лип, серпень серпня серп сер, вересень вересня вер верес, "
    "жовтень жовтня жовт жов, листопад листопада лист лис, грудень грудня груд гру",
    "vi": "tháng_một tháng_giêng, tháng_hai, tháng_ba, tháng_tư tháng_bốn, tháng_năm, tháng_sáu, tháng_bảy, tháng_tám, "
    "tháng_chín, tháng_mười, tháng_mười_một, tháng_mười_hai tháng_chạp",
    "zh": "一月, 二月, 三月, 四月, 五月, 六月, 七月, 八月, 九月, 十月, 十一月, 十二月",
}

WEEKDAYS: Mapping[str, str] = {
    "ar": "الاثنين الإثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد",
    "cs": "pondělí úterý středa čtvrtek pátek sobota neděle po út st čt pá so ne",
    "da": "mandag tirsdag onsdag torsdag fredag lørdag søndag man tirs tir ons tors tor fre lør søn",
    "de": "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa so",
    "el": "δευτέρα τρίτη τετάρτη πέμπτη παρασκευή σάββατο κυριακή δευ τρι τετ πεμ παρ σαβ κυρ",
    "en": "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun",
    "es": "lunes martes miércoles jueves viernes sábado domingo lun mié jue vie sáb dom",
    "fi": "maanantai tiistai keskiviikko torstai perjantai lauantai sunnuntai maanantaina tiistaina keskiviikkona "
    "torstaina perjantaina lauantaina sunnuntaina ma ti ke to pe la su",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche lun mer jeu ven sam dim",
    "hi": "सोमवार मंगलवार बुधवार गुरुवार बृहस्पतिवार शुक्रवार शनिवार रविवार सोम मंगल बुध गुरु शुक्र शनि रवि",
    "hr": "ponedjeljak utorak srijeda četvrtak petak subota nedjelja pon uto sri čet pet sub ned",
    "hu": "hétfő kedd szerda csütörtök péntek szombat vasárnap",
    "id": "senin selasa rabu kamis jumat sabtu minggu sen sel rab kam jum sab min",
    "it": "lunedì martedì mercoledì giovedì venerdì sabato domenica mer gio ven sab dom",
    "ja": "月曜日 火曜日 水曜日 木曜日 金曜日 土曜日 日曜日 月曜 火曜 水曜 木曜 金曜 土曜 日曜",
    "ko": "월요일 화요일 수요일 목요일 금요일 토요일 일요일",
    "nl": "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag ma di wo do vr za zo",
    "no": "mandag tirsdag onsdag torsdag fredag lørdag søndag man tir ons tor fre lør søn",
    "pl": "poniedziałek wtorek środa czwartek piątek sobota niedziela pon wt śr czw pt sob niedz",
    "pt": "segunda terça quarta quinta sexta sábado domingo segunda-feira terça-feira quarta-feira quinta-feira "
    "sexta-feira seg ter qua qui sex sáb dom",
    "ro": "luni marți miercuri joi vineri sâmbătă duminică lun mie joi vin sâm dum",
    "ru": "понедельник вторник среда четверг пятница суббота воскресенье пн вт ср чт пт сб вс",
    "sv": "måndag tisdag onsdag torsdag fredag lördag söndag mån tis ons tors tor fre lör sön",
    "tr": "pazartesi salı çarşamba perşembe cuma cumartesi pazar pzt çar per cum cmt sal paz",
    "uk": "понеділок вівторок середа четвер пʼятниця субота неділя пн вт ср чт пт сб нд",
    "vi": "thứ_hai thứ_ba thứ_tư thứ_năm thứ_sáu thứ_bảy chủ_nhật",
    "zh": "星期一 星期二 星期三 星期四 星期五 星期六 星期日 星期天 周一 周二 周三 周四 周五 周六 周日 "
    "週一 週二 週三 週四 週五 週六 週日",
}

BEFORE_NOON = (
    "am a.m 上午 午前 凌晨 清晨 早上 未明 오전 ص صباحا فجرا ق.ظ قبل_از_ظهر π.μ πμ öö sa पूर्वाह्न एएम পূর্বাহ্ণ পূর্বাহ্ন এএম "
    "முற்பகல் дп пр.об délelőtt paradites"
)
AFTER_NOON = (
    "pm p.m 下午 午後 午后 傍晚 오후 저녁 م مساء عصرا بعد_الظهر ب.ظ بعدازظهر بعد_از_ظهر سہ_پہر شام μ.μ μμ ös öğleden_sonra "
    "ch chiều अपराह्न शाम पीएम অপরাহ্ণ অপরাহ্ন পিএম বিকাল বিকেল সন্ধ্যা பிற்பகல் மாலை సాయంత్రం ಸಂಜೆ വൈകിട്ട് સાંજે ਸ਼ਾਮ petang ptg "
    "дня вечера пп сл.об следобед délután nachmittags abends pasdites"
)
MORNING = "새벽 아침 صبح सुबह সকাল ভোর காலை ఉదయం ಬೆಳಿಗ್ಗೆ രാവിലെ સવારે ਸਵੇਰੇ pagi vormittags morgens"
"""Words for the morning that stand at the beginning of headlines, too: 15:37 stays what it is."""
NOON = "中午 낮 ظهرا دوپہر दोपहर দুপুর மதியம் మధ్యాహ్నం ಮಧ್ಯಾಹ್ನ ഉച്ചയ്ക്ക് બપોરે ਦੁਪਹਿਰ trưa siang"
"""Words for the middle of the day, from ten o'clock on."""
NIGHT = "晚上 ليلا رات रात রাত malam ночи ночі nachts"
"""Words for the night, from five o'clock in the evening to that of the morning."""
MORNING_OF = "mañana madrugada manhã matin mattino mattina matí"
AFTERNOON_OF = "tarde tarda soir l'après-midi pomeriggio sera vespre"
NIGHT_OF = "noche noite notte nit"
"""Words that say the half of the day behind an "of the" alone: mañana is tomorrow, too."""

AT = (
    "at on um gegen om a à às as las la les ore orele alle o kl klo ab в у о об pukul jam saat godz godzina hod v ve u "
    "στις lúc ora alas den el le ob الساعة ساعة ساعت على في को pkl"
)
"""What stands between a date and its time."""
OF = "de del of the des năm ngày di kuuta da du della"
"""What stands between day, month and year."""
ORDINALS = "st nd rd th er ère eme ème e ste го"
YEAR_WORDS = "г год года р рік року r roku"
"""What Russian, Ukrainian and Polish put behind a year."""
CLOCK_WORDS = "uhr hrs hs hours horas uur ur hod год बजे"
"""What stands behind a time; the plain h is treated apart, as it may also stand between hours and minutes."""

_MARKS = {
    point: None for first, last in ((0x300, 0x36F), (0x610, 0x61A), (0x64B, 0x65F)) for point in range(first, last + 1)
}
_LETTERS: dict[int, str | None] = {0x640: None, 0x670: None, 0x93C: None}
_LETTERS |= {ord(a): b for a, b in zip("ıłøđىیک", "ilodييك", strict=True)}
_FOLD = {**_MARKS, **_LETTERS}
COMPOUNDS: tuple[str, ...] = tuple(
    sorted(
        {
            name.replace("_", " ")
            for row in (*MONTHS.values(), *WEEKDAYS.values(), BEFORE_NOON, AFTER_NOON)
            for name in row.replace(",", " ").split()
            if "_" in name
        },
        key=lambda name: (-len(name), name),
    )
)
"""The names of several words, the longest first."""


def fold(word: str) -> str:
    """Return the word without case, accents and vowel marks, so that spellings of one name become one.

    >>> fold("FÉVRIER"), fold("Mayıs"), fold("Kasım"), fold("março")
    ('fevrier', 'mayis', 'kasim', 'marco')
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKD", word.casefold()).translate(_FOLD))


def folded(names: str) -> frozenset[str]:
    """Return the folded names of a row of words."""
    return frozenset(fold(name.replace("_", "")) for name in names.split())


def _months_by_name() -> dict[str, dict[int, frozenset[str]]]:
    found: dict[str, dict[int, frozenset[str]]] = {}
    for language, row in MONTHS.items():
        for number, names in enumerate(row.split(","), start=1):
            for name in folded(names):
                months = found.setdefault(name, {})
                months[number] = months.get(number, frozenset()) | {language}
    return found


MONTH_NAMES: Mapping[str, Mapping[int, frozenset[str]]] = _months_by_name()
"""Folded name -> month -> the languages that call it so. More than one month: only the language tells."""


def month_number(name: str, language: str | None = None) -> int | None:
    """Return the month (1 to 12) that a name of any case stands for.

    None where no language has it, or where languages disagree and `language` (a two-letter code) does not decide.

    >>> month_number("Février"), month_number("listopad"), month_number("listopad", "hr")
    (2, None, 10)
    """
    months = MONTH_NAMES.get(fold(name).rstrip("."), {})
    if len(months) == 1:
        return next(iter(months))
    if language in ("nb", "nn"):
        language = "no"
    return next((number for number, languages in months.items() if language in languages), None)
