"""The functions' log: structured lines, also from the modules that only know the standard library's logging."""

from __future__ import annotations

import logging

from aws_lambda_powertools import Logger
from aws_lambda_powertools.logging import utils

logger = Logger()
logging.getLogger("bot")  # registers it: its children hand their lines up to it
utils.copy_config_to_registered_loggers(logger, include={"bot"})
