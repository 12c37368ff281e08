"""Signing in and out."""

from allauth.account.views import LoginView, LogoutView

from ani_portal.access.decorators import public

sign_in = public("signing in is what it is for")(LoginView.as_view())
sign_out = public("signing out harms nobody; a GET asks first")(LogoutView.as_view())
