"""Under load, whatever dies: what a tablet was told is received is there exactly once, and nothing else is."""

import os
import random
import statistics
import time

import pytest

from .hurting import Faults

ROUNDS = int(os.environ.get("FAULT_ROUNDS", "100"))


def test_each_fault_once(faults: Faults) -> None:
    """Every fault, one after the other, under a steady load of alerts, claims and notes."""
    world = faults.world.start()
    try:
        world.until(3)
        for fault in faults.all():
            world.hurt(fault)
        world.until(len(world.told.accepted) + 3)
    finally:
        world.stop()
    world.check()
    if faults.hung:
        print(
            f"FIGURE PostgreSQL's recovery hung {faults.hung} times after the limit on writes, and was killed and started anew"
        )
    print("\n".join(world.figures()))
    assert len(world.told.accepted) >= 20 and world.told.claimed and world.told.noted and world.told.said


@pytest.mark.long
def test_a_hundred_rounds(faults: Faults) -> None:
    """A hundred faults in random order, each at least once; the times to recover are in the report."""
    chance, kinds = random.Random(4), faults.all()
    rounds = [kinds[number % len(kinds)] for number in range(max(ROUNDS, len(kinds)))]
    chance.shuffle(rounds)
    world = faults.world.start()
    try:
        for fault in rounds:
            time.sleep(chance.random() / 2)  # in the middle of whatever goes on just then
            world.hurt(fault)
    finally:
        world.stop()
    world.check()
    times = sorted(took for some in world.by_fault.values() for took, _whole in some)
    told = world.told
    print(
        f"FIGURE {len(times)} faults; {len(told.accepted)} alerts, {len(told.said)} persons' words, {len(told.claimed)} claims"
        f" and {len(told.noted)} notes promised, none lost, none twice, all readable, log whole; recovered in"
        f" {statistics.median(times):.2f} s (median), {times[-1]:.2f} s (worst)"
    )
    if faults.disk is None:
        print("FIGURE no disk may be mounted here: it was filled only by the kernel's limit (limit_writes)")
    if faults.hung:
        print(
            f"FIGURE PostgreSQL's recovery hung {faults.hung} times after the limit on writes, and was killed and started anew"
        )
    print("\n".join(world.figures()))
