"""Messages: the outbox of e-mails (one row per intent, at-least-once) and the notifications shown in the site.

A message goes to an address, a language and optionally a user. This room knows neither applications nor officers: the room
that has something to say gives the template, the context and the intent that makes the message unique.
"""
