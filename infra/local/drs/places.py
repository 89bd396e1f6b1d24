"""EC2 as far as checks look at it: a launch template for each source server, one subnet for all, what was launched.

moto's own templates and subnets are there beside them, as stories of other tests make them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import InvalidInstanceIdError
from moto.ec2.responses import EC2Response

from infra.local.drs.clock import world_now
from infra.local.drs.health import Ailment, private_address, status_checks
from infra.local.drs.instances import InstanceState, RecoveryInstance
from infra.local.drs.models import DrsBackend, drs_backends
from infra.local.drs.responses import KeysOfAccounts
from infra.local.drs.servers import launch_configuration_wire

VPC = "vpc-0d2111d2a1e5d0001"


class Ec2WithTemplates(KeysOfAccounts, EC2Response):
    """moto's EC2, with what DRS has made in it."""

    def describe_launch_template_versions(self) -> ActionResult:
        """The default versions of all templates, as `Versions=["$Default"]` asks for; anything else is moto's."""
        if self._get_param("Versions") != ["$Default"] or self._get_param("LaunchTemplateId"):
            return super().describe_launch_template_versions()
        backend = drs_backends[self.current_account][self.region]
        with backend.lock:
            subnet, servers = backend.settings.subnet, list(backend.servers.values())
        templates = [launch_configuration_wire(server)["ec2LaunchTemplateID"] for server in servers]
        return ActionResult({"LaunchTemplateVersions": [_version(each, subnet) for each in templates]})

    def describe_subnets(self) -> ActionResult:
        """The subnet of the drills, if it is among those asked for; any other is moto's."""
        settings = drs_backends[self.current_account][self.region].settings
        if settings.subnet not in self._filters_from_querystring().get("subnet-id", []):
            return super().describe_subnets()
        subnet = {
            "SubnetId": settings.subnet,
            "VpcId": VPC,
            "State": "available",
            "AvailableIpAddressCount": settings.free_addresses,
        }
        return ActionResult({"Subnets": [subnet]})

    def describe_instance_status(self) -> ActionResult:
        """The state and status checks of what DRS has launched."""
        wanted, now = self._get_param("InstanceIds", []), world_now()
        backend = drs_backends[self.current_account][self.region]
        with backend.lock:
            known = {each.id: (each, state) for each, state in backend.existing_instances(now)}
            if unknown := [each for each in wanted if each not in known]:
                raise InvalidInstanceIdError(unknown)
            found = [_status(backend, *known[each], now) for each in wanted]
        return ActionResult({"InstanceStatuses": found})

    def describe_instances(self) -> ActionResult:
        """What DRS has launched, as far as the probe needs it; anything else is moto's."""
        wanted = set(self._filters_from_querystring().get("instance-id", []))
        backend = drs_backends[self.current_account][self.region]
        with backend.lock:
            known = [each for each, _state in backend.existing_instances(world_now()) if each.id in wanted]
        shown = [{"InstanceId": each.id, "PrivateIpAddress": private_address(each.id)} for each in known]
        return ActionResult({"Reservations": [{"Instances": shown}]})


def _status(backend: DrsBackend, instance: RecoveryInstance, state: InstanceState, now: datetime) -> dict[str, Any]:
    impaired = backend.faults.is_ill(instance.source_server_id, Ailment.IMPAIRED)
    checks = status_checks(state, instance, now, impaired=impaired)
    return {
        "InstanceId": instance.id,
        "InstanceState": {"Name": state.value.lower()},
        **{check: {"Status": status} for check, status in checks.items()},
    }


def _version(template_id: str, subnet: str | None) -> dict[str, Any]:
    interface = {"DeviceIndex": 0, **({"SubnetId": subnet} if subnet else {})}
    return {
        "LaunchTemplateId": template_id,
        "VersionNumber": 1,
        "DefaultVersion": True,
        "LaunchTemplateData": {"NetworkInterfaces": [interface]},
    }
