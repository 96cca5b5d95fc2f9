"""Functions of a bot: in threads and in the loop, with a time limit, loaded anew when the file changes."""

import asyncio
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from trinario.outside.functions import PythonFunctions
from trinario.ports import NotReturned, Returned

SOURCE = """
import asyncio, threading, time
from decimal import Decimal

CONSTANT = 7

def add(a, b=1): return a + b
async def later(a):
    await asyncio.sleep(0)
    return [a, threading.current_thread().name]
def who(contact): return contact["name"]
def raises(): raise KeyError("x\\nsecond line")
def leaves(): raise SystemExit(3)
def slow(): time.sleep(5)
async def sleepy(): await asyncio.sleep(5)
def odd(): return {1: object()}
def _private(): return 1
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "functions.py"
    path.write_text(SOURCE)
    return path


async def ran(functions: PythonFunctions, name: str, timeout: float = 2.0, **inputs: Any) -> Any:
    answer = await functions.run(name, inputs, {"name": "Ana"}, timeout)
    return answer.data if isinstance(answer, Returned) else answer.reason


async def test_functions_of_both_kinds(file: Path) -> None:
    functions = PythonFunctions(file)
    assert await ran(functions, "add", a=Decimal(1), b=Decimal(2)) == 3
    assert await ran(functions, "add", a=Decimal(1)) == 2
    assert await ran(functions, "later", a="x") == ["x", "MainThread"]
    assert await ran(functions, "who") == "Ana"


async def test_what_goes_wrong_is_a_reason(file: Path) -> None:
    functions = PythonFunctions(file)
    assert await ran(functions, "raises") == "it raised KeyError: 'x\\nsecond line'"
    assert await ran(functions, "leaves") == "it raised RuntimeError: SystemExit"
    assert "cannot be kept" in await ran(functions, "odd")
    assert "missing" in await ran(functions, "add")
    for name in ("nothing", "_private", "CONSTANT", "__import__", "asyncio.sleep"):
        assert await ran(functions, name) == f"functions.py has no function {name}"


async def test_what_takes_too_long_is_left(file: Path) -> None:
    functions = PythonFunctions(file)
    begun = asyncio.get_running_loop().time()
    for name in ("slow", "sleepy"):
        assert await ran(functions, name, 0.1) == "it took longer than 0.1 seconds"
    assert asyncio.get_running_loop().time() - begun < 2
    assert await ran(functions, "add", a=1) == 2


async def test_a_changed_file_is_loaded_anew_and_a_broken_one_is_not(file: Path) -> None:
    functions = PythonFunctions(file)
    assert await ran(functions, "add", a=1) == 2
    file.write_text("def add(a): return a + 10\n")
    os.utime(file, (1, 1))
    assert await ran(functions, "add", a=1) == 11
    file.write_text("def add(a: return\n")
    assert await ran(functions, "add", a=1) == 11
    assert (await PythonFunctions(file).run("add", {}, {}, 1)).reason.startswith(
        "functions.py cannot be loaded: SyntaxError"
    )  # type: ignore[union-attr]
    gone = await PythonFunctions(file.with_name("none.py")).run("add", {}, {}, 1)
    assert isinstance(gone, NotReturned)
