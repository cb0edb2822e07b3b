"""The audit log, for administrators."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from guichet import clock
from guichet.accounts import account_by_email, accounts, subject_of
from guichet.audit import Search, find_entries, known_actions
from guichet.console import texts
from guichet.console.guard import Signed, require
from guichet.console.pages import page
from guichet.models import Account, AuditEntry, Role
from guichet.services import Services

router = APIRouter()


@dataclass(frozen=True)
class Line:
    """An entry as one reads it."""

    at: datetime
    person: str
    action: str
    subject: str
    details: str


@dataclass(frozen=True)
class Filters:
    """What the form asks for, as it was typed; what cannot be understood is not asked."""

    personne: str = ""
    action: str = ""
    objet: str = ""
    du: str = ""
    au: str = ""

    async def search(self, session: AsyncSession) -> Search:
        """The same for the log. An e-mail stands for its account; days are Paris's, the last one included."""
        subject: str | None = self.objet.strip() or None
        if subject and "@" in subject:
            account = await account_by_email(session, subject)
            subject = subject_of(account) if account else subject
        person = int(self.personne) if self.personne.isascii() and self.personne.isdigit() and len(self.personne) < 10 else None
        return Search(person, self.action or None, subject, _midnight(self.du), _midnight(self.au, days=1))

    def address(self, page_number: int) -> str:
        """The query of another page of the same search."""
        asked = {name: value for name, value in vars(self).items() if value}
        return urlencode(asked | ({"page": page_number} if page_number > 1 else {}))


def _filters(
    personne: Annotated[str, Query(max_length=20)] = "",
    action: Annotated[str, Query(max_length=60)] = "",
    objet: Annotated[str, Query(max_length=320)] = "",
    du: Annotated[str, Query(max_length=10)] = "",
    au: Annotated[str, Query(max_length=10)] = "",
) -> Filters:
    return Filters(personne, action, objet, du, au)


@router.get("/journal")
async def show_log(
    request: Request,
    _: Annotated[Signed, Depends(require(Role.ADMIN))],
    filters: Annotated[Filters, Depends(_filters)],
    page_number: Annotated[int, Query(alias="page", ge=1, le=1_000_000)] = 1,
) -> Response:
    """The entries asked for, newest first."""
    services: Services = request.app.state.services
    async with services.db.transaction() as session:
        people = await accounts(session)
        actions = await known_actions(session)
        found = await find_entries(session, await filters.search(session), page_number)
    names = {subject_of(account): account.name for account in people}
    lines = [_line(entry, names) for entry in found.entries]
    values: dict[str, Any] = {
        "lines": lines,
        "found": found,
        "filters": filters,
        "people": people,
        "actions": _labelled(actions),
        "system": texts.SYSTEM,
    }
    return page(request, "audit.html", **values)


def _labelled(actions: Sequence[str]) -> list[tuple[str, str]]:
    return sorted(((action, texts.ACTIONS.get(action, action)) for action in actions), key=lambda pair: pair[1])


def _line(entry: AuditEntry, names: dict[str, str]) -> Line:
    who: Account | None = entry.account
    known = {"account:unknown": texts.UNKNOWN_ACCOUNT} | names
    subject = known.get(entry.subject, entry.subject)
    return Line(entry.at, who.name if who else texts.SYSTEM, texts.ACTIONS.get(entry.action, entry.action), subject, _details(entry.details))


def _details(details: dict[str, Any]) -> str:
    return ", ".join(f"{texts.DETAILS.get(key, key)} : {_change(value)}" for key, value in details.items())


def _change(value: Any) -> str:
    """A value, or a pair of before and after."""
    if isinstance(value, list) and len(value) == 2:
        return f"{_value(value[0])} → {_value(value[1])}"
    return _value(value)


def _value(value: Any) -> str:
    return str(texts.DETAIL_VALUES.get(value, value)) if isinstance(value, str | None) else str(value)


def _midnight(typed: str, *, days: int = 0) -> datetime | None:
    try:
        day = date.fromisoformat(typed)
        return datetime.combine(day + timedelta(days=days), time(), clock.PARIS)
    except (ValueError, OverflowError):
        return None
