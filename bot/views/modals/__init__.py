"""The forms that Slack opens in front of a person, each drawn from the drill as it is: pure."""
