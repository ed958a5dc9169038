"""When two bound figures contradict each other: the parts of finding conflicts."""
