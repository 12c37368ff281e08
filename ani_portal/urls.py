"""The front door: which path leads to which app. With settings.py, the only place that looks up."""

from django.urls import URLPattern, URLResolver, include, path

from pharmacies.external import views as external
from pharmacies.finder.views import finder
from pharmacies.parts import views as parts
from requests.reports.metrics import metrics
from requests.reports.papers import papers
from requests.reports.schedule import retention, take_back

from . import errors, views
from .accounts.views import again, own, passkeys, sign_in

handler400 = errors.bad_request
handler403 = errors.refused
handler404 = errors.not_found
handler500 = errors.server_error

EVERYWHERE = [
    path("", views.front, name="front"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("api/v1/", views.no_api, name="api"),
    path("api/v1/<path:rest>", views.no_api, name="api_rest"),
]
# What everybody with a password needs; not served where the tablets are, if those have a host of their own.
SIGNED_IN = [
    path("sign-in/", sign_in.sign_in, name="account_login"),
    path("sign-in/code/", sign_in.second_factor, name="mfa_authenticate"),
    path("sign-in/set-up/", sign_in.enrol, name="enrol_factor"),
    path("sign-in/force/<slug:code>/", external.begin, name="external_begin"),
    path("sign-in/force/<slug:code>/back/", external.back, name="external_back"),
    path("sign-in/force/<slug:code>/finish/", external.finish, name="external_finish"),
    path("sign-in/force/<slug:code>/log-out/", external.logged_out, name="external_logged_out"),
    path("sign-out/", sign_in.sign_out, name="account_logout"),
    path("account/", own.account, name="account"),
    path("account/parts/", parts.parts, name="account_parts"),
    path("account/parts/<uuid:part>/", parts.choose, name="account_choose_part"),
    path("account/again/", again.again, name="account_again"),
    path("account/lock/", again.lock, name="account_lock"),
    path("account/here/", again.here, name="account_here"),
    path("account/password/", own.password, name="account_password"),
    path("account/recovery-codes/", own.recovery_codes, name="account_recovery_codes"),
    path("account/passkeys/add/", passkeys.add_passkey, name="account_add_passkey"),
    path("account/passkeys/remove/", own.remove_passkey, name="account_remove_passkey"),
    path("account/sessions/end/", own.end_session, name="account_end_session"),
]
DOORS: dict[str, list[URLPattern | URLResolver]] = {
    "counter": [path("counter/", include("requests.counter.urls"))],
    "triage": [path("triage/", include("requests.triage.urls"))],
    "onboarding": [
        path("onboarding/paper/", papers, name="papers"),
        path("onboarding/force/retention/", retention, name="force_retention"),
        path("onboarding/force/retention/<uuid:proposal>/take-back/", take_back, name="force_retention_take_back"),
        path("onboarding/", include("pharmacies.onboarding.urls")),
        path("join/", include("pharmacies.joining.urls")),
        path("find/", finder, name="find"),
    ],
    "audit": [path("audit/", include("ani_portal.audit.urls"))],
    "operator": [path("operator/", include("pharmacies.operator.urls"))],
}
# The doors first: addresses are tried in this order, and the alarm is behind the first.
urlpatterns = [*(route for routes in DOORS.values() for route in routes), *EVERYWHERE, *SIGNED_IN]
