"""What part somebody has in a plan, and why: named themselves, or by a user group they are in. Pure.

This is for telling people. What they do is judged anew when they do it (`approval`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.access import Access
from bot.domain.approval import Action, entitled
from bot.domain.person import Person


class Role(StrEnum):
    """What a plan names people for."""

    OPERATOR = "operator"
    APPROVER = "approver"
    ESCALATION = "escalation"
    BREAK_GLASS = "break_glass"


@dataclass(frozen=True, slots=True)
class Part:
    """A role that somebody has in a plan.

    Attributes:
        by: what the plan names of theirs: their own id, user groups they are in, or both.
    """

    role: Role
    by: tuple[str, ...]


def parts(access: Access, person: Person) -> tuple[Part, ...]:
    """The roles that somebody has in a plan, as far as it is known who is in its groups."""
    theirs = {person.user_id, *person.groups}
    found = ((role, tuple(who for who in named if who in theirs)) for role, named in _named(access))
    return tuple(Part(role, by) for role, by in found if by)


def _named(access: Access) -> tuple[tuple[Role, tuple[str, ...]], ...]:
    second = access.escalation.approvers if access.escalation else ()
    return (
        (Role.OPERATOR, access.operators),
        (Role.APPROVER, access.approvers),
        (Role.ESCALATION, second),
        (Role.BREAK_GLASS, access.break_glass),
    )


def may(access: Access, person: Person) -> tuple[Action, ...]:
    """What a plan lets somebody do to its drills when the time is right, in the order of `Action`."""
    return tuple(action for action in Action if person.is_among(entitled(access, action)))


def unsure(access: Access, person: Person) -> tuple[str, ...]:
    """The groups of a plan of which it is not known whether they are in them."""
    return tuple(group for group in access.groups if group in person.unsure)
