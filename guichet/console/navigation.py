"""Where one can go: the entries of the side bar that exist and that one's role opens."""

from dataclasses import dataclass

from starlette.requests import Request

from guichet.console import texts
from guichet.console.guard import Guard, GuardedRoute
from guichet.models import Role


@dataclass(frozen=True)
class Entry:
    """An entry of the side bar; ``key`` is what opens it after « g »."""

    name: str
    path: str
    key: str

    @property
    def label(self) -> str:
        """What it is called."""
        return texts.ENTRIES[self.name][0]

    @property
    def about(self) -> str:
        """What one does there."""
        return texts.ENTRIES[self.name][1]


ENTRIES = (
    Entry("conversations", "/conversations", "c"),
    Entry("cases", "/dossiers", "d"),
    Entry("figures", "/chiffres", "h"),
    Entry("faq", "/faq", "f"),
    Entry("accounts", "/comptes", "u"),
    Entry("audit", "/journal", "j"),
)
FIRST = {Role.AGENT: ("conversations", "cases"), Role.EDITOR: ("faq",), Role.ADMIN: ()}
"""Where each role's day begins, as soon as the page exists; the home page otherwise."""


def entries_for(request: Request, role: Role) -> list[Entry]:
    """The entries to show to this role: the routes themselves say who may open them."""
    routes: list[GuardedRoute] = request.app.state.guarded_routes
    open_to_role = {each.path for each in routes if "GET" in each.methods and isinstance(each.guard, Guard) and each.guard.allows(role)}
    return [entry for entry in ENTRIES if entry.path in open_to_role]


def first_entry(request: Request, role: Role) -> Entry | None:
    """Where this role's day begins, or None for the home page."""
    entries = {entry.name: entry for entry in entries_for(request, role)}
    return next((entries[name] for name in FIRST[role] if name in entries), None)
