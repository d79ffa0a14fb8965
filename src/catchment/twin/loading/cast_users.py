"""Sign-ins of the guided tour's cast."""

from datetime import date

import polars as pl

from catchment.twin import cast
from catchment.twin.loading.copying import Connection
from catchment.twin.loading.frame_rows import CAST

_NO_PASSWORD = "!"  # noqa: S105 Django's mark of an account that no password opens
_MAKE = """
    insert into auth_user (username, first_name, last_name, email, password, is_superuser, is_staff, is_active,
                           date_joined)
    values (%s, %s, '', '', %s, false, false, true, %s)
    on conflict (username) do update set first_name = excluded.first_name returning id
"""


def cast_users(session: Connection, today: date) -> pl.DataFrame:
    """Make the cast's users where they are missing: login and user_id. In the demo a post is chosen, none signs in."""
    made = [
        session.execute(_MAKE, [CAST + player.login, player.name, _NO_PASSWORD, today]).fetchone()
        for player in cast.STAFF
    ]
    return pl.DataFrame({"login": [player.login for player in cast.STAFF], "user_id": [row[0] for row in made if row]})
