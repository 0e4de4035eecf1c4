"""Score the machinery on labelled items: stories and copies, pairs, topics, alerts.

`figures` holds a file against its `floors` and beside the rules of others (`baselines`). What is
scored has a module each: `stories`, `pairs`, `topics`, `alerts`, `languages`, and the `order` of
polls; the measures are in `metrics`. `hidden` and `given` change what we know beforehand, and
`mistakes` shows where we were wrong.
"""
