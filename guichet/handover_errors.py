"""Why a change of hands is refused."""


class HandoverError(Exception):
    """A change of hands is refused; nothing was changed.

    HandoverError
    ├── UnknownConversation  there is no such conversation
    ├── AlreadyClaimed       a colleague has it (``by``: their name)
    ├── NotWaiting           nobody waits for a person there
    ├── NotYours             somebody else, or nobody, has it in hand
    ├── TooManyChats         no more than ``limit`` at once
    ├── UnknownAgent         the colleague does not take conversations at all
    └── UnknownAttachment    the file is not of this conversation
    """


class UnknownConversation(HandoverError):  # noqa: N818
    """There is no such conversation."""


class AlreadyClaimed(HandoverError):  # noqa: N818
    """A colleague was quicker."""

    def __init__(self, by: str) -> None:
        self.by = by
        super().__init__(by)


class NotWaiting(HandoverError):  # noqa: N818
    """Nobody waits for a person in this conversation."""


class NotYours(HandoverError):  # noqa: N818
    """The conversation is not in this agent's hands."""


class TooManyChats(HandoverError):  # noqa: N818
    """The agent has as many conversations in hand as they may."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        super().__init__(limit)


class UnknownAgent(HandoverError):  # noqa: N818
    """This account does not take conversations."""


class UnknownAttachment(HandoverError):  # noqa: N818
    """The file is not of this conversation."""
