"""The desk's addresses. A record goes by its id alone."""

from django.urls import include, path

from . import views

app_name = "triage"
urlpatterns = [
    path("", views.queue, name="queue"),
    path("rows/", views.queue_rows, name="rows"),
    path("information/acknowledge/", views.acknowledge, name="acknowledge"),
    path("retention/", include("requests.triage.retention.urls")),
    path("records/<uuid:record>/", views.record, name="record"),
    path("records/<uuid:record>/open/", views.open_record, name="open"),
    path("records/<uuid:record>/entries/", views.record_entries, name="entries"),
    path("records/<uuid:record>/claim/", views.claim, name="claim"),
    path("records/<uuid:record>/unclaim/", views.unclaim, name="unclaim"),
    path("records/<uuid:record>/close/", views.close, name="close"),
]
