"""Cards to turn to the person: each language is one file, and without a reviewer it is not offered."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True)
class Card:
    """One language: its code and own name, who reviewed the wording, and the words."""

    code: str
    name: str
    reviewed_by: str
    reviewed_on: str
    lead: str
    questions: tuple[str, ...]
    yes: str
    no: str
    end: str
    english: tuple[str, ...] = ()  # the questions as the staff read them


@cache
def every() -> dict[str, Card]:
    """All files by their language, reviewed or not."""
    found = {}
    for file in sorted(resources.files(__package__).joinpath("card_words").iterdir(), key=str):
        if file.name.endswith(".toml"):
            words = tomllib.loads(file.read_text("utf-8"))
            found[words["code"]] = Card(**{**words, "questions": tuple(words["questions"])})
    english = found["en"].questions
    return {code: Card(**{**vars(card), "english": english}) for code, card in found.items()}


def offered() -> list[Card]:
    """Those whose wording somebody answers for, English first."""
    reviewed = [card for card in every().values() if card.reviewed_by and card.reviewed_on]
    return sorted(reviewed, key=lambda card: (card.code != "en", card.name))


def card(code: str) -> Card | None:
    """The card of a language that is offered."""
    return next((card for card in offered() if card.code == code), None)
