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
    "az": "yanvar yan, fevral fev, mart mar, aprel apr, may, iyun iyn, iyul iyl, avqust avq, sentyabr, oktyabr okt, "
    "noyabr noy, dekabr dek",
    "be": "студзень студзеня, люты лютага, сакавік сакавіка, красавік красавіка, май мая травень траўня, "
    "чэрвень чэрвеня, ліпень ліпеня, жнівень жніўня, верасень верасня, кастрычнік кастрычніка, лістапад "
    "лістапада, снежань снежня",
    "bg": "януари яну, февруари фев, март, април апр, май, юни, юли, август авг, септември септ сеп, октомври "
    "окт, ноември ноем, декември дек",
    "bn": "জানুয়ারি জানুয়ারী জানু, ফেব্রুয়ারি ফেব্রুয়ারী ফেব, মার্চ, এপ্রিল এপ্রি, মে, জুন, জুলাই জুল, আগস্ট "
    "আগষ্ট আগ, সেপ্টেম্বর সেপ, অক্টোবর অক্টো, নভেম্বর নভে, ডিসেম্বর ডিসে",
    "ca": "gener gen, febrer febr, març, abril abr, maig, juny, juliol jul, agost, setembre set, octubre oct, "
    "novembre nov, desembre des",
    "cs": "leden ledna led, únor února úno, březen března bře, duben dubna dub, květen května kvě, červen června čvn, "
    "červenec července čvc, srpen srpna srp, září zář, říjen října říj, listopad listopadu lis, prosinec prosince pro",
    "da": "januar jan, februar feb, marts mar, april apr, maj, juni jun, juli jul, august aug, september sep sept, "
    "oktober okt, november nov, december dec",
    "de": "januar jänner jan jän, februar feber feb, märz maerz mär mrz, april apr, mai, juni jun, juli jul, "
    "august aug, september sep sept, oktober okt, november nov, dezember dez",
    "el": "ιανουάριος ιανουαρίου ιαν, φεβρουάριος φεβρουαρίου φλεβάρη φεβ, μάρτιος μαρτίου μαρ, απρίλιος απριλίου απρ, "
    "μάιος μαΐου μάη μάι, ιούνιος ιουνίου ιουν, ιούλιος ιουλίου ιουλ, αύγουστος αυγούστου αυγ, "
    "σεπτέμβριος σεπτεμβρίου σεπ σεπτ, οκτώβριος οκτωβρίου οκτ, νοέμβριος νοεμβρίου νοε, δεκέμβριος δεκεμβρίου δεκ",
    "en": "january jan, february feb, march mar, april apr, may, june jun, july jul, august aug, september sep sept, "
    "october oct, november nov, december dec",
    "es": "enero ene, febrero feb, marzo mar, abril abr, mayo may, junio jun, julio jul, agosto ago, "
    "septiembre setiembre sep sept set, octubre oct, noviembre nov, diciembre dic",
    "et": "jaanuar jaan, veebruar veebr veeb, märts, aprill, mai, juuni, juuli, august, september sept, "
    "oktoober okt, november nov, detsember dets",
    "fa": "ژانویه, فوریه, مارس, آوریل, مه, ژوئن, ژوئیه جولای, اوت آگوست, سپتامبر, اکتبر, نوامبر, دسامبر",
    "fi": "tammikuu tammikuuta tammikuun tammi, helmikuu helmikuuta helmikuun helmi, maaliskuu maaliskuuta maaliskuun "
    "maalis, huhtikuu huhtikuuta huhtikuun huhti, toukokuu toukokuuta toukokuun touko, "
    "kesäkuu kesäkuuta kesäkuun kesä, heinäkuu heinäkuuta heinäkuun heinä, "
    "elokuu elokuuta elokuun elo, syyskuu syyskuuta syyskuun syys, "
    "lokakuu lokakuuta lokakuun loka, marraskuu marraskuuta marraskuun marras, joulukuu joulukuuta joulukuun joulu",
    "fil": "enero, pebrero, marso, abril, mayo, hunyo hun, hulyo hul, agosto, setyembre, oktubre, nobyembre nob, "
    "disyembre",
    "fr": "janvier janv jan, février févr fév, mars mar, avril avr, mai, juin, juillet juill juil, août, septembre "
    "sept sep, octobre oct, novembre nov, décembre déc",
    "gl": "xaneiro xan, febreiro, marzo, abril, maio, xuño, xullo xul, agosto, setembro, outubro, novembro, decembro",
    "gu": "જાન્યુઆરી જાન્યુ, ફેબ્રુઆરી ફેબ્રુ, માર્ચ, એપ્રિલ, મે, જૂન, જુલાઈ, ઑગસ્ટ ઓગસ્ટ, સપ્ટેમ્બર સપ્ટે, ઑક્ટોબર "
    "ઓક્ટોબર ઑક્ટો, નવેમ્બર નવે, ડિસેમ્બર ડિસે",
    "he": "ינואר בינואר ינו׳ בינו׳, פברואר בפברואר פבר׳ בפבר׳, מרץ במרץ מרס במרס, אפריל באפריל אפר׳ באפר׳, מאי במאי, "
    "יוני ביוני, יולי ביולי, אוגוסט באוגוסט אוג׳ באוג׳, ספטמבר בספטמבר ספט׳ בספט׳, אוקטובר באוקטובר אוק׳ באוק׳, "
    "נובמבר בנובמבר נוב׳ בנוב׳, דצמבר בדצמבר דצמ׳ בדצמ׳",
    "hi": "जनवरी जन, फ़रवरी फरवरी फ़र, मार्च, अप्रैल अप्रै, मई, जून, जुलाई जुल जुला, अगस्त अग, "
    "सितंबर सितम्बर सित, अक्टूबर अक्तूबर अक्टू अक्तू, नवंबर नवम्बर नव, दिसंबर दिसम्बर दिस",
    "hr": "siječanj siječnja sij, veljača veljače velj, ožujak ožujka ožu, travanj travnja tra, svibanj svibnja svi, "
    "lipanj lipnja lip, srpanj srpnja srp, kolovoz kolovoza kol, rujan rujna ruj, listopad listopada lis, "
    "studeni studenoga studenog stu, prosinac prosinca pro",
    "hu": "január jan, február febr feb, március márc már, április ápr, május máj, június jún, július júl, "
    "augusztus aug, szeptember szept szep, október okt, november nov, december dec",
    "hy": "հունվար հունվարի, փետրվար փետրվարի, մարտ մարտի, ապրիլ ապրիլի, մայիս մայիսի, հունիս հունիսի, հուլիս "
    "հուլիսի, օգոստոս օգոստոսի, սեպտեմբեր սեպտեմբերի, հոկտեմբեր հոկտեմբերի, նոյեմբեր նոյեմբերի, դեկտեմբեր "
    "դեկտեմբերի",
    "id": "januari jan, februari pebruari feb peb, maret mar, april apr, mei, juni jun, juli jul, "
    "agustus agu agt ags agust, september sep sept, oktober okt, november nopember nov nop, desember des",
    "is": "janúar jan, febrúar feb, mars, apríl apr, maí, júní jún, júlí júl, ágúst ágú, september sept, "
    "október okt, nóvember nóv, desember des",
    "it": "gennaio gen genn, febbraio feb febbr, marzo mar, aprile apr, maggio mag magg, giugno giu, luglio lug, "
    "agosto ago, settembre set sett, ottobre ott, novembre nov, dicembre dic",
    "ka": "იანვარი იანვრის იან, თებერვალი თებერვლის თებ, მარტი მარტის მარ, აპრილი აპრილის აპრ, მაისი მაისის მაი, "
    "ივნისი ივნისის ივნ, ივლისი ივლისის ივლ, აგვისტო აგვისტოს აგვ, სექტემბერი სექტემბრის სექ, ოქტომბერი ოქტომბრის "
    "ოქტ, ნოემბერი ნოემბრის ნოე, დეკემბერი დეკემბრის დეკ",
    "kk": "қаңтар, ақпан, наурыз, сәуір, мамыр, маусым, шілде, тамыз, қыркүйек, қазан, қараша, желтоқсан",
    "kn": "ಜನವರಿ ಜನ, ಫೆಬ್ರವರಿ ಫೆಬ್ರುವರಿ ಫೆಬ್ರ, ಮಾರ್ಚ್, ಏಪ್ರಿಲ್ ಏಪ್ರಿ, ಮೇ, ಜೂನ್, ಜುಲೈ, ಆಗಸ್ಟ್ ಆಗ, ಸೆಪ್ಟೆಂಬರ್ ಸೆಪ್ಟೆಂ, "
    "ಅಕ್ಟೋಬರ್ ಅಕ್ಟೋ, ನವೆಂಬರ್ ನವೆಂ, ಡಿಸೆಂಬರ್ ಡಿಸೆಂ",
    "lt": "sausis sausio, vasaris vasario, kovas kovo, balandis balandžio, gegužė gegužės, birželis birželio, "
    "liepa liepos, rugpjūtis rugpjūčio, rugsėjis rugsėjo, spalis spalio, lapkritis lapkričio, gruodis "
    "gruodžio",
    "lv": "janvāris janvārī janvāra janv, februāris februārī februāra febr, marts martā, aprīlis aprīlī aprīļa apr, "
    "maijs maijā maija, jūnijs jūnijā jūnija, jūlijs jūlijā jūlija, augusts augustā augusta aug, septembris "
    "septembrī septembra sept, oktobris oktobrī oktobra okt, novembris novembrī novembra nov, decembris decembrī "
    "decembra dec",
    "mk": "јануари јан, февруари фев, март мар, април апр, мај, јуни јун, јули јул, август авг, септември септ, "
    "октомври окт, ноември ное ноем, декември дек",
    "ml": "ജനുവരി ജനു, ഫെബ്രുവരി ഫെബ്രു, മാർച്ച് മാർ, ഏപ്രിൽ ഏപ്രി, മേയ് മെയ്, ജൂൺ, ജൂലൈ, ഓഗസ്റ്റ് ഓഗ, സെപ്റ്റംബർ "
    "സെപ്റ്റം, ഒക്ടോബർ ഒക്ടോ, നവംബർ നവം, ഡിസംബർ ഡിസം",
    "mr": "जानेवारी जाने, फेब्रुवारी फेब्रु, मार्च, एप्रिल एप्रि, मे, जून, जुलै, ऑगस्ट ऑग, सप्टेंबर सप्टें, ऑक्टोबर "
    "ऑक्टो, नोव्हेंबर नोव्हें, डिसेंबर डिसें",
    "ms": "januari, februari, mac, april, mei, jun, julai, ogos ogo, september sept, oktober okt, november, "
    "disember dis",
    "ne": "जनवरी, फेब्रुअरी, मार्च, अप्रिल, मे, जुन, जुलाई, अगस्ट, सेप्टेम्बर, अक्टोबर, नोभेम्बर, डिसेम्बर",
    "nl": "januari jan, februari feb, maart mrt, april apr, mei, juni jun, juli jul, augustus aug, september sep sept, "
    "oktober okt, november nov, december dec",
    "no": "januar jan, februar feb, mars mar, april apr, mai, juni jun, juli jul, august aug, september sep sept, "
    "oktober okt, november nov, desember des",
    "or": "ଜାନୁଆରୀ, ଫେବୃଆରୀ, ମାର୍ଚ୍ଚ, ଅପ୍ରେଲ, ମଇ, ଜୁନ, ଜୁଲାଇ, ଅଗଷ୍ଟ, ସେପ୍ଟେମ୍ବର, ଅକ୍ଟୋବର, ନଭେମ୍ବର, ଡିସେମ୍ବର",
    "pa": "ਜਨਵਰੀ ਜਨ, ਫ਼ਰਵਰੀ ਫਰਵਰੀ ਫ਼ਰ, ਮਾਰਚ, ਅਪ੍ਰੈਲ ਅਪ੍ਰੈ, ਮਈ, ਜੂਨ, ਜੁਲਾਈ ਜੁਲਾ, ਅਗਸਤ ਅਗ, ਸਤੰਬਰ ਸਤੰ, ਅਕਤੂਬਰ ਅਕਤੂ, ਨਵੰਬਰ ਨਵੰ, ਦਸੰਬਰ ਦਸੰ",
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
    "sk": "január januára, február februára, marec marca, apríl apríla, máj mája, jún júna, júl júla, august "
    "augusta, september septembra, október októbra, november novembra, december decembra",
    "sl": "januar januarja jan, februar februarja feb, marec marca mar, april aprila apr, maj maja, junij "
    "junija jun, julij julija jul, avgust avgusta avg, september septembra, oktober oktobra, november "
    "novembra, december decembra",
    "sq": "janar jan, shkurt shk, mars mar, prill pri, maj, qershor qer, korrik korr, gusht gush, shtator sht, tetor "
    "tet, nëntor nën, dhjetor dhj",
    "sr": "јануар јануара januar januara јан, фебруар фебруара februar februara феб, март марта mart marta, април "
    "априла april aprila, мај маја maj maja, јун јуна jun juna juni, јул јула jul jula juli, август августа avgust "
    "avgusta avg, септембар септембра septembar septembra, октобар октобра oktobar oktobra, новембар новембра "
    "novembar novembra нов, децембар децембра decembar decembra дец",
    "sv": "januari jan, februari feb febr, mars mar, april apr, maj, juni jun, juli jul, augusti aug, "
    "september sep sept, oktober okt, november nov, december dec",
    "sw": "januari, februari, machi, aprili, mei, juni, julai, agosti, septemba, oktoba, novemba, desemba",
    "ta": "ஜனவரி ஜன, பிப்ரவரி பெப்ரவரி பிப், மார்ச் மார், ஏப்ரல் ஏப், மே, ஜூன், ஜூலை, ஆகஸ்ட் ஆகஸ்டு ஆக, செப்டம்பர் செப், "
    "அக்டோபர் அக், நவம்பர் நவ, டிசம்பர் டிச",
    "te": "జనవరి జన, ఫిబ్రవరి ఫిబ్ర, మార్చి, ఏప్రిల్ ఏప్రి, మే, జూన్, జూలై జులై, ఆగస్టు ఆగస్ట్ ఆగ, సెప్టెంబర్ "
    "సెప్టెంబరు సెప్టెం, అక్టోబర్ అక్టోబరు అక్టో, నవంబర్ నవంబరు నవం, డిసెంబర్ డిసెంబరు డిసెం",
    "th": "มกราคม ม.ค, กุมภาพันธ์ ก.พ, มีนาคม มี.ค, เมษายน เม.ย, พฤษภาคม พ.ค, มิถุนายน มิ.ย, กรกฎาคม "
    "ก.ค, สิงหาคม ส.ค, กันยายน ก.ย, ตุลาคม ต.ค, พฤศจิกายน พ.ย, ธันวาคม ธ.ค",
    "tr": "ocak oca, şubat şub, mart mar, nisan nis, mayıs may, haziran haz, temmuz tem, ağustos ağu, eylül eyl, "
    "ekim eki, kasım kas, aralık ara",
    "uk": "січень січня січ, лютий лютого лют, березень березня бер, квітень квітня квіт кві, травень травня трав тра, "
    "червень червня черв чер, липень липня лип, серпень серпня серп сер, вересень вересня вер верес, "
    "жовтень жовтня жовт жов, листопад листопада лист лис, грудень грудня груд гру",
    "ur": "جنوری, فروری, مارچ, اپریل, مئی, جون, جولائی, اگست, ستمبر, اکتوبر, نومبر, دسمبر",
    "uz": "yanvar январ yan, fevral феврал fev, mart март mar, aprel апрел apr, may май, iyun июн iyn, iyul июл iyl, "
    "avgust август avg, sentabr сентябр, oktabr октябр okt, noyabr ноябр noy, dekabr декабр dek",
    "vi": "tháng_một tháng_giêng, tháng_hai, tháng_ba, tháng_tư tháng_bốn, tháng_năm, tháng_sáu, tháng_bảy, tháng_tám, "
    "tháng_chín, tháng_mười, tháng_mười_một, tháng_mười_hai tháng_chạp",
    "zh": "一月, 二月, 三月, 四月, 五月, 六月, 七月, 八月, 九月, 十月, 十一月, 十二月",
}

WEEKDAYS: Mapping[str, str] = {
    "ar": "الاثنين الإثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد",
    "be": "панядзелак аўторак серада чацвер пятніца субота нядзеля",
    "bg": "понеделник вторник сряда четвъртък петък събота неделя",
    "bn": "সোমবার মঙ্গলবার বুধবার বৃহস্পতিবার শুক্রবার শনিবার রবিবার",
    "ca": "dilluns dimarts dimecres dijous divendres dissabte diumenge",
    "cs": "pondělí úterý středa čtvrtek pátek sobota neděle po út st čt pá so ne",
    "da": "mandag tirsdag onsdag torsdag fredag lørdag søndag man tirs tir ons tors tor fre lør søn",
    "de": "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa so",
    "el": "δευτέρα τρίτη τετάρτη πέμπτη παρασκευή σάββατο κυριακή δευ τρι τετ πεμ παρ σαβ κυρ",
    "en": "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun",
    "es": "lunes martes miércoles jueves viernes sábado domingo lun mié jue vie sáb dom",
    "et": "esmaspäev teisipäev kolmapäev neljapäev reede laupäev pühapäev",
    "fa": "شنبه یکشنبه دوشنبه سهشنبه سه_شنبه چهارشنبه پنجشنبه پنج_شنبه جمعه",
    "fi": "maanantai tiistai keskiviikko torstai perjantai lauantai sunnuntai maanantaina tiistaina keskiviikkona "
    "torstaina perjantaina lauantaina sunnuntaina ma ti ke to pe la su",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche lun mer jeu ven sam dim",
    "he": "יום_ראשון יום_שני יום_שלישי יום_רביעי יום_חמישי יום_שישי שבת",
    "hi": "सोमवार मंगलवार बुधवार गुरुवार बृहस्पतिवार शुक्रवार शनिवार रविवार गुरूवार वीरवार सोम मंगल बुध गुरु शुक्र शनि रवि",
    "hr": "ponedjeljak utorak srijeda četvrtak petak subota nedjelja pon uto sri čet pet sub ned",
    "hu": "hétfő kedd szerda csütörtök péntek szombat vasárnap",
    "id": "senin selasa rabu kamis jumat sabtu minggu sen sel rab kam jum sab min",
    "it": "lunedì martedì mercoledì giovedì venerdì sabato domenica mer gio ven sab dom",
    "ja": "月曜日 火曜日 水曜日 木曜日 金曜日 土曜日 日曜日 月曜 火曜 水曜 木曜 金曜 土曜 日曜",
    "ko": "월요일 화요일 수요일 목요일 금요일 토요일 일요일",
    "mr": "सोमवार मंगळवार बुधवार गुरुवार शुक्रवार शनिवार रविवार",
    "ms": "isnin selasa rabu khamis jumaat sabtu ahad",
    "nl": "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag ma di wo do vr za zo",
    "no": "mandag tirsdag onsdag torsdag fredag lørdag søndag man tir ons tor fre lør søn",
    "pl": "poniedziałek wtorek środa czwartek piątek sobota niedziela pon wt śr czw pt sob niedz",
    "pt": "segunda terça quarta quinta sexta sábado domingo segunda-feira terça-feira quarta-feira quinta-feira "
    "sexta-feira seg ter qua qui sex sáb dom",
    "ro": "luni marți miercuri joi vineri sâmbătă duminică lun mie joi vin sâm dum",
    "ru": "понедельник вторник среда четверг пятница суббота воскресенье пн вт ср чт пт сб вс",
    "sk": "pondelok utorok streda štvrtok piatok sobota nedeľa",
    "sl": "ponedeljek torek sreda četrtek petek sobota nedelja",
    "sr": "понедељак уторак среда четвртак петак субота недеља ponedeljak utorak sreda četvrtak petak subota nedelja",
    "sv": "måndag tisdag onsdag torsdag fredag lördag söndag mån tis ons tors tor fre lör sön",
    "ta": "திங்கள் செவ்வாய் புதன் வியாழன் வெள்ளி சனி ஞாயிறு",
    "th": "วันจันทร์ วันอังคาร วันพุธ วันพฤหัสบดี วันศุกร์ วันเสาร์ วันอาทิตย์ จันทร์ อังคาร พุธ พฤหัสบดี ศุกร์ เสาร์ อาทิตย์",
    "tr": "pazartesi salı çarşamba perşembe cuma cumartesi pazar pzt çar per cum cmt sal paz",
    "uk": "понеділок вівторок середа четвер пʼятниця субота неділя пн вт ср чт пт сб нд",
    "ur": "پیر منگل بدھ جمعرات جمعہ ہفتہ اتوار",
    "vi": "thứ_hai thứ_ba thứ_tư thứ_năm thứ_sáu thứ_bảy chủ_nhật",
    "zh": "星期一 星期二 星期三 星期四 星期五 星期六 星期日 星期天 周一 周二 周三 周四 周五 周六 周日 "
    "週一 週二 週三 週四 週五 週六 週日",
}

BEFORE_NOON = (
    "am a.m p.d 上午 午前 凌晨 清晨 早上 未明 오전 ص صباحا فجرا ق.ظ قبل_از_ظهر π.μ πμ öö sa पूर्वाह्न एएम পূর্বাহ্ণ পূর্বাহ্ন এএম "
    "முற்பகல் дп пр.об délelőtt paradites"
)
AFTER_NOON = (
    "pm p.m m.d 下午 午後 午后 傍晚 오후 저녁 م مساء عصرا بعد_الظهر ب.ظ بعدازظهر بعد_از_ظهر سہ_پہر شام μ.μ μμ ös "
    "öğleden_sonra ch chiều अपराह्न शाम पीएम অপরাহ্ণ অপরাহ্ন পিএম বিকাল বিকেল সন্ধ্যা பிற்பகல் மாலை సాయంత్రం ಸಂಜೆ വൈകിട്ട് સાંજે ਸ਼ਾਮ "
    "petang ptg дня вечера пп сл.об следобед délután nachmittags abends pasdites"
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
    "στις lúc ora alas pelas vers den el le ob الساعة ساعة ساعت على في تمام को pkl เวลา בשעה"
)
"""What stands between a date and its time."""
OF = "de del of من عام سنة the des năm ngày di kuuta da du della d พ.ศ ค.ศ"
"""What stands between day, month and year."""
ORDINALS = "st nd rd th er ère eme ème e ste го е"
YEAR_WORDS = "г год года р рік року r roku m gada g жылғы ж թ"
"""What Russian, Ukrainian, Polish, Lithuanian, Latvian, Kazakh and Armenian put behind a year."""
CLOCK_WORDS = "uhr hrs hs heures heure hours horas uur ur hod год час часа часов बजे बजकर น ч"
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
