"""The names in a byline: in many languages, with roles, agencies and places, and lines that hold none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from metapages import article, found_authors

from builder.extract.facts.author.names import names_in

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
    "de, as well as": ("Von Jörg Überle sowie Mia Groß", ["Jörg Überle", "Mia Groß"]),
    "de, short": ("Von Jörg Überle u. Mia Groß", ["Jörg Überle", "Mia Groß"]),
    "fr, capitals": ("PAR CHLOÉ DUBOIS ET LUC NOËL", ["CHLOÉ DUBOIS", "LUC NOËL"]),
    "fr, with": ("Par Chloé Dubois avec Luc Noël", ["Chloé Dubois", "Luc Noël"]),
    "es, capitals": ("POR INÉS PEÑA Y RAÚL GÓMEZ", ["INÉS PEÑA", "RAÚL GÓMEZ"]),
    "es, with": ("Por Inés Peña junto a Raúl Gómez", ["Inés Peña", "Raúl Gómez"]),
    "pt, capitals": ("POR ANA LIMA E RUI COSTA", ["ANA LIMA", "RUI COSTA"]),
    "pt, and by": ("Por Ana Lima e por Rui Costa", ["Ana Lima", "Rui Costa"]),
    "pt, with": ("Por Ana Lima com Rui Costa", ["Ana Lima", "Rui Costa"]),
    "pt, an initial": ("Por Ana Maria E Lima Costa", ["Ana Maria E Lima Costa"]),
    "it, before a vowel": ("Di Paola Serra ed Elena De Luca", ["Paola Serra", "Elena De Luca"]),
    "it, with": ("Di Paola Serra con Marco Rossi", ["Paola Serra", "Marco Rossi"]),
    "ru, capitals": ("АВТОР: АННА ВОЛКОВА И ИВАН ПЕТРОВ", ["АННА ВОЛКОВА", "ИВАН ПЕТРОВ"]),
    "zh, and": ("作者：王晓明和李强", ["王晓明", "李强"]),
    "zh, and behind a list": ("作者：王晓明、李强与张伟", ["王晓明", "李强", "张伟"]),
    "zh, a wide comma": ("王晓明，李强", ["王晓明", "李强"]),
    "zh, and within a name": ("作者：李和平和王强", ["李和平", "王强"]),
    "zh, a name of and": ("作者：王和平", ["王和平"]),
    "ja, and": ("文：田中健一と佐藤由美", ["田中健一", "佐藤由美"]),
    "ja, a point": ("文：田中健一・佐藤由美", ["田中健一", "佐藤由美"]),
    "ar, and": ("بقلم: سارة الحسن وخالد العمري", ["سارة الحسن", "خالد العمري"]),
    "ar, and behind a list": ("بقلم: ليلى حداد، سارة الحسن وخالد العمري", ["ليلى حداد", "سارة الحسن", "خالد العمري"]),
    "ar, and before the same letter": ("بقلم: سارة الحسن ووليد العمري", ["سارة الحسن", "وليد العمري"]),
    "ar, a name that begins like and": ("بقلم: محمد أحمد وهدان علي", ["محمد أحمد وهدان علي"]),
    "ar, a family that begins like and": ("بقلم: علي وردي", ["علي وردي"]),
    "hi, and": ("लेखक: मीरा जोशी व राहुल वर्मा", ["मीरा जोशी", "राहुल वर्मा"]),
    "hi, as well as": ("लेखक: मीरा जोशी तथा राहुल वर्मा", ["मीरा जोशी", "राहुल वर्मा"]),
    "de, the day behind": ("Von Jörg Überle Veröffentlicht am 24.02.2022", ["Jörg Überle"]),
}


@pytest.mark.parametrize(("line", "names"), BYLINES.values(), ids=BYLINES)
def test_names_of_a_byline(line: str, names: list[str]) -> None:
    assert list(names_in(line)) == names


@pytest.mark.parametrize(("line", "names"), BYLINES.values(), ids=BYLINES)
def test_a_visible_byline_is_found(line: str, names: list[str]) -> None:
    assert found_authors(article(top=f'<p class="byline"><span class="author">{line}</span></p>')) == names


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
    assert found_authors(article(top=f'<p class="byline">{byline}</p>')) == names


@pytest.mark.parametrize("names", ["author", "flex"])
def test_a_name_ends_with_its_element(names: str) -> None:
    html = article(top=f'<div class="{names}"><span>By Ann Lee</span><span>Feb 24, 2022</span></div>')
    assert found_authors(html) == ["Ann Lee"]


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
    assert found_authors(article(top=f'<p class="byline">{line}</p><p class="date">24.02.2022</p>')) == []


_PIECES = st.builds(str.__mul__, st.sampled_from(["Ann ", "Lee ", "and ", ", ", "MD ", "x", "\n"]), st.integers(1, 70))


@given(st.text(max_size=500) | st.lists(_PIECES | st.just("Ann Lee and "), max_size=9).map("".join))
def test_names_are_short_and_unique(line: str) -> None:
    names = names_in(line)
    assert len(set(names)) == len(names)
    for name in names:
        person = name.partition(", ")[0]  # credentials follow
        assert person == person.strip()
        assert 1 < len(person) < 60
        assert len(person.split()) <= 6


def test_a_role_in_an_element_beside_the_name() -> None:
    byline = '<div class="byline"><span>Ann Lee</span> <span>Senior Reporter</span></div>'
    assert found_authors(article(top=byline)) == ["Ann Lee"]


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
    assert found_authors(html, url="https://www.harborpost.example/ferry") == names
