"""Persons of given age and sex find spouses, children their parents, and elders move in with the young.

Everything works on whole arrays of one block. Couples are counted 0..couples-1; a household has the number
of its core couple, or couples + n for the n-th person without one.
"""

from dataclasses import dataclass

import numpy as np

from catchment.twin.census import married_share
from catchment.twin.names import surname_positions
from catchment.twin.streams import Bools, Floats, Ints, rank_in_group

HEAD, SPOUSE, CHILD, PARENT, GRANDCHILD, OTHER = range(6)
RELATIONS = ("head", "spouse", "child", "parent", "grandchild", "other")
NOBODY = -1
ELDER = 58.0
_MOST_CHILDREN = 3
_BIRTHS_APART = 0.85
_MOTHER_YEARS = (19.0, 43.0)
_GRANDPARENT_YEARS = (40.0, 75.0)
_PARENT_YEARS = (18.0, 45.0)


@dataclass(slots=True)
class Families:
    """For each person the household, the relation to its head, the surname and the mother (or `NOBODY`)."""

    household: Ints
    relation: Ints
    surname: Ints
    mother: Ints


def form_households(generator: np.random.Generator, age: Floats, woman: Bools) -> Families:
    """Group the persons of a block; a child never heads a household unless the block has no couple at all."""
    husband, wife = _couples(generator, age, woman)
    size = len(age)
    families = Families(np.full(size, NOBODY), np.full(size, OTHER), surname_positions(generator, size),
                        np.full(size, NOBODY))  # fmt: skip
    for spouse, relation in ((husband, HEAD), (wife, SPOUSE)):
        families.household[spouse] = np.arange(len(husband))
        families.relation[spouse] = relation
    if len(husband):
        taken = _take_in_elder_couples(generator, families, age, husband, wife)
        taken = _take_in_widowed(generator, families, age, woman, husband, taken)
        _give_children(generator, families, age, husband, wife)
    alone = np.flatnonzero(families.household == NOBODY)
    families.household[alone] = len(husband) + np.arange(len(alone))
    families.relation[alone] = HEAD
    return families


def _couples(generator: np.random.Generator, age: Floats, woman: Bools) -> tuple[Ints, Ints]:
    """Positions of husbands and wives, paired in order of age with some scatter."""
    married = generator.random(len(age)) < married_share(age, woman)
    men, women = np.flatnonzero(married & ~woman), np.flatnonzero(married & woman)
    pairs = min(len(men), len(women))
    men, women = (generator.permutation(side)[:pairs] for side in (men, women))
    scatter = generator.normal(0, 1.3, (2, pairs))
    return men[np.argsort(age[men] + scatter[0])], women[np.argsort(age[women] + scatter[1])]


def _nearest(keys: Floats, wanted: Floats) -> Ints:
    """For each wanted value the position of the nearest of the ascending keys."""
    right = np.clip(np.searchsorted(keys, wanted), 1, max(len(keys) - 1, 1))
    left = right - 1
    right = np.minimum(right, len(keys) - 1)
    return np.where(wanted - keys[left] <= keys[right] - wanted, left, right)


def _take_in_elder_couples(
    generator: np.random.Generator, families: Families, age: Floats, husband: Ints, wife: Ints
) -> Bools:
    """A third of the elder couples live with a son's family; says which couples have taken someone in."""
    taken = np.zeros(len(husband), dtype=np.bool_)
    elder = np.flatnonzero((age[husband] >= ELDER) & (generator.random(len(husband)) < 0.33))
    host, kept = _hosts(generator, age, age[husband[elder]], husband, taken)
    elder = elder[kept]
    taken[host] = True
    for person in (husband[elder], wife[elder]):
        families.household[person] = host
        families.relation[person] = PARENT
    families.surname[husband[elder]] = families.surname[husband[host]]
    return taken


def _take_in_widowed(
    generator: np.random.Generator, families: Families, age: Floats, woman: Bools, husband: Ints, taken: Bools
) -> Bools:
    elder = np.flatnonzero((families.household == NOBODY) & (age >= ELDER) & (generator.random(len(age)) < 0.55))
    host, kept = _hosts(generator, age, age[elder], husband, taken)
    elder = elder[kept]
    families.household[elder] = host
    families.relation[elder] = PARENT
    father = ~woman[elder]
    families.surname[elder[father]] = families.surname[husband[host[father]]]
    taken[host] = True
    return taken


def _hosts(
    generator: np.random.Generator, age: Floats, elder_age: Floats, husband: Ints, taken: Bools
) -> tuple[Ints, Ints]:
    """Young couples that fit as children of the elders, each at most once, and which elders found one."""
    free = np.flatnonzero((age[husband] < ELDER) & ~taken)
    if not len(free) or not len(elder_age):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    order = free[np.argsort(age[husband[free]])]
    wanted = elder_age - np.clip(generator.normal(26, 4, len(elder_age)), *_PARENT_YEARS)
    host = order[_nearest(age[husband[order]], wanted)]
    gap = elder_age - age[husband[host]]
    fits = np.flatnonzero((gap > _PARENT_YEARS[0]) & (gap < _PARENT_YEARS[1]))
    host, first = np.unique(host[fits], return_index=True)
    return host, fits[first]


def _give_children(generator: np.random.Generator, families: Families, age: Floats, husband: Ints, wife: Ints) -> None:
    """Minors, and most unmarried people under thirty, join parents; minors without a fitting mother,
    grandparents.
    """
    free = families.household == NOBODY
    stays = generator.random(len(age)) < np.where(age < 18, 1.0, np.where(age < 30, 0.75, 0.25))
    child = np.flatnonzero(free & stays & (age < 45))
    order = np.argsort(age[wife])
    birth_age = np.clip(generator.normal(26.5, 4.2, len(child)), *_MOTHER_YEARS)
    couple = order[_nearest(age[wife[order]], age[child] + birth_age)]
    fits = _fitting(age, child, couple, wife)
    _join(families, child[fits], couple[fits], husband, CHILD)
    families.mother[child[fits]] = wife[couple[fits]]
    _join_grandparents(generator, families, age, child[~fits & (age[child] < 18)], husband, wife)


def _fitting(age: Floats, child: Ints, couple: Ints, wife: Ints) -> Bools:
    """Which children their couple can have: the mother's age is right, three at most, births far enough
    apart.
    """
    gap = age[wife[couple]] - age[child]
    fits = (gap > _MOTHER_YEARS[0] - 1) & (gap < _MOTHER_YEARS[1] + 3)
    order = np.lexsort((age[child], couple))
    same = np.r_[False, np.diff(couple[order]) == 0]
    apart = np.r_[np.inf, np.diff(age[child][order])]
    fits[order] &= ~same | (apart > _BIRTHS_APART)
    chosen = np.flatnonzero(fits)
    fits[chosen] = rank_in_group(couple[chosen]) < _MOST_CHILDREN
    return fits


def _join_grandparents(
    generator: np.random.Generator, families: Families, age: Floats, child: Ints, husband: Ints, wife: Ints
) -> None:
    order = np.argsort(age[wife])
    wanted = age[child] + np.clip(generator.normal(54, 5, len(child)), *_GRANDPARENT_YEARS)
    couple = order[_nearest(age[wife[order]], wanted)]
    gap = age[wife[couple]] - age[child]
    relation = np.where(gap > _GRANDPARENT_YEARS[0] - 8, GRANDCHILD, OTHER)
    _join(families, child, couple, husband, relation)


def _join(families: Families, child: Ints, couple: Ints, husband: Ints, relation: int | Ints) -> None:
    """Children live with the couple and bear its name; where the couple itself moved in, they are other
    kin.
    """
    families.household[child] = families.household[husband[couple]]
    core = families.relation[husband[couple]] == HEAD
    families.relation[child] = np.where(core, relation, OTHER)
    families.surname[child] = families.surname[husband[couple]]
