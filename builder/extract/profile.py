"""Which profile of which site a page falls under: by its host, and by the day of its capture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")


class DatedProfile(NamedTuple, Generic[T]):
    """A profile and the last day for which it holds; None for the present one."""

    valid_until: date | None
    profile: T


def profile_for(sites: Mapping[str, Sequence[DatedProfile[T]]], host: str, captured: date | None) -> T | None:
    """The profile for a page, None where its site has none or none that still held on that day.

    `sites` maps a domain to its profiles, the oldest first. The longest domain that is the host or a parent of it
    decides. A capture without a date takes the present layout, the last.
    """
    labels = host.split(".")
    for start in range(len(labels)):
        profiles = sites.get(".".join(labels[start:]))
        if profiles:
            return _on(profiles, captured)
    return None


def _on(profiles: Sequence[DatedProfile[T]], captured: date | None) -> T | None:
    if captured is None:
        return profiles[-1].profile
    return next(
        (entry.profile for entry in profiles if entry.valid_until is None or captured <= entry.valid_until), None
    )
