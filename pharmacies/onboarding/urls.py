"""The coordinator's addresses."""

from django.urls import path

from . import views

app_name = "onboarding"
urlpatterns = [
    path("", views.pharmacies, name="pharmacies"),
    path("pharmacies/<uuid:pharmacy>/tablets/new/", views.new_tablet, name="new_tablet"),
    path("tablets/<uuid:tablet>/revoke/", views.revoke_tablet, name="revoke_tablet"),
]
