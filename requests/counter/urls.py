"""The tablet's addresses: neutral words, and only the first is ever seen."""

from django.urls import path

from .views import alarm, cover, help, paper, questions, turn

app_name = "counter"
urlpatterns = [
    path("send/", alarm.alarm, name="alarm"),  # first: addresses are tried in this order
    path("", cover.cover, name="front"),
    path("enrol/", cover.enrol, name="enrol"),
    path("heartbeat/", cover.heartbeat, name="heartbeat"),
    path("live/", cover.live, name="live"),
    path("offline/", cover.offline, name="offline"),
    path("offline.js", cover.worker, name="worker"),
    path("cover/", cover.hide, name="cover"),
    path("help/", help.help_panel, name="help"),
    path("help/more/", help.young, name="young"),
    path("card/", help.card, name="card"),
    path("urgent/", alarm.urgent, name="urgent"),
    path("who/", turn.who, name="who"),
    path("own-pin/", turn.own_pin, name="own_pin"),
    path("begin/", turn.begin, name="begin"),
    path("vouch/", turn.vouch, name="vouch"),
    path("resume/", turn.resume, name="resume"),
    path("place/", turn.place, name="place"),
    path("answer/", questions.answer, name="answer"),
    path("go/", questions.go, name="go"),
    path("back/", questions.back, name="back"),
    path("mistake/", questions.mistake, name="mistake"),
    path("undo/", questions.undo, name="undo"),
    path("receipt/", questions.receipt, name="receipt"),
    path("take-back/", questions.take_back, name="take_back"),
    path("finish/", questions.finish, name="finish"),
    path("paper/", paper.paper, name="paper"),
    path("paper/sheet/", paper.sheet, name="sheet"),
    path("paper/key-in/", paper.key_in, name="key_in"),
    path("paper/shred/", paper.shred, name="shred"),
]
