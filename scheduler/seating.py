"""Who takes which slot of a sitting: a matching that leaves no slot empty where it can be helped."""

from __future__ import annotations

from collections.abc import Sequence


def match(masks: Sequence[int], width: int) -> list[int] | None:
    """A slot below ``width`` for each mask (bit i: can take slot i), all different; ``None`` where there is none."""
    owner: dict[int, int] = {}

    def place(who: int, seen: set[int]) -> bool:
        for slot in range(width):
            if masks[who] >> slot & 1 and slot not in seen:
                seen.add(slot)
                if slot not in owner or place(owner[slot], seen):
                    owner[slot] = who
                    return True
        return False

    order = sorted(range(len(masks)), key=lambda i: (masks[i] & ((1 << width) - 1)).bit_count())
    if len(masks) > width or not all(place(who, set()) for who in order):
        return None
    slot_of = {who: slot for slot, who in owner.items()}
    return [slot_of[i] for i in range(len(masks))]


def seat(masks: Sequence[int], slots: int) -> list[int] | None:
    """Like :func:`match`, with the earliest possible last slot."""
    return next((found for width in range(len(masks), slots + 1) if (found := match(masks, width)) is not None), None)
