"""The functions of a bot: its functions.py loaded, each call in a thread or in the loop, with a time limit."""

import asyncio
import importlib.util
import inspect
import logging
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from trinario.model.value import pack
from trinario.ports import NotReturned, Returned

log = logging.getLogger("trinario.functions")

THREADS = 16
"""Functions that run in threads at once; one that never ends keeps its place."""

CONTACT = "contact"


class PythonFunctions:
    """Implements ports.Functions over one file, which is loaded when it is first needed, and anew when it has changed."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._module: ModuleType | None = None
        self._stamp = (0, 0)
        self._places = asyncio.Semaphore(THREADS)

    async def run(
        self, name: str, inputs: Mapping[str, Any], contact: Mapping[str, Any], timeout: float
    ) -> Returned | NotReturned:
        """Call one with its inputs, and with the contact if it wants her. Never raises."""
        try:
            function = self._found(name)
        except Exception as error:
            log.exception("%s cannot be loaded", self._file.name)
            return NotReturned(f"functions.py cannot be loaded: {_words(error)}")
        if function is None:
            return NotReturned(f"functions.py has no function {name}")
        given = dict(inputs) | ({CONTACT: dict(contact)} if _wants_contact(function) else {})
        try:
            async with asyncio.timeout(timeout):
                result = await self._called(function, given)
        except TimeoutError:
            return NotReturned(f"it took longer than {timeout:g} seconds")
        except Exception as error:
            log.info("function %s failed", name, exc_info=error)
            return NotReturned(f"it raised {_words(error)}")
        return _kept(result)

    def _found(self, name: str) -> Callable[..., Any] | None:
        found = getattr(self._loaded(), name, None)
        return found if callable(found) and not name.startswith("_") else None

    def _loaded(self) -> ModuleType:
        """The module as the file is now; a change that cannot be loaded leaves what was there."""
        stat = self._file.stat()
        stamp = (stat.st_mtime_ns, stat.st_size)
        if self._module is None or stamp != self._stamp:
            try:
                self._module = _load(self._file)
            except Exception:
                if self._module is None:
                    raise
                log.exception("%s has changed and cannot be loaded; the functions stay as they were", self._file.name)
            self._stamp = stamp
        return self._module

    async def _called(self, function: Callable[..., Any], given: dict[str, Any]) -> Any:
        if inspect.iscoroutinefunction(function):
            return await function(**given)
        await self._places.acquire()
        return await _in_thread(function, given, self._places.release)


def _load(file: Path) -> ModuleType:
    name = f"trinario_functions_{file.parent.name}"
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None, "a .py file has a loader"
    module = importlib.util.module_from_spec(spec)
    before = sys.modules.get(name)
    sys.modules[name] = module
    try:
        exec(compile(file.read_bytes(), str(file), "exec"), module.__dict__)
    except BaseException:
        if before is None:
            del sys.modules[name]
        else:
            sys.modules[name] = before
        raise
    return module


def _wants_contact(function: Callable[..., Any]) -> bool:
    return CONTACT in inspect.signature(function).parameters


def _ran(function: Callable[..., Any], given: dict[str, Any]) -> tuple[Any, BaseException | None]:
    """What it gives, or what it raised."""
    try:
        return function(**given), None
    except Exception as raised:
        return None, raised
    except BaseException as raised:  # sys.exit() of an author ends nothing but the call
        return None, RuntimeError(type(raised).__name__)


async def _in_thread(function: Callable[..., Any], given: dict[str, Any], done: Callable[[], None]) -> Any:
    """The result of a function that runs in a thread of its own; the thread does not keep the process alive.

    `done` is called in the loop when the thread has ended, which may be long after nobody waits for it any more.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Any] = loop.create_future()

    def tell(result: Any, error: BaseException | None) -> None:
        done()
        if future.done():
            return
        if error is None:
            future.set_result(result)
        else:
            future.set_exception(error)

    def work() -> None:
        try:
            loop.call_soon_threadsafe(tell, *_ran(function, given))
        except RuntimeError:  # the loop is closed: nobody waits any more
            pass

    threading.Thread(target=work, name=f"function-{getattr(function, '__name__', '')}", daemon=True).start()
    return await future


def _kept(result: Any) -> Returned | NotReturned:
    """What a function gave, if a session can keep it."""
    try:
        pack(result)
    except (TypeError, ValueError, RecursionError):
        return NotReturned(
            f"it gave a {type(result).__name__}, which cannot be kept: give texts, numbers, dates, lists, dicts"
        )
    return Returned(result)


def _words(error: BaseException) -> str:
    """The kind of an error and the first line of its words."""
    return f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"[:200].rstrip(": ")
