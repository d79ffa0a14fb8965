"""A small load client: keep-alive connections, one thread each, every latency kept."""

import http.client
import json
import threading
import time
from dataclasses import dataclass, field


@dataclass(slots=True)
class Measured:
    """Latencies in seconds, wall time in seconds, and the answers that were not 2xx."""

    name: str
    seconds: list[float] = field(default_factory=list)
    wall: float = 0.0
    failures: list[str] = field(default_factory=list)
    answers: list[object] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        return len(self.seconds) / self.wall if self.wall else 0.0

    def quantile(self, share: float) -> float:
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    def row(self) -> dict[str, object]:
        return {
            "what": self.name,
            "n": len(self.seconds),
            "per_second": round(self.per_second, 1),
            "p50_ms": round(self.quantile(0.5), 1),
            "p95_ms": round(self.quantile(0.95), 1),
            "p99_ms": round(self.quantile(0.99), 1),
            "failures": len(self.failures),
        }


def run(name, port, calls, *, connections=8) -> Measured:
    """Make every call `(method, path, token, body)` over so many connections; calls are dealt out in turn."""
    measured = Measured(name)
    lock = threading.Lock()
    work = iter(list(enumerate(calls)))
    answers: dict[int, object] = {}

    def worker():
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while True:
            with lock:
                item = next(work, None)
            if item is None:
                break
            place, (method, path, token, body) = item
            began = time.perf_counter()
            status, text = _call(connection, method, path, token, body)
            took = time.perf_counter() - began
            with lock:
                measured.seconds.append(took)
                if status // 100 != 2:
                    measured.failures.append(f"{status} {text[:300]}")
                else:
                    answers[place] = text
        connection.close()

    threads = [threading.Thread(target=worker) for _ in range(connections)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    measured.wall = time.perf_counter() - began
    measured.answers = [answers[key] for key in sorted(answers)]
    return measured


def _call(connection, method, path, token, body):
    headers = {"Accept": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    payload = None
    if isinstance(body, str):
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        payload = body
    elif body is not None:
        headers["Content-Type"] = "application/json"
        payload = json.dumps(body)
    connection.request(method, path, payload, headers)
    answer = connection.getresponse()
    return answer.status, answer.read().decode("utf-8", "replace")
