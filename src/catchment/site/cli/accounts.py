"""Accounts: the first administrator, links to set a password, disabling, a lost second factor."""

from datetime import date
from typing import Annotated, Any

import typer

from catchment.site.cli import running
from catchment.site.cli.output import AsJson, CommandError, show_json, show_table

Username = Annotated[str, typer.Argument(help="The name to sign in with.")]
PATH = "/account/password/link/"


def setup_administrator(
    username: Username,
    name: Annotated[str, typer.Option(help="The administrator's name.")],
    facility: Annotated[str, typer.Option(help="The code of the facility they work at.")],
    as_json: AsJson = False,
) -> None:
    """Make the county's first administrator; prints the address where they set their password, once."""
    running.ready()
    from django.db import transaction
    from django.utils import timezone

    from catchment.kernel import clock
    from catchment.rooms.places.models import Facility
    from catchment.rooms.staff import actions, queries
    from catchment.rooms.staff.types import Role

    place = Facility.objects.filter(code=facility).first()
    if place is None:
        raise CommandError(f"没有代码为 {facility} 的机构 · no facility has the code {facility}")
    if any(post.role == Role.ADMINISTRATOR for post in queries.open_posts(timezone.localdate())):
        raise CommandError("已有系统管理员，请由其添加账号 · there is an administrator already; let them add accounts")
    actor, now = running.operator("staff.manage"), clock.now()
    with transaction.atomic():
        person = actions.create_practitioner(actor=actor, now=now, code=username, name=name)
        today: date = timezone.localdate(now)
        actions.open_post(
            actor=actor, now=now, practitioner_id=person.pk, facility_id=place.pk, role=Role.ADMINISTRATOR, since=today
        )
        actions.create_user_for(actor=actor, now=now, practitioner_id=person.pk, username=username)
        link = actions.issue_password_link(actor=actor, now=now, username=username)
    _tell({"username": username, "set_password_at": PATH + link}, as_json)


def password_link(username: Username, as_json: AsJson = False) -> None:
    """Print the address where a user sets a new password, once and within a day."""
    running.ready()
    from catchment.kernel import clock
    from catchment.rooms.staff import actions

    link = actions.issue_password_link(actor=running.operator("staff.manage"), now=clock.now(), username=username)
    _tell({"username": username, "set_password_at": PATH + link}, as_json)


def disable(username: Username, as_json: AsJson = False) -> None:
    """Shut a user out at once: no sign-in, no session, no token."""
    _set_active(username, as_json, active=False)


def enable(username: Username, as_json: AsJson = False) -> None:
    """Let a disabled user sign in again."""
    _set_active(username, as_json, active=True)


def reset_second_factor(username: Username, as_json: AsJson = False) -> None:
    """Take away a user's second factors, for a lost phone; their sessions end."""
    running.ready()
    from catchment.kernel import clock
    from catchment.rooms.staff import actions

    removed = actions.reset_second_factor(actor=running.operator("staff.manage"), now=clock.now(), username=username)
    _tell({"username": username, "removed": removed}, as_json)


def _set_active(username: str, as_json: bool, *, active: bool) -> None:
    running.ready()
    from catchment.kernel import clock
    from catchment.rooms.staff import actions

    actor = running.operator("staff.manage")
    user = actions.set_user_active(actor=actor, now=clock.now(), username=username, active=active)
    _tell({"username": user.username, "active": user.is_active}, as_json)


def _tell(row: dict[str, Any], as_json: bool) -> None:
    if as_json:
        show_json(row)
    elif "set_password_at" in row:
        typer.echo("\n".join(f"{key}: {value}" for key, value in row.items()))
    else:
        show_table([row])
