"""The provider's addresses: what OpenID Connect asks for, and a page to log in."""

from django.contrib.auth.views import LoginView
from django.urls import include, path

urlpatterns = [path("oidc/", include("oauth2_provider.urls")), path("log-in", LoginView.as_view())]
