"""Offices and officers for the tests of this room."""

from guichet.accounts.models import Account, Officer, Post
from guichet.offices.models import Office


def an_office(code: str, slug: str) -> Office:
    return Office.objects.create(
        code=code, kind="prefecture", name=f"Préfecture d'{slug}", slug=slug, department="99", city=slug, city_insee="99001"
    )


def an_officer(name: str, *posts: tuple[str, Office | None]) -> Officer:
    address = f"{name}@offices.example"
    account = Account.objects.create(kind=Account.Kind.OFFICER, identifier=address, email=address, display_name=name)
    made = Officer.objects.create(account=account, name=name)
    for role, office in posts:
        Post.objects.create(officer=made, role=role, office=office)
    return made
