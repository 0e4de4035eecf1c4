"""Score the machinery on labelled items: stories and copies, pairs, topics, alerts."""
