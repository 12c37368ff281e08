"""The front door: which path leads to which app. With settings.py, the only place that looks up."""

from django.urls import include, path

from . import errors, views
from .accounts import views as accounts

handler400 = errors.bad_request
handler403 = errors.refused
handler404 = errors.not_found
handler500 = errors.server_error

urlpatterns = [
    path("", views.front, name="front"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("sign-in/", accounts.sign_in, name="account_login"),
    path("sign-in/code/", accounts.second_factor, name="mfa_authenticate"),
    path("sign-in/set-up/", accounts.enrol, name="enrol_factor"),
    path("sign-out/", accounts.sign_out, name="account_logout"),
    path("counter/", include("requests.counter.urls")),
    path("triage/", include("requests.triage.urls")),
    path("onboarding/", include("pharmacies.onboarding.urls")),
]
