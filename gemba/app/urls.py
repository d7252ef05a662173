"""Addresses: sign-in, the API, static files, and the pages."""

from __future__ import annotations

from django.contrib.auth.views import LoginView, LogoutView
from django.contrib.staticfiles.views import serve
from django.urls import include, path, re_path

from gemba.app.api.urls import api
from gemba.app.security.throttle import SignInForm

SIGN_IN = LoginView.as_view(
    template_name="web/sign_in.html", authentication_form=SignInForm, redirect_authenticated_user=True
)

urlpatterns = [
    path("sign-in/", SIGN_IN, name="sign-in"),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
    path("api/v1/", api.urls),
    # Served by the web server itself where it can (``gemba serve`` does); here for every other one.
    re_path(r"^static/(?P<path>.+)$", serve, {"insecure": True}),
    path("", include("gemba.app.web.urls")),
]
