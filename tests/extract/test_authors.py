import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from metapages import article, page

from builder.extract.facts.authors import author_candidates, authors
from builder.extract.facts.names import names_in


def found(html: str, **more: str) -> list[str]:
    return next((candidate.values for candidate in authors(page(html, **more))), [])


BYLINES = {
    "en": ("By Ann Lee and Bo Ruiz", ["Ann Lee", "Bo Ruiz"]),
    "en, credential": ("By Ann Lee, MD", ["Ann Lee, MD"]),
    "en, role": ("By Ann Lee, Senior Reporter", ["Ann Lee"]),
    "en, date": ("By Ann Lee | Feb. 24, 2022", ["Ann Lee"]),
    "en, interface": ("By Ann Lee Follow", ["Ann Lee"]),
    "en, named like a month": ("By April Lee and Jan Moos", ["April Lee", "Jan Moos"]),
    "en, a month behind": ("By Ann Lee March 2022", ["Ann Lee"]),
    "en, a weekday behind": ("Ann Lee on Friday", ["Ann Lee"]),
    "en, pen name": ("harborfan38013", ["harborfan38013"]),
    "de, a day behind": ("Jörg Überle am 3. Februar 2022", ["Jörg Überle"]),
    "de, newsroom": ("Von Redaktion", ["Redaktion"]),
    "de": ("Von Jörg Überle und Mia Groß", ["Jörg Überle", "Mia Groß"]),
    "fr": ("Par Chloé Dubois et Luc Noël", ["Chloé Dubois", "Luc Noël"]),
    "es": ("Por Inés Peña y Raúl Gómez", ["Inés Peña", "Raúl Gómez"]),
    "pt": ("Por João Antão", ["João Antão"]),
    "it": ("Di Paola Serra", ["Paola Serra"]),
    "ru": ("Автор: Анна Волкова", ["Анна Волкова"]),
    "zh": ("作者：林小雨", ["林小雨"]),
    "ja": ("著者：森あかり", ["森あかり"]),
    "ar": ("بقلم: ليلى حداد", ["ليلى حداد"]),
    "hi": ("लेखक: मीरा जोशी", ["मीरा जोशी"]),
    "en, capitals": ("BY ANN LEE AND BO RUIZ", ["ANN LEE", "BO RUIZ"]),
    "en, places": ("By Ann Lee in Paris and Bo Ruiz in New York", ["Ann Lee", "Bo Ruiz"]),
    "en, address": ("By Ann Lee ann@harborpost.example", ["Ann Lee"]),
    "de, place": ("Von Anna Berg, Berlin", ["Anna Berg"]),
    "pt, two": ("Por Ana Lima e Rui Costa", ["Ana Lima", "Rui Costa"]),
    "pt, one": ("Por Manuel Silva e Costa", ["Manuel Silva e Costa"]),
    "nl": ("Door Jan Bos en Piet Smit", ["Jan Bos", "Piet Smit"]),
    "tr": ("Yazar: Ali Demir", ["Ali Demir"]),
    "he": ("מאת: דנה לוי", ["דנה לוי"]),
    "ko": ("김철수 기자", ["김철수"]),
    "id": ("Oleh: Dewi Lestari", ["Dewi Lestari"]),
    "id, pewarta": ("Pewarta: Dewi Lestari", ["Dewi Lestari"]),
    "tr, haber": ("Haber: Ali Demir", ["Ali Demir"]),
    "pl": ("oprac. Anna Nowak", ["Anna Nowak"]),
    "ar, wrote": ("كتب: سامر الخطيب", ["سامر الخطيب"]),
    "uk, named like by": ("Oleh Melnyk", ["Oleh Melnyk"]),
    "en, for an agency": ("By Ann Lee, Associated Press", ["Ann Lee"]),
    "en, agency without comma": ("By ANN LEE Associated Press", ["ANN LEE"]),
    "en, two for an agency": ("By Ann Lee and Bo Ruiz, AP", ["Ann Lee", "Bo Ruiz"]),
    "en, degree like an agency": ("By Ann Lee, PA", ["Ann Lee, PA"]),
    "en, named like an agency": ("By Petra", ["Petra"]),
    "en, city": ("By Ann Lee, New York", ["Ann Lee"]),
    "fr, with an agency": ("Par Chloé Dubois avec AFP", ["Chloé Dubois"]),
    "fr, and an agency": ("Par Chloé Dubois et AFP", ["Chloé Dubois"]),
    "de, for an agency": ("Von Jörg Überle, dpa", ["Jörg Überle"]),
    "en, for a station": ("By Ann Lee, CNN", ["Ann Lee"]),
    "en, for a newspaper": ("By Ann Lee, USA TODAY", ["Ann Lee"]),
    "en, one name for a station": ("By Ann, BBC", ["Ann"]),
    "en, two for a station": ("By Ann Lee and Bo Ruiz, CNN", ["Ann Lee", "Bo Ruiz"]),
    "en, each for a station": ("By Ann Lee, CNN and Bo Ruiz, BBC", ["Ann Lee", "Bo Ruiz"]),
    "en, degrees": ("By Ann Lee, MD, Ph.D and Bo Ruiz, RN, FAND", ["Ann Lee, MD, Ph.D", "Bo Ruiz, RN, FAND"]),
    "en, and agencies": ("Ann Lee and agencies", ["Ann Lee"]),
    "en, and reports": ("By Ann Lee and wire reports", ["Ann Lee"]),
    "en, with inputs": ("By Ann Lee, with inputs from agencies", ["Ann Lee"]),
    "en, photographs": ("By Ann Lee; photographs by Bo Ruiz and Cy Ng", ["Ann Lee"]),
    "en, illustrations": ("By Ann Lee, illustrations by Bo Ruiz and Cy Ng", ["Ann Lee"]),
    "en, translated": ("By Ann Lee, Translated by Bo Ruiz and Cy Ng", ["Ann Lee"]),
    "en, editing": ("Reporting by Ann Lee and Bo Ruiz; Editing by Cy Ng", ["Ann Lee", "Bo Ruiz"]),
    "en, opinion": ("Opinion by Ann Lee", ["Ann Lee"]),
    "en, guest column": ("Guest column by Ann Lee", ["Ann Lee"]),
    "en, role without comma": ("By Ann Lee Senior Reporter", ["Ann Lee"]),
    "en, editor without comma": ("By Ann Lee Political Editor", ["Ann Lee"]),
    "en, role before the name": ("By Our Special Correspondent Ann Lee", ["Ann Lee"]),
    "en, what a newspaper calls its own": ("By Daily Mail Reporter", ["Daily Mail Reporter"]),
    "nl, named like from in Vietnamese": ("Door Theo Bos", ["Theo Bos"]),
    "en, named like by": ("By Ann Lee and Bo By", ["Ann Lee", "Bo By"]),
    "en, small letters": ("ann lee and bo ruiz", ["ann lee", "bo ruiz"]),
    "fr, role": ("Par Chloé Dubois, envoyée spéciale à Kiev", ["Chloé Dubois"]),
    "es, role": ("Por Inés Peña, Corresponsal en Madrid", ["Inés Peña"]),
    "de, role": ("Von Jörg Überle, unsere Korrespondentin in Moskau", ["Jörg Überle"]),
    "de, with what an agency brought": ("Von Jörg Überle, mit Material von dpa", ["Jörg Überle"]),
    "it, role": ("di Paola Serra, inviata a Roma", ["Paola Serra"]),
    "en, particles": ("By Jan Bos, van der Meer and Piet de Vries", ["Jan Bos", "van der Meer", "Piet de Vries"]),
    "it, author": ("Autore: Paola Serra", ["Paola Serra"]),
    "es, text": ("Texto: Inés Peña", ["Inés Peña"]),
    "es, newsroom": ("Redacción: Inés Peña", ["Inés Peña"]),
    "nl, written": ("Geschreven door Jan Bos", ["Jan Bos"]),
    "da, written": ("Skrevet af Mette Holm", ["Mette Holm"]),
    "nb, published": ("Publisert av Ingrid Dahl", ["Ingrid Dahl"]),
    "da, job": ("Mette Holm Journalist", ["Mette Holm"]),
    "pl, she": ("Autorka: Anna Nowak", ["Anna Nowak"]),
    "pl, interview": ("Rozmawiała Anna Nowak", ["Anna Nowak"]),
    "pl, wrote": ("Napisała: Anna Nowak", ["Anna Nowak"]),
    "pl, edited": ("Opracowanie: Anna Nowak", ["Anna Nowak"]),
    "cs, wrote": ("Napsala Eva Malá", ["Eva Malá"]),
    "cs, two": ("Autoři: Eva Malá, Jan Dub", ["Eva Malá", "Jan Dub"]),
    "ro, wrote": ("Scris de Ana Pop", ["Ana Pop"]),
    "ro, by": ("de: Ana Pop", ["Ana Pop"]),
    "ro, editor": ("Redactor: Ana Pop", ["Ana Pop"]),
    "ro, two": ("Autor: Ana Pop și Ion Rus", ["Ana Pop", "Ion Rus"]),
    "hu": ("Szerző: Kiss Anna", ["Kiss Anna"]),
    "hu, two": ("Szerzők: Kiss Anna, Nagy Pál", ["Kiss Anna", "Nagy Pál"]),
    "fi": ("Toimittaja: Aino Salo", ["Aino Salo"]),
    "fi, text": ("Teksti Aino Salo", ["Aino Salo"]),
    "el": ("Συντάκτης: Άννα Λέκκα", ["Άννα Λέκκα"]),
    "el, writes": ("Γράφει η Άννα Λέκκα", ["Άννα Λέκκα"]),
    "tr, reporter": ("Muhabir: Ali Demir", ["Ali Demir"]),
    "ru, of the story": ("Автор материала: Анна Волкова", ["Анна Волкова"]),
    "ru, reporter": ("Корреспондент Анна Волкова", ["Анна Волкова"]),
    "ru, interview": ("Беседовала Анна Волкова", ["Анна Волкова"]),
    "uk": ("Авторка: Олена Мороз", ["Олена Мороз"]),
    "uk, two": ("Автори: Олена Мороз, Іван Гай", ["Олена Мороз", "Іван Гай"]),
    "uk, reporter": ("Журналістка Олена Мороз", ["Олена Мороз"]),
    "id, an editor behind": ("Penulis: Dewi Lestari Editor: Agus Salim", ["Dewi Lestari"]),
    "vi": ("Tác giả: Lê Thu Hà", ["Lê Thu Hà"]),
    "th": ("โดย มานี ใจงาม", ["มานี ใจงาม"]),
    "th, colon": ("ผู้เขียน: มานี ใจงาม", ["มานี ใจงาม"]),
    "bn": ("লেখক: মীরা সেন", ["মীরা সেন"]),
    "hi, city": ("मीरा जोशी, नई दिल्ली", ["मीरा जोशी"]),
    "ur": ("تحریر: مریم خان", ["مریم خان"]),
    "fa": ("خبرنگار: مریم احمدی", ["مریم احمدی"]),
    "ar, writer": ("كاتب: ليلى حداد", ["ليلى حداد"]),
    "ar, prepared": ("إعداد: ليلى حداد", ["ليلى حداد"]),
    "zh, our reporter": ("本报记者 王小明", ["王小明"]),
    "zh, a source behind": ("王小明 来源：新华网", ["王小明"]),
    "zh, slash": ("文/王小明", ["王小明"]),
    "zh, Taiwan": ("記者王小明／高雄報導", ["王小明"]),
    "zh, Taiwan, a space": ("〔記者 王小明／綜合報導〕", ["王小明"]),
    "zh, Taiwan, a paper": ("港口報 記者王小明／高雄報導", ["王小明"]),
    "zh, Taiwan, alone": ("記者王小明", ["王小明"]),
    "zh, of an agency": ("中央社記者王小明", ["王小明"]),
    "ja, wrote": ("執筆：森あかり", ["森あかり"]),
    "ja, equals": ("取材・文＝森あかり", ["森あかり"]),
    "ko, text": ("글·사진 김하늘 기자", ["김하늘"]),
    "ko, senior": ("김하늘 선임기자", ["김하늘"]),
    "ko, job before": ("기자 김하늘", ["김하늘"]),
    "ko, two": ("김하늘·박바다 기자", ["김하늘", "박바다"]),
    "ko, two titles": ("김하늘 기자, 박바다 기자", ["김하늘", "박바다"]),
    "ko, filed": ("(부산=연합뉴스) 김하늘 기자", ["김하늘"]),
    "ko, a paper": ("항구일보 김하늘 기자", ["김하늘"]),
    "nl, named like by in Romanian": ("De Vries", ["De Vries"]),
    "en, named like a source": ("Theo Reuter", ["Theo Reuter"]),
    "zh, a full name that begins so": ("文小明", ["文小明"]),
    "ko, a paper, in brackets": ("[항구일보 김하늘 기자]", ["김하늘"]),
    "ko, an agency": ("부산=연합뉴스 김하늘 기자", ["김하늘"]),
    "ko, of leaders": ("김하늘 논설위원", ["김하늘"]),
    "el, and": ("Συντάκτης: Άννα Λέκκα και Νίκος Γαλάνης", ["Άννα Λέκκα", "Νίκος Γαλάνης"]),
    "id, and": ("Penulis: Dewi Lestari dan Agus Salim", ["Dewi Lestari", "Agus Salim"]),
    "vi, and": ("Tác giả: Lê Thu Hà và Trần Văn Minh", ["Lê Thu Hà", "Trần Văn Minh"]),
    "th, and": ("ผู้เขียน: มานี ใจงาม และ วิชัย สุขใจ", ["มานี ใจงาม", "วิชัย สุขใจ"]),
    "bn, and": ("লেখক: মীরা সেন ও কামাল রায়", ["মীরা সেন", "কামাল রায়"]),
    "ta, and": ("மீரா ஜோசி மற்றும் செல்வம் ராஜா", ["மீரா ஜோசி", "செல்வம் ராஜா"]),
    "uk, and": ("Олена Мороз та Іван Гай", ["Олена Мороз", "Іван Гай"]),
    "uk, and, one letter": ("Олена Мороз і Іван Гай", ["Олена Мороз", "Іван Гай"]),
    "he, and": ("מאת: דנה לוי ודוד כהן", ["דנה לוי", "דוד כהן"]),
    "he, named like and": ("מאת: דנה ורד", ["דנה ורד"]),
    "pt, three": ("Por Ana Lima, Rui Costa e Inês Sá", ["Ana Lima", "Rui Costa", "Inês Sá"]),
    "zh, Taiwan, two": ("記者王小明、陳怡君／高雄報導", ["王小明", "陳怡君"]),
    "zh, reports": ("记者 王小明 报道", ["王小明"]),
    "zh, text by our reporter": ("文/本报记者 王小明", ["王小明"]),
    "fa, a role": ("مریم احمدی، خبرنگار", ["مریم احمدی"]),
    "de, a report": ("Ein Bericht von Jörg Überle", ["Jörg Überle"]),
    "fr, an interview": ("Propos recueillis par Chloé Dubois", ["Chloé Dubois"]),
    "it, an article": ("Articolo di Paola Serra", ["Paola Serra"]),
    "es, an interview": ("Entrevista de Inés Peña", ["Inés Peña"]),
    "sv, written": ("Skriven av Åsa Lind", ["Åsa Lind"]),
    "pl, interviews": ("Rozmawia Anna Nowak", ["Anna Nowak"]),
    "ru, prepared": ("Материал подготовила Анна Волкова", ["Анна Волкова"]),
    "uk, prepared": ("Підготувала Олена Мороз", ["Олена Мороз"]),
    "el, of her": ("Της Άννας Λέκκα", ["Άννας Λέκκα"]),
    "id, written": ("Ditulis oleh Dewi Lestari", ["Dewi Lestari"]),
    "th, reports": ("รายงานโดย มานี ใจงาม", ["มานี ใจงาม"]),
    "bn, has written": ("লিখেছেন মীরা সেন", ["মীরা সেন"]),
    "ta, who wrote": ("எழுதியவர் மீரா ஜோசி", ["மீரா ஜோசி"]),
    "ar, she wrote": ("كتبت ليلى حداد", ["ليلى حداد"]),
    "fa, of the pen": ("به قلم مریم احمدی", ["مریم احمدی"]),
    "ja, asked": ("聞き手・森あかり", ["森あかり"]),
    "ja, of the board": ("編集委員 森あかり", ["森あかり"]),
    "ko, who wrote": ("작성자 김하늘", ["김하늘"]),
    "zh, two": ("作者：王小明 李强", ["王小明", "李强"]),
    "zh, two of a paper": ("本报记者 王小明 李强 2022-02-24", ["王小明", "李强"]),
    "ja, a space within a name": ("著者：石川 史子", ["石川 史子"]),
    "zh, one without by": ("王小明 高雄", ["王小明 高雄"]),
    "zh, reports, a bar": ("记者 王小明 报道 | 2022-02-24", ["王小明"]),
    "ko, two, a space": ("김하늘 박바다 기자", ["김하늘", "박바다"]),
    "ko, put in by": ("입력 김하늘 기자", ["김하늘"]),
    "ar, marks of direction": ("\u200fليلى حداد\u200f", ["ليلى حداد"]),
    "he, marks behind by": ("מאת: \u2067דנה לוי\u2069", ["דנה לוי"]),
    "ar, marks of two": ("\u202bبقلم: ليلى حداد، \u200fسامر الخطيب\u202c", ["ليلى حداد", "سامر الخطيب"]),
    "pt, a label": ("Reportagem: Ana Lima", ["Ana Lima"]),
    "de, a label": ("Protokoll: Jörg Überle", ["Jörg Überle"]),
    "en, a label": ("Interview: Ann Lee", ["Ann Lee"]),
    "el, a label": ("Ρεπορτάζ: Άννα Λέκκα", ["Άννα Λέκκα"]),
    "hi, a label": ("संवाददाता: मीरा जोशी", ["मीरा जोशी"]),
    "ar, a label of two words": ("أجرت الحوار: ليلى حداد", ["ليلى حداد"]),
    "zh, a label": ("采写：王小明", ["王小明"]),
    "ja, a label": ("ライター：森あかり", ["森あかり"]),
    "nl, a label and a particle": ("Samenstelling: Marieke van den Berg", ["Marieke van den Berg"]),
    "de, another label behind": ("Text: Jörg Überle, Kamera: Mia Groß", ["Jörg Überle"]),
    "cs, two behind a label": ("Připravila: Eva Malá, Jan Dub", ["Eva Malá", "Jan Dub"]),
    "en, a column": ("Ann Lee: Good Ferries", ["Ann Lee: Good Ferries"]),
    "en, no full name behind": ("harbor: fan", ["harbor: fan"]),
    "de, a weekday and the day behind": ("Von Jörg Überle Donnerstag, 24. Februar 2022", ["Jörg Überle"]),
    "en, a weekday, a comma": ("By Ann Lee and Bo Ruiz, Thursday, February 24, 2022", ["Ann Lee", "Bo Ruiz"]),
    "pt, a weekday": ("Por Ana Lima quinta-feira, 24 de fevereiro de 2022", ["Ana Lima"]),
    "vi, a weekday": ("Tác giả: Lê Thu Hà, Thứ năm, 24/02/2022", ["Lê Thu Hà"]),
    "th, a weekday": ("โดย มานี ใจงาม วันพฤหัสบดีที่ 24/02/2022", ["มานี ใจงาม"]),
    "he, a weekday": ("מאת: דנה לוי, יום חמישי, 24.02.2022", ["דנה לוי"]),
    "zh, a weekday": ("作者：王小明，星期四 2022-02-24", ["王小明"]),
    "ko, a weekday": ("김하늘 기자, 목요일 2022.02.24", ["김하늘"]),
    "es, named like a day": ("Por Plácido Domingo, 24/02/2022", ["Plácido Domingo"]),
    "vi, named like a day": ("Nguyễn Thị Thu, 24/02/2022", ["Nguyễn Thị Thu"]),
    "tr, a label of the day": ("Haber: Ali Demir, Giriş Tarihi: 24.02.2022 03:37", ["Ali Demir"]),
    "tr, two labels": ("Ali Demir Son Güncelleme 24.02.2022 03:37", ["Ali Demir"]),
    "nl, a label": ("Door Jan Bos Laatst bijgewerkt: 24 februari 2022", ["Jan Bos"]),
    "ar, a label": ("بقلم: ليلى حداد آخر تحديث: 24 فبراير 2022", ["ليلى حداد"]),
    "ta, a label": ("மீரா ஜோசி பதிவு செய்த நாள்: 24/02/2022", ["மீரா ஜோசி"]),
    "zh, Taiwan, a label": ("陳怡君 更新時間：2022/02/24", ["陳怡君"]),
    "ko, a label": ("김하늘 기자 입력 2022.02.24 03:37", ["김하늘"]),
    "id, a label and a weekday": ("Penulis: Dewi Lestari, Diperbarui Kamis, 24/02/2022", ["Dewi Lestari"]),
    "en, named like a label": ("By Ann Publicover 24.02.2022", ["Ann Publicover"]),
    "de, the day behind": ("Von Jörg Überle Veröffentlicht am 24.02.2022", ["Jörg Überle"]),
}


@pytest.mark.parametrize(("line", "names"), BYLINES.values(), ids=BYLINES)
def test_names_of_a_byline(line: str, names: list[str]) -> None:
    assert list(names_in(line)) == names


@pytest.mark.parametrize(("line", "names"), BYLINES.values(), ids=BYLINES)
def test_a_visible_byline_is_found(line: str, names: list[str]) -> None:
    assert found(article(top=f'<p class="byline"><span class="author">{line}</span></p>')) == names


LINES = {
    "fr": ("Par Claire Fontaine<br>Publié le 24/02/2022 à 03:37", ["Claire Fontaine"]),
    "de": ("Von Jörg Überle<br>Veröffentlicht am 24.02.2022", ["Jörg Überle"]),
    "ru": ("Автор: Анна Волкова<br>Опубликовано 24.02.2022", ["Анна Волкова"]),
    "ja": ("文：森あかり<br>公開 2022年2月24日", ["森あかり"]),
    "a role": ("Ann Lee<br/>Harbour desk, Hull", ["Ann Lee"]),
    "by alone": ("By<br>Ann Lee", ["Ann Lee"]),
    "a list": ("Ann Lee,<br>Bo Ruiz<br>and Cy Ng", ["Ann Lee", "Bo Ruiz", "Cy Ng"]),
    "and behind": ("Von Jörg Überle und<br>Mia Groß", ["Jörg Überle", "Mia Groß"]),
    "a line of the source alone": ("By Ann\n Lee", ["Ann Lee"]),
}


@pytest.mark.parametrize(("byline", "names"), LINES.values(), ids=LINES)
def test_a_name_ends_with_its_line(byline: str, names: list[str]) -> None:
    assert found(article(top=f'<p class="byline">{byline}</p>')) == names


@pytest.mark.parametrize("names", ["author", "flex"])
def test_a_name_ends_with_its_element(names: str) -> None:
    html = article(top=f'<div class="{names}"><span>By Ann Lee</span><span>Feb 24, 2022</span></div>')
    assert found(html) == ["Ann Lee"]


NOBODY = [
    "By Reuters", "By The Associated Press", "AFP", "Press Trust of India", "By PTI, New Delhi", "dpa/Reuters",
    "ANI | New Delhi", "By Reuters Staff", "By Web Desk", "TOI Business Desk", "By Our Correspondent",
    "HT Correspondent | Harbor Times, New Delhi", "Express News Service", "Por Redacción", "Da Redação",
    "Redazione ANSA", "La Rédaction avec AFP", "Door onze redactie", "Редакция", "Source: Reuters", "Quelle: dpa",
    "© AFP", "From The Associated Press", "From Reuters", "Reporting by AP", "By Associated Press Staff",
    "AP News Agency", "EUROPA PRESS", "Staff and agencies", "Inputs from agencies", "Staff writers",
    "Источник: Интерфакс", "来源：新华社", "责任编辑：李明", "رويترز", "न्यूज डेस्क, नई दिल्ली", "Tim Redaksi", "Redacția",
    "Редакція", "Redakce", "নিজস্ব প্রতিবেদক", "অনলাইন ডেস্ক", "নিজস্ব প্রতিবেদক, ঢাকা", "Редактор: Анна Волкова",
    "Editör: Ali Demir", "Grafik: Mia Groß", "Çeviren: Ali Demir", "翻译：王小明", "Rubrik: Lokales Leben", "편집부",
    "ニュース編集部", "هيئة التحرير", "تحریریه", "กองบรรณาธิการ", "Ban biên tập", "செய்திப்பிரிவு", "Gast",
    "Administrateur", "Invité", "Usuario", "Convidado", "Amministratore", "Beheerder", "Gość", "Administrátor",
    "Διαχειριστής", "Yönetici", "Администратор", "Гость", "Аноним", "Адміністратор", "Quản trị viên", "ผู้ดูแลระบบ",
    "एडमिन", "مدير الموقع", "مدیر سایت", "אורח", "管理员", "匿名", "佚名", "本站", "管理人", "名無しさん", "ゲスト",
    "관리자", "익명", "운영자", "ویب ڈیسک", "온라인뉴스팀", "Theo TTXVN", "Forrás: MTI", "Zdroj: ČTK",
    "출처: 연합뉴스",
]  # fmt: skip


@pytest.mark.parametrize(
    "line", ["ann@harborpost.example", "https://harborpost.example/ann", "admin", "", "24.02.2022", "By", *NOBODY]
)
def test_what_is_no_name(line: str) -> None:
    assert names_in(line) == ()


@pytest.mark.parametrize("line", NOBODY)
def test_an_agency_or_an_office_is_no_author(line: str) -> None:
    assert found(article(top=f'<p class="byline">{line}</p><p class="date">24.02.2022</p>')) == []


STATED = {
    "JSON-LD": '<script type="application/ld+json">{"@type":"NewsArticle","author":[{"@type":"Person","name":"Ann Lee"}]}</script>',  # noqa: E501
    "JSON-LD with its organisation": (
        '<script type="application/ld+json">{"@type":"NewsArticle","author":[{"@type":"Person","name":"Ann Lee"},'
        '{"@type":"Organization","name":"Harbor Post"}]}</script>'
    ),
    "meta": '<meta name="author" content="Ann Lee">',
}


@pytest.mark.parametrize("head", STATED.values(), ids=STATED)
def test_a_stated_author_is_found(head: str) -> None:
    assert found(article(head)) == ["Ann Lee"]


UNMARKED = {
    "a link to the author's page beside a date": '<p><a href="/authors/ann-lee">Ann Lee</a> 24 February 2022</p>',
    "behind a date": "<p>24 February 2022 | Ann Lee</p>",
    "in the line before a date": "<p>Ann Lee</p><p>24 February 2022</p>",
    "said beside the headline": "<p>By Ann Lee</p>",
}


@pytest.mark.parametrize("line", UNMARKED.values(), ids=UNMARKED)
def test_a_byline_that_no_class_marks_is_found(line: str) -> None:
    assert found(article(top=line)) == ["Ann Lee"]


@pytest.mark.parametrize("name", ["Άννα Λέκκα", "Łucja Żak", "Іван Гай", "İlker Şen", "Eva Řehoř"])
def test_a_name_beside_a_date_begins_with_the_capitals_of_many_languages(name: str) -> None:
    origins = {item.origin for item in author_candidates(page(article(top=f"<p>24 February 2022 | {name}</p>")))}
    assert origins == {"text"}


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("김하늘 기자", "김하늘"),
        ("森あかり 記者", "森あかり"),
        ("記者 王小明", "王小明"),
        ("记者 王小明", "王小明"),
        ("金文 太郎", "金文 太郎"),
        ("\u200fליאת גל\u200f", "ליאת גל"),
    ],
)
def test_a_title_beside_a_name_in_jsonld_is_cut(said: str, name: str) -> None:
    author = f'{{"@type":"NewsArticle","author":{{"@type":"Person","name":"{said}"}}}}'
    assert found(article(f'<script type="application/ld+json">{author}</script>')) == [name]


@pytest.mark.parametrize(
    ("byline", "feature"),
    [
        ("森あかり", "words:2"),
        ("王小明", "words:2"),
        ("欧阳晓明", "words:2"),
        ("ジョン・スミス", "words:2"),
        ("김하늘", "words:2"),
        ("港口网", "words:1"),
        ("港口日报", "words:1"),
        ("港町新聞", "words:1"),
        ("항구일보", "words:1"),
        ("온라인팀", "words:1"),
        ("Hal", "words:1"),
    ],
)
def test_a_name_in_letters_without_spaces_counts_as_a_full_one(byline: str, feature: str) -> None:
    [item] = author_candidates(page(article(top=f'<p class="author">{byline}</p>')))
    assert {found for found in item.features if found.startswith("words:")} == {feature}


@pytest.mark.parametrize(
    ("name", "features"),
    [
        ("Ann Lee", {"words:2"}),
        ("Marieke van den Berg", {"words:2", "long"}),
        ("Jan-Willem van ’t Hoff", {"words:2", "long"}),
        ("Maria do Carmo Silva", {"words:3", "long"}),
        ("María José García López", {"words:3", "long"}),
        ("Nguyễn Thị Thu Hà", {"words:3", "long"}),
        ("محمد عبد الرحمن بن صالح", {"words:3", "long"}),
        ("van den Berg", {"words:3", "lower:some"}),
        ("Ann Lee from the ferry", {"words:4+", "long", "lower:some"}),
        ("Ann May Bea Cy Lee", {"words:4+", "long"}),
    ],
)
def test_particles_and_a_fourth_word_are_part_of_a_full_name(name: str, features: set[str]) -> None:
    [item] = author_candidates(page(article(top=f'<p class="author">{name}</p>')))
    assert {found for found in item.features if found.startswith(("words:", "lower:", "long"))} == features


@pytest.mark.parametrize(
    "line",
    [
        "Door Marieke van den Berg",
        "Por Maria do Carmo Silva",
        "Por María José García López",
        "Tác giả: Nguyễn Thị Thu Hà",
        "By Mary Anne van der Berg",
    ],
)
def test_a_long_name_that_words_for_by_alone_mark_is_found(line: str) -> None:
    html = article(top=f"<p>{line}</p>").replace('<meta property="og:type" content="article">', "")
    assert found(html) == [re.split(r": |Door |Por |By ", line)[1]]


def test_a_link_to_where_a_site_tells_of_its_authors_may_be_a_byline() -> None:
    html = article(top='<p><a href="/authors/ann-lee">Ann Lee</a> and <a href="/harbors/bo">Bo Ruiz</a></p>')
    assert [(item.names, item.origin) for item in author_candidates(page(html))] == [(("Ann Lee",), "href")]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Written by Ann Lee", [("Ann Lee",)]),
        ("Autorin: Ann Lee", [("Ann Lee",)]),
        ("Haber: Ann Lee", [("Ann Lee",)]),
        ("By Associated Press", []),
        ("Par Ann Lee<br>Publié le 24/02/2022", [("Ann Lee",)]),
        ("<span>By Ann Lee</span><span>Published</span>", [("Ann Lee",)]),
        ("By the harbor", []),
        ("Ann Lee", []),
    ],
    ids=["en", "de", "tr", "an agency", "above another line", "beside another element", "no name", "no word for by"],
)
def test_a_line_anywhere_may_say_by_whom(line: str, names: list[tuple[str, ...]]) -> None:
    html = article().replace("</article>", f"<p>{line}</p></article>")
    assert line in html
    assert [item.names for item in author_candidates(page(html)) if "told" in item.features] == names


def test_a_name_beside_a_date_may_stand_before_the_headline() -> None:
    html = article().replace("<h1", "<p>Ann Lee</p><p>24 February 2022</p><h1")
    assert [item.names for item in author_candidates(page(html)) if "dated:before" in item.features] == [("Ann Lee",)]


NO_NAMES = [
    "Last Updated | 24 February 2022 | Senior Reporter",
    "ANI | Washington Heights | Updated: 24-02-2022 03:37 IST | Created: 24-02-2022 03:37 IST",
    "Source: PTI | Model Town | February 24, 2022",
    "Reuters, Model Town — Feb 24, 2022",
    "24 February 2022 | Model Town | AFP",
    "Harbor | Model Town | 24 February 2022",
    "New Delhi | 24 February 2022",
    "24 February 2022, Rio de Janeiro",
    "Нижний Новгород, 24.02.2022",
    "Giriş Tarihi: 24.02.2022 03:37",
    "Giriş Tarihi 24.02.2022 03:37",
    "Son Güncelleme 24.02.2022 03:37",
    "Letzte Aktualisierung | 24.02.2022",
    "Ultimo Aggiornamento 24.02.2022",
    "Indian Summer: 24 February 2022",
]


@pytest.mark.parametrize("line", NO_NAMES)
def test_what_stands_beside_a_date_may_be_no_name(line: str) -> None:
    assert author_candidates(page(article(top=f"<p>{line}</p>"))) == []


DATED = {
    "Ann Lee | 24 February 2022": ["Ann Lee"],
    "Ann Lee, 24.02.2022 03:37, 3 min read": ["Ann Lee"],
    "Laura Osborne | Updated: 24-02-2022 03:37": ["Laura Osborne"],
    "24 February 2022, 03:37 | Ann Lee": ["Ann Lee"],
    "Harbor | By Ann Lee | 24 February 2022": ["Ann Lee"],
    "ANI | By Ann Lee | Washington Heights | 24 February 2022": ["Ann Lee"],
    "Ann Lee | Harbor Life | 24 February 2022": ["Ann Lee"],
}


@pytest.mark.parametrize("line", DATED)
def test_a_name_stands_at_an_end_of_a_dated_line_or_behind_words_for_by(line: str) -> None:
    names = [item.names for item in author_candidates(page(article(top=f"<p>{line}</p>"))) if "dated" in item.features]
    assert [name for found in names for name in found] == DATED[line]


ABSTAIN = {
    "nobody is named": article(),
    "a comment's author": article(top='<div class="comments"><p class="comment-author">Cy Ng</p><p>Nice.</p></div>'),
    "an address as author": article('<meta name="author" content="https://facebook.example/harborpost">'),
}


@pytest.mark.parametrize("html", ABSTAIN.values(), ids=ABSTAIN)
def test_no_author_where_the_page_names_none(html: str) -> None:
    assert found(html) == []


@given(st.text(max_size=500))
def test_names_are_short_and_unique(line: str) -> None:
    names = names_in(line)
    assert len(set(names)) == len(names)
    assert all(name and name == name.strip() for name in names)


@pytest.mark.parametrize(
    "html",
    [
        f'<meta name="author" content="{"Ann Lee and " * 9000}"><h1>x</h1>',
        '<p class="author">By Ann Lee</p>' * 10_000,
        f'<p class="byline">{"by " * 40_000}</p>',
    ],
    ids=["long meta", "many bylines", "endless by"],
)
def test_hostile_bylines_take_bounded_time(html: str) -> None:
    parsed = page(html)
    start = time.process_time()
    list(authors(parsed))
    assert time.process_time() - start < 2


SAID_IN_JSON = {
    "a text": ('"Ann Lee"', ["Ann Lee"]),
    "texts": ('["Ann Lee", "Bo Ruiz"]', ["Ann Lee", "Bo Ruiz"]),
    "a reference with a name": ('{"name": "Ann Lee", "@id": "#ann"}', ["Ann Lee"]),
    "a person who is an organisation": ('{"@type": ["Person", "Organization"], "name": "Ann Lee"}', ["Ann Lee"]),
    "a name like an interface": ('{"@type": "Person", "name": "Jonathan V. Last"}', ["Jonathan V. Last"]),
    "a name like a byline": ('{"@type": "Person", "name": "Par Lagerkvist"}', ["Par Lagerkvist"]),
    "escaped twice": ('{"@type": "Person", "name": "Se&amp;aacute;n Lee"}', ["Seán Lee"]),
    "the newsroom": ('"Harbor Post"', []),
    "an account": ('"admin7"', []),
}


@pytest.mark.parametrize(("author", "names"), SAID_IN_JSON.values(), ids=SAID_IN_JSON)
def test_an_author_that_only_json_ld_states(author: str, names: list[str]) -> None:
    story = f'{{"@type": "NewsArticle", "headline": "Ferry", "author": {author}}}'
    graph = f'{{"@graph": [{story}, {{"@type": "Person", "@id": "#ann", "url": "/ann"}}]}}'
    assert found(article(f'<script type="application/ld+json">{graph}</script>')) == names


NO_BYLINES = {
    "a heading": "<h2>Von Berlin nach Paris</h2>",
    "a slogan": "<h2>By Popular Demand</h2>",
    "a poem": "<blockquote>By William Blake</blockquote>",
}


@pytest.mark.parametrize("piece", NO_BYLINES.values(), ids=NO_BYLINES)
def test_what_begins_like_a_byline_and_is_none(piece: str) -> None:
    html = article().replace("</article>", f"{piece}<p>The crew of the ferry went on with its work.</p></article>")
    assert found(html) == []


def test_by_behind_a_date() -> None:
    assert found(article(top="<p>24 Feb 2022 by Ann Lee</p>")) == ["Ann Lee"]


def test_a_role_in_an_element_beside_the_name() -> None:
    byline = '<div class="byline"><span>Ann Lee</span> <span>Senior Reporter</span></div>'
    assert found(article(top=byline)) == ["Ann Lee"]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Ann Lee for Harbor Post", ["Ann Lee"]),
        ("By Ann Lee of the Harbor Post", ["Ann Lee"]),
        ("Ann Lee, Harbor Post", ["Ann Lee"]),
        ("By Ann Lee and Bo Ruiz, Harbor Post", ["Ann Lee", "Bo Ruiz"]),
        ("By Ann Lee of Oldmouth", ["Ann Lee of Oldmouth"]),
    ],
)
@pytest.mark.parametrize("called", ["og:site_name", "og:other"])
def test_the_name_of_the_site_behind_that_of_a_person(line: str, names: list[str], called: str) -> None:
    html = article(top=f'<p class="byline"><span class="author">{line}</span></p>').replace("og:site_name", called)
    assert found(html, url="https://www.harborpost.example/ferry") == names


PERSON = '<span itemprop="author" itemscope itemtype="https://schema.org/Person"><span itemprop="name">{}</span></span>'
BOXES = {
    "one box": "{} {} {}",
    "a box each": "<div>{}</div><div>{}</div><div>{}</div>",
    "a list": "<ul><li>{}<li>{}<li>{}</ul>",
}


@pytest.mark.parametrize("boxes", BOXES.values(), ids=BOXES)
def test_microdata_names_all_authors_of_an_item(boxes: str) -> None:
    names = ["Ann Lee", "Bo Ruiz", "Carla de la Vega"]
    html = article(top=f"<div>{boxes.format(*map(PERSON.format, names))}</div><p>24 February 2022</p>").replace(
        "<article>", '<article itemscope itemtype="https://schema.org/NewsArticle">'
    )
    comment = f'<div itemprop="comment" itemscope><p>{PERSON.format("Cy Ng")}</p><p>Well done, all of you.</p></div>'
    assert found(html.replace("</article>", f"{comment}</article>")) == names


@pytest.mark.parametrize("box", ["p", "b", "div"])
@pytest.mark.parametrize("link", ["{}", '<a href="/x">{}</a>'], ids=["plain", "linked"])
def test_by_and_several_names_in_elements_of_their_own(box: str, link: str) -> None:
    names = ["Ann Lee", "Bo Ruiz", "Carla de la Vega", "Dan Ode"]
    first, second, third, last = map(link.format, names)
    html = article(top=f"<{box}>By {first}, {second}, {third} and {last}</{box}><br><i>24 February 2022</i>")
    assert found(html) == names


SAID = {
    "fr": ("Rédigé par Chloé Dubois", "Chloé Dubois"),
    "fr, text": ("Texte : Chloé Dubois", "Chloé Dubois"),
    "fr, interview": ("Propos recueillis par Chloé Dubois", "Chloé Dubois"),
    "de, report": ("Ein Bericht von Jörg Überle", "Jörg Überle"),
    "it, article": ("Articolo di Paola Serra", "Paola Serra"),
    "sv": ("Skriven av Åsa Lind", "Åsa Lind"),
    "uk": ("Підготувала Олена Мороз", "Олена Мороз"),
    "ta": ("எழுதியவர்: மீரா ஜோசி", "மீரா ஜோசி"),
    "es": ("Texto: Inés Peña", "Inés Peña"),
    "it": ("a cura di Paola Serra", "Paola Serra"),
    "pl": ("Opracowanie: Anna Nowak", "Anna Nowak"),
    "cs": ("Napsala Jana Dubová", "Jana Dubová"),
    "el": ("Γράφει η Άννα Λέκκα", "Άννα Λέκκα"),
    "ru": ("Беседовала Анна Волкова", "Анна Волкова"),
    "ru, journalist": ("Журналист: Анна Волкова", "Анна Волкова"),
    "id": ("Jurnalis: Dewi Lestari", "Dewi Lestari"),
    "th": ("โดย มานี ใจงาม", "มานี ใจงาม"),
    "th, wrote": ("เขียนโดย มานี ใจงาม", "มานี ใจงาม"),
    "bn": ("লেখা: মীরা সেন", "মীরা সেন"),
    "ar": ("إعداد: ليلى حداد", "ليلى حداد"),
    "fa": ("نویسنده : مریم احمدی", "مریم احمدی"),
    "he": ("מאת: דנה לוי", "דנה לוי"),
    "zh": ("作者：王小明", "王小明"),
    "zh, slash": ("文/王小明", "王小明"),
    "zh, bar": ("撰文｜王小明", "王小明"),
    "zh, Taiwan": ("〔記者王小明／高雄報導〕", "王小明"),
    "ja": ("取材・文＝森あかり", "森あかり"),
    "ja, wrote": ("執筆：森あかり", "森あかり"),
    "ko": ("김하늘 기자", "김하늘"),
    "ko, address": ("김하늘기자 haneul@harbor.example", "김하늘"),
    "ko, a paper": ("항구일보 김하늘 선임기자", "김하늘"),
    "ko, an agency": ("(부산=연합뉴스) 남궁민 특파원", "남궁민"),
    "ko, text": ("글·사진 김하늘", "김하늘"),
}


@pytest.mark.parametrize(("line", "name"), SAID.values(), ids=SAID)
def test_a_line_at_the_end_says_by_whom_in_many_languages(line: str, name: str) -> None:
    html = article().replace("</article>", f"<p>{line}</p></article>")
    assert [item.names for item in author_candidates(page(html)) if "told" in item.features] == [(name,)]


NOTHING_SAID = [
    "사진 기자", "취재기자", "전체 기자", "대학생 기자", "기자", "记者 调查", "記者会", "記者会見", "作者 热门",
    "글 목록", "글쓰기: 목록", "โดย รถไฟ สาย ใหม่", "Napsal jsem knihu o lodích",
]  # fmt: skip


@pytest.mark.parametrize("line", NOTHING_SAID)
def test_a_line_that_says_nobody(line: str) -> None:
    html = article().replace("</article>", f"<p>{line}</p></article>")
    assert [item.names for item in author_candidates(page(html)) if "told" in item.features] == []
