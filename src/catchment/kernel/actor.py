"""Who acts: a person through one post, or the system under a name."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from catchment.kernel.errors import NotAllowed


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """One acting post. `facility_id`, `post_id` and `practitioner_id` are `None` for the system and for residents."""

    role: str
    capabilities: frozenset[str]
    user_id: int | None = None
    post_id: int | None = None
    facility_id: int | None = None
    practitioner_id: int | None = None
    name: str = ""
    facility_name: str = ""
    request_id: str = ""
    unit: str = ""
    role_label: str = ""
    scope: frozenset[int] = field(default_factory=frozenset)

    def may(self, capability: str) -> bool:
        return capability in self.capabilities

    @property
    def here(self) -> int:
        """The facility this post acts for; `NotAllowed` for the system and for residents, who have none."""
        if self.facility_id is None:
            raise NotAllowed("no-facility", _("当前没有以机构岗位办理"))
        return self.facility_id

    def require(self, capability: str) -> None:
        """Raise `NotAllowed` unless this post has the capability."""
        if capability not in self.capabilities:
            raise NotAllowed("capability", _("当前岗位没有这项权限"), capability=capability)


def system(name: str, *capabilities: str) -> Actor:
    """The system acting by itself under a job's name, with no more than the capabilities given."""
    return Actor(role="system", capabilities=frozenset(capabilities), name=name)
