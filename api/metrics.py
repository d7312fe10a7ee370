"""What Prometheus may know of the API: counts and times by route, and no person."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Gauge, Histogram, ProcessCollector, generate_latest

BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Metrics:
    """One registry for each app, so that a process may hold several."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._requests = Histogram(
            "jobraker_http_request_seconds",
            "Time to answer a request; streams are not in it.",
            ["method", "route", "status"],
            buckets=BUCKETS,
            registry=self._registry,
        )
        self.applying_paused = Gauge(
            "jobraker_applying_paused",
            "Whether the kill switch for applying is on; NaN while the database does not say.",
            registry=self._registry,
        )
        self._series: dict[tuple[str, str, int], Histogram] = {}

    def gauge(self, name: str, description: str, read: Callable[[], float]) -> None:
        """Add a figure that is read when somebody asks."""
        Gauge(name, description, registry=self._registry).set_function(read)

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answered request; `status` is counted by its class, such as 4xx."""
        key = (method, route, status // 100)
        series = self._series.get(key)
        if series is None:
            known = method if method in METHODS else "other"
            series = self._series[key] = self._requests.labels(known, route, f"{key[2]}xx")
        series.observe(seconds)

    def render(self) -> bytes:
        """Return everything in Prometheus's text format."""
        return generate_latest(self._registry)
