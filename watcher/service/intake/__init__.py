"""Taking in what polls bring: what is thought of an entry, and whether people are told of it."""
