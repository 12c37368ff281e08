"""The operator's addresses."""

from django.urls import path

from . import views

app_name = "operator"
urlpatterns = [path("", views.forces, name="forces"), path("forces/<slug:force>/begin/", views.begin, name="begin")]
