"""The county's single sign-on as its file describes it: which OpenID provider, and whom its claim names here."""

import os
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import yaml
from django.core.exceptions import ImproperlyConfigured
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

CODE = "single"
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class Provider(BaseModel):
    """One provider. `claim` must equal a staff code or a username; `contact` is whom to ask for an account.

    Choose a claim that its owner cannot change and that is never given to somebody else.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str = Field(min_length=1, max_length=40)
    issuer: str
    client_id: str = Field(min_length=1)
    client_secret: str = Field(min_length=1, repr=False)
    claim: str = "sub"
    matches: Literal["staff-code", "username"] = "staff-code"
    scopes: tuple[str, ...] = ("openid", "profile")
    contact: str = Field(min_length=1, max_length=200)

    @field_validator("issuer")
    @classmethod
    def sheltered(cls, given: str) -> str:
        """Only https, or this machine itself: the provider's word is taken over this connection."""
        parts = urlsplit(given)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
            raise ValueError("must begin with https://")
        return given.rstrip("/")

    def as_setting(self) -> dict[str, Any]:
        """The provider in the form that django-allauth reads from its setting."""
        app = {
            "provider_id": CODE,
            "name": self.name,
            "client_id": self.client_id,
            "secret": self.client_secret,
            "settings": {"server_url": self.issuer},
        }
        return {"openid_connect": {"APPS": [app], "SCOPE": list(self.scopes), "OAUTH_PKCE_ENABLED": True}}


def configured(home: Path) -> Provider | None:
    """The provider of `CATCHMENT_SINGLE_SIGN_ON`, or of `single-sign-on.yaml` in the home folder; `None` without.

    `CATCHMENT_SINGLE_SIGN_ON_SECRET` goes before the file's own `client_secret`. Raises `ImproperlyConfigured` naming
    the file and each wrong line.
    """
    named = os.environ.get("CATCHMENT_SINGLE_SIGN_ON")
    path = Path(named) if named else home / "single-sign-on.yaml"
    if not named and not path.exists():
        return None
    try:
        given = yaml.safe_load(path.read_text(encoding="utf-8"))
        secret = os.environ.get("CATCHMENT_SINGLE_SIGN_ON_SECRET")
        return Provider.model_validate({**given, **({"client_secret": secret} if secret else {})})
    except ValidationError as error:
        told = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise ImproperlyConfigured(f"{path}: {told}") from None
    except (OSError, TypeError, ValueError, yaml.YAMLError) as error:
        raise ImproperlyConfigured(f"{path}: cannot be read as YAML with names and values ({error})") from None
