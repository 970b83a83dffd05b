"""The State's registries: one port, one simulator, one HTTP adapter each.

This room asks registries and says plainly when they do not answer. It keeps nothing and decides nothing: who may
ask, how often, and whether what was typed matches what the registry holds is the business of the rooms above. The door
is ``queries``; the JSON spoken on the wire is described in ``README.md`` beside this file.
"""
