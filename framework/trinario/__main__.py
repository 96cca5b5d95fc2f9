"""`trinario` and `python -m trinario`."""

import os
import sys


def main() -> None:
    """Run the command line. What the person at the keyboard can mend is a message, never a traceback."""
    from trinario.cli.app import app
    from trinario.errors import ConfigError

    try:
        app()
    except ConfigError as error:
        sys.stderr.write(f"trinario: {error}\n")
        sys.exit(78)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # whoever read our output has enough; the interpreter must not try to write the rest
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


if __name__ == "__main__":
    main()
