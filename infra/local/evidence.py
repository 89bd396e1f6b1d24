"""The evidence of a local drill: out of the local bucket, which goes with the world, into a folder that stays."""

from __future__ import annotations

from pathlib import Path

from bot.adapters.s3_shelf import S3Shelf
from bot.application.proving import Proving
from bot.application.reporting import folder_of
from bot.domain.drill import Drill
from infra.local.world import PROJECT, World

FOLDER = PROJECT / "build" / "evidence"


def shelf_of(world: World) -> S3Shelf:
    """The world's evidence bucket."""
    return S3Shelf(world.stack.client("s3"), world.stack.resources.buckets["EvidenceBucket"])


def proving_of(world: World) -> Proving:
    """What verifies drills of the world."""
    return Proving(world.store, shelf_of(world))


def save(world: World, drill: Drill, folder: Path = FOLDER) -> Path:
    """Write everything that a drill has left in the bucket to disk; the folder of its newest report, or of all."""
    shelf = shelf_of(world)
    for key in shelf.keys(folder_of(drill)):
        file = folder / key
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(shelf.get(key))
    newest = drill.report.newest if drill.report else None
    return folder / (newest.place if newest else folder_of(drill))
