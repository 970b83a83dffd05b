"""Messages: the outbox of e-mails (one row per intent, at-least-once) the notifications shown in the site,
the announcements made to everybody.

A message goes to an address, a language and optionally a user. This room knows neither applications nor officers: the room
that has something to say gives the template, the context and the intent that makes the message unique.
"""
