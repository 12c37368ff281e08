"""The safe-contact banner: red unless somebody said that a way is safe, and in words each time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

CHANNELS: dict[str, str | Promise] = {
    "ring": gettext_lazy("Ring"),
    "text": gettext_lazy("Text message"),
    "voicemail": gettext_lazy("Voicemail"),
    "email": gettext_lazy("E-mail"),
    "visit": gettext_lazy("Visit at home"),
}
# What a tablet's answer calls the number or address of each channel.
GIVEN = {"ring": "number", "text": "number", "voicemail": "number", "email": "email_address", "visit": "address"}
SAYS: dict[str, str | Promise] = {
    "safe": gettext_lazy("safe"),
    "not_safe": gettext_lazy("NOT safe"),
    "not_known": gettext_lazy("not known to be safe"),
}


@dataclass(frozen=True)
class Way:
    """One way of reaching the person."""

    channel: str
    label: str
    safety: str
    says: str
    opened: bool  # for danger to life, with a row of the log
    to: str = ""  # the number or address given for it

    @property
    def safe(self) -> bool:
        """Only an explicit *safe* is safe."""
        return self.safety == "safe"

    @property
    def shown(self) -> str:
        """Where to reach them this way: only if it is safe, or was opened."""
        return self.to if self.safe or self.opened else ""


@dataclass(frozen=True)
class Contact:
    """What is known about reaching the person."""

    ways: list[Way] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)  # when, who must not know, what to say
    known: bool = False

    @property
    def any_safe(self) -> bool:
        """Whether there is a safe way at all."""
        return any(way.safe for way in self.ways)

    @property
    def all_safe(self) -> bool:
        """Whether every way is: only then the frame may look as if nothing could go wrong."""
        return bool(self.ways) and all(way.safe for way in self.ways)


def contact_of(value: Mapping[str, Any] | None, opened: set[str]) -> Contact:
    """The banner for the latest answer about safe contact; anything but *safe* in it is not safe."""
    given = value or {}
    ways = []
    for channel, label in CHANNELS.items():
        safety = str(given.get(channel, "not_known"))
        safety = safety if safety in SAYS else "not_known"
        to = str(given.get(GIVEN[channel]) or "")
        ways.append(Way(channel, str(label), safety, str(SAYS[safety]), channel in opened, to))
    rules = [
        _("When: %(words)s") % {"words": given["times"]} if given.get("times") else "",
        _("Must not know: %(words)s") % {"words": given["not_know"]} if given.get("not_know") else "",
        _("If someone else answers: %(words)s") % {"words": given["announce"]} if given.get("announce") else "",
    ]
    return Contact(ways, [rule for rule in rules if rule], bool(value))
