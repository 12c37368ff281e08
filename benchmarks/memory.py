"""The memory that each process of a server has for itself."""

from pathlib import Path

from tests.e2e.server import Server


def private_mb(pid: int) -> float:
    """Megabytes that no other process shares (Linux), or its whole resident size elsewhere."""
    rollup = Path(f"/proc/{pid}/smaps_rollup")
    if rollup.exists():
        lines = (line.split() for line in rollup.read_text().splitlines()[1:])
        kilobytes = {name.rstrip(":"): int(number) for name, number, _unit in lines}
        return round((kilobytes["Private_Clean"] + kilobytes["Private_Dirty"]) / 1024, 1)
    status = Path(f"/proc/{pid}/status").read_text()
    return round(int(status.split("VmRSS:")[1].split()[0]) / 1024, 1)


def of_workers(server: Server) -> list[float]:
    """Megabytes of each web process of `server`."""
    return [private_mb(pid) for pid in server.children()]
