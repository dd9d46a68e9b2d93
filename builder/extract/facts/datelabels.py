"""The words by which pages call a date that of publication, or that of a change.

Their patterns are for text in lower case, see `lowered`: ignoring case takes several times as long.
"""

from __future__ import annotations

import re

_HERE = r"(?=\s*(?::|on\b|at\b|\d|\Z))"
"""Behind words that stories use too: the date follows."""
_PUBLISHED = (
    r"publi|posted|created|written|veröffentlich|erstellt|erschienen|gepostet|eingestellt am|online seit|data de|fecha|"
    r"creado|criado|pubblicato|creato\b|postado|escrito (?:el|em)\b|cré[ée]e? le\b|posté|mise? en ligne|parue? le\b|"
    r"rédigée? le\b|écrit le\b|ecrit le\b|"
    r"geplaatst|opublik|julkais|udgivet|megjelen|közzét|vydáno|публикац|публікац|опублик|опублік|создан|размещ[её]н|"
    r"добавлен|δημοσι|giriş(?: tarihi|\s*:|\s*\Z)|oluşturul|yay[ıi]nlan|yayın tarihi|eklenme|"
    r"diterbitkan|tayang|đăng lúc|xuất bản|"
    r"发布|發布|發佈|发表|發表|発表|公開|掲載|投稿|作成日|発行日|配信(?:日|\s*[:：]|\s*\Z)|입력|등록|"
    r"نشر|نُشر|أضيف|प्रकाशित|प्रकाशन|पब्लिश|पोस्ट"
)
_CHANGED = (
    r"m(?<=\bm)[aà]j\b(?: (?:le|à)\b|\s*:)|a(?<=\ba)kt\.|a(?<=\ba)ct\.(?=\s*(?:\d|\Z))|"
    rf"revised{_HERE}|corrected{_HERE}|amended{_HERE}|changed{_HERE}|"
    r"updat|modif|edited(?! by\b)|aktualis|geändert|ä(?<=\bä)nderung(?:en|sdatum)?\b(?! vorbehalten)|"
    r"überarbeitet(?! von\b)|bearbeitet(?! von\b)|mise? à jour|corrigée? le\b|révisée? le\b|"
    r"actuali[sz]|atualiz|alterado|editado(?! por\b)|aggiorna[tm]|"
    r"bijgewerkt|bewerkt|gewijzigd|aktualiz|edytowan|uppdatera|opp?dater|päivitetty|frissítve|güncelle|değiştirilme|"
    r"düzenleme(?: tarihi)?(?=\s*(?::|\Z))|"
    r"обновл|изменен|отредактирован|исправлен|оновлен|更新|改訂日|修正日|수정|업데이트|"
    r"تحديث|تاريخ التعديل|آخر تعديل|تم (?:ال)?تعديل|अपडेट|संशोधित|अद्यतन|diperbarui|cập nhật"
)
PUBLISHED = re.compile(_PUBLISHED)
UPDATED = re.compile(_CHANGED)
EITHER = re.compile(f"{_PUBLISHED}|{_CHANGED}")


def lowered(text: str) -> str:
    """A text in lower case, no letter more or less: the Turkish İ would be two.

    >>> lowered("Giriş TARİHİ")
    'giriş tarihi'
    """
    return text.replace("İ", "i").lower()
