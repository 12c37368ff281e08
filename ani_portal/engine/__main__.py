"""`python -m ani_portal.engine start | stop | status | reset`: the embedded server by hand."""

import sys

from .place import EngineError
from .roles import prepare
from .server import named


def main(arguments: list[str]) -> int:
    """Do what the one argument says with the try-out server; the exit status says whether it worked."""
    engine = named("engine")
    match arguments:
        case ["start"]:
            engine.start()
            prepare(engine)
        case ["stop"]:
            engine.stop()
        case ["reset"]:
            engine.remove()
        case ["status"]:
            print("running" if engine.running else "stopped")  # noqa: T201 a command's answer
        case _:
            print(__doc__)  # noqa: T201
            return 2
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except EngineError as error:
        sys.exit(str(error))
