"""AWS on this machine: ministack as a process, and the template's table, queues and secret inside it."""
