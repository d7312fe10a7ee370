"""Prometheus asks who is there, and alerts and the dashboard use figures that somebody exports."""

import ast
import inspect
import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import yaml

from tests.compose import ROOT, read_compose
from workflows import steps
from workflows.ids import TASK_QUEUE

COMPOSE = read_compose()
DEPLOY = ROOT / "deploy"
PROMETHEUS: dict[str, Any] = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yml").read_text())
ALERTS: list[dict[str, Any]] = [
    rule
    for file in PROMETHEUS["rule_files"]
    for group in yaml.safe_load((DEPLOY / "prometheus" / file).read_text())["groups"]
    for rule in group["rules"]
]
DASHBOARD: dict[str, Any] = json.loads((DEPLOY / "grafana" / "dashboards" / "jobraker.json").read_text())
EXPORTERS = [*(ROOT / "api").rglob("*.py"), *(ROOT / "activities").rglob("*.py")]
SUFFIXES = {
    "Counter": ("_total",),
    "Histogram": ("_bucket", "_count", "_sum"),
    "Summary": ("_count", "_sum"),
    "Gauge": ("",),
    "gauge": ("",),
}
WORDS = {
    "and",
    "or",
    "unless",
    "by",
    "without",
    "on",
    "ignoring",
    "group_left",
    "group_right",
    "bool",
    "offset",
}
OTHERS = {
    "up",
    # prometheus_client's own, for each process
    *("process_resident_memory_bytes", "process_cpu_seconds_total", "process_open_fds", "process_max_fds"),
    # seen at the metrics port of a Temporal server 1.32
    *("service_requests", "persistence_error_with_type", "approximate_backlog_age_seconds"),
}


@cache
def exported() -> set[str]:
    """Return the series of every figure that our code makes, found where it is made."""
    found = set()
    for file in EXPORTERS:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name, made_by = node.args[0].value, node.func
                kind = made_by.attr if isinstance(made_by, ast.Attribute) else getattr(made_by, "id", "")
                if isinstance(name, str) and name.startswith("jobraker_"):
                    found |= {name.removesuffix("_total") + suffix for suffix in SUFFIXES[kind]}
    return found


def series_of(expression: str) -> set[str]:
    """Return the series that a PromQL expression reads."""
    bare = re.sub(r'"[^"]*"|\{[^}]*\}|\[[^\]]*\]', " ", expression)
    bare = re.sub(r"\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)", " ", bare)
    return set(re.findall(r"\b[a-zA-Z_:][\w:]*\b(?!\s*\()", bare)) - WORDS


def panels(within: list[dict[str, Any]] | None = None) -> Iterator[dict[str, Any]]:
    for panel in DASHBOARD["panels"] if within is None else within:
        yield panel
        yield from panels(panel.get("panels", []))


QUERIES = [target["expr"] for panel in panels() for target in panel.get("targets", [])]


def test_the_series_of_an_expression_are_found() -> None:
    expression = 'sum by (le) (rate(a_bucket{route!="x"}[5m])) / on (b) c > 0 and d_total unless up == 0'
    assert series_of(expression) == {"a_bucket", "c", "d_total", "up"}


@pytest.mark.parametrize("expression", sorted({*(rule["expr"] for rule in ALERTS), *QUERIES}))
def test_only_exported_figures_are_used(expression: str) -> None:
    assert series_of(expression) <= exported() | OTHERS


@pytest.mark.parametrize("job", PROMETHEUS["scrape_configs"], ids=lambda job: str(job["job_name"]))
def test_every_target_is_a_service_that_listens_there(job: dict[str, Any]) -> None:
    (target,) = job["static_configs"][0]["targets"]
    host, port = target.split(":")
    if host == "127.0.0.1":
        assert (job["job_name"], port) == ("prometheus", "9090")
        return
    assert job["job_name"] == host
    assert COMPOSE.networks(host) & COMPOSE.networks("prometheus")
    listens = {
        "api": re.findall(r":(\d+)/health/", COMPOSE.services["api"]["healthcheck"]["test"][-1])[0],
        "worker": COMPOSE.environment("worker").get("JOBRAKER_TELEMETRY__WORKER_METRICS_PORT"),
        "temporal": COMPOSE.environment("temporal")["PROMETHEUS_ENDPOINT"].rpartition(":")[2],
    }
    assert port == listens[host]


def test_alerts_name_jobs_that_are_asked() -> None:
    jobs = {job["job_name"] for job in PROMETHEUS["scrape_configs"]}
    named = re.findall(r'\bjob=~?"([^"]+)"', "\n".join([*(rule["expr"] for rule in ALERTS), *QUERIES]))
    assert named
    assert {job for pattern in named for job in pattern.split("|")} <= jobs


def test_alerts_and_panels_name_steps_and_queues_that_exist() -> None:
    every = "\n".join([*(rule["expr"] for rule in ALERTS), *QUERIES])
    activities = {name for found in re.findall(r'activity=~?"([^"]+)"', every) for name in found.split("|")}
    defined = {
        name
        for contract in vars(steps).values()
        if inspect.isclass(contract) and contract.__name__.endswith("Steps")
        for name in vars(contract)
        if not name.startswith("_")
    }
    assert activities
    assert activities <= defined
    assert set(re.findall(r'taskqueue="([^"]+)"', every)) == {TASK_QUEUE}


@pytest.mark.parametrize("rule", ALERTS, ids=lambda rule: str(rule["alert"]))
def test_an_alert_says_what_it_means_and_what_to_do(rule: dict[str, Any]) -> None:
    assert rule.keys() == {"alert", "expr", "for", "labels", "annotations"}
    assert re.fullmatch(r"\d+[smh]", rule["for"])
    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert rule["annotations"].keys() == {"summary", "action"}
    assert all(text.endswith(".") for text in rule["annotations"].values())


def test_alerts_have_names_of_their_own() -> None:
    names = [rule["alert"] for rule in ALERTS]
    assert len(names) == len(set(names))


def test_grafana_is_pointed_at_prometheus_and_the_dashboard() -> None:
    provisioning = DEPLOY / "grafana" / "provisioning"
    (source,) = yaml.safe_load((provisioning / "datasources" / "prometheus.yml").read_text())["datasources"]
    assert source["url"] == "http://prometheus:9090"
    assert COMPOSE.networks("grafana") & COMPOSE.networks("prometheus")
    (provider,) = yaml.safe_load((provisioning / "dashboards" / "jobraker.yml").read_text())["providers"]
    mounted = [mount.split(":")[1] for mount in COMPOSE.services["grafana"]["volumes"]]
    assert provider["options"]["path"] in mounted
    used = {panel["datasource"]["uid"] for panel in panels() if "datasource" in panel}
    assert used == {source["uid"]}


def test_panels_have_ids_titles_and_places_of_their_own() -> None:
    every = list(panels())
    ids, titles = [panel["id"] for panel in every], [panel["title"] for panel in every]
    assert len(set(ids)) == len(ids)
    assert len(set(titles)) == len(titles)
    cells = [
        (x, y)
        for panel in every
        for place in [panel["gridPos"]]
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24
