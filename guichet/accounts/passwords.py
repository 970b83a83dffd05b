"""Rules of passwords."""


class CompositionValidator:
    def validate(self, password: str, user: object = None) -> None: ...

    def get_help_text(self) -> str:
        return ""


class NotIdentityValidator(CompositionValidator):
    pass
