"""How the plain pages of governance answer: with a page, or on to the next one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from hub.web.pages.sheet import Done, SheetPage


def answered(request: HttpRequest, done: Done | None) -> HttpResponse | None:
    return redirected(request, done) if done else None


def redirected(request: HttpRequest, done: Done) -> HttpResponse:
    messages.success(request, done.words)
    return redirect(done.url)


def shown(request: HttpRequest, page: SheetPage, *, is_fine: bool = False) -> HttpResponse:
    status = 422 if request.method == "POST" and not is_fine else 200
    return render(request, "web/governance/sheet.html", {"page": page}, status=status)
