from django.apps import AppConfig


class InstructionConfig(AppConfig):
    name = "guichet.instruction"
    label = "instruction"
