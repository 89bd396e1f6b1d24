"""The report in a drill's thread: the picture, the PDF, and a message that says what they are and who has signed."""

from __future__ import annotations

from collections.abc import Iterator

from bot.application.ports.slack import Attachment, Message
from bot.domain.afterwards import EVIDENCE, REPORT, TIMELINE, FollowUp, KeptEvidence
from bot.domain.approval import Action, mention
from bot.domain.commands import Topic
from bot.domain.drill import Drill
from bot.domain.offers import offers
from bot.views import blocks
from bot.views.blocks import Block
from bot.views.buttons import row
from bot.views.naming import plan_title
from bot.views.text import bullets, count, escape, moment, quoted, raw

PROBLEM_LENGTH = 700
FINDINGS_SHOWN = 10
TEXT_LENGTH = 200
_OFFERED = {Action.REPORT, Action.SIGN_OFF, Action.ADD_FINDING, Action.FIX_FINDING}


def report(drill: Drill, topic: Topic) -> Message | None:
    """What the report is of, what stands in its way if anything does, who has signed, which findings are open."""
    run = drill.report
    if run is None or (drill.started_at is None and run.number == 1 and run.problem is None):
        return None
    if run.problem is not None:
        headline, told = "⚠️ *The report could not be made*", "The drill is as it was; only its report is missing."
        shown = [blocks.section("report", headline, told, raw(run.problem, PROBLEM_LENGTH))]
    elif run.newest is None or run.is_being_made:
        headline = "🧾 *The report is being made*"
        shown = [blocks.section("report", headline, "It comes into this thread in a minute or two.")]
    else:
        headline = "🧾 *Report*"
        shown = [blocks.section("report", f"{headline} {_of(drill, run.newest)}", *_signed(drill))]
        shown.append(blocks.context("evidence", _where(run.newest)))
    shown += [*_findings(drill), *_buttons(drill)]
    return blocks.message(drill, topic, f"{headline.split('*')[1]}.", shown)


def _of(drill: Drill, kept: KeptEvidence) -> str:
    """Sign-offs and findings lead to events of their own, so that a newer one may be wanted."""
    added = sum(each.at > kept.at for each in drill.follow_ups)
    since = f" {count(added, 'finding')} since: *Report again* has them in it." if added else ""
    return f"of {count(kept.version, 'event')}, made {moment(kept.at)}.{since}"


def _where(kept: KeptEvidence) -> str:
    return f"{EVIDENCE} and the files above are kept under `{kept.place}` · SHA-256 of the evidence `{kept.sha256}`"


def _signed(drill: Drill) -> Iterator[str]:
    for each in drill.signoffs:
        said = f": {quoted(each.comment, TEXT_LENGTH)}" if each.comment else ""
        yield f"✍️ Signed off by {mention(each.by.user_id)}, {moment(each.at)}{said}"


def _findings(drill: Drill) -> list[Block]:
    lines = [_finding(each) for each in drill.follow_ups]
    return [blocks.section("findings", "*Findings*", bullets(lines, FINDINGS_SHOWN))] if lines else []


def _finding(each: FollowUp) -> str:
    text = f"{each.number}: {escape(each.text, TEXT_LENGTH)}"
    if each.fixed_by is None:
        return f"{text} · {mention(each.owner)}, until {each.due}"
    how = f": {quoted(each.how, TEXT_LENGTH)}" if each.how else ""
    return f"✅ {text} · fixed, as {mention(each.fixed_by.user_id)} says{how}"


def _buttons(drill: Drill) -> list[Block]:
    """What can be done about it."""
    return blocks.actions("actions", row(drill, (each for each in offers(drill) if each.action in _OFFERED)))


def timeline_file(drill: Drill, topic: Topic) -> Attachment | None:
    """The picture, inline in the thread."""
    told = f"How the drill of {plan_title(drill.plan)} went: its waves, their phases, and where people were waited for."
    return _file(drill, topic, TIMELINE, "Timeline", told)


def report_file(drill: Drill, topic: Topic) -> Attachment | None:
    """The PDF."""
    return _file(drill, topic, REPORT, "Report", f"The report of the drill of {plan_title(drill.plan)}.")


def _file(drill: Drill, topic: Topic, name: str, title: str, told: str) -> Attachment | None:
    """A file of the report that was kept as the topic's number-th."""
    number, kept = topic.number or 1, drill.report.kept if drill.report else ()
    if number > len(kept):
        return None
    which = f"-{number}" if number > 1 else ""
    stem, ending = name.split(".")
    return Attachment(
        name=f"{drill.id}-{stem}{which}.{ending}",
        title=f"{title} of {drill.id}",
        text=told,
        stored=f"{kept[number - 1].place}{name}",
    )
