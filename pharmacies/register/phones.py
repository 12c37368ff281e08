"""Telephone numbers as people and spreadsheets write them."""

import re

from django.utils.translation import gettext as _

_SHAPE = re.compile(r"0\d{9,10}")


def tidy(text: str, notes: list[str]) -> str:
    """The number with what a spreadsheet took away put back, or "" where it cannot be one; `notes` says so.

    A UK number has ten or eleven digits and begins with 0 (Ofcom's numbering plan). Spreadsheets drop that 0, or write
    the number with an exponent, and then digits are lost for good.
    """
    if not text:
        return ""
    digits = re.sub(r"[\s().-]|^\+44\s*(\(0\))?", "", text)
    if text.lstrip().startswith("+44") and not digits.startswith("0"):
        digits = f"0{digits}"
    if re.fullmatch(r"[1-9]\d{8,9}", digits):
        notes.append(_("The telephone number “%(was)s” had lost its first 0, which was put back.") % {"was": text})
        return f"0{digits}"
    if not _SHAPE.fullmatch(digits):
        notes.append(_("“%s” is not a telephone number; it was left out.") % text)
        return ""
    return text if text.startswith("0") else digits
