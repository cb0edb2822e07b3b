"""The custom actions, run inside guichet. Thin: they turn what Rasa knows into calls of the domain modules, and results into words."""

from rasa_sdk import Action

from bot.actions.answers import AnswerFaq, Clarify, Decline, DefaultFallback, Deny
from bot.actions.task_actions import StartTask, TaskForm
from guichet.services import Services


def all_actions(services: Services) -> list[Action]:
    """Every action of the domain, ready to be registered."""
    kinds = (AnswerFaq, Clarify, Decline, DefaultFallback, Deny, StartTask, TaskForm)
    return [kind(services) for kind in kinds]
