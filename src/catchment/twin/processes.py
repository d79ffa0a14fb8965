"""Work spread over processes. A process sets Django up before it reads what it has been given to work on."""

import multiprocessing
import pickle
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import Any

_given: list[Callable[[int], Any]] = []


def spread(work: Callable[[int], int], numbers: Iterable[int], workers: int) -> Iterator[int]:
    """What `work` answers to each number, in order, from so many processes. `work` is pickled once for each."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, _begin, (pickle.dumps(work),)) as pool:
        yield from pool.map(_do, numbers)


def _begin(work: bytes) -> None:
    import django

    django.setup()
    _given.append(pickle.loads(work))  # noqa: S301 written by the process that started this one


def _do(number: int) -> Any:
    return _given[0](number)
