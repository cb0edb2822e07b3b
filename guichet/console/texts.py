"""What the console says, in French; what a single page says is in its template."""

from guichet.models import CaseQueue, Role
from guichet.passwords import LONGEST, SHORTEST, Weakness

ROLES = {Role.AGENT: "Agent", Role.EDITOR: "Rédaction", Role.ADMIN: "Administration"}
ROLES_ABOUT = {
    Role.AGENT: "Répond aux clients et suit leurs dossiers.",
    Role.EDITOR: "Écrit les réponses de la FAQ ; ne voit rien des clients.",
    Role.ADMIN: "Peut tout faire, et gère les comptes.",
}
TEAMS = {CaseQueue.SAV: "SAV", CaseQueue.ORDERS: "Commandes", CaseQueue.ACCOUNTS: "Comptes clients"}

ENTRIES = {
    "conversations": ("Conversations", "Répondre aux clients qui attendent une personne."),
    "cases": ("Dossiers", "Suivre les demandes du SAV, des commandes et des comptes clients."),
    "figures": ("Chiffres", "Voir ce que les clients demandent et comment ils sont servis."),
    "faq": ("FAQ", "Écrire ce que l’assistant répond et ce qu’il comprend."),
    "accounts": ("Comptes", "Ouvrir un accès, changer un rôle, dépanner un collègue."),
    "audit": ("Journal", "Retrouver qui a fait quoi, et quand."),
}

NOTICES = {
    "sortie": "Votre session est fermée.",
    "mot-de-passe": "Votre mot de passe est changé. Vos autres sessions sont fermées.",
    "code-actif": "La double authentification est active. Un code vous sera demandé à la prochaine connexion.",
    "code-retire": "La double authentification est retirée : votre mot de passe suffit pour vous connecter.",
    "sessions": "Vos autres sessions sont fermées.",
    "compte-modifie": "Les modifications sont enregistrées.",
    "compte-desactive": "Le compte est désactivé. Ses sessions sont fermées.",
    "compte-reactive": "Le compte est réactivé, avec le mot de passe qu’il avait.",
}
"""By the word in an address's ``?fait=``."""

ERRORS = {
    "sign_in": ("Votre session est terminée.", "Connectez-vous à nouveau, puis refaites votre action : elle n’a pas été enregistrée."),
    "password_change": ("Choisissez d’abord votre mot de passe.", "Le vôtre est provisoire : changez-le dans « Mon compte »."),
    "forbidden": ("Cette page n’est pas ouverte à votre rôle.", "Si vous en avez besoin, demandez à une personne qui administre la console."),
    "forged": (
        "Cette page n’est plus à jour.",
        "Rien n’a été enregistré. Revenez en arrière, rechargez la page et recommencez. Si cela continue, vérifiez que votre navigateur "
        "accepte les cookies de ce site.",
    ),
    "https": (
        "La console demande une connexion chiffrée.",
        "Ouvrez-la par une adresse qui commence par https://. Derrière un serveur mandataire, voyez docs/console.md.",
    ),
    "not_found": ("Cette page n’existe pas.", "Vérifiez l’adresse, ou repartez de l’accueil."),
    "too_large": ("Cet envoi est trop volumineux.", "Rien n’a été enregistré. Raccourcissez-le, puis recommencez."),
    "invalid": ("Cette demande n’a pas pu être lue.", "Rien n’a été enregistré. Revenez en arrière, rechargez la page et recommencez."),
    "failed": (
        "Une erreur est survenue de notre côté.",
        "Réessayez dans un instant. Si cela continue, prévenez la personne qui s’occupe du serveur : le détail est dans son journal.",
    ),
}
"""Title, and what to do."""

SIGN_IN_REFUSED = (
    "Adresse e-mail ou mot de passe incorrect. Vérifiez-les, ou demandez un nouveau mot de passe à une personne qui administre la console."
)
TOO_MANY_ATTEMPTS = "Trop d’essais. Attendez {minutes} minutes, puis recommencez."
CODE_REFUSED = "Ce code n’est pas le bon, ou il a déjà servi. Attendez le suivant dans votre application, puis saisissez-le."
CODE_TOO_LATE = "Le temps pour saisir le code est écoulé : connectez-vous à nouveau."
PASSWORD_REFUSED = "Ce n’est pas votre mot de passe actuel."  # noqa: S105
PASSWORDS_DIFFER = "Les deux saisies ne sont pas identiques."
PASSWORD_UNCHANGED = "Choisissez un mot de passe différent de l’actuel."  # noqa: S105
WEAKNESSES = {
    Weakness.TOO_SHORT: f"Choisissez au moins {SHORTEST} caractères, par exemple quelques mots qui ne vont pas ensemble.",
    Weakness.TOO_LONG: f"Choisissez au plus {LONGEST} caractères.",
    Weakness.PERSONAL: "Évitez votre nom et votre adresse e-mail : ce sont les premiers essais de qui voudrait entrer.",
    Weakness.COMMON: "Ce mot de passe est trop courant. Prenez par exemple quelques mots qui ne vont pas ensemble.",
}

FIELD_NAME = "Indiquez un nom, 200 caractères au plus."
FIELD_EMAIL = "Indiquez une adresse e-mail, comme prenom@example.com."
FIELD_EMAIL_TAKEN = "Un compte a déjà cette adresse. Retrouvez-le dans la liste ; s’il est désactivé, vous pouvez le réactiver."
FIELD_ROLE = "Choisissez un rôle."
FIELD_TEAM = "Choisissez une équipe de la liste."
FIELD_MAX_CHATS = "Indiquez un nombre de 1 à {most}."
LAST_ADMIN = "C’est le dernier compte d’administration actif : donnez d’abord ce rôle à une autre personne."
OWN_ACCOUNT = "Vous ne pouvez pas désactiver votre propre compte : demandez à une autre personne qui administre la console."

SYSTEM = "Ligne de commande ou serveur"
ACTIONS = {
    "account.created": "Compte créé",
    "account.changed": "Compte modifié",
    "account.disabled": "Compte désactivé",
    "account.enabled": "Compte réactivé",
    "account.password_changed": "Mot de passe changé",
    "account.password_reset": "Mot de passe réinitialisé",
    "account.totp_enabled": "Double authentification activée",
    "account.totp_disabled": "Double authentification retirée",
    "account.totp_reset": "Double authentification réinitialisée",
    "conversation.claimed": "Conversation prise",
    "conversation.transferred": "Conversation transmise",
    "conversation.given_back": "Conversation rendue à l’assistant",
    "conversation.closed": "Conversation terminée",
    "conversation.requeued": "Conversation remise dans la file",
    "session.opened": "Connexion",
    "session.closed": "Déconnexion",
    "session.others_closed": "Autres sessions fermées",
    "session.refused": "Connexion refusée",
}
"""The actions of the audit log, as one reads them; another one is shown as it is stored."""
DETAILS = {"email": "e-mail", "role": "rôle", "name": "nom", "team": "équipe", "max_chats": "conversations simultanées", "reason": "motif"}
DETAIL_VALUES: dict[str | None, str] = {
    **{role.value: label for role, label in ROLES.items()},
    **{team.value: label for team, label in TEAMS.items()},
    "password": "mot de passe",
    "code": "code",
    None: "aucune",
}
UNKNOWN_ACCOUNT = "Compte inconnu"
