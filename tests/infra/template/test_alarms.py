"""Each alarm watches a figure that is there, and has its runbook; each figure is explained and on the dashboard."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from bot.adapters.emf import NAMESPACE
from bot.application.ports.figures import Figure
from infra.local.aws.resources import TEMPLATE
from infra.local.aws.template import Json
from tests.infra.template.conftest import of_type

RUNBOOKS = (TEMPLATE.parent / "docs" / "howto" / "operate.md").read_text()
WITH_A_DIMENSION = {Figure.DRILLS, Figure.HOLDS, Figure.RECOVERY_TIME, Figure.OBJECTIVE_USED, Figure.DRS_ERRORS}
ALARMS = {
    "FunctionErrors",
    "FunctionThrottles",
    "IngressSlow",
    "WorkLaneLate",
    "SlackLaneLate",
    "SlackRefuses",
    "DeadLetters",
    "FinderNotRunning",
    "OutboxStuck",
    "DrillWithoutProgress",
    "InstancesLeftOver",
    "WorkGivenUp",
    "UnreadableDrill",
}
MOST = 6_144
"""Characters of a managed policy without white space (AWS: IAM quotas)."""


@pytest.fixture(scope="module")
def alarms(resources: Json) -> dict[str, Any]:
    return of_type(resources, "AWS::CloudWatch::Alarm")


def test_there_are_these_alarms(alarms: dict[str, Any]) -> None:
    assert set(alarms) == ALARMS


@pytest.mark.parametrize("name", sorted(ALARMS))
def test_each_says_what_it_means_and_names_its_runbook(alarms: dict[str, Any], name: str) -> None:
    anchor = re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()
    assert alarms[name]["AlarmDescription"].endswith(f"See docs/howto/operate.md#{anchor}")
    assert f"\n## {anchor}\n" in RUNBOOKS
    assert alarms[name]["AlarmActions"] == alarms[name]["OKActions"]


def test_an_alarm_on_a_figure_of_the_bots_is_on_one_that_it_writes_of_the_whole_service(
    alarms: dict[str, Any], functions: dict[str, Any]
) -> None:
    (service,) = {each["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"] for each in functions.values()}
    ours = [alarm for alarm in alarms.values() if alarm.get("Namespace") == NAMESPACE]
    assert len(ours) == 6
    for alarm in ours:
        assert Figure(alarm["MetricName"]) not in WITH_A_DIMENSION
        assert alarm["Dimensions"] == [{"Name": "service", "Value": service}]


def test_silence_of_the_finder_is_an_alarm_and_of_nothing_else(alarms: dict[str, Any]) -> None:
    silent = {name for name, alarm in alarms.items() if alarm["TreatMissingData"] == "breaching"}
    assert silent == {"FinderNotRunning"}


def test_every_figure_is_explained() -> None:
    assert [figure for figure in Figure if f"`{figure}`" not in RUNBOOKS] == []


def test_the_dashboard_is_json_and_shows_figures_that_are_written(resources: Json) -> None:
    (board,) = of_type(resources, "AWS::CloudWatch::Dashboard").values()
    text = re.sub(r"\$\{[\w:]+\}", "x", board["DashboardBody"]["Fn::Sub"])
    widgets = json.loads(text)["widgets"]
    named = set(re.findall(r'"drs-drill-bot", ?"(\w+)"|MetricName=\\"(\w+)\\"', text))
    shown = {first or second for first, second in named}
    assert len(widgets) == 12
    assert shown <= {figure.value for figure in Figure}
    assert shown >= {"Drills", "WaveTime", "ObjectiveUsed", "DrsErrors", "SlackLag"}
    places = [(each["x"], each["y"]) for each in widgets]
    assert len(set(places)) == len(places)


def test_a_managed_policy_is_no_longer_than_iam_takes_it(resources: Json) -> None:
    for policy in of_type(resources, "AWS::IAM::ManagedPolicy").values():
        longest = json.dumps(policy["PolicyDocument"], separators=(",", ":"))
        assert len(longest) < MOST * 1.4, "as text of a template, references and all"
        assert len(re.sub(r'\{"Fn::\w+":("[^"]*"|\[[^]]*\])\}', '"' + "x" * 60 + '"', longest)) < MOST
