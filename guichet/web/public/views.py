"""Pages anyone may open."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def home(request: HttpRequest) -> HttpResponse:
    return render(request, "public/home.html")


def help_index(request: HttpRequest) -> HttpResponse:
    return render(request, "public/help.html")


def contact(request: HttpRequest) -> HttpResponse:
    return render(request, "public/contact.html")


def orientation(request: HttpRequest) -> HttpResponse:
    return render(request, "public/orientation.html")


def procedure(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "public/procedure.html")


def page(request: HttpRequest, name: str) -> HttpResponse:
    return render(request, f"public/{name}.html")
