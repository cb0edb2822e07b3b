"""What the service itself says to customers, in French. What the dialogue says is in ``bot/actions/texts.py`` and ``domain.yml``."""

GREETING = (
    "Bonjour et bienvenue chez {nom} ! Je suis un **assistant automatique** : je réponds à vos questions, je retrouve "
    "votre commande et j’ouvre un dossier SAV. Vous pouvez demander une personne à tout moment.\n\nQue puis-je faire pour vous ?"
)
GREETING_CHOICES = (
    ("Où en est ma commande ?", "/order_status"),
    ("J’ai un problème avec un article", "/open_sav_case"),
    ("Retourner un article", "/start_return"),
    ("Parler à une personne", "/contact_human"),
)

DEGRADED_ANSWER = (
    "Mon assistant complet est momentanément indisponible. Voici la réponse de notre FAQ qui semble correspondre à votre question, "
    "« {question} » :\n\n{answer}"
)
DEGRADED_NOTHING = (
    "Je suis désolé, je ne peux pas traiter votre demande en ce moment : mon assistant redémarre. Réessayez dans une minute, ou "
    "joignez le service client au {telephone} ({horaires_texte}) ou à {courriel_service_client}. Votre message est conservé."
)
DEGRADED_CHOICES_LABEL = "Ces questions de la FAQ peuvent aussi vous aider :"

ERRORS = {
    "invalid_frame": "Ce message n’a pas pu être lu : {reason}.",
    "empty_message": "Votre message est vide : écrivez votre question en quelques mots.",
    "message_too_long": "Votre message compte {length} caractères, {limit} au plus sont acceptés : raccourcissez-le ou envoyez-le en plusieurs fois.",
    "unknown_choice": "Ce bouton n’est plus disponible : écrivez votre demande.",
    "too_many_messages": "Plusieurs de vos messages attendent encore une réponse : patientez quelques secondes, puis renvoyez celui-ci.",
    "unknown_conversation": "Cette conversation n’existe plus : une nouvelle va commencer.",
    "invalid_identity": "Votre connexion à votre compte n’a pas pu être vérifiée : actualisez la page. Vous pouvez aussi continuer sans.",
    "other_customer": "Cette conversation est celle d’un autre compte client : une nouvelle va commencer.",
    "conversation_closed": "Cette conversation est terminée : commencez-en une nouvelle.",
}

INVALID_REASONS = {
    "bytes": "du texte JSON est attendu",
    "json_invalid": "ce n’est pas du JSON",
    "union_tag_invalid": "« type » doit être hello, message ou choice",
    "union_tag_not_found": "« type » est attendu",
    "model_attributes_type": "un objet JSON est attendu",
    "missing": "le champ « {field} » est attendu",
    "extra_forbidden": "le champ « {field} » est inconnu",
}
"""Why a frame could not be read, by pydantic's name of the mistake."""
INVALID_FIELD = "le champ « {field} » n’a pas la forme attendue"
ALREADY_OPEN = "la connexion est déjà ouverte"
