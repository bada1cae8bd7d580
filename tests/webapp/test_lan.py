"""The address tablets open, where no router leads out: a hotspot of the laptop's own, a switch and cables."""

from __future__ import annotations

import socket

import pytest

from webapp.lan import lan_address, nearest, own

NOWHERE = "255.255.255.255"
"""No socket may be connected there without asking for it: as on a machine without a way out."""


def test_without_a_way_out_the_machine_s_own_card_is_told() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        with pytest.raises(OSError, match=r".+"):
            probe.connect((NOWHERE, 9))
        cards = own(probe)
    assert "127.0.0.1" in cards
    assert lan_address() in cards
    assert lan_address(NOWHERE) == nearest(cards)


@pytest.mark.parametrize(
    ("cards", "told"),
    [
        (["127.0.0.1", "192.168.77.5"], "192.168.77.5"),
        (["169.254.7.1", "192.168.137.1", "10.0.0.2"], "192.168.137.1"),
        (["127.0.0.1", "169.254.7.1"], "169.254.7.1"),
        (["127.0.0.1"], "127.0.0.1"),
        ([], "127.0.0.1"),
    ],
)
def test_the_nearest_card_is_one_that_others_reach(cards: list[str], told: str) -> None:
    assert nearest(cards) == told
