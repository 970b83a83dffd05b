"""FranceConnect as a way in: the conversation with the provider, the identity it vouches for, the account that it opens.

``provider`` speaks OpenID Connect and is the only file of the room that goes out on the network. ``pivot`` reads what came back
and compares it with the registry: pure. ``linking`` holds the acts. FranceConnect says who somebody is; it never says which
foreigner number is theirs, so that the first time the number is asked, and AGDREF decides.
"""
