"""The ports, fulfilled with AWS, Slack and files."""
