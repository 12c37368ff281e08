"""Passing a record on: offered to another force, or handed to the next shift."""

from uuid import UUID, uuid4

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ani_portal.access.principals import Principal
from ani_portal.access.scope import current_log
from pharmacies.models import ForceSettings

from ..enums import DeclineReason, EntryKind, Event, NoticeKind, OfferReason, State
from ..models import CodewordRequest, HandOver, Offer
from .counter import add_entry
from .desk import tell_officer
from .phones import remember_again
from .shared import NotPossible, acted, call, held, locked, note, tell

_WHY_NOT = {
    "gone": gettext_lazy("It is not here any more."),
    "not held": gettext_lazy("Claim it first."),
    "there": gettext_lazy(
        "The person is still at the pharmacy, as far as is known. Ask the other force for help instead."
    ),
    "already": gettext_lazy("It is offered already."),
    "force": gettext_lazy("That force does not use the desk."),
}


def offer(*, by: Principal, record: CodewordRequest, to_force: int, reason: OfferReason) -> None:
    """Offer a record that one holds to another force. One's own force stays responsible, and the clock runs on."""
    became = call("offer_record", record.pk, to_force, str(reason))
    if became != "offered":
        raise NotPossible(str(_WHY_NOT.get(became, _WHY_NOT["gone"])))
    note(Event.OFFERED, record, by, to_force=to_force, reason=str(reason))
    acted(record)


def accept(*, by: Principal, offer: Offer) -> None:
    """Take an offered record on: from here it is this force's, and this officer holds it."""
    _decide(by, offer, "accepted")
    # The sender's fingerprints went with the sender's key.
    remember_again(by=by, record=CodewordRequest.objects.get(pk=offer.record_id))
    for force in (offer.from_force_id, offer.to_force_id):
        current_log().note(Event.PASSED, by=by.actor, force=force, on=("record", offer.record_id), offer=str(offer.pk))


def decline(*, by: Principal, offer: Offer, reason: DeclineReason) -> None:
    """Send an offer back with a reason."""
    _decide(by, offer, "declined", str(reason))
    _ended(by, offer, "declined", reason=str(reason))


def withdraw(*, by: Principal, offer: Offer) -> None:
    """Take an offer back, if nobody has decided it yet."""
    _decide(by, offer, "withdrawn")
    _ended(by, offer, "withdrawn")


def _decide(by: Principal, offer: Offer, verdict: str, why: str = "") -> None:
    became = call("decide_offer", offer.pk, verdict, why)
    if became != verdict:
        raise NotPossible(_("That offer was decided before."))


def _ended(by: Principal, offer: Offer, verdict: str, **detail: str) -> None:
    for force in (offer.from_force_id, offer.to_force_id):
        current_log().note(
            Event.OFFER_ENDED, by=by.actor, force=force, on=("record", offer.record_id), how=verdict, **detail
        )


def add_hand_over_note(*, by: Principal, record: CodewordRequest, text: str, key: UUID) -> None:
    """What the next shift must know of a record that one holds."""
    record = held(by, record)
    add_entry(by=by, record=record, key=key, kind=EntryKind.HAND_OVER, value={"text": text})
    acted(record)


def own_open(by: Principal) -> list[CodewordRequest]:
    """What this officer holds."""
    return list(
        CodewordRequest.objects.filter(
            force_id=by.force_id, state=State.CLAIMED, claimed_by_id=UUID(by.actor.id)
        ).order_by("released_at")
    )


def without_note(records: list[CodewordRequest]) -> list[CodewordRequest]:
    """Those that their holder wrote no note about since they claimed them. A note that one may not read counts too."""
    ids = [record.pk for record in records]
    with connection.cursor() as cursor:
        cursor.execute("select record from ani.noted_by_holder(%s) record", [ids])
        noted = {record for (record,) in cursor.fetchall()}
    return [record for record in records if record.pk not in noted]


def let_go(*, by: Principal) -> int:
    """Sign out all the same, while holding records: each claim counts as one that nobody acts on, from now. So every queue
    of the force sounds at once, and the worker tells supervisors and the tablets. How many there were."""
    found = own_open(by)
    limit = ForceSettings.objects.get(force_id=by.force_id).claim_limit
    for held_before in found:
        record = locked(held_before)
        if record.state == State.CLAIMED and str(record.claimed_by_id) == by.actor.id:
            record.claimed_at, record.acted_at = timezone.now() - limit, None
            record.save(update_fields=["claimed_at", "acted_at"])
            note(Event.LET_GO, record, by)
            tell(record)
    return len(found)


def make_hand_over(*, by: Principal) -> HandOver:
    """Prepare the sheet. Every record that one holds needs its note first."""
    if without := without_note(own_open(by)):
        raise NotPossible(_("Write a note for %(reference)s first.") % {"reference": without[0].reference})
    known = HandOver.objects.filter(made_by_id=UUID(by.actor.id), signed_at__isnull=True).first()
    if known is not None:
        return known
    made = HandOver.objects.create(id=uuid4(), force_id=by.force_id, made_by_id=UUID(by.actor.id))
    current_log().note(Event.SHEET_MADE, by=by.actor, force=by.force_id, on=("sheet", made.pk))
    return made


def sign_hand_over(*, by: Principal, sheet: HandOver) -> int:
    """The incoming officer signs: what the other held is theirs from now on. How many there were."""
    me, now = UUID(by.actor.id), timezone.now()
    if sheet.made_by_id == me:
        raise NotPossible(_("Whoever takes over signs it."))
    passed = list(
        CodewordRequest.objects.select_for_update(of=("self",), no_key=True)
        .filter(force_id=by.force_id, state=State.CLAIMED, claimed_by_id=sheet.made_by_id)
        .order_by("pk")
    )
    if without := without_note(passed):
        raise NotPossible(
            _("%(references)s: no note for the next shift yet. Ask %(officer)s for it, or take it over from its page.")
            % {"references": ", ".join(one.reference for one in without), "officer": sheet.made_by.display_name}
        )
    # Written last: a refusal leaves the sheet as it was.
    signed = HandOver.objects.filter(pk=sheet.pk, signed_at__isnull=True).update(signed_at=now, signed_by_id=me)
    if not signed:
        raise NotPossible(_("It was signed before."))
    for record in passed:
        record.claimed_by_id, record.claimed_at, record.acted_at = me, now, now
        record.save(update_fields=["claimed_by", "claimed_at", "acted_at"])
        note(Event.HANDED_OVER, record, by, sheet=str(sheet.pk))
        tell_officer(by, record, sheet.made_by_id, NoticeKind.TAKEN_OVER)
        tell(record)
    current_log().note(Event.HANDED_OVER, by=by.actor, force=by.force_id, on=("sheet", sheet.pk), count=len(passed))
    return len(passed)
