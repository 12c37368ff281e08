"""The operator's addresses."""

from django.urls import path

from . import views

app_name = "operator"
urlpatterns = [
    path("", views.forces, name="forces"),
    path("forces/<slug:force>/begin/", views.begin, name="begin"),
    path("forces/<slug:force>/sign-in/", views.provider, name="provider"),
    path("lines/", views.lines, name="lines"),
    path("lines/new/", views.line, name="new_line"),
    path("lines/<uuid:line>/", views.line, name="line"),
]
