"""The tablet's addresses: neutral words, and only the first is ever seen."""

from django.urls import path

from . import views

app_name = "counter"
urlpatterns = [
    path("", views.cover, name="front"),
    path("enrol/", views.enrol, name="enrol"),
    path("heartbeat/", views.heartbeat, name="heartbeat"),
    path("help/", views.help_panel, name="help"),
    path("urgent/", views.urgent, name="urgent"),
    path("send/", views.alarm, name="alarm"),
    path("who/", views.who, name="who"),
    path("begin/", views.begin, name="begin"),
    path("resume/", views.resume, name="resume"),
    path("answer/", views.answer, name="answer"),
    path("go/", views.go, name="go"),
    path("mistake/", views.mistake, name="mistake"),
    path("undo/", views.undo, name="undo"),
    path("receipt/", views.receipt, name="receipt"),
    path("finish/", views.finish, name="finish"),
    path("cover/", views.hide, name="cover"),
]
