"""The desk's addresses. A record goes by its id alone."""

from django.urls import include, path

from . import glass
from .views import passing, queue, record, watching, work

app_name = "triage"
urlpatterns = [
    path("", queue.queue, name="queue"),
    path("rows/", queue.queue_rows, name="rows"),
    path("find/", queue.find, name="find"),
    path("export/", queue.export, name="export"),
    path("information/acknowledge/", queue.acknowledge, name="acknowledge"),
    path("alarms/acknowledge/", queue.acknowledge_alarms, name="acknowledge_alarms"),
    path("notices/<uuid:notice>/seen/", queue.notice_seen, name="notice_seen"),
    path("watch/arm/", watching.arm, name="arm"),
    path("watch/beat/", watching.beat, name="beat"),
    path("watch/disarm/", watching.disarm, name="disarm"),
    path("watch/pause/", watching.pause, name="pause"),
    path("retention/", include("requests.triage.retention.urls")),
    path("records/<uuid:record>/", record.record, name="record"),
    path("records/<uuid:record>/open/", record.open_record, name="open"),
    path("records/<uuid:record>/look/", record.look, name="look"),
    path("records/<uuid:record>/entries/", record.record_entries, name="entries"),
    path("records/<uuid:record>/present/", record.present, name="present"),
    path("records/<uuid:record>/ask-print/", record.ask_print, name="ask_print"),
    path("records/<uuid:record>/print/", record.printed, name="print"),
    path("records/<uuid:record>/claim/", work.claim, name="claim"),
    path("records/<uuid:record>/unclaim/", work.unclaim, name="unclaim"),
    path("records/<uuid:record>/take-over/", work.take_over, name="take_over"),
    path("records/<uuid:record>/reassign/", work.reassign, name="reassign"),
    path("records/<uuid:record>/note/", work.note, name="note"),
    path("records/<uuid:record>/assess/", work.assess, name="assess"),
    path("records/<uuid:record>/incident/", work.incident, name="incident"),
    path("records/<uuid:record>/crime/", work.crime, name="crime"),
    path("records/<uuid:record>/step/", work.step, name="step"),
    path("records/<uuid:record>/channel/", work.open_channel, name="open_channel"),
    path("records/<uuid:record>/line/", work.send_line, name="line"),
    path("records/<uuid:record>/link/", work.link, name="link"),
    path("records/<uuid:record>/unlink/", work.unlink, name="unlink"),
    path("records/<uuid:record>/restricted/", glass.break_glass, name="break_glass"),
    path("records/<uuid:record>/close/", work.close, name="close"),
    path("records/<uuid:record>/reopen/", work.reopen, name="reopen"),
    path("records/<uuid:record>/offer/", passing.offer, name="offer"),
    path("records/<uuid:record>/help/", passing.ask_help, name="ask_help"),
    path("records/<uuid:record>/hand-over-note/", passing.hand_over_note, name="hand_over_note"),
    path("offers/<uuid:offer>/accept/", passing.accept, name="accept"),
    path("offers/<uuid:offer>/decline/", passing.decline, name="decline"),
    path("offers/<uuid:offer>/withdraw/", passing.withdraw, name="withdraw"),
    path("hand-over/", passing.hand_over, name="hand_over"),
    path("hand-over/prepare/", passing.make_hand_over, name="make_hand_over"),
    path("hand-over/<uuid:sheet>/sign/", passing.sign_hand_over, name="sign_hand_over"),
]
