import pytest
from metapages import article, page

from builder.extract.metadata import AUTO

IMAGE = '<img src="/a.jpg">'


def figure(caption: str, picture: str = IMAGE) -> str:
    return f"<figure>{picture}<figcaption>{caption}</figcaption></figure>"


def found(html: str, field: str = "image_caption") -> str | None:
    return next((candidate.values[0] for candidate in AUTO[field](page(html))), None)


@pytest.mark.parametrize(
    "top",
    [
        figure("The ferry"),
        figure("The ferry", ""),
        f'<div class="pic">{IMAGE}</div><p class="caption">The ferry</p>',
        f'<div class="wp-caption">{IMAGE}<p class="wp-caption-text">The ferry</p></div>',
        f'<div class="card">{figure("The ferry")}</div>',
        f'<div class="teasers">{figure("Win a trip")}</div>{figure("The ferry")}',
        figure("Table 1", "<table><tr><td>1</td></tr></table>") + figure("The ferry"),
    ],
    ids=["figure", "a script's picture", "beside", "around", "card", "after a teaser", "after a table"],
)
def test_the_caption_is_that_of_the_first_picture_of_the_story(top: str) -> None:
    assert found(article(top=top)) == "The ferry"


@pytest.mark.parametrize(
    ("top", "bottom"),
    [
        ("", figure("The ferry")),
        (f'<div class="related">{figure("The ferry")}</div>', ""),
        (f"<aside>{figure('The ferry')}</aside>", ""),
        (figure("The ferry", "<table><tr><td>1</td></tr></table>"), ""),
        (figure("The ferry", "<pre>ferry()</pre>"), ""),
        (figure("The ferry", f"<video src=/a.mp4></video>{IMAGE}"), ""),
        (figure("The ferry", "<blockquote>We are late.</blockquote>"), ""),
        ('<p class="caption">The ferry</p>', ""),
    ],
    ids=["late", "teaser", "aside", "table", "code", "video", "quotation", "no picture"],
)
def test_what_is_not_of_the_lead_image_has_no_caption(top: str, bottom: str) -> None:
    html = article(top=top).replace("</article>", f"{bottom}</article>")
    assert (found(html), found(html, "image_credit")) == (None, None)


LEAD = '<meta property="og:image" content="https://cdn.example/w1200/storm-at-pier.jpg?q=80">'
MAP = figure("Map of the pier. Photo: Cy Ng", '<img src="/map-of-pier.jpg">')


@pytest.mark.parametrize(
    "lead",
    [
        '<img src="/w600/storm-at-pier-600x400.jpg">',
        '<img src="/grey.gif" data-src="/w600/storm-at-pier.webp">',
        '<picture><source srcset="/w600/storm-at-pier.jpg 600w, /w900/storm-at-pier.jpg 900w"><img></picture>',
        '<figure><img src="/resize?url=https%3A%2F%2Fcdn.example%2Fstorm-at-pier.jpg&w=600"></figure>',
    ],
    ids=["sized", "a script's", "source", "in an address"],
)
def test_the_caption_of_another_picture_is_none_where_the_lead_image_has_no_caption(lead: str) -> None:
    html = article(LEAD, top=f"<div>{lead}</div><p>The storm came at noon, and the pier is closed.</p>{MAP}")
    assert (found(html), found(html, "image_credit")) == (None, None)


@pytest.mark.parametrize(
    ("top", "caption"),
    [
        (
            f'<img src="/w600/storm-at-pier.jpg">{MAP}{figure("The storm", "<img src=/w9/storm-at-pier-9x9.jpg>")}',
            "The storm",
        ),
        (MAP + figure("The storm", '<a href="/storm-at-pier.jpg"><img src="/grey.gif"></a>'), "The storm"),
        (figure("The storm", '<img src="/f/7f3a.jpg">'), "The storm"),
        (
            f'<div class="related"><img src="/storm-at-pier.jpg"></div>{figure("The storm", "<img src=/f/7f3a.jpg>")}',
            "The storm",
        ),
        (f'<img src="/storm-at-pier-2.jpg">{figure("The storm")}', "The storm"),
        (figure("The storm", ""), "The storm"),
    ],
    ids=["after others", "linked", "its name is nowhere", "in a teaser", "another name", "a script's picture"],
)
def test_the_caption_is_that_of_the_lead_image(top: str, caption: str) -> None:
    assert found(article(LEAD, top=top)) == caption


def test_names_that_any_image_may_have_tell_no_pictures_apart() -> None:
    lead = LEAD.replace("w1200/storm-at-pier", "71/large")
    other = figure("The storm", '<img src="/72/small.jpg">')
    assert found(article(lead, top=f'<img src="/73/large.jpg">{other}')) == "The storm"
    assert found(article(lead, top=f'<img src="/71/large.jpg">{other}')) is None


def test_what_holds_the_headline_is_no_caption() -> None:
    html = article(top=figure("The ferry")).replace("<article>", f'<article><header class="caption--top">{IMAGE}')
    assert found(html.replace("</h1>", "</h1></header>")) == "The ferry"


def test_a_picture_far_above_the_headline_is_none_of_the_story() -> None:
    menu = "".join(f"<li>Part {number}</li>" for number in range(12))
    html = article()
    assert found(html.replace("<nav>", f"{figure('The ferry')}<nav>")) == "The ferry"
    assert found(html.replace("<nav>", f"{figure('Win a trip')}<nav><ul>{menu}</ul>")) is None


@pytest.mark.parametrize(
    ("line", "caption", "credit"),
    [
        ("The ferry at noon", "The ferry at noon", None),
        ("The ferry. Photo: Cy Ng/Reuters", "The ferry.", "Cy Ng/Reuters"),
        ("The ferry Photo: Cy Ng", "The ferry", "Cy Ng"),
        ("The ferry. Photograph: Cy Ng/The Post", "The ferry.", "Cy Ng/The Post"),
        ("The ferry (photo: Cy Ng)", "The ferry", "Cy Ng"),
        ("The ferry. Credit: Cy Ng", "The ferry.", "Cy Ng"),
        ("The ferry.Credit...Cy Ng/The Post", "The ferry.", "Cy Ng/The Post"),
        ("The ferry. Crédit photo : Cy Ng", "The ferry.", "Cy Ng"),
        ("The ferry. (Cy Ng/AP)", "The ferry.", "Cy Ng/AP"),
        ("The ferry. AP Photo/Cy Ng", "The ferry.", "Cy Ng"),
        ("The ferry. © Cy Ng / dpa", "The ferry.", "Cy Ng / dpa"),
        ("The ferry. Photo by Cy Ng", "The ferry.", "Cy Ng"),
        ("The ferry. Copyright Cy Ng", "The ferry.", "Cy Ng"),
        ("正午のフェリー。写真：山田太郎", "正午のフェリー。", "山田太郎"),
        ("A new photo: the ferry at noon", "A new photo: the ferry at noon", None),
        ("The ferry (9/11)", "The ferry (9/11)", None),
        ("The ferry and its crew (left/right)", "The ferry and its crew (left/right)", None),
        ('The ferry. <span class="credit">Photo: Cy Ng</span>', "The ferry.", "Cy Ng"),
        ('The ferry. <small class="copyright">Cy Ng</small>', "The ferry.", "Cy Ng"),
        ("Photo: Cy Ng", "Photo: Cy Ng", "Cy Ng"),
        ("The ferry (File photo: Reuters)", "The ferry", "Reuters"),
        ("The ferry. Pic: PTI", "The ferry.", "PTI"),
        ("The ferry. Courtesy of the Harbor Board", "The ferry.", "the Harbor Board"),
        ("Die Fähre | Bildquelle: dpa", "Die Fähre", "dpa"),
        ("Die Fähre. Symbolfoto: dpa", "Die Fähre.", "dpa"),
        ("Le ferry (Photo AFP)", "Le ferry", "AFP"),
        ("El ferry. Fuente: AP", "El ferry.", "AP"),
        ("A balsa / Foto: Tânia Rêgo", "A balsa", "Tânia Rêgo"),
        ("Il traghetto. Foto di Fabio Rossi", "Il traghetto.", "Fabio Rossi"),
        ("Паром. Источник: ТАСС", "Паром.", "ТАСС"),
        ("नौका. (फ़ोटो: PTI)", "नौका.", "PTI"),
        ("नौका | तस्वीर: ANI", "नौका", "ANI"),
        ("العبارة. تصوير: سامر", "العبارة.", "سامر"),
        ("フェリー（写真：ロイター）", "フェリー", "ロイター"),
        ("渡轮（图片来源：视觉中国）", "渡轮", "视觉中国"),
        ("渡轮。图/视觉中国", "渡轮。", "视觉中国"),
        ("渡轮。新华社记者 王芳 摄", "渡轮。", "新华社记者 王芳"),
        ("Kapal feri. Sumber: Antara", "Kapal feri.", "Antara"),
        ("Lautta. Kuva: Aino Salo / Lehtikuva", "Lautta.", "Aino Salo / Lehtikuva"),
        ("A komp. Fotó: Kiss Anna / MTI", "A komp.", "Kiss Anna / MTI"),
        ("A komp. Forrás: MTI", "A komp.", "MTI"),
        ("Přívoz. Zdroj: ČTK", "Přívoz.", "ČTK"),
        ("Пором. Джерело: УНІАН", "Пором.", "УНІАН"),
        ("Bacul. Sursa foto: Agerpres", "Bacul.", "Agerpres"),
        ("Chiếc phà ở bến. Ảnh: Lê Hà/TTXVN", "Chiếc phà ở bến.", "Lê Hà/TTXVN"),
        ("Chiếc phà (Ảnh: TTXVN)", "Chiếc phà", "TTXVN"),
        ("Bức ảnh: chiếc phà", "Bức ảnh: chiếc phà", None),
        ("Το πλοίο. Φωτογραφία: Άννα Λέκκα", "Το πλοίο.", "Άννα Λέκκα"),
        ("Το πλοίο (Φωτ.: Άννα Λέκκα)", "Το πλοίο", "Άννα Λέκκα"),
        ("המעבורת. צילום: דנה לוי", "המעבורת.", "דנה לוי"),
        ("ফেরি। ছবি: মীরা সেন", "ফেরি।", "মীরা সেন"),
        ("படகு. படம்: மீரா", "படகு.", "மீரா"),
        ("کشتی۔ فوٹو: مریم خان", "کشتی۔", "مریم خان"),
        ("کشتی. عکس: مریم احمدی", "کشتی.", "مریم احمدی"),
        ("เรือข้ามฟาก (ภาพ: AFP)", "เรือข้ามฟาก", "AFP"),
        ("渡轮。王小明 摄", "渡轮。", "王小明"),
        ("渡轮（王小明 摄）", "渡轮", "王小明"),
        ("渡輪（記者王小明攝）", "渡輪", "記者王小明"),
        ("渡輪。圖／中央社", "渡輪。", "中央社"),
        ("연락선 [사진=김하늘 기자]", "연락선", "김하늘 기자"),
        ("연락선. 사진제공=항구시", "연락선.", "항구시"),
        ("연락선 &lt;사진=연합뉴스&gt;", "연락선", "연합뉴스"),
        ("연락선 ⓒ 연합뉴스", "연락선", "연합뉴스"),
        ("연락선이 항구를 떠난다. /연합뉴스", "연락선이 항구를 떠난다.", "연합뉴스"),
        ("연락선 사진 한 장", "연락선 사진 한 장", None),
        ("Vapur. Fotoğraf: AA", "Vapur.", "AA"),
        ("渡轮。供图/李强", "渡轮。", "李强"),
        ("▲渡轮。 图/李强", "渡轮。", "李强"),
        ("渡轮插图/李强", "渡轮插图/李强", None),
        ("渡輪。記者林志玲／攝影", "渡輪。", "記者林志玲"),
        ("เรือข้ามฟาก ที่มาภาพ: AFP", "เรือข้ามฟาก", "AFP"),
        ("เรือข้ามฟาก เครดิตภาพ: AFP", "เรือข้ามฟาก", "AFP"),
        ("เรือข้ามฟาก ภาพจาก: วิชัย", "เรือข้ามฟาก", "วิชัย"),
        ("படகு. புகைப்படம்: செல்வம்", "படகு.", "செல்வம்"),
        ("नौका। फोटो साभार: राजेश", "नौका।", "राजेश"),
        ("नौका। इमेज सोर्स: पीटीआई", "नौका।", "पीटीआई"),
        ("کشتی. عکاس: رضا کریمی", "کشتی.", "رضا کریمی"),
        ("کشتی. منبع تصویر: ایسنا", "کشتی.", "ایسنا"),
        ("המעבורת. קרדיט: דוד כהן", "המעבורת.", "דוד כהן"),
        ("フェリー＝田中健撮影", "フェリー", "田中健"),
        ("フェリー=2022年2月24日、蓮湖市、田中健撮影", "フェリー", "田中健"),
        ("フェリー。撮影・田中健", "フェリー。", "田中健"),
        ("フェリー。写真＝田中健", "フェリー。", "田中健"),
        ("フェリー。提供：蓮湖市", "フェリー。", "蓮湖市"),
        ("フェリー（出典：蓮湖市）", "フェリー", "蓮湖市"),
        ("연락선. 연합뉴스 제공", "연락선.", "연합뉴스"),
        ("연락선 [항구시 제공]", "연락선", "항구시"),
        ("▲ 연락선. 사진=박철수 기자", "연락선.", "박철수 기자"),
        ("연락선의 무료 제공", "연락선의 무료 제공", None),
        ("Die Fähre. Aufnahme: Birgit Ott", "Die Fähre.", "Birgit Ott"),
        ("Die Fähre. Grafik: Birgit Ott", "Die Fähre.", "Birgit Ott"),
        (
            'The ferry. <span class="credit">Post Illustration / Getty Images</span>',
            "The ferry.",
            "Post Illustration / Getty Images",
        ),
        ("Die Fähre. - Copyright: Birgit Ott", "Die Fähre.", "Birgit Ott"),
        ("Le ferry. © Crédit photo : Paul Vernier", "Le ferry.", "Paul Vernier"),
        ("Le ferry. (Photo Paul Vernier)", "Le ferry.", "Paul Vernier"),
        ("Il traghetto. Ph. Marco Rinaldi", "Il traghetto.", "Marco Rinaldi"),
        ("El ferry. Andrés Molina (EFE)", "El ferry.", "Andrés Molina (EFE)"),
        ("El ferry. Foto de Andrés Molina", "El ferry.", "Andrés Molina"),
        ("De veerboot. Beeld Sander de Wit", "De veerboot.", "Sander de Wit"),
        ("De veerboot. Foto Sander de Wit", "De veerboot.", "Sander de Wit"),
        ("The ferry. Photo Gallery", "The ferry. Photo Gallery", None),
        ("Prom. Autor: Tomasz Lis", "Prom.", "Tomasz Lis"),
        ("Přívoz. Fotografie: Petr Novotný", "Přívoz.", "Petr Novotný"),
        ("Färjan. Fotograf: Erik Holm", "Färjan.", "Erik Holm"),
        ("Το πλοίο. Φωτ. Νίκος Γεωργίου", "Το πλοίο.", "Νίκος Γεωργίου"),
        ("Vapur. Görsel: Murat Aydın", "Vapur.", "Murat Aydın"),
        ("Паром. Автор фото: Олег Панин", "Паром.", "Олег Панин"),
        ("Паром. © Фото: Олег Панин", "Паром.", "Олег Панин"),
        ("Паром. Изображение: Олег Панин", "Паром.", "Олег Панин"),
        ("Паром. Иллюстрация: Олег Панин", "Паром.", "Олег Панин"),
        ("Пором. Зображення: Андрій Коваль", "Пором.", "Андрій Коваль"),
        ("Kapal feri. ANTARA FOTO/Budi Santoso", "Kapal feri.", "Budi Santoso"),
        ("Chiếc phà. Ảnh minh họa: Trần Văn Minh", "Chiếc phà.", "Trần Văn Minh"),
        ("Prom (fot. Adam Nowak)", "Prom", "Adam Nowak"),
        ("De veerboot. Beeld: ANP", "De veerboot.", "ANP"),
        ("The ferry. REUTERS/Cy Ng/File Photo", "The ferry.", "REUTERS/Cy Ng/File Photo"),
        ("El ferry. EFE/Jaume Soler", "El ferry.", "EFE/Jaume Soler"),
        ("Le ferry. - Luc Noël / AFP", "Le ferry.", "Luc Noël / AFP"),
        ("The ferry / AFP via Getty Images", "The ferry", "AFP via Getty Images"),
        ("The ferry. Getty Images", "The ferry.", "Getty Images"),
        ("フェリー（ロイター）", "フェリー", "ロイター"),
        ("Cy Ng / Reuters", "Cy Ng / Reuters", "Cy Ng / Reuters"),
        ("The ferry. Image Credit: Twitter(@harbor)", "The ferry.", "Twitter(@harbor)"),
        ("Source: The Post | Image Credit: Cy Ng", "Source: The Post", "Cy Ng"),
        ("Passengers wait at the Reuters pier", "Passengers wait at the Reuters pier", None),
        ("The ferry. Passengers of two lines / AFP", "The ferry. Passengers of two lines", "AFP"),
        ("An open source: the ferry plan", "An open source: the ferry plan", None),
        (
            'The ferry. <span class="credit">Post Graphics / Getty Images</span>',
            "The ferry.",
            "Post Graphics / Getty Images",
        ),
        ("<span>The ferry</span><span>Foto: Cy Ng</span>", "The ferry", "Cy Ng"),
        ("The ferry in Washington, D.C.", "The ferry in Washington, D.C.", None),
        ("(FILES) The ferry at noon. Photo: Cy Ng", "(FILES) The ferry at noon.", "Cy Ng"),
        ("[Archive] The ferry (Photo: Cy Ng)", "[Archive] The ferry", "Cy Ng"),
        ("（左）フェリー（写真：ロイター）", "（左）フェリー", "ロイター"),
        ("-20 degrees at the pier | Photo: Cy Ng", "-20 degrees at the pier", "Cy Ng"),
        ('<small class="credit">Cy Ng</small> - The ferry', "The ferry", "Cy Ng"),
        ('<small class="credit">Cy Ng</small> | The ferry', "The ferry", "Cy Ng"),
        ("And then the ferry sank...", "And then the ferry sank...", None),
        ("... and then the ferry sank. |", "... and then the ferry sank.", None),
        ("The ferry<button>Enlarge</button> at noon", "The ferry at noon", None),
        ("The ferry<button>Enlarge</button> at\x0b noon", "The ferry at noon", None),
        ("The ferry<button>Enlarge</button> at&#1; noon", "The ferry at noon", None),
        ("The ferry. Photo\u200b: Cy Ng", "The ferry.", "Cy Ng"),
        ("The ferry. \ufeffReuters/Cy Ng\u200b", "The ferry.", "Reuters/Cy Ng"),
        ('The ferry <b class="credit">\xadCy Ng</b><span class="credit">Cy Ng</span>', "The ferry", "Cy Ng"),
        ('<span class="visually-hidden">Image caption, </span><p>The ferry.</p>', "The ferry.", None),
        ('<span class="sr-only">Caption: </span>The ferry', "The ferry", None),
        ('<span class="clipped">Caption: </span>The ferry', "The ferry", None),
        ('<span class="icon screenreader">Caption: </span>The ferry', "The ferry", None),
        ('The ferry <span class="clipped">Photo:</span> Cy Ng', "The ferry", "Cy Ng"),
        ('<span class="unclipped">Caption: </span>The ferry', "Caption: The ferry", None),
        ('The ferry<span hidden>Hide</span> <i style="display: none">x</i>at noon', "The ferry at noon", None),
        (
            '<p>The ferry <b class="credit">Cy Ng/AP</b> <b class="hide-caption"><b>hide caption</b></b></p>'
            '<b class="toggle-caption"><b>toggle caption</b></b>',
            "The ferry",
            "Cy Ng/AP",
        ),
        ('<p>The ferry</p><p class="image-credit">Cy Ng</p>', "The ferry", "Cy Ng"),
        ('The ferry <span class="sr-only">Photo:</span> Cy Ng', "The ferry", "Cy Ng"),
        ('The ferry. Photo: Cy Ng<p class="image-credit"> </p>', "The ferry.", "Cy Ng"),
        ('The ferry <b class="credit">Cy Ng</b><span class="credit">Cy Ng</span>', "The ferry", "Cy Ng"),
        ('<span class="caption__credit">Cy Ng</span>', "Cy Ng", "Cy Ng"),
        ('<div>The ferry.</div><div class="photo-copyright">© Cy Ng</div>', "The ferry.", "Cy Ng"),
        ('<div class="caption-and-credit"><p>The ferry. Photo: Cy Ng</p></div>', "The ferry.", "Cy Ng"),
        ('<div class="source-box"><p>The ferry</p><i class="credit">Cy Ng</i></div>', "The ferry", "Cy Ng"),
    ],
)
def test_the_credit_is_cut_from_the_caption(line: str, caption: str, credit: str | None) -> None:
    html = article(top=figure(line))
    assert (found(html), found(html, "image_credit")) == (caption, credit)
