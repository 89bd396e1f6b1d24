"""drs-drill-bot: AWS Elastic Disaster Recovery drills, run, approved and evidenced in Slack."""

ENGINE = "0.1.0"
"""The version of the rules, in every audit record: a drill can be replayed by the rules that ran it."""
