"""When the database or the disk cannot do what it was asked: what that means, and what is simply tried again."""

import errno
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

import psycopg
from django.db import InterfaceError, OperationalError, connection
from psycopg import errors

Given = ParamSpec("Given")
Done = TypeVar("Done")
ATTEMPTS = 4
FULL = {errno.ENOSPC, errno.EDQUOT}
COLLISION = (errors.DeadlockDetected, errors.SerializationFailure)


@dataclass(frozen=True, slots=True)
class Outage:
    """A code for programs, and after how many seconds to ask again."""

    code: str
    retry_after: int


def of(error: BaseException | None) -> Outage | None:
    """What kind of outage an error tells of, its causes included; `None` when it is none."""
    seen = 0
    while error is not None and seen < 10:  # noqa: PLR2004 a chain that is longer is a circle
        if isinstance(error, psycopg.Error | OperationalError | InterfaceError):
            return _kind(error)
        if isinstance(error, OSError) and error.errno in FULL:
            return Outage("disk-full", 60)
        error, seen = error.__cause__ or error.__context__, seen + 1
    return None


def repeated(work: Callable[Given, Done]) -> Callable[Given, Done]:
    """Do the work again when it lost to another transaction, unless a caller's transaction is open around it."""

    def handle(*args: Given.args, **kwargs: Given.kwargs) -> Done:
        for attempt in range(1, ATTEMPTS):
            try:
                return work(*args, **kwargs)
            except OperationalError as error:
                if connection.in_atomic_block or not is_collision(error):
                    raise
                pause(attempt)
        return work(*args, **kwargs)

    handle.__doc__, handle.__name__ = work.__doc__, work.__name__
    return handle


def is_collision(error: BaseException | None) -> bool:
    """Whether two transactions met, of which this one was given up; nothing of it was done."""
    return isinstance(error, COLLISION) or isinstance(getattr(error, "__cause__", None), COLLISION)


def pause(attempt: int) -> None:
    """A short while, a little longer each time, never the same for two."""
    time.sleep(random.uniform(0.01, 0.05) * attempt)  # noqa: S311 no secret


def _kind(error: BaseException) -> Outage | None:
    cause = error if isinstance(error, psycopg.Error) else error.__cause__
    if isinstance(cause, errors.DiskFull):
        return Outage("disk-full", 60)
    if is_collision(cause) or isinstance(cause, errors.LockNotAvailable):
        return Outage("busy", 1)
    if isinstance(cause, errors.QueryCanceled):
        return Outage("too-slow", 10)
    if isinstance(error, OperationalError | InterfaceError | psycopg.OperationalError | psycopg.InterfaceError):
        return Outage("database-unavailable", 2)
    return None
