"""Forms: how each is opened, and what becomes of what was filled in."""
