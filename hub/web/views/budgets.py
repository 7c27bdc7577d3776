"""The budget of an account, for those whose it is; administrators set it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from hub.accounts.viewer import Viewer
from hub.web.job_forms import BudgetForm
from hub.web.pages import budgets as pages


def budget(request: HttpRequest, viewer: Viewer, name: str) -> HttpResponse:
    namespace, form = pages.find(viewer, name), BudgetForm(request.POST or None)
    if said := pages.save(viewer, namespace, form):
        messages.success(request, said)
        return redirect(request.path)
    page = pages.build(viewer, namespace, form)
    return render(request, "web/jobs/budget.html", {"page": page}, status=422 if request.POST else 200)
