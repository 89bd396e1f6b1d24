"""What Lambda, API Gateway and EventBridge are to the bot: they wake its functions, as the transformed template says.

    HTTP request ──── gateway ───┐
    table's stream ── streams ───┤
    queues ────────── queues ────┼──> functions ──> a process per worker (`infra.local.worker`)
    schedule ──────── schedules ─┤
    DRS's events ──── rules ──> poll queue

Each source of events runs in threads of its own. Streams, queues and the dead-letter queue are real ones, in ministack;
delays, visibility timeouts and schedules run on world time.
"""
