"""A city's OpenID provider as a process of its own: Django with django-oauth-toolkit."""

import os

import django
import uvicorn
from django.core.asgi import get_asgi_application
from django.core.management import call_command

from tests.accounts.provider.people import CLIENT, OTHER_CLIENT, PASSWORD, SECRET, STAFF

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.accounts.provider.settings"
django.setup()

from django.contrib.auth.models import User  # noqa: E402 - models can be read after setup() only
from oauth2_provider.models import Application  # noqa: E402

call_command("migrate", verbosity=0)
if not User.objects.exists():
    for name in STAFF:
        User.objects.create_user(name, password=PASSWORD)
    for client in (CLIENT, OTHER_CLIENT):
        Application.objects.create(
            client_id=client, client_secret=SECRET, algorithm="RS256",
            redirect_uris=os.environ["CITY_SENDS_BACK_TO"],
            client_type="confidential", authorization_grant_type="authorization-code",
        )  # fmt: skip
uvicorn.run(get_asgi_application(), host="127.0.0.1", port=int(os.environ["CITY_PORT"]), lifespan="off", ws="none")
