"""What the machine gives: processor time of processes, memory, and how fast the disk really writes."""

import os
import time
from pathlib import Path


def family(root: int) -> list[int]:
    """A process and all below it."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            after = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(after[1]), []).append(int(stat.parent.name))
    found, todo = [], [root]
    while todo:
        pid = todo.pop()
        found.append(pid)
        todo += children.get(pid, [])
    return found


def cpu_seconds(root: int) -> float:
    """User and system time of a process and all below it."""
    ticks = 0
    for pid in family(root):
        try:
            after = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += int(after[11]) + int(after[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def memory_megabytes(root: int) -> float:
    """Proportional set size: shared pages are counted once."""
    kilobytes = 0
    for pid in family(root):
        try:
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    kilobytes += int(line.split()[1])
        except OSError:
            continue
    return kilobytes / 1024


def fdatasync_per_second(folder: Path, seconds: float = 1.0) -> float:
    """4 KiB appended and synced, again and again: the floor under every durable write."""
    path = folder / "fdatasync.probe"
    block = b"\0" * 4096
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    count, begun = 0, time.perf_counter()
    try:
        while time.perf_counter() - begun < seconds:
            os.write(descriptor, block)
            os.fdatasync(descriptor)
            count += 1
        return count / (time.perf_counter() - begun)
    finally:
        os.close(descriptor)
        path.unlink()


def flushes(folder: Path) -> int | None:
    """How many flushes the disk below this folder has answered since it was started, where the kernel tells."""
    device = folder.stat().st_dev
    link = Path(f"/sys/dev/block/{os.major(device)}:{os.minor(device)}/stat")
    try:
        fields = link.read_text().split()
    except OSError:
        return None
    return int(fields[15]) if len(fields) > 15 else None
