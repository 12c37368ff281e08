"""Which searches of this session the log knows: only those are shown, by whatever address somebody came.

What was looked for is not kept, only a keyed digest of it.
"""

from django.utils.crypto import salted_hmac

from ani_portal.access.decorators import GuardedRequest
from ani_portal.access.scope import current_log

from .. import actions
from ..enums import Event
from .finding import MOST, Filter, records

KEPT = "searched"
MOST_KEPT = 20


def is_logged(request: GuardedRequest, wanted: Filter) -> bool:
    """Whether it may be shown: it needs no row of the log, or this person made one in this session."""
    return not wanted.needs_row or _digest(request, wanted) in request.session.get(KEPT, [])


def log(request: GuardedRequest, wanted: Filter) -> None:
    """Leave the rows of a search that needs them, and let the session show what it found."""
    if not wanted.needs_row:
        return
    by = request.principal
    current_log().note(Event.SEARCHED, by=by.actor, force=by.force_id)
    if wanted.reference or wanted.number:
        # Looked for by what names it: who did stands with the record. A day or a pharmacy names none.
        actions.note_found(by=by, records=records(by, wanted).values_list("pk", flat=True)[:MOST])
    digest = _digest(request, wanted)
    others = [one for one in request.session.get(KEPT, []) if one != digest]
    request.session[KEPT] = [*others, digest][-MOST_KEPT:]


def _digest(request: GuardedRequest, wanted: Filter) -> str:
    by = request.principal
    # Of one person in one force: another part of theirs writes into another log.
    text = f"{by.force_id} {by.actor.id} {wanted.query()}"
    return salted_hmac("requests.triage.searched", text, algorithm="sha256").hexdigest()[:32]
