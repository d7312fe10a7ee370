"""Logs, error reports and the worker's metrics; called by doors only. Nothing here says what people wrote.

Texts of exceptions are left out everywhere, since they quote values; their class and the lines of our code
that they came through stay.
"""

import logging
import os
import sys
import traceback
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn

import sentry_sdk
import structlog
from prometheus_client import start_http_server
from sentry_sdk.integrations.argv import ArgvIntegration
from sentry_sdk.integrations.logging import LoggingIntegration
from sentry_sdk.integrations.stdlib import StdlibIntegration
from structlog.typing import EventDict, Processor, WrappedLogger

from settings import TelemetrySettings

if TYPE_CHECKING:
    from sentry_sdk.types import Event, Hint

FLUSH_SECONDS = 2.0
FRAMES = 12
"""How many of the last lines of code of an exception are told."""

# they print URLs (with keys in their queries), bodies, or what every middleware logs already
QUIET = (
    "httpx",
    "httpx2",
    "httpcore",
    "httpcore2",
    "openai",
    "urllib3",
    "uvicorn.access",
    "python_multipart",
)
TALKATIVE = ("asyncio",)
"""Their messages quote exceptions from the second line on."""

KEPT_OF_EVENT = frozenset(
    {"event_id", "timestamp", "level", "platform", "environment", "release", "sdk", "exception", "tags"}
    | {"transaction", "type", "logger"}
)
KEPT_OF_EXCEPTION = frozenset({"type", "module", "mechanism", "stacktrace", "thread_id"})
UNKEPT_OF_FRAME = frozenset({"vars"})


def configure(settings: TelemetrySettings, environment: str) -> None:
    """Set up logs and error reports for this process."""
    configure_logging(settings.log_level, as_json=settings.log_json)
    configure_sentry(settings.sentry_dsn.get_secret_value(), environment)


def configure_logging(level: str, *, as_json: bool) -> None:
    """Send every log of the process, whoever wrote it, to stdout: a JSON object a line, or for a console."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _first_lines,
        _exceptions_without_texts,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    renderer: Processor = (
        structlog.processors.JSONRenderer()
        if as_json
        else structlog.dev.ConsoleRenderer(colors=sys.stdout.isatty())
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def _first_lines(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    if event.get("logger") in TALKATIVE:
        event["event"] = str(event["event"]).partition("\n")[0]
    return event


def _exceptions_without_texts(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Put the class and the lines of code of an exception in the place of its traceback."""
    info = event.pop("exc_info", None)
    event.pop("stack_info", None)
    error = info[1] if isinstance(info, tuple) else info
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        event["exception"] = type(error).__qualname__
        event["at"] = lines_of(error.__traceback__)
    return event


def lines_of(trace: TracebackType | None) -> list[str]:
    """Return the last lines of code of a traceback as `file:line function`."""
    frames = traceback.extract_tb(trace)[-FRAMES:]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]


def configure_sentry(dsn: str, environment: str) -> None:
    """Report unexpected exceptions to Sentry; an empty DSN reports nothing."""
    if not dsn:
        return
    sentry_sdk.init(
        dsn=dsn,
        environment=environment,
        # what the SDK may look at in the first place; what it sends is cut down again by `scrub`
        data_collection={
            "user_info": False,
            "cookies": {"mode": "off"},
            "http_headers": {"request": {"mode": "off"}},
            "http_bodies": [],
            "url_query_params": {"mode": "off"},
            "graphql": {"document": False, "variables": False},
            "gen_ai": {"inputs": False, "outputs": False},
            "database_query_data": False,
            "queues": False,
            "stack_frame_variables": False,
        },
        max_breadcrumbs=0,
        spotlight=False,
        auto_enabling_integrations=False,
        disabled_integrations=[LoggingIntegration(), ArgvIntegration(), StdlibIntegration()],
        server_name="",
        before_send=scrub,
    )


def scrub(event: "Event", _: "Hint") -> "Event":
    """Keep of an error report what can hold nothing personal: classes, lines of code, and our own tags."""
    kept: dict[str, Any] = {name: value for name, value in event.items() if name in KEPT_OF_EVENT}
    exceptions = (kept.get("exception") or {}).get("values") or []
    kept["exception"] = {"values": [_without_text(each) for each in exceptions]}
    scrubbed: Event = kept  # type: ignore[assignment]  # a part of an event is an event
    return scrubbed


def _without_text(exception: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in exception.items() if name in KEPT_OF_EXCEPTION}
    for frame in (kept.get("stacktrace") or {}).get("frames") or []:
        for name in UNKEPT_OF_FRAME:
            frame.pop(name, None)
    return kept


def serve_metrics(host: str, port: int) -> Callable[[], None]:
    """Serve this process's metrics for Prometheus and return what ends it; port 0 serves nothing.

    Raises OSError where the port is taken.
    """
    if not port:
        return lambda: None
    server, thread = start_http_server(port, addr=host)

    def stop() -> None:
        server.shutdown()
        server.server_close()
        thread.join()

    return stop


def leave(code: int) -> NoReturn:
    """End the process with this code, and send what is still to be said; the interpreter is not torn down.

    Threads of Temporal's SDK may outlive the event loop, and one that wakes while CPython finalizes aborts
    the process (temporalio/sdk-python#300): one short-lived process in ten here.
    """
    sentry_sdk.flush(timeout=FLUSH_SECONDS)
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
