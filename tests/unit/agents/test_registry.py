"""Specialists are found by their names, and one that is not there yet is left out."""

from agents.registry import NAMES, kinds


def test_each_specialist_stands_under_its_own_name():
    found = kinds()
    assert {"vendor", "communication"} <= set(found) <= set(NAMES)
    assert all(kind.name == name for name, kind in found.items())
