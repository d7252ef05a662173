"""Sign-in attempts, by which guessing is slowed down, the tokens of programs, and where a person's roles hold."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class SignInAttempt(models.Model):
    """A failed attempt to sign in. In the database, so that every process of the server counts the same."""

    at = models.DateTimeField()
    account = models.CharField(max_length=64)  # a digest: people type passwords into the wrong field
    address = models.CharField(max_length=45)

    class Meta:
        db_table = "sign_in_attempts"
        indexes = [
            models.Index(fields=["account", "at"], name="sign_in_account"),
            models.Index(fields=["address", "at"], name="sign_in_address"),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.address}"


class ApiToken(models.Model):
    """A program's key to the API, as the user it belongs to. Only its digest is kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    label = models.TextField()
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "api_tokens"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.label} of {self.user}"


class PlaceScope(models.Model):
    """A user's roles hold at this place of an operation and at every place inside it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    operation = models.TextField()
    place = models.TextField(blank=True)  # blank: everywhere

    class Meta:
        db_table = "place_scopes"
        constraints = [models.UniqueConstraint(fields=["user", "operation", "place"], name="place_scope_once")]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.user} at {self.place or 'every place'} of {self.operation}"
