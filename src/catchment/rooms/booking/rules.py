"""For whom a slot is kept."""

from catchment.rooms.booking.types import Quota


def quotas_open_to(*, by_referral: bool, contracted: bool) -> tuple[str, ...]:
    """The quotas from which this person may take a slot before its release time."""
    quotas = [Quota.PUBLIC]
    if by_referral:
        quotas.append(Quota.REFERRAL)
    if contracted:
        quotas.append(Quota.CONTRACTED)
    return tuple(quota.value for quota in quotas)
