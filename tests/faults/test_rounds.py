"""Under load, whatever dies: what a tablet was told is received is there exactly once, and nothing else is."""

import random
import statistics
import time

import pytest
from django.db import connections

from ani_portal.audit.verify import verify

from .world import World


def _verified(world: World) -> int:
    connections["verify"].close()
    found = verify("verify")
    assert found.broken == []
    return found.rows


def test_each_fault_once(world: World) -> None:
    """Every fault, one after the other, under a steady load of alerts and claims."""
    world.start()
    try:
        time.sleep(1)
        for fault in world.faults():
            world.hurt(fault)
        time.sleep(0.5)
    finally:
        world.stop()
    world.check()
    assert len(world.accepted) >= 20
    assert _verified(world) >= len(world.accepted)


@pytest.mark.long
def test_a_hundred_rounds(world: World) -> None:
    """A hundred faults in random order; the times to recover are in the report."""
    chance = random.Random(4)
    world.start()
    try:
        for _round in range(100):
            time.sleep(chance.random())
            world.hurt(chance.choice(world.faults()))
    finally:
        world.stop()
    world.check()
    rows = _verified(world)
    times = sorted(world.outages)
    print(
        f"FIGURE {len(world.accepted)} alerts accepted, {len(world.claimed)} claims, none lost, none twice; {rows} rows of the"
        f" log whole; recovered in {statistics.median(times):.2f} s (median), {times[-1]:.2f} s (worst)"
    )
