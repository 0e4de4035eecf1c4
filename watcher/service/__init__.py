"""The daemon and what it needs: it calls the other rooms in the right order.

A poll's way leads from `polling`, which asks, by `intake`, which judges and stores, with an
`encoder` if there is one, to `delivery`, which sends. People reach it through `by_hand` and
`chats`, monitors through `monitoring`. `in_force` holds the configuration, `care` keeps all of it
sound. Without a daemon run `trials` of a watchlist and `evaluate`; `installation` makes a service.
"""
