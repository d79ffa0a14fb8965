"""For whom a slot is kept, and until when."""

from datetime import datetime

from catchment.rooms.booking.types import Quota


def quotas_open_to(*, by_referral: bool, contracted: bool) -> tuple[str, ...]:
    """The quotas from which this person may take a slot before its release time."""
    quotas = [Quota.PUBLIC]
    if by_referral:
        quotas.append(Quota.REFERRAL)
    if contracted:
        quotas.append(Quota.CONTRACTED)
    return tuple(quota.value for quota in quotas)


def is_released(release_at: datetime | None, now: datetime) -> bool:
    """Whether a kept slot has gone back to everybody."""
    return release_at is not None and release_at <= now
