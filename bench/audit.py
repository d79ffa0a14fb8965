"""Writing the audit with 1 and with 8 writers, beside the same rows without chain and key: `python -m bench.audit`."""

import json
import sys
import threading
import time

EACH = 2000
PLAIN = "create unlogged table if not exists bench_plain (like kernel_auditentry including defaults including identity including indexes)"


def main() -> None:
    """Print one JSON array: rows per second by number of writers."""
    from catchment.site.cli import running

    running.ready()
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(PLAIN.replace("unlogged ", ""))
    rows = []
    for writers in (1, 8):
        floor, chained = rate(plain, writers), rate(entry, writers)
        rows.append(
            {
                "writers": writers,
                "plain_per_second": round(floor),
                "chained_per_second": round(chained),
                "ratio": round(floor / chained, 2),
            }
        )
    with connection.cursor() as cursor:
        cursor.execute("drop table bench_plain")
    sys.stdout.write(json.dumps(rows))


def entry(now) -> None:
    from catchment.kernel import audit
    from catchment.kernel.actor import system

    audit.record(actor=system("bench"), event="bench.write", at=now, detail={"n": 1})


def plain(now) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "insert into bench_plain (at, event, actor_role, actor_name, subject_kind, purpose, detail, request_id)"
            " values (%s, 'bench.write', 'bench', '', '', '', '{\"n\": 1}', '') returning id",
            [now],
        )


def rate(write, writers: int) -> float:
    """Rows per second, each in a transaction of its own."""
    from django.db import connections

    from catchment.kernel import clock

    def work():
        for _ in range(EACH // writers):
            write(clock.now())
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(writers)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return EACH / (time.perf_counter() - began)


if __name__ == "__main__":
    main()
