"""Slack's requests: from the HTTP event at the door to a use case, and what the person is answered."""
