"""Where one arrives."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from guichet.console.guard import Signed, everybody
from guichet.console.navigation import first_entry
from guichet.console.pages import go_to, page
from guichet.second_factor import has_second_factor

router = APIRouter()


@router.get("/")
async def home(request: Request, who: Annotated[Signed, Depends(everybody)]) -> Response:
    """Straight to the day's work for agents and editors; what there is to do for administrators."""
    first = first_entry(request, who.account.role)
    if first:
        return go_to(first.path)
    return page(request, "home.html", second_factor=has_second_factor(who.account))
