"""What the bot does with drills: the use cases, and the ports through which they reach the world."""
