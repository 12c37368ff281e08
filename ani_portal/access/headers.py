"""Headers that every response carries, whatever made it."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

FIXED = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": "accelerometer=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(),"
    " payment=(), usb=()",
    # "no-referrer" would also turn the Origin of our own forms into "null".
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}


def fixed_headers(*, secure: bool) -> dict[str, str]:
    """What every answer carries; over TLS also that it is to stay so."""
    if not (secure and settings.SECURE_HSTS_SECONDS):
        return FIXED
    return FIXED | {"Strict-Transport-Security": f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains; preload"}


class HeadersMiddleware:
    """Outermost, so that also what another middleware refuses or serves carries them; keeps every page out of every cache."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in fixed_headers(secure=request.is_secure()).items():
            response.headers.setdefault(name, value)
        # Only what has its fingerprint in its name may be kept: WhiteNoise says so.
        if "immutable" not in response.headers.get("Cache-Control", ""):
            response.headers["Cache-Control"] = "no-store"
        return response
