"""What each really started child can't do, and what it can."""
