"""The page's HTTP server, on loopback.

    with World(speed=60) as world, PageServer(world, port=8765) as page:
        print(page.url)

Its routes are those of `infra/local/web/src/protocol.ts`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Self

from pydantic import ValidationError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.routing import Map, Rule
from werkzeug.security import safe_join
from werkzeug.wrappers import Request, Response

from bot.adapters.plan_files import PlanFiles
from infra.local.loopback import LoopbackServer
from infra.local.page import shown
from infra.local.page.acts import ACT, perform
from infra.local.page.console import Console
from infra.local.page.controls import ORDER, Controls
from infra.local.page.directory import directory
from infra.local.page.guard import why_refused, with_headers
from infra.local.page.streams import HEARTBEAT, Ending, person_events, stream, world_events
from infra.local.page.troubles import UnknownTrouble
from infra.local.page.updates import Eyes
from infra.local.people import CHANNEL
from infra.local.slack.client import person
from infra.local.slack.errors import SlackRefusal
from infra.local.slack.findings import Json
from infra.local.slack.interactive import NotPossible
from infra.local.slack.wire_format import message_object
from infra.local.world import PROJECT, World

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

BUNDLE = PROJECT / "infra" / "local" / "web" / "dist"
MISSING = (
    "The page has not been built. Run `make web`, which needs no more than Python, or `make demo`, which does both.\n"
)
ROUTES = (
    ("/api/workspace", "workspace", "GET"),
    ("/api/updates", "updates", "GET"),
    ("/api/world/updates", "world_updates", "GET"),
    ("/api/world", "order", "POST"),
    ("/api/act", "act", "POST"),
    ("/api/raw/<channel>/<ts>", "raw", "GET"),
    ("/files/<file_id>/<name>", "file", "GET"),
    ("/", "static", "GET"),
    ("/<path:path>", "static", "GET"),
)
_ROUTES = Map([Rule(path, endpoint=endpoint, methods=[method]) for path, endpoint, method in ROUTES])


class PageServer:
    """A running page server. It listens from construction on; stop it with `stop()` or by leaving the `with` block.

    Args:
        world: the world on show.
        port: where it listens; 0 takes a free one.
        bundle: the folder with the built page.
        heartbeat: seconds of silence after which a stream says that it is still there.

    Raises:
        OSError: the port is taken.
    """

    def __init__(self, world: World, *, port: int = 0, bundle: Path = BUNDLE, heartbeat: float = HEARTBEAT) -> None:
        self._world = world
        self._bundle = bundle
        self._heartbeat = heartbeat
        self._controls = Controls(world)
        self._console = Console.of(world)
        self._ending = Ending()
        files = PlanFiles(world.plans)
        self._plans = [files.load(name) for name in files.names()]
        self._http = LoopbackServer(self._wsgi, port=port, name="page")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """The page's address, without a slash at the end."""
        return self._http.url

    def stop(self) -> None:
        """Stop listening, and end every stream; harmless when done before."""
        self._ending.come()
        self._http.stop()
        self._controls.close()

    def _wsgi(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return with_headers(self._answer(Request(environ)))(environ, start_response)

    def _answer(self, request: Request) -> Response:
        if refused := why_refused(request, self._http.port):
            return _refusal(HTTPStatus.FORBIDDEN, refused)
        try:
            endpoint, found = _ROUTES.bind_to_environ(request.environ).match()
            answers: dict[str, Callable[..., Response]] = {
                "workspace": self._workspace,
                "updates": self._updates,
                "world_updates": self._world_updates,
                "order": self._order,
                "act": self._act,
                "raw": self._raw,
                "file": self._file,
                "static": self._static,
            }
            return answers[endpoint](request, **found)
        except (NotPossible, SlackRefusal, UnknownTrouble) as refusal:
            return _refusal(HTTPStatus.CONFLICT, str(refusal))
        except ValidationError as wrong:
            return _refusal(HTTPStatus.BAD_REQUEST, _in_words(wrong))
        except MethodNotAllowed:
            return _refusal(HTTPStatus.METHOD_NOT_ALLOWED, "not with this method")
        except HTTPException:
            return _refusal(HTTPStatus.NOT_FOUND, "there is nothing here")

    def _workspace(self, _request: Request) -> Response:
        return _json(directory(self._world.slack.state, self._plans, CHANNEL))

    def _updates(self, request: Request) -> Response:
        state = self._world.slack.state
        viewer = state.user_by_id(request.args.get("as", ""))
        return stream(person_events(Eyes(state, viewer.id), self._ending, self._heartbeat))

    def _world_updates(self, _request: Request) -> Response:
        sources = {"world": self._controls.show, "drs": self._console.show}
        return stream(world_events(sources, self._ending, self._heartbeat))

    def _order(self, request: Request) -> Response:
        self._controls.obey(ORDER.validate_json(request.get_data()))
        return _json(self._controls.show())

    def _act(self, request: Request) -> Response:
        act = ACT.validate_json(request.get_data())
        actor = self._world.slack.state.user_by_id(act.as_user)
        if actor.is_bot:
            raise NotPossible(f"{actor.name} is a bot: it types and clicks nothing")
        return _json(perform(person(self._world.slack, actor.id), act))

    def _raw(self, _request: Request, channel: str, ts: str) -> Response:
        state = self._world.slack.state
        message = state.messages.get(channel, ts)
        return _json(shown.raw(message, message_object(state, message, with_metadata=True)))

    def _file(self, _request: Request, file_id: str, name: str) -> Response:
        kept = self._world.slack.state.files.get(file_id)
        if kept.body is None or kept.name != name:
            raise NotFound
        kind = shown.mime_type(kept.name)
        response = Response(kept.body, mimetype=kind)
        # An SVG may hold scripts: it is only ever downloaded.
        if not kind.startswith("image/") or kind == "image/svg+xml":
            response.headers.set("Content-Disposition", "attachment", filename=kept.name)
        return response

    def _static(self, _request: Request, path: str = "index.html") -> Response:
        found = safe_join(str(self._bundle), path)
        if found is None or not Path(found).is_file():
            if path == "index.html":
                return Response(MISSING, HTTPStatus.SERVICE_UNAVAILABLE, mimetype="text/plain")
            raise NotFound
        return Response(Path(found).read_bytes(), content_type=_content_type(path))


def _content_type(path: str) -> str:
    kind = shown.mime_type(path)
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


def _json(content: Json) -> Response:
    return Response(json.dumps(content), content_type="application/json", headers={"Cache-Control": "no-store"})


def _refusal(status: HTTPStatus, error: str) -> Response:
    return Response(json.dumps({"error": error}), status, content_type="application/json")


def _in_words(wrong: ValidationError) -> str:
    first = wrong.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{place}: {first['msg']}" if place else first["msg"]
