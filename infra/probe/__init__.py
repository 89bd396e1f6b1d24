"""What `infra/probe.yaml` deploys: a function beside the bot, in the network of the drills."""
