"""A readable form of the register's capitals.

A fixed set of rules, so that the same row always gives the same words and a second import finds nothing changed.
Text that already has small letters is left as somebody wrote it.
"""

import re

# Small inside a name, as in Stoke-on-Trent; "the" only after one of them, for "61 The Street" keeps its capital.
_SMALL = {"and", "at", "by", "for", "in", "le", "of", "on", "over", "sur", "to", "under", "upon", "with"}
_KEPT = {"AJ", "BUPA", "EJ", "GP", "HMP", "II", "III", "IV", "LLP", "NHS", "PLC", "UK", "USA"}
# Words without a vowel that are shortened words and no initials.
_SHORTENED = set(
    re.findall(
        r"\w+",
        "BLDG BLDGS BLDS BLVD BR BRG BRK CNT CNTR CR CRNR CRT CT CTR CTRL CWM DR DRV FL FLR FT GDNS GR GRD GRN GRND "
        "GRP GT HL HLTH HTH LN LNDN LNK LTD MR MRS MS MT NR NTH PK PL PRK RCH RD RTL SHPG SQ ST STH STN STR SVR WM "
        "WRKS",
    )
)
_WHOLE = {"CO-OP": "Co-op", "T/A": "t/a", "C/O": "c/o", "O/S": "o/s"}
_WEB = {"COM", "CO", "UK", "NET", "ORG"}
_ORDINAL = {"ST", "ND", "RD", "TH"}
_CONSONANTS = re.compile("[B-DF-HJ-NP-TV-XZ]+")
_LETTERS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def readable(text: str) -> str:
    """Return `text` with single spaces and, if it was all in capitals, in title case."""
    text = re.sub(r",(?=[^\s\d])", ", ", " ".join(text.split())).strip(" ,")
    if text != text.upper():
        return text
    words = text.split(" ")
    return " ".join(_word(word, before=before) for word, before in zip(words, ["", *words], strict=False))


def _word(word: str, *, before: str) -> str:
    if word in _WHOLE:
        return _WHOLE[word]
    if before and (word.lower() in _SMALL or (word == "THE" and before.lower() in _SMALL)):
        return word.lower()
    return _LETTERS.sub(lambda found: _letters(found, whole=word), word)


def _letters(found: re.Match[str], *, whole: str) -> str:
    """One run of letters, by what stands around it in its word."""
    run, before, after = found[0], whole[: found.start()][-1:], whole[found.end() :][:1]
    if (before.isdigit() and run in _ORDINAL) or (before == "." and run in _WEB and found.start() > 2):
        return run.lower()
    if before == after == "-" and (run.lower() in _SMALL or run == "THE"):
        return run.lower()
    if run in _KEPT or len(run) == 1:
        return run
    if len(run) <= 4 and run not in _SHORTENED and _CONSONANTS.fullmatch(run):
        return run
    if len(run) > 3 and run.startswith("MC") and "'" not in run[:4]:
        return "Mc" + run[2:].capitalize()
    if run[1] in "'’" and run[0] in "ODL" and len(run) > 3:
        return run[:2] + run[2:].capitalize()
    return run.capitalize()
