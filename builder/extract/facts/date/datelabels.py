"""The words by which pages call a date that of publication, that of a change, or one of somebody's life.

Their patterns are for text in lower case, see `lowered`: ignoring case takes several times as long.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from builder.extract.facts.alternatives import by_first_letter

_HERE = r"(?=\s*(?::|on\b|at\b|\d|\Z))"
"""Behind words that stories use too: the date follows."""
_PUBLISHED = (
    "publi", "posted", "created", "written", "veröffentlich", "erstellt", "erschienen", "gepostet",
    "eingestellt am",
    "online seit", "data de", "fecha", "cread[oa]", "criad[oa]", "pubblica(?:t[oa]|zione)", r"creato\b",
    r"inserit[oa] il\b", r"scritt[oa] il\b", "postado",
    r"escrito (?:el|em)\b", r"cré[ée]e? le\b", "posté", "mise? en ligne", r"parue? le\b", r"rédigée? le\b",
    r"écrit le\b", r"ecrit le\b", "geplaatst", "opublik", "julkais", "udgivet", "megjelen", "közzét", "vydáno",
    "публикац", "публікац", "опублик", "опублік", "создан", "размещ[её]н", "добавлен", "выложен", "δημοσι",
    r"giriş(?: tarihi|\s*:|\s*\Z)", "oluşturul", "yay[ıi]nlan", "yayın tarihi", "eklenme", "diterbitkan", "tayang",
    "đăng lúc", "xuất bản", "发布", "發布", "發佈", "发表", "發表", "发稿", "發稿",
    "上[传傳](?:时间|時間|日期|于|於)", "刊[登发發](?:时间|時間|日期|于|於)",
    "创建(?:时间|日期|于)", "創建(?:時間|日期|於)", "成文日期", "出版日期", "初出", "発表", "公開", "掲載",
    "投稿", "作成日", "発行日",
    r"配信(?:日|\s*[:：]|\s*\Z)", "입력", "등록", "نشر", "نُشر", "أضيف", "प्रकाशित", "प्रकाशन", "पब्लिश", "पोस्ट",
    "δημοσί", "публикуван", "objavljen", "објављен", "avaldatud", "paskelbta", "zveřejněn", "zverejnen", "פורסם",
    "תאריך פרסום", "تاریخ انتشار", "زمان انتشار", "تاریخ اشاعت", rf"شائع(?: شدہ| ہوا)?{_HERE}", "เผยแพร่", "প্রকাশ",
    "பதிவு", "வெளியிடப்பட்ட", "ప్రచురణ", "പ്രസിദ്ധീകരിച്ച", "ಪ್ರಕಟ", "પ્રકાશિત",
)  # fmt: skip
_CHANGED = (
    r"d(?<=stand)(?:(?<=\bstand)|(?<=[\dn]stand)|(?<=uhrstand))(?=\s*(?::|vom\b|\d))", r"d(?<=\Astand)(?=\s*\Z)",
    r"m(?<=\bm)[aà]j\b(?: (?:le|à)\b|\s*:)", r"a(?<=\ba)kt\.", r"a(?<=\ba)ct\.(?=\s*(?:\d|\Z))", rf"revised{_HERE}",
    rf"corrected{_HERE}", rf"amended{_HERE}", rf"changed{_HERE}", "updat", "modif", r"edited(?! by\b)", "aktualis",
    "geändert", r"ä(?<=\bä)nderung(?:en|sdatum)?\b(?! vorbehalten)", r"überarbeitet(?! von\b)",
    r"bearbeitet(?! von\b)", "mise? [àa] jour", r"corrigée? le\b", r"révisée? le\b", "actuali[sz]", "atualiz",
    "últim[ao] (?:alteração|edição)",
    "alterado", r"editado(?! por\b)", "aggiorna[tm]", r"a(?<=\ba)gg\.(?=\s*(?::|\d|\Z))", "bijgewerkt",
    "bewerkt", "gewijzigd", "aktualiz", "edytowan",
    "uppdatera", "opp?dater", "päivitetty", "frissítve", "güncelle", "değiştirilme",
    r"düzenleme(?: tarihi)?(?=\s*(?::|\Z))", "обновл", "актуальн[оа] на", "изменен", "отредактирован",
    "исправлен", "оновлен", "更新",
    "改[訂定]日", "修正日", "수정", "업데이트", "تحديث", "تاريخ التعديل", "حُدّ?ث", "مُ?حد[َّ]*ث في", "عُدّ?ل في",
    "آخر تعديل", "تم (?:ال)?تعديل", "अपडेट", "संशोधित",
    "अद्यत(?:न|ित)", "नवीनीकृत", "diperbarui", "cập nhật", "ενημερώθηκε", "τελευταία ενημέρωση", "обновен",
    "актуализ", "ažuriran",
    "ажуриран", "posodobljen", "uuendatud", "atnaujinta", "atjaunināt", "actualitz", "kemas ?kini", "עודכן",
    "עדכון אחרון", "اپ ?ڈیٹ", "به[\u200c ]?روز[\u200c ]?رسانی", "بروز[\u200c ]?رسانی", "อัปเดต", "อัพเดต", "อัพเดท",
    "อัปเดท", rf"ปรับปรุง(?:ล่าสุด)?{_HERE}", "மாற்றம் செய்த நாள்", "แก้ไขล่าสุด",
    "আপডেট", "হালনাগাদ", "புதுப்பிக்கப்பட்ட", "அப்டேட்", "అప్\u200c?డేట్", "അപ്ഡേറ്റ്", "ಅಪ್\u200c?ಡೇಟ್",
    "અપડેટ", "ਅਪਡੇਟ",
    r"a(?<=\ba)angepast(?=\s*(?::|op\b|om\b|\d|\Z|(?:maan|dins|woens|donder|vrij|zater|zon)dag\b))", "modyfik",
    rf"zmieniono{_HERE}", "ostatnia zmiana", "editov(?<=naposledy editov)",
    "uprav(?<=naposledy uprav)", "zm[ěe]n(?:(?<=naposledy změn)|(?<=naposledy zmen))", rf"změněno{_HERE}",
    "ä(?<=senast ä)ndra", "redigera(?<=senast redigera)", "redigerades senast", "redigeret(?<=sidst redigeret)",
    "æ(?:(?<=senest æ)|(?<=sidst æ))ndret", "endret(?<=sist endret)", "redigert(?<=sist redigert)",
    "editó por última vez", "editad[oa] (?:por|pela) última vez", r"editada(?! por\b)",
    "відредагован", "востаннє (?:змінен|редагован)", rf"змінено{_HERE}", "değiştirilmiş",
    "di(?<=terakhir di)(?:ubah|sunting)", "chỉnh sửa lần cuối", "đ(?<=sửa đ)ổi lần cuối",
    "最[后後](?:修[订訂改]|[编編][辑輯])", "编辑于", "編輯於", "修[订訂改][于於]", "修[改订訂](?:时间|時間|日期)",
    "마지막으로 (?:편집|수정)", "ویرایش شده",
    "آخرین ویرایش", "به[\u200c ]?روز[\u200c ]?شده", "נער(?:ך|כה) לאחרונה", "पिछला बदलाव", "अंतिम परिवर्तन",
    "শেষ পরিবর্তন", "সর্বশেষ সম্পাদনা", "திருத்தினோம்", "τροποποιήθηκε",
    "τελευταία (?:τροποποίηση|επεξεργασία)", rf"ανανέωση{_HERE}",
)  # fmt: skip


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    """What finds any of the words: those of one first letter together, or each would be tried at every letter.

    Few begin with s, t or n, where many words do: a word before another is looked back for.
    """
    return re.compile("|".join(f"{first}(?:{ends})" for first, ends in by_first_letter(words)))


_PEOPLE = (
    "join(?:ed)?(?: date| on)?", "regist(?:ered|reret|rert|rerad|riert|rierung|ration date)", "registrad[oa]",
    "registrat[oa]", "registrov[aá]n[aý]?", "registrace", "(?:member|user) since", r"last (?:visit|seen|login)\w*",
    "(?:mitglied|dabei) seit", "beigetreten", "letzter besuch", "born", "geboren", "inscri(?:t|ption|ção|pción)",
    "membre depuis", "dernière visite", "né", "nacido", "miembro desde", "membro (?:desde|dal)", "[úu]ltima visita",
    "nato", "iscritt[oa]", "data (?:di )?(?:registrazione|iscrizione)", "lid (?:geworden|sinds)", "geregistreerd",
    "laatste bezoek", "rejestracja", "data rejestracji", "zarejestrowan[ya]", "dołączyła?", "ostatnia wizyta",
    "člen od", "poslední návštěva", "(?:blev|ble|gick|gikk) med(?:lem)?", "medlem (?:sedan|siden)", "tilmeldt",
    "liittynyt", "rekisteröitynyt", "csatlakozott", "regisztrált", "membru din", "înscris", "εγγραφ[ήη]",
    "μέλος από",
    "ημερομηνία εγγραφής", "kay[ıi]t(?! tarihi)", "kat[ıi]l[ıi]m(?: tarihi)?", "kat[ıi]ld[ıi]",
    "üyelik(?: tarihi)?",
    "son ziyaret", "регистрация", "зарегистрирован", "на форуме с", "последн(?:ий визит|ее посещение)",
    "регистриран",
    "з нами (?:з|від)", "зареєстрован(?:ий|а)?", "реєстрація", "останній візит", "bergabung", "terdaftar",
    "tham gia",
    "gia nhập", "शामिल हुए", "যোগদান", "যোগ দিয়েছেন", "இணைந்தது", "اشترك في", "انضم", "عضو منذ",
    "تاريخ (?:التسجيل|الانضمام|الاشتراك)", "تاریخ عضویت", "عضو از", "הצטר(?:ף|פה|פות)", "חבר מאז",
)  # fmt: skip
_PEOPLE_UNSPACED = (
    "ลงทะเบียน", "สมัคร(?:สมาชิก)?", "สมาชิกตั้งแต่", "เข้าร่วม", "[注註][册冊](?:时间|時間|日期|于|於)?",
    "加入(?:时间|時間|日期|于|於)",
    "(?:最[后後]|上次)登[录錄入]", "登録日時", "参加日", "入会日", "가입 ?일(?:시|자)?", "마지막 방문",
)  # fmt: skip
"""Of scripts that set no spaces; and not the days of registration that offices give their notices: 登録日, 등록."""
OF_PEOPLE = re.compile(
    rf"(?:\b(?:{'|'.join(_PEOPLE)})|{'|'.join(_PEOPLE_UNSPACED)})"
    r"\W*(?:on|am|le|el|il|op|em|den|dal|od|pada|sejak|เมื่อ|in \w+)?\W*(?:(?:thứ )?[^\W\d_]{2,10}\W{1,2})?$"
)
"""A date of somebody's birth, joining or last visit, with the day of the week behind it, as boards write it."""
PUBLISHED, UPDATED, EITHER = _any_of(_PUBLISHED), _any_of(_CHANGED), _any_of(_PUBLISHED + _CHANGED)


def lowered(text: str) -> str:
    """A text in lower case, no letter more or less: the Turkish İ would be two.

    >>> lowered("Giriş TARİHİ")
    'giriş tarihi'
    """
    return text.replace("İ", "i").lower()
