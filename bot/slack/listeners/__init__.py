"""What people can type and click, each leading to one use case."""
