"""Pagination by `maxResults` and `nextToken`.

A token names the last item that was given, not a position: items may come and go between two pages, and nothing is then
given twice or left out. A token belongs to the operation and filters it was given for.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from infra.local.drs.errors import invalid
from infra.local.drs.ids import digest

T = TypeVar("T")
Key = list[Any]


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """Everything that a request's filters leave, in the order of `key` (descending if `newest_first`)."""

    operation: str
    items: Sequence[T]
    key: Callable[[T], Key]
    newest_first: bool = False

    def page(
        self,
        params: Mapping[str, Any],
        default_size: int,
        largest: int,
        show: Callable[[T], Mapping[str, Any]],
    ) -> dict[str, Any]:
        """The reply for one page: `items`, and a `nextToken` if there are more.

        Raises:
            DrsError: ValidationException, the token is not one of ours or was given for another request.
        """
        scope = digest(
            self.operation, json.dumps({k: v for k, v in params.items() if k not in _PAGING}, sort_keys=True)
        )
        size = min(params.get("maxResults", default_size), largest)
        first = self._position(_last_key(params.get("nextToken"), scope))
        chosen = self.items[first : first + size]
        reply: dict[str, Any] = {"items": [show(item) for item in chosen]}
        if first + size < len(self.items):
            reply["nextToken"] = _token(scope, self.key(chosen[-1]))
        return reply

    def _position(self, last: Key | None) -> int:
        if last is None:
            return 0
        keys = (self.key(item) for item in self.items)
        later = (index for index, key in enumerate(keys) if (key < last if self.newest_first else key > last))
        return next(later, len(self.items))


_PAGING = frozenset({"maxResults", "nextToken"})


def _token(scope: str, last: Key) -> str:
    return base64.urlsafe_b64encode(json.dumps([scope, last]).encode()).decode()


def _last_key(token: str | None, scope: str) -> Key | None:
    if not token:
        return None
    try:
        token_scope, last = json.loads(base64.urlsafe_b64decode(token))
    except (binascii.Error, ValueError, TypeError):
        token_scope, last = "", None
    if token_scope != scope or not isinstance(last, list):
        raise invalid([("nextToken", "is not a token for this request")])
    return last
