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
    "union_tag_invalid": "« type » doit être hello, message, choice, read, typing ou rate",
    "union_tag_not_found": "« type » est attendu",
    "model_attributes_type": "un objet JSON est attendu",
    "missing": "le champ « {field} » est attendu",
    "extra_forbidden": "le champ « {field} » est inconnu",
}
"""Why a frame could not be read, by pydantic's name of the mistake."""
INVALID_FIELD = "le champ « {field} » n’a pas la forme attendue"
ALREADY_OPEN = "la connexion est déjà ouverte"

IMPORT_COLUMNS = {
    "numero": "huit chiffres",
    "date": "une date comme 2026-11-16 09:30 ou 16/11/2026 09:30, heure de Paris",
    "etat": "awaiting_payment, in_preparation, partly_shipped, shipped, delivered, cancelled ou refunded",
    "paiement": "card, paypal, transfer, mandate ou instalments",
    "frais_port_cents": "un nombre entier de centimes, vide pour 0",
    "email": "une adresse e-mail",
    "nom": "un nom, 200 caractères au plus",
    "type": "private ou professional, vide pour private",
    "societe": "un nom, 200 caractères au plus, ou vide",
    "telephone": "un numéro de téléphone, ou vide",
    "rue": "une adresse, 200 caractères au plus",
    "code_postal": "un code postal",
    "ville": "un nom de ville",
    "facturation_rue": "une adresse, 200 caractères au plus, ou vide comme toute l’adresse de facturation",
    "facturation_code_postal": "un code postal, ou vide comme toute l’adresse de facturation",
    "facturation_ville": "un nom de ville, ou vide comme toute l’adresse de facturation",
    "sku": "la référence d’un article : lettres, chiffres, point, tiret",
    "quantite": "un nombre entier, 1 au moins",
    "prix_unitaire_cents": "un nombre entier de centimes",
    "etat_colis": "preparing, in_transit, out_for_delivery, customer_absent, at_pickup_point, delivered ou returned_to_sender, vide sans colis",
    "transporteur": "un nom, ou vide",
    "numero_suivi": "un numéro, ou vide ; les lignes de même numéro sont dans le même colis",
    "url_suivi": "une adresse qui commence par https://, ou vide",
    "expedie_le": "une date comme 2026-11-18 ou 18/11/2026, ou vide",
    "promis_le": "une date comme 2026-11-21 ou 21/11/2026, ou vide",
    "livre_le": "une date comme 2026-11-20 ou 20/11/2026 pour un colis livré (delivered), vide sinon",
}
"""The columns of an order file and what is expected in each (docs/integration.md)."""
IMPORT_REFUSED_CELL = "colonne « {column} » : « {value} » n’est pas accepté ; attendu : {expected}"
IMPORT_EMPTY_CELL = "colonne « {column} » : vide ; attendu : {expected}"
IMPORT_DIFFERENT = "colonne « {column} » : « {value} » alors qu’une ligne précédente de la commande dit « {before} »"
IMPORT_CELL_COUNT = "{count} cellules alors que l’en-tête compte {expected} colonnes"
IMPORT_SKU_TWICE = "l’article « {sku} » figure déjà sur une autre ligne de la commande"
IMPORT_UNKNOWN_SKU = "l’article « {sku} » n’est pas au catalogue"
IMPORT_LINE_IN_USE = "{user} porte sur l’article « {sku} », qui ne peut pas être retiré de la commande ni réduit en dessous de la quantité retournée"
IMPORT_CONFLICT = "la commande a été modifiée au même moment : relancez l’import"
IMPORT_TOO_MANY = "{count} lignes ; {limit} au plus sont acceptées pour une commande"
IMPORT_TOO_MANY_PARCELS = "{count} colis ; {limit} au plus sont acceptés pour une commande"
IMPORT_NOT_CSV = "La ligne {row} ne peut pas être lue : un guillemet est peut-être resté ouvert."
IMPORT_PROBLEM = "Ligne {row} (commande {number}) : {reason}."
IMPORT_NOT_UTF8 = "Le fichier n’est pas en UTF-8 : enregistrez-le au format « CSV UTF-8 »."
IMPORT_NO_HEADER = "Colonnes absentes de la première ligne : {columns}."
IMPORT_UNKNOWN_COLUMNS = "Colonnes inconnues : {columns}. Colonnes possibles : {possible}."
IMPORT_COLUMN_TWICE = "Colonnes répétées : {columns}."
IMPORT_SUMMARY = "Commandes créées : {created}, mises à jour : {updated}, refusées : {refused}."
IMPORT_DRY_RUN = "Essai à blanc : rien n’a été enregistré."

SLIP_NAME = "bordereau-{numero}.pdf"
ADDED_TO_CASE = "Joint : {noms}."
ATTACHMENT_ERRORS = {
    "unknown_attachment": "Ce fichier n’est plus disponible : choisissez-le à nouveau.",
    "too_many_attachments": "Vous pouvez joindre jusqu’à {unsent} fichiers par message et {total} par conversation.",
    "attachment_too_large": "Ce fichier est trop lourd : {megabytes} Mo au plus sont acceptés.",
    "unsupported_attachment": "Ce type de fichier n’est pas accepté : envoyez une photo (JPEG, PNG, WebP ou GIF) ou un document PDF.",
    "heic": "Les photos au format HEIC ne sont pas acceptées. Sur votre iPhone, ouvrez Réglages, Appareil photo, Formats, choisissez "
    "« Le plus compatible » et reprenez la photo, ou envoyez-en une capture d’écran. Sont acceptés : JPEG, PNG, WebP, GIF et PDF.",
    "unreadable_attachment": "Ce fichier n’a pas pu être lu : il est endommagé ou l’image est trop grande ({megapixels} mégapixels au plus). "
    "Essayez avec une autre photo ou une capture d’écran.",
}
ERRORS |= {code: ATTACHMENT_ERRORS[code] for code in ("unknown_attachment", "too_many_attachments")}
CUSTOMER_HTTP_ERRORS = {
    "unknown_conversation": "Cette conversation n’existe plus : ouvrez la messagerie à nouveau.",
    "invalid_request": "La demande est incomplète ou mal formée : {reason}.",
    "conversation_closed": ERRORS["conversation_closed"],
    "too_many_transcripts": "Trop de copies ont été demandées aujourd’hui pour cette conversation ou cette adresse : réessayez demain.",
}
INVALID_REQUEST = {
    "form": "un formulaire multipart est attendu",
    "id": "le champ « id » doit être un UUID qui n’a pas encore servi",
    "file": "le champ « file » doit contenir un fichier",
    "email": "« email » doit être une adresse e-mail, comme camille@example.com",
}
DEGRADED_ATTACHMENTS = (
    "Votre envoi est bien reçu et conservé, mais mon assistant est momentanément indisponible : il ne peut pas le traiter maintenant. "
    "Réessayez dans une minute en écrivant votre demande, ou joignez le service client au {telephone} ({horaires_texte}) "
    "ou à {courriel_service_client}."
)

# --- handing over to a person ---------------------------------------------------------------------------------------------------
QUEUE_LEADS = {
    "asked": "Votre demande est transmise à nos conseillers.",
    "misunderstood": "Je n’ai pas su vous répondre : votre demande est transmise à nos conseillers.",
    "bot_failure": "Mon assistant est momentanément indisponible : votre demande est transmise à nos conseillers.",
    "needs_person": "Cette demande est à voir avec une personne : je la transmets à nos conseillers.",
    "agent_silent": "Veuillez nous excuser : la personne qui vous répondait a dû s’absenter. Votre conversation est reprise par ses collègues.",
    "transferred": "Votre conversation est transmise à un autre conseiller, qui en lira tout l’historique.",
    "reopened": "Votre conversation est rouverte : nos conseillers en sont prévenus.",
}
"""What a customer is told first on entering the queue, by the reason."""
QUEUE_FIRST = "Vous êtes la prochaine personne à qui l’on répond, ici même, sous {minutes} minutes au plus."
QUEUE_SECOND = "Une personne est avant vous ; on vous répond ici même, sous {minutes} minutes au plus."
QUEUE_LATER = "{before} personnes sont avant vous ; on vous répond ici même, sous {minutes} minutes au plus."
QUEUE_NOBODY = (
    "Tous nos conseillers sont absents pour l’instant. Votre demande garde sa place : on vous répond ici même dès le retour de l’un d’eux, "
    "et vous pouvez fermer cette fenêtre en attendant."
)
QUEUE_CLOSED = (
    "Le service client est fermé en ce moment ; il rouvre {ouverture}. Votre demande garde sa place : on vous répond ici même à partir de là, "
    "et vous pouvez fermer cette fenêtre en attendant."
)
DEGRADED_PERSON = "Bien sûr, je fais appel à une personne."
LEAVE_QUEUE = "Revenir à l’assistant"
QUEUE_LEFT = "Vous êtes de nouveau avec l’assistant automatique. Que puis-je faire pour vous ?"
REOPENED_BY_BOT = "Heureux de vous retrouver : la conversation reprend là où nous l’avions laissée."
AGENT_JOINED = "{nom} prend votre conversation."
AGENT_CHANGED = "{nom} reprend votre conversation et en a lu l’historique."
BACK_TO_BOT = "L’assistant automatique reprend la conversation. Vous pouvez redemander une personne à tout moment."
CLOSED_BY_AGENT = "La conversation est terminée. Une autre question ? Écrivez ici même dans les {heures} h et nous la reprendrons."
CLOSED_BY_AGENT_FOR_GOOD = "La conversation est terminée. Merci d’être passé nous voir !"
CLOSED_IDLE = "Sans nouvelles de vous, nous terminons cette conversation. Elle reprendra si vous écrivez ici dans les {heures} h."
CLOSED_IDLE_FOR_GOOD = "Sans nouvelles de vous, nous terminons cette conversation."
ASK_PERSON = "Parler à une personne"
CUSTOMER = "Client"

REFUSALS = {
    "already_claimed": "{nom} a déjà pris cette conversation.",
    "not_waiting": "Cette conversation n’est plus en attente.",
    "not_yours": "Cette conversation n’est pas entre vos mains : prenez-la d’abord.",
    "too_many_chats": "Vous avez déjà {limite} conversations en main : terminez-en une, ou transmettez-la, avant d’en prendre une autre.",
    "unknown_conversation": "Cette conversation n’existe pas ou plus.",
    "too_many_watched": "Vous suivez déjà {limite} conversations : fermez-en une avant d’en ouvrir une autre.",
    "unknown_agent": "Cette personne ne peut pas recevoir de conversation.",
    "unknown_attachment": "Cette pièce jointe n’existe pas dans cette conversation.",
    "empty_message": "Le message est vide.",
    "invalid_frame": "La console a envoyé une trame illisible : rechargez la page.",
}
"""What an agent is told when something cannot be done."""
