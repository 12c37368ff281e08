"""OpenID Connect, as the relying party: the authorisation code flow with PKCE, and back-channel log-out.

OpenID Connect Core 1.0, RFC 7636 (PKCE), RFC 9207 (issuer in the answer), OpenID Connect Back-Channel Logout 1.0.
"""

import os
import secrets
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from django.conf import settings
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from .deadline import within

# Signatures by a private key of the provider's only; never "none", never the client's secret as a key.
ALGORITHMS = ["RS256", "PS256", "ES256", "ES384", "EdDSA"]
SCOPE = "openid profile email"
TIMEOUT = 5.0  # seconds for each part of an answer of the provider
DEADLINE = 8.0  # seconds for all that is asked of it at one step of a sign-in
KEPT_FOR = 600  # seconds for which a provider's addresses and keys are believed
ASK_KEYS_AGAIN = 60  # seconds between two looks for a key that was not there
FAILED_FOR = 15  # seconds for which a provider that did not answer is not asked again
# Threads of a process that may wait for providers: the other half is the alarm's.
AT_ONCE = max(1, int(os.environ.get("WEB_THREADS", "8")) // 2)
EACH = 2  # of them for one provider, the second only while as many stay free: a slow one keeps no other force out
LEEWAY = 60  # seconds by which clocks may differ
LARGEST = 512 * 1024  # bytes of its answers at one step
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
LOGOUT_TOKEN_AGE = 300  # seconds for which a log-out token is good


def _plain(answer: httpx.Response) -> None:
    """A few packed bytes may be very many unpacked ones; nobody needs that of answers as small as these."""
    if answer.headers.get("Content-Encoding", "identity") != "identity":
        raise httpx.DecodingError("packed", request=answer.request)


PLAIN = {"request": [lambda request: request.headers.update({"Accept-Encoding": "identity"})], "response": [_plain]}


class OpenIDError(Exception):
    """The provider's answer cannot be believed, or did not come. `reason` is a short code for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Busy(OpenIDError):
    """No thread may wait for the provider now: others do already."""


@dataclass(frozen=True)
class Client:
    """What we are to one provider."""

    issuer: str
    client_id: str
    secret: str


@dataclass(frozen=True)
class Attempt:
    """One sign-in that was begun: kept by the browser, sealed, until the provider sends it back."""

    state: str
    nonce: str
    verifier: str
    began: float = field(default_factory=time.time)  # whoever signed in there before that is asked again

    def dump(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)


@dataclass
class _Known:
    endpoints: dict[str, Any]
    keys: KeySet
    at: float


_known: dict[str, _Known] = {}
_failed: dict[str, float] = {}
_lock = threading.Lock()
_asking: set[str] = set()  # issuers whose addresses and keys somebody is asking for
_calls: Counter[str] = Counter()  # how many threads wait for each issuer


@contextmanager
def _calling(issuer: str) -> Iterator[None]:
    with _lock:
        mine, free = _calls[issuer], AT_ONCE - _calls.total()
        if free < 1 or mine >= EACH or (mine and free <= EACH):
            raise Busy("busy")
        _calls[issuer] += 1
    try:
        yield
    finally:
        with _lock:
            _calls[issuer] -= 1


def is_address(url: str) -> bool:
    """Whether an address may be a provider's: https; plain http on the loopback only where somebody tries things out."""
    found = httpx.URL(url)
    return found.scheme == "https" or (
        settings.TRYOUT and found.scheme == "http" and found.host in ("127.0.0.1", "localhost")
    )


def begin(client: Client, redirect_uri: str, *, values: str = "") -> tuple[str, Attempt]:
    """The provider's address to send the browser to, and what to keep until it comes back.

    The provider always asks anew: its own session, which may be days old, opens none here. `values` are the acr values to
    ask it for. Busy and OpenIDError where it does not answer.
    """
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    attempt = Attempt(state, nonce, verifier)
    more: dict[str, Any] = {"nonce": attempt.nonce, "prompt": "login", "max_age": 0}
    if values:
        more["acr_values"] = values
    with _client(client, redirect_uri) as http:
        address, _state = http.create_authorization_url(
            _provider(client.issuer).endpoints["authorization_endpoint"],
            state=attempt.state, code_verifier=attempt.verifier, **more,
        )  # fmt: skip
    return str(address), attempt


def finish(client: Client, attempt: Attempt, redirect_uri: str, answer: dict[str, str]) -> dict[str, Any]:
    """The claims about whoever signed in at the provider, from what the browser brought back; OpenIDError otherwise."""
    known = _provider(client.issuer)
    if not secrets.compare_digest(answer.get("state", "").encode(), attempt.state.encode()):
        raise OpenIDError("state")
    if answer.get("iss", client.issuer) != client.issuer:
        raise OpenIDError("issuer")
    if "error" in answer or not answer.get("code"):
        raise OpenIDError("refused by the provider")
    try:
        with _calling(client.issuer), _client(client, redirect_uri) as http:
            token = http.fetch_token(
                known.endpoints["token_endpoint"], code=answer["code"], code_verifier=attempt.verifier
            )
    except (httpx.HTTPError, AuthlibBaseError, ValueError, RecursionError) as fault:
        raise OpenIDError("code") from fault
    claims = _read(client, token.get("id_token", ""))
    if not secrets.compare_digest(str(claims.get("nonce", "")).encode(), attempt.nonce.encode()):
        raise OpenIDError("nonce")
    if not attempt.began - LEEWAY <= _number(claims.get("auth_time")) <= time.time() + LEEWAY:
        raise OpenIDError("not asked again")
    return claims


def read_logout_token(client: Client, token: str) -> dict[str, Any]:
    """The claims of a log-out token (Back-Channel Logout 1.0, 2.6); OpenIDError if it is none."""
    claims = _read(client, token, kind="logout+jwt")
    events = claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(LOGOUT_EVENT), dict) or "nonce" in claims:
        raise OpenIDError("no log-out token")
    if not claims.get("jti") or not (claims.get("sub") or claims.get("sid")):
        raise OpenIDError("no log-out token")
    if time.time() - _number(claims.get("iat")) > LOGOUT_TOKEN_AGE:
        raise OpenIDError("expired")
    return claims


def _read(client: Client, text: str, kind: str = "") -> dict[str, Any]:
    token = _verified(client.issuer, text)
    claims, now = dict(token.claims), time.time()
    named = str(token.header.get("typ", "")).lower()
    if named not in ("", "jwt", kind) or (not kind and LOGOUT_EVENT in (claims.get("events") or {})):
        raise OpenIDError("kind of token")
    if claims.get("iss") != client.issuer:
        raise OpenIDError("issuer")
    audience = claims.get("aud")
    meant = audience if isinstance(audience, list) else [audience]
    if client.client_id not in meant or (len(meant) > 1 and claims.get("azp") != client.client_id):
        raise OpenIDError("audience")
    if claims.get("azp", client.client_id) != client.client_id:
        raise OpenIDError("audience")
    if _number(claims.get("exp")) < now - LEEWAY or _number(claims.get("iat")) > now + LEEWAY:
        raise OpenIDError("expired")
    if not kind and not (isinstance(claims.get("sub"), str) and claims["sub"]):
        raise OpenIDError("subject")
    return claims


def _verified(issuer: str, text: str) -> jwt.Token:
    known = _provider(issuer)
    for last in (False, True):
        try:
            return jwt.decode(text, known.keys, algorithms=ALGORITHMS)
        except (JoseError, ValueError, TypeError, RecursionError) as fault:
            # The provider may have a new key; looked for at most once a minute, whoever sends us tokens.
            if last or time.monotonic() - known.at < ASK_KEYS_AGAIN:
                raise OpenIDError("signature") from fault
            known = _ask(issuer)
    raise OpenIDError("signature")


def _number(value: Any) -> float:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else 0.0


def _client(client: Client, redirect_uri: str) -> Any:
    return OAuth2Client(
        client.client_id, client.secret, token_endpoint_auth_method="client_secret_basic", scope=SCOPE,  # noqa: S106
        redirect_uri=redirect_uri, code_challenge_method="S256", timeout=TIMEOUT, trust_env=False,
        follow_redirects=False, transport=within(DEADLINE, LARGEST), event_hooks=PLAIN,
    )  # fmt: skip


def _provider(issuer: str) -> _Known:
    with _lock:
        known = _known.get(issuer)
        failed = _failed.get(issuer)
    if known is not None and time.monotonic() - known.at < KEPT_FOR:
        return known
    if failed is not None and time.monotonic() - failed < FAILED_FOR:
        raise OpenIDError("provider does not answer")
    return _ask(issuer)


def _ask(issuer: str) -> _Known:
    with _lock:
        if issuer in _asking:
            raise Busy("busy")
        _asking.add(issuer)
    try:
        with _calling(issuer):
            known = _asked(issuer)
    except Busy:
        raise
    except OpenIDError:
        with _lock:
            _failed[issuer] = time.monotonic()
        raise
    finally:
        with _lock:
            _asking.discard(issuer)
    with _lock:
        _known[issuer] = known
        _failed.pop(issuer, None)
    return known


def _asked(issuer: str) -> _Known:
    try:
        transport = within(DEADLINE, LARGEST)
        with httpx.Client(
            timeout=TIMEOUT, trust_env=False, follow_redirects=False, transport=transport, event_hooks=PLAIN
        ) as http:
            endpoints = _json(http, issuer.rstrip("/") + "/.well-known/openid-configuration")
            if endpoints.get("issuer") != issuer:
                raise OpenIDError("issuer")
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                if not is_address(str(endpoints.get(name, ""))):
                    raise OpenIDError("addresses")
            keys = KeySet.import_key_set(_json(http, endpoints["jwks_uri"]))  # type: ignore[arg-type]
    except (httpx.HTTPError, httpx.InvalidURL, JoseError, ValueError, TypeError, KeyError, RecursionError) as fault:
        raise OpenIDError("provider does not answer") from fault
    return _Known(endpoints, keys, time.monotonic())


def _json(http: httpx.Client, address: str) -> dict[str, Any]:
    if not is_address(address):
        raise OpenIDError("addresses")
    found = http.get(address).raise_for_status().json()
    if not isinstance(found, dict):
        raise OpenIDError("provider does not answer")
    return found
