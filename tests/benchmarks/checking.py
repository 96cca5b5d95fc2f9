"""What `trinario check` costs: many flows at once, one flow with the start of the process, and `--help`.

python -m tests.benchmarks.checking [--flows 1000]
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

BOT = """\
bot: b
channels:
  whatsapp: {platform: whatsapp, phone_number_id: "1", phone: "+15550783881", access_token: a, app_secret: b, verify_token: c}
flows: ["*"]
fields: {n: {type: number}}
"""


def flow(number: int) -> str:
    """Thirty steps, in which no text and no condition is that of another flow."""
    lines = [f"flow: f{number}\ntriggers: [{{keyword: go{number}x, match: exact}}]\nvars: {{k: 0}}\nsteps:"]
    for n in range(6):
        lines.append(
            f"  q{n}: {{ask: \"Number {n} of {number}, {{{{ contact.first_name or 'you' }}}}?\", type: number, min: 1,"
            f" save: fields.n}}\n"
            f'  s{n}: {{send: "You said {{{{ answers.q{n} }}}} in {number}"}}\n'
            f'  v{n}: {{set: {{vars.k: "{{{{ vars.k + answers.q{n} + {number} }}}}"}}}}\n'
            f"  b{n}: {{branch: [{{if: answers.q{n} > {number} and vars.k < {n + 1000}, next: c{n}}}, {{else: c{n}}}]}}\n"
            f"  c{n}: {{send: Thanks number {n} of {number}.}}"
        )
    return "\n".join(lines) + "\n"


def project(root: Path, flows: int) -> None:
    """A project of so many flows."""
    (root / "flows").mkdir(parents=True)
    (root / "bots/b").mkdir(parents=True)
    (root / "bots/b/bot.yaml").write_text(BOT)
    for number in range(flows):
        (root / f"flows/f{number}.yaml").write_text(flow(number))


def cost(folder: Path, *words: str) -> tuple[float, int]:
    """(seconds of one core, largest MB) of a command, started from nothing; the cheapest of three runs."""
    found = []
    for _ in range(3):
        child = subprocess.Popen([sys.executable, "-m", "trinario", *words], cwd=folder, stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(child.pid, 0)
        if os.waitstatus_to_exitcode(status):
            raise RuntimeError(f"trinario {' '.join(words)} ended with {os.waitstatus_to_exitcode(status)}")
        child.returncode = 0
        found.append((used.ru_utime + used.ru_stime, used.ru_maxrss // 1024))
    return min(found)


def main() -> None:
    """Prints one line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--flows", type=int, default=1000)
    count = parser.parse_args().flows
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as many:
        project(Path(one), 1)
        project(Path(many), count)
        for name, folder, words in (
            ("trinario --help", one, ("--help",)),
            ("check of one flow", one, ("check", "flows/f0.yaml")),
            (f"check of {count} flows of 30 steps", many, ("check",)),
        ):
            seconds, megabytes = cost(Path(folder), *words)
            print(f"{name:<40} {seconds:6.2f} s of one core  {megabytes:4} MB")


if __name__ == "__main__":
    main()
