"""Their addresses, under /triage/retention/."""

from django.urls import path

from . import access, views

app_name = "retention"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("schedule/", views.schedule_page, name="schedule"),
    path("schedule/<uuid:proposal>/agree/", views.agree, name="agree"),
    path("schedule/<uuid:proposal>/decline/", views.decline, name="decline"),
    path("find/", views.find, name="find"),
    path("records/<uuid:record>/", views.record, name="record"),
    path("records/<uuid:record>/ask/", views.ask, name="ask"),
    path("records/<uuid:record>/hold/", views.hold, name="hold"),
    path("holds/<uuid:hold>/lift/", views.lift, name="lift"),
    path("disposals/<uuid:disposal>/approve/", views.approve, name="approve"),
    path("disposals/<uuid:disposal>/cancel/", views.cancel, name="cancel"),
    path("disposals/<uuid:disposal>/now/", views.dispose_now, name="now"),
    path("records/<uuid:record>/access/", access.begin, name="begin_access"),
    path("access/<uuid:access>/", access.review_page, name="access"),
    path("access/<uuid:access>/entries/<uuid:entry>/", access.mask, name="mask"),
    path("access/<uuid:access>/clear/", access.clear, name="clear"),
    path("access/<uuid:access>/copy/", access.copy, name="copy"),
    path("access/<uuid:access>/close/", access.close, name="close_access"),
]
