"""Staff: who works where, sign-ins, tokens for systems."""

from datetime import timedelta
from typing import Annotated, Any

import typer

from catchment.site.cli import running
from catchment.site.cli.output import AsJson, show_json, show_table

app = typer.Typer(help="人员岗位 · Staff: posts, sign-ins, tokens for systems.", no_args_is_help=True)

Facility = Annotated[str, typer.Option("--facility", help="Only posts at the facility of this code.")]


@app.command("list")
def list_posts(
    facility: Facility = "",
    text: Annotated[str, typer.Option(help="Part of a practitioner's name or staff code.")] = "",
    as_json: AsJson = False,
) -> None:
    """Show the posts that are open today."""
    running.ready()
    from django.utils import timezone

    from catchment.rooms.staff import queries

    posts = queries.open_posts(timezone.localdate(), facility_code=facility, text=text)
    rows = [
        {
            "post": post.pk,
            "code": post.practitioner.code,
            "name": post.practitioner.name,
            "user": post.practitioner.user.username if post.practitioner.user else "",
            "role": post.role,
            "facility": post.facility.code,
            "facility_name": post.facility.name,
            "since": str(post.since),
        }
        for post in posts
    ]
    _show(rows, as_json)


@app.command("add-user")
def add_user(
    code: Annotated[str, typer.Argument(help="The practitioner's staff code.")],
    username: Annotated[str, typer.Argument(help="The name to sign in with.")],
    ask_password: Annotated[
        bool, typer.Option("--password", help="Ask for a password; without it nobody can sign in yet.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Give a practitioner a sign-in."""
    running.ready()
    from catchment.kernel import clock
    from catchment.rooms.staff import actions, queries

    password = typer.prompt("密码 · password", hide_input=True, confirmation_prompt=True) if ask_password else None
    user = actions.create_user_for(
        actor=running.operator("staff.manage"),
        now=clock.now(),
        practitioner_id=queries.practitioner_by_code(code).pk,
        username=username,
        password=password,
    )
    _show([{"code": code, "username": user.username, "can_sign_in": user.has_usable_password()}], as_json)


@app.command("token")
def issue_token(
    post: Annotated[int, typer.Argument(help="The post the system acts through: the number `staff list` shows.")],
    name: Annotated[str, typer.Argument(help="Which system it is for.")],
    days: Annotated[int, typer.Option(help="How long it lasts.", min=1, max=366)] = 90,
    scope: Annotated[
        list[str] | None,
        typer.Option(help="A capability it may use; may be repeated. Without: all of the post's."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a token for a system; it is shown this once."""
    running.ready()
    from catchment.kernel import clock
    from catchment.rooms.staff import actions

    now = clock.now()
    issued = actions.issue_token(
        actor=running.operator("staff.manage"),
        now=now,
        post_id=post,
        name=name,
        expires_at=now + timedelta(days=days),
        scopes=scope or None,
    )
    told = {"id": issued.id, "name": issued.name, "token": issued.secret, "expires_at": issued.expires_at.isoformat()}
    if as_json:
        show_json(told)
    else:
        typer.echo("\n".join(f"{key}: {value}" for key, value in told.items()))


@app.command("tokens")
def list_tokens(facility: Facility = "", as_json: AsJson = False) -> None:
    """Show every token ever issued, without its secret."""
    running.ready()
    from catchment.rooms.staff import queries

    rows = [
        {
            "id": token.pk,
            "name": token.name,
            "post": token.post_id,
            "facility": token.post.facility.code,
            "owner": token.post.practitioner.code,
            "scopes": "*" if token.scopes is None else " ".join(token.scopes),
            "expires_at": token.expires_at.isoformat(),
            "last_used_at": token.last_used_at.isoformat() if token.last_used_at else None,
            "revoked_at": token.revoked_at.isoformat() if token.revoked_at else None,
        }
        for token in queries.tokens(facility_code=facility)
    ]
    _show(rows, as_json)


@app.command("revoke")
def revoke_token(
    token: Annotated[int, typer.Argument(help="The token's number, as `staff tokens` shows it.")],
    as_json: AsJson = False,
) -> None:
    """End a token at once."""
    running.ready()
    from catchment.kernel import clock
    from catchment.rooms.staff import actions

    ended = actions.revoke_token(actor=running.operator("staff.manage"), now=clock.now(), token_id=token)
    _show([{"id": ended.pk, "name": ended.name, "revoked_at": str(ended.revoked_at)}], as_json)


def _show(rows: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        show_json(rows)
    elif rows:
        show_table(rows)
    else:
        typer.echo("无 · none")
