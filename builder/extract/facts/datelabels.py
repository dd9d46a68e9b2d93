"""The words by which pages call a date that of publication, or that of a change.

Their patterns are for text in lower case, see `lowered`: ignoring case takes several times as long.
"""

from __future__ import annotations

import re

_PUBLISHED = (
    r"publi|posted|created|written|veröffentlicht|erstellt|erschienen|data de|fecha|creado|criado|pubblicato|creato\b|"
    r"geplaatst|opublik|julkais|udgivet|megjelen|közzét|vydáno|опублик|опублік|создан|δημοσι|"
    r"giriş tarihi|oluşturul|yay[ıi]nlan|diterbitkan|tayang|đăng lúc|xuất bản|"
    r"发布|發布|发表|發表|発表|公開|掲載|投稿|입력|등록|نشر|प्रकाशित"
)
_CHANGED = (
    r"\bmaj (?:le|à)\b|\bakt\.|"
    r"updat|modif|edited(?! by\b)|aktualis|geändert|bearbeitet(?! von\b)|mise? à jour|actuali[sz]|atualiz|aggiorna[tm]|"
    r"bijgewerkt|bewerkt|gewijzigd|aktualiz|edytowan|uppdatera|opp?dater|päivitetty|frissítve|güncelle|"
    r"обновл|изменен|отредактирован|оновлен|更新|تحديث|अपडेट|수정|업데이트|diperbarui|cập nhật"
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
