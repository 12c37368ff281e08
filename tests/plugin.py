"""Loaded before Django's settings: gives them addresses that the `database` fixture fills in."""

import os

from ani_portal.engine.server import URL_NAMES

os.environ["ANI_TRYOUT"] = "1"
os.environ["DJANGO_SETTINGS_MODULE"] = "ani_portal.settings"
os.environ["SECRET_KEY"] = "of the tests alone"
os.environ["PIN_PEPPER"] = "of the tests alone"
os.environ["MASTER_KEYS"] = "k1:" + "A" * 43 + "="
os.environ["BACKUP_KEY"] = "B" * 43 + "="
for role, name in URL_NAMES.items():
    os.environ[name] = f"postgres://{role}:none@127.0.0.1:1/none"
# Playwright's own event loop runs in the test's thread; nothing of ours is asynchronous there.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
