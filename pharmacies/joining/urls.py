"""Addresses that are open to everybody who wants to come in."""

from django.urls import path

from . import views

app_name = "join"
urlpatterns = [
    path("", views.search, name="search"),
    path("<uuid:site>/", views.ask, name="ask"),
    path("followed/<str:secret>/", views.follow, name="follow"),
    path("invitation/<str:token>/", views.invitation, name="invitation"),
]
