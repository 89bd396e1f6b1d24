"""views.*: modals and App Homes."""

from __future__ import annotations

from infra.local.slack.arguments import Arguments
from infra.local.slack.blockkit import check_view
from infra.local.slack.errors import SlackRefusal, missing
from infra.local.slack.findings import Json
from infra.local.slack.normalise import normalised_view
from infra.local.slack.state import SlackState
from infra.local.slack.wire_format import view_object


def open_view(state: SlackState, call: Arguments) -> Json:
    """views.open."""
    definition = checked_view(call.structure("view", "invalid_arguments"), "modal")
    viewer = state.passes.redeem_trigger(call.required("trigger_id"))
    return {"view": view_object(state, state.views.open(viewer, definition))}


def push_view(state: SlackState, call: Arguments) -> Json:
    """views.push."""
    definition = checked_view(call.structure("view", "invalid_arguments"), "modal")
    viewer = state.passes.redeem_trigger(call.required("trigger_id"))
    return {"view": view_object(state, state.views.push(viewer, definition))}


def update_view(state: SlackState, call: Arguments) -> Json:
    """views.update, by view_id or external_id; `hash` guards a race."""
    view_id, external_id = call.text("view_id"), call.text("external_id")
    if not view_id and not external_id:
        raise missing("view_id")
    view = state.views.find(view_id=view_id, external_id=external_id)
    definition = checked_view(call.structure("view", "invalid_arguments"), view.kind)
    return {"view": view_object(state, state.views.update(view, definition, expected_hash=call.text("hash")))}


def publish_view(state: SlackState, call: Arguments) -> Json:
    """views.publish: somebody's App Home."""
    viewer = state.user_by_id(call.required("user_id")).id
    definition = checked_view(call.structure("view", "invalid_arguments"), "home")
    view = state.views.publish(viewer, definition, expected_hash=call.text("hash"))
    return {"view": view_object(state, view)}


def checked_view(definition: object, kind: str) -> Json:
    """A view of the wanted kind without a problem, ids filled in. Refuses with invalid_arguments or view_too_large."""
    if not isinstance(definition, dict):
        raise missing("view")
    problems: list[object] = list(check_view(definition))
    if definition.get("type") != kind:
        problems.append(f"must be a view of type {kind} [json-pointer:/view/type]")
    if problems:
        too_large = any(getattr(problem, "error", "") == "view_too_large" for problem in problems)
        raise SlackRefusal("view_too_large" if too_large else "invalid_arguments", [str(each) for each in problems])
    return normalised_view(definition)
