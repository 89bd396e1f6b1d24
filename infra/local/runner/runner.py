"""Everything that wakes functions, brought up from a template and ended together."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import TypeAlias

from infra.local.aws.iam import rights_of
from infra.local.aws.ministack import Ministack
from infra.local.aws.resources import Resources
from infra.local.runner import deployment
from infra.local.runner.activity import Activity
from infra.local.runner.deployment import EventSource, FunctionSpec
from infra.local.runner.functions import Failure, Function, Surroundings
from infra.local.runner.gateway import Gateway
from infra.local.runner.guarded import write_rights
from infra.local.runner.queues import QueueSource
from infra.local.runner.rules import EventRules
from infra.local.runner.schedules import ScheduleSource, schedule_of
from infra.local.runner.streams import StreamSource

Source: TypeAlias = StreamSource | QueueSource


@dataclass(slots=True)
class Runner:
    """The functions and their sources of events.

    `processes` says how many workers a function has, by name; one unless said otherwise.
    """

    ministack: Ministack
    resources: Resources
    surroundings: Surroundings
    processes: Mapping[str, int]
    on_failure: Callable[[Failure], None]
    functions: dict[str, Function] = field(init=False, default_factory=dict)
    gateway: Gateway = field(init=False)
    events: EventRules = field(init=False)
    activity: Activity = field(init=False, default_factory=Activity)
    _sources: list[Source] = field(init=False, default_factory=list)
    _threads: list[Thread] = field(init=False, default_factory=list)

    def start(self) -> None:
        """Start the workers, and when each function has one, everything that wakes them.

        Raises:
            FunctionError: a handler cannot be imported.
        """
        template = self.resources.template
        for spec in deployment.functions(template):
            processes = min(self.processes.get(spec.name, 1), spec.reserved or sys.maxsize)
            self.functions[spec.name] = Function(
                spec, self.surroundings, self.activity, processes, self.on_failure, self._rights(spec)
            )
        for worker in [function.start_worker() for function in self.functions.values()]:
            worker.wait_until_ready()
        for function in self.functions.values():
            for _ in range(function.processes - 1):
                function.start_worker()
        self._start_sources()

    def stop(self) -> None:
        """End everything, whatever it does; may be called after a start that failed."""
        self.activity.stop()
        for function in self.functions.values():
            function.terminate()
        if self._threads:
            self.gateway.stop()
            for thread in self._threads:
                thread.join()
            self.gateway.close()
        for function in self.functions.values():
            function.close()

    def idle(self) -> bool:
        """Whether no function runs and none of the streams and queues holds anything that is due."""
        return all(source.progress.idle(self.activity) for source in self._sources)

    def _rights(self, spec: FunctionSpec) -> Path | None:
        if spec.role is None:
            return None
        rights = rights_of(self.resources.template, spec.role, self.resources.conditions)
        return write_rights(self.surroundings.logs / "rights", spec.name, rights)

    def _start_sources(self) -> None:
        template = self.resources.template
        rules = deployment.rules(template)
        routes = {(route.method, route.path): route for route in deployment.routes(template)}
        self.events = EventRules(rules, self.ministack.client("sqs"))
        self._sources = [self._source(mapping) for mapping in deployment.event_sources(template)]
        schedules = [
            self._schedule(rule.name, rule.expression, name)
            for rule in rules
            if rule.expression is not None
            for name in rule.functions
        ]
        with_functions = {key: (route, self.functions[route.function]) for key, route in routes.items()}
        self.gateway = Gateway(with_functions, self.ministack.account_id)
        for source in [*self._sources, *schedules, self.gateway]:
            self._threads += source.threads()
        for thread in self._threads:
            thread.start()

    def _source(self, mapping: EventSource) -> Source:
        function = self.functions[mapping.function]
        queues = self.ministack.client("sqs")
        if mapping.service == "dynamodb":
            return StreamSource(mapping, function, self.activity, self.ministack.client("dynamodbstreams"), queues)
        return QueueSource(mapping, function, self.activity, self.surroundings.clock, queues)

    def _schedule(self, name: str, expression: str, function: str) -> ScheduleSource:
        arn = f"arn:aws:events:{self.ministack.region}:{self.ministack.account_id}:rule/{name}"
        schedule = schedule_of(expression)
        return ScheduleSource(arn, schedule, self.functions[function], self.activity, self.surroundings.clock)
