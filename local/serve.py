"""Starts stand-ins in one process: `python -m local.serve adzuna openai careers skyvern mail`.

Ports and the data folder come from the settings' `local` group. Each server prints a line once it listens;
SIGTERM and SIGINT stop all of them.
"""

import argparse
import asyncio
import errno
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path

from local import keys
from local.adzuna.app import create_app as create_adzuna
from local.adzuna.config import AdzunaConfig
from local.careers.app import create_app as create_careers
from local.mail import serve_mail
from local.openai.app import create_app as create_openai
from local.openai.config import OpenAIConfig
from local.serving import serve
from local.skyvern.app import create_app as create_skyvern
from local.skyvern.config import SkyvernConfig
from settings import LocalSettings, local_settings

HOST = "127.0.0.1"

Serving = AbstractAsyncContextManager[str]


def _database(settings: LocalSettings, name: str) -> Path:
    folder = settings.data_dir / "standins"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}.sqlite3"


def _adzuna(settings: LocalSettings) -> Serving:
    config = AdzunaConfig(database=_database(settings, "adzuna"), recorded_dir=settings.recorded_adzuna_dir)
    return serve(create_adzuna(config), HOST, settings.adzuna_port)


def _openai(settings: LocalSettings) -> Serving:
    return serve(create_openai(OpenAIConfig()), HOST, settings.openai_port)


def _careers(settings: LocalSettings) -> Serving:
    return serve(create_careers(_database(settings, "careers")), HOST, settings.careers_port)


def _skyvern(settings: LocalSettings) -> Serving:
    config = SkyvernConfig(
        database=_database(settings, "skyvern"),
        api_key=keys.SKYVERN_API_KEY,
        careers_url=f"http://{HOST}:{settings.careers_port}",
        public_url=f"http://{HOST}:{settings.skyvern_port}",
    )
    return serve(create_skyvern(config), HOST, settings.skyvern_port)


@asynccontextmanager
async def _mail(settings: LocalSettings) -> AsyncIterator[str]:
    database = _database(settings, "mail")
    async with serve_mail(database, HOST, settings.mail_port, settings.mail_port + 1) as addresses:
        yield f"smtp://{addresses.host}:{addresses.smtp_port} {addresses.control}"


STAND_INS: dict[str, Callable[[LocalSettings], Serving]] = {
    "adzuna": _adzuna,
    "openai": _openai,
    "careers": _careers,
    "skyvern": _skyvern,
    "mail": _mail,
}


async def run(names: list[str], settings: LocalSettings) -> None:
    """Serve the named stand-ins until a signal asks to stop; OSError where a port is taken."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for wanted in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(wanted, stopping.set)
    stacks = [AsyncExitStack() for _ in names]
    try:
        for name, stack in zip(names, stacks, strict=True):
            address = await stack.enter_async_context(STAND_INS[name](settings))
            sys.stdout.write(f"{name} {address}\n")
            sys.stdout.flush()
        await stopping.wait()
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        port = f"JOBRAKER_LOCAL__{name.upper()}_PORT"
        raise SystemExit(f"a port of {name} is taken; {port} sets another one") from error
    finally:
        # all at once: each may wait a second for requests under way
        await asyncio.gather(*(stack.aclose() for stack in stacks))


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="+", choices=sorted(STAND_INS), metavar="NAME")
    asyncio.run(run(parser.parse_args().names, local_settings()))


if __name__ == "__main__":
    main()
