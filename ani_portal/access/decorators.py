"""The permission, outermost on every view. A view without one does not answer (middleware.py)."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse

from .permissions import Door, Permission
from .principals import Principal, resolve
from .refusals import NotSignedIn, Refused, answer_refusal, note_refusal
from .scope import scoped

View = Callable[..., HttpResponseBase]
Getter = Callable[..., object]
Each = Callable[..., Iterable[tuple[str, str, object]]]
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


class GuardedRequest(HttpRequest):
    """What a view behind @allow receives: the request, and who is asking."""

    principal: Principal
    locked: bool  # nobody touched the page for too long: only views that said so answer, and show nothing of a record


def allow(
    permission: Permission,
    *,
    logs: str = "",
    of: Getter | None = None,
    each: Each | None = None,
    when_locked: bool = False,
) -> Callable[[View], View]:
    """Let only who holds `permission` in, inside one transaction of their scope; GET is read-only in the database.

    `logs` names the event of looking: its row is committed before the page is read, and if that fails nothing is shown.
    `each` names what else the page opens, with a row of its own for each: event, kind and id.
    `when_locked` lets it answer while the page is locked; the view then looks at `request.locked`.
    `of` is the getter of what is looked at: what it does not find was not looked at, and is refused.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            try:
                cast(Any, request).answers_locked = when_locked
                if logs:
                    with scoped() as log:
                        principal = cast(GuardedRequest, request).principal = _enter(permission, request)
                        if of is not None:
                            of(principal, *kwargs.values())
                        log.note(logs, by=principal.actor, force=principal.scope.force, on=_object(kwargs))
                        for event, kind, key in each(principal, *kwargs.values()) if each is not None else ():
                            log.note(event, by=principal.actor, force=principal.scope.force, on=(kind, key))
                # ani.enter_tablet takes the gate's lock in the same statement.
                with scoped(read_only=request.method in SAFE_METHODS, gate=permission.door is not Door.COUNTER):
                    cast(GuardedRequest, request).principal = _enter(permission, request)
                    response = view(request, *args, **kwargs)
                    if isinstance(response, TemplateResponse):
                        response.render()  # its queries belong to this scope
                    if response.streaming:
                        raise RuntimeError("a streamed answer would outlive its scope")
                    return response
            except (NotSignedIn, Refused, Http404) as refusal:
                note_refusal(request, permission, refusal, _object(kwargs))
                return answer_refusal(request, permission, refusal)

        guarded.access = permission  # type: ignore[attr-defined]
        guarded.logs = logs  # type: ignore[attr-defined]
        return guarded

    return decorate


def public(reason: str) -> Callable[[View], View]:
    """Let anybody in, and say why."""

    def decorate(view: View) -> View:
        @wraps(view)
        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            try:
                return view(request, *args, **kwargs)
            except Refused as refusal:
                return answer_refusal(request, None, refusal)

        answered.access = reason  # type: ignore[attr-defined]
        return answered

    return decorate


def _enter(permission: Permission, request: HttpRequest) -> Principal:
    principal = resolve(permission.door, request)
    if principal is None:
        raise NotSignedIn
    if not principal.may(permission):
        raise Refused("permission", principal=principal)
    return principal


def _object(kwargs: dict[str, Any]) -> tuple[str, object]:
    for name, value in kwargs.items():
        # An address may say anything; what is longer than any id of ours names nothing.
        return name, value if len(str(value)) <= 64 else ""
    return "", ""


__all__ = ["GuardedRequest", "HttpResponse", "allow", "public"]
