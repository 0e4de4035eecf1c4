"""Polling: which feed is asked when and how politely, and what follows of it for the next time.

The `poller` has feeds of the `roster` asked whose turn it is: by a `visit` each, which may lead on
over other hosts (`ways`). What follows, `verdicts` say: `settle` for the feed, `hosts` for its
host, `network` and `outage` for our own connection, and `probes` who is asked while that is down.
`pace` and `changed_settings` are what the user has to say about it. `feed_finder` looks at an
address before it becomes a feed.
"""
