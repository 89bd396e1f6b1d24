"""The report's last sections: what is to be done, the plan's other drills, every event, and how to check it all."""

from __future__ import annotations

from bot.documents import looks
from bot.documents.pages import SMALL, Pages, columns
from bot.documents.words import NOTHING, OUTCOMES, Names, length, moment, words
from bot.domain.evidence import Evidence
from bot.domain.evidence_parts import FollowUpEvidence

WAVES_COMPARED = 6
DRILLS_COMPARED = 20


def findings(pages: Pages, evidence: Evidence) -> None:
    """What was found, by the bot and by people, with who sees to it until when."""
    names = Names(evidence)
    pages.heading("Findings")
    pages.lists(evidence.verdict.findings, none="The bot itself found nothing wanting.")
    shares = {"Drill": 20, "Finding": 32, "Owner": 18, "Due": 9, "State": 21}
    rows = (_finding(each, names) for each in (*evidence.findings, *evidence.earlier_findings))
    pages.subheading("Added by people, of this drill and of earlier ones of its plan")
    pages.tabulate(columns(shares), rows)


def _finding(each: FollowUpEvidence, names: Names) -> tuple[str, ...]:
    fixed = f"fixed {each.fixed_at:%Y-%m-%d} by {names.of(each.fixed_by)}" if each.fixed_at else "open"
    return (each.drill_id, each.text, names.of(each.owner), each.due, fixed)


def comparison(pages: Pages, evidence: Evidence) -> None:
    """The recovery time of the plan's drills, and of their waves."""
    pages.heading("Compared with earlier drills of the plan")
    compared = evidence.comparison[:DRILLS_COMPARED]
    waves = evidence.scope.waves[:WAVES_COMPARED]
    shares = {"Drill": 22.0, "Ended": 14, "Outcome": 12, "Recovery": 10}
    of_waves = {f"{number} {name}": 42 / len(waves) for number, name in enumerate(waves, start=1)}
    rows = (
        (
            each.drill_id,
            f"{each.ended_at:%Y-%m-%d %H:%M}",
            OUTCOMES[each.outcome],
            f"{length(each.net)}{' !' if each.is_met is False else ''}",
            *(length(each.waves.get(name)) for name in waves),
        )
        for each in compared
    )
    pages.tabulate(columns(shares | of_waves), rows, "No drill of the plan was run.")
    if len(evidence.scope.waves) > WAVES_COMPARED:
        pages.says(f"Only the first {WAVES_COMPARED} waves have room here; evidence.json has all.", looks.GREY, SMALL)


def notes(pages: Pages, evidence: Evidence) -> None:
    """What people have said in the thread and put on record."""
    names = Names(evidence)
    pages.heading("Notes")
    pages.lists(
        f"{names.of(note.author)}: {note.text} "
        f"(added by {names.of(note.added_by)}, {moment(note.at)}; {note.permalink})"
        for note in evidence.notes
    )


def timeline(pages: Pages, evidence: Evidence) -> None:
    """Every event of the record."""
    pages.heading("Every event")
    shares = {"No.": 5, "Time": 17, "Event": 18, "Wave": 6, "By": 14, "What it says": 40}
    rows = (
        (
            str(each.version),
            moment(each.at),
            words(each.event),
            str(each.wave or NOTHING),
            each.by or NOTHING,
            each.told or NOTHING,
        )
        for each in evidence.timeline
    )
    pages.tabulate(columns(shares, mono={"By"}), rows)


def record(pages: Pages, evidence: Evidence) -> None:
    """What the report was made of, and how anybody can check it."""
    kept = evidence.record
    if not pages.has_room(20):
        pages.add_page()
    pages.heading("The record, and how to check it")
    pages.says(
        "Each event above is kept whole, with its time, who caused it, and the hash of the event before it. A change "
        "to any of them, or to this report's evidence.json, shows: its hashes can be computed anew, and all its "
        "figures made of the events once more, with python -m bot.verify evidence.json. The head of the record was "
        "written, after each wave and at the end, into a bucket where nothing can be replaced, or be deleted before "
        "its time."
    )
    pages.ln(1)
    pages.facts(
        (
            ("Events", str(kept.versions)),
            ("Head", kept.head),
            ("Rules", ", ".join(kept.engines)),
            ("As of", f"{moment(evidence.as_of)} UTC"),
            ("Sum of the verdict", evidence.sums["verdict"]),
        )
    )
