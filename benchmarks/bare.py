"""The floor: a bare Django view with its default middleware that inserts one row, on the same server as the portal."""

import os
from typing import Any

import environ
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path

if not settings.configured:
    database = environ.Env.db_url_config(os.environ["DATABASE_URL"])
    settings.configure(
        SECRET_KEY="the floor",
        ROOT_URLCONF=__name__,
        ALLOWED_HOSTS=["*"],
        DATABASES={"default": {**database, "CONN_MAX_AGE": 600}},
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions"],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
    )

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application
from django.db import connection

from ani_portal.pages import Pages


def insert(request: HttpRequest) -> HttpResponse:
    """One row, committed."""
    with connection.cursor() as cursor:
        cursor.execute("insert into floor (what) values (%s)", [request.POST.get("key", "")])
    return HttpResponse("ok")


urlpatterns = [path("insert/", insert)]
_wsgi: Any = get_wsgi_application()
_threads = int(os.environ.get("WEB_THREADS", "8"))
application = WSGIMiddleware(_wsgi, workers=_threads)
hopping_less = Pages(_wsgi, workers=_threads)  # as the portal itself goes into a thread and back
