"""What the dialogue says while it does things, in French. Chit-chat is in ``domain.yml``, FAQ answers in ``faq/``."""

from collections.abc import Mapping
from typing import TypeVar

from guichet import labels, mail_texts
from guichet.changes import Feasibility
from guichet.models import CaseMotive, CaseState, CaseWish, OrderState, RefundState, Reserves, ReturnState, ReturnWish
from guichet.orders import ParcelSituation

_State = TypeVar("_State")


def _toned(names: Mapping[_State, str], tones: Mapping[_State, str]) -> dict[_State, tuple[str, str]]:
    """Each state's name with the tone of its badge; a state without a tone is a ``KeyError`` at once."""
    return {state: (name, tones[state]) for state, name in names.items()}


# --- proving an order -------------------------------------------------------------------------------------------------------
ASK_ORDER_NUMBER = (
    "Quel est votre **numéro de commande** ? Il compte huit chiffres et figure dans votre e-mail de confirmation, "
    "ainsi que dans « Mes commandes » de votre compte client."
)
ASK_WHICH_ORDER = "De quelle commande s’agit-il ? Choisissez-la, ou donnez-moi un autre numéro."
ORDER_LABEL = "{numero} du {date} ({etat})"
ASK_PROOF = "Merci. Pour protéger vos données, indiquez aussi **l’e-mail de la commande** ou le **code postal de livraison**."
PROOF_REFUSED = (
    "Je ne trouve pas de commande qui corresponde à ces informations. Vérifiez le numéro ainsi que l’e-mail ou le code postal, "
    "puis redonnez-moi ce qui doit être corrigé."
)
TOO_MANY_ATTEMPTS = (
    "Plusieurs essais n’ont pas abouti : par sécurité, je ne peux plus vérifier de commande ici pendant une heure. "
    "Le service client peut vous aider au {telephone} ({horaires_texte})."
)
WHERE_IS_THE_NUMBER = (
    "Pas d’inquiétude : le numéro se trouve dans l’objet de l’e-mail de confirmation, et sur le site dans « Mon compte », « Mes commandes ». "
    "Si vous ne le retrouvez pas, une personne peut le chercher avec vous au {telephone}."
)
NOT_A_NUMBER = "Je n’ai pas reconnu de numéro de commande (huit chiffres, par exemple 10025873)."

# --- a task in general --------------------------------------------------------------------------------------------------------
ABANDON = "Abandonner"
ABANDONED = "C’est noté, j’arrête là. Puis-je vous aider pour autre chose ?"
MISSED = "Je n’ai pas bien compris."
MISSED_TWICE = "Je ne suis pas sûr de bien vous comprendre ; une personne peut prendre le relais si vous préférez."
OTHER_REQUEST = "Vous aviez une autre demande. Je m’en occupe ?"
NOTHING_PENDING = "Avec plaisir. Dites-moi ce dont vous avez besoin."
ALL_RIGHT = "Très bien. Je reste à votre disposition."
NOT_HELPED = "Je suis désolé que cela n’ait pas répondu à votre besoin. Reformulez votre question, ou demandez une personne."

# --- understanding --------------------------------------------------------------------------------------------------------------
CLARIFY = "Je veux être sûr de bien vous répondre. Votre question est-elle l’une de celles-ci ?"
CLARIFY_AGAIN = "Je ne suis toujours pas certain de vous comprendre. Est-ce l’une de ces questions, ou préférez-vous parler à une personne ?"
NONE_OF_THESE = "Aucune de ces questions"
OUT_OF_SCOPE = (
    "Je n’ai pas de réponse sûre à cela : je m’occupe des comptes, des commandes, des livraisons, des retours et du SAV de {nom}. "
    "Reformulez votre question, ou demandez une personne."
)
OUT_OF_SCOPE_AGAIN = "Je n’arrive décidément pas à vous répondre. Le plus simple est de parler à une personne : voulez-vous lui laisser un message ?"
OUTDATED_ENTRY = "Cette information n’est plus valable aujourd’hui. Le service client vous renseignera au {telephone} ({horaires_texte})."

# --- orders ---------------------------------------------------------------------------------------------------------------------
ORDER_STATES = _toned(
    labels.ORDER_STATES,
    {
        OrderState.AWAITING_PAYMENT: "warning",
        OrderState.IN_PREPARATION: "info",
        OrderState.PARTLY_SHIPPED: "info",
        OrderState.SHIPPED: "info",
        OrderState.DELIVERED: "success",
        OrderState.CANCELLED: "neutral",
        OrderState.REFUNDED: "neutral",
    },
)
ORDER_NEXT = {
    OrderState.AWAITING_PAYMENT: "Elle sera lancée dès que votre règlement ({paiement}) sera reçu et validé.",
    OrderState.IN_PREPARATION: "Nos équipes la préparent ; un e-mail vous préviendra dès l’expédition, avec le délai de livraison.",
    OrderState.PARTLY_SHIPPED: "Une partie est partie, le reste suivra dans un autre envoi, sans frais supplémentaires.",
    OrderState.CANCELLED: "Elle ne sera pas expédiée.",
    OrderState.REFUNDED: "Le détail du remboursement est ci-dessous.",
}
ORDER_IS = "Votre commande **{numero}** du {date} est **{etat}**."
STILL_TO_SHIP = "Encore à expédier : {articles}."
REST_TOO_LONG = "Le reste de la commande est attendu depuis plus de {delai_reliquat_jours} jours : ce n’est pas normal, je peux ouvrir un dossier."
PARCEL_STATES = _toned(
    labels.PARCEL_STATES,
    {
        ParcelSituation.PREPARING: "info",
        ParcelSituation.ON_ITS_WAY: "info",
        ParcelSituation.TODAY: "info",
        ParcelSituation.LATE: "danger",
        ParcelSituation.CUSTOMER_ABSENT: "warning",
        ParcelSituation.AT_PICKUP_POINT: "warning",
        ParcelSituation.DELIVERED: "success",
        ParcelSituation.RETURNED_TO_SENDER: "danger",
    },
)
PARCEL_STEPS = {
    ParcelSituation.PREPARING: 1,
    ParcelSituation.ON_ITS_WAY: 2,
    ParcelSituation.LATE: 2,
    ParcelSituation.TODAY: 3,
    ParcelSituation.CUSTOMER_ABSENT: 3,
    ParcelSituation.AT_PICKUP_POINT: 3,
    ParcelSituation.DELIVERED: 4,
}
"""How far a parcel has come; one that comes back has no place on the way."""
PARCEL_NEXT = {
    ParcelSituation.PREPARING: "Le colis n’est pas encore parti ; son numéro de suivi vous sera envoyé par e-mail.",
    ParcelSituation.ON_ITS_WAY: "La date annoncée n’est pas passée : le colis suit son chemin, je vous invite à patienter jusque-là.",
    ParcelSituation.TODAY: "Le livreur est en tournée : le colis doit arriver aujourd’hui. Contrôlez-le devant lui avant de signer.",
    ParcelSituation.LATE: (
        "La date promise ({promis}) est passée, je vous présente nos excuses. Vérifiez auprès de {transporteur} que le colis n’est pas "
        "en instance ; sinon j’ouvre une recherche avec vous tout de suite."
    ),
    ParcelSituation.CUSTOMER_ABSENT: (
        "Le livreur est passé en votre absence : l’avis de passage indique la nouvelle date ou le lieu de retrait. "
        "Sans retrait dans le délai imparti, le colis nous revient."
    ),
    ParcelSituation.AT_PICKUP_POINT: "Le colis vous attend au point de retrait indiqué sur l’avis. Passé le délai imparti, il nous revient.",
    ParcelSituation.DELIVERED: "Le transporteur indique une livraison le {livre}.",
    ParcelSituation.RETURNED_TO_SENDER: "Le colis nous revient : ouvrons un dossier pour le réexpédier ou vous rembourser.",
}
MISSING_DELIVERED = (
    "Le transporteur indique pourtant une livraison le {livre}. Regardez auprès de vos voisins, de l’accueil ou de votre entourage ; "
    "si le colis n’y est pas, j’ouvre une recherche avec vous."
)
NO_PARCEL_YET = "Aucun colis n’est encore parti pour cette commande."
OPEN_ENQUIRY = "Ouvrir une recherche"
OTHER_ORDER = "Une autre commande"
NEW_DELIVERY, REFUND_WANTED = "Demander une nouvelle livraison", "Demander le remboursement"
NOTIFY_ME = "Me prévenir par e-mail"
NOTIFIED = "C’est noté : un e-mail vous préviendra à {contact} à chaque étape de la commande **{numero}**. Un lien permet d’arrêter à tout moment."
PROBLEM_WITH_ARTICLE = "J’ai un problème avec un article"
PAYMENTS = {
    "card": "carte bancaire",
    "paypal": "PayPal",
    "transfer": "virement bancaire",
    "mandate": "mandat administratif",
    "instalments": "3x 4x Oney",
}

# --- refunds and returns ------------------------------------------------------------------------------------------------------
REFUND_STATES = _toned(labels.REFUND_STATES, {RefundState.DECIDED: "info", RefundState.ISSUED: "success"})
RETURN_STATES = _toned(
    labels.RETURN_STATES,
    {
        ReturnState.REGISTERED: "info",
        ReturnState.RECEIVED: "info",
        ReturnState.ACCEPTED: "success",
        ReturnState.REFUSED: "danger",
    },
)
REFUND_TITLE = "Remboursement de {montant}"
REFUND_MEANS, REFUND_DECIDED, REFUND_ISSUED = "Moyen", "Décidé le", "Effectué le"
REFUNDS_ARE = "Voici où en est le remboursement de la commande **{numero}**."
REFUNDS_ARE_DUE = "Voici où en est le remboursement de la commande **{numero}**. Il sera effectué au plus tard le **{limite}**."
REFUND_RETURN_PENDING = (
    "Aucun remboursement n’est encore décidé pour la commande **{numero}** : il le sera après réception et acceptation de votre retour."
)
NO_REFUND = "Aucun remboursement n’est enregistré pour la commande **{numero}**. Si vous en attendez un, je transmets votre demande à une personne."
RETURN_TITLE = "Retour {numero}"
RETURN_REGISTERED = (
    "Votre rétractation est reçue le {instant} : le retour **{numero}** est enregistré pour {articles}, avec votre souhait : {souhait}."
)
PIECES = "{nombre} × {article}"
ASK_QUANTITY = "Vous pouvez retourner jusqu’à **{nombre}** × {article}. Combien souhaitez-vous en retourner ?"
NOT_A_QUANTITY = "Il me faut un nombre entre 1 et {nombre}."
ASK_RETURN_WISH = "Que souhaitez-vous en échange, après réception et acceptation du retour ?"
RETURN_WISHES = {ReturnWish.EXCHANGE: "Un échange", ReturnWish.REFUND: "Un remboursement", ReturnWish.CREDIT: "Un avoir"}
WITHDRAW_HERE = "Renoncer au contrat ici"
RETURN_HOW = (
    "Imprimez le **bordereau** ci-joint et glissez-le dans le colis avec l’article, dans son emballage d’origine et complet. Adresse : "
    "{adresse_retour}. Les frais de retour restent à votre charge."
)
RETURN_HOW_MORE = "\n".join((f"**{mail_texts.RETURN_TITLE}**\n", *(f"- {step}" for step in mail_texts.RETURN_STEPS), f"\n{mail_texts.RETURN_AFTER}"))
RETURN_PROFESSIONAL = (
    "Le droit de rétractation de {delai_retractation_jours} jours ouvrables concerne les clients particuliers ; votre commande est "
    "professionnelle. Un défaut ou une erreur reste bien sûr pris en charge par le SAV."
)
RETURN_NOT_DELIVERED = (
    "La commande **{numero}** n’est pas encore entièrement livrée : le délai de retour ne commence qu’à la livraison du dernier colis. "
    "Vous pouvez aussi renoncer dès maintenant à votre achat."
)
RETURN_TOO_LATE = (
    "Le délai de retour de {delai_retractation_jours} jours ouvrables s’est terminé le {dernier_jour}. En cas de défaut, la garantie "
    "légale s’applique toujours et je peux ouvrir un dossier SAV."
)
RETURN_SETTLED = (
    "La commande **{numero}** est déjà annulée ou remboursée : il n’y a plus de retour à faire. "
    "Si quelque chose vous semble inexact, une personne peut le vérifier."
)
RETURN_ALL_RETURNED = "Tous les articles de la commande **{numero}** font déjà l’objet d’un retour. Le voici."
RETURN_CONFIRM = (
    "Je prépare le retour de **{articles}** (possible jusqu’au {dernier_jour}), souhait : {souhait}. "
    "Les frais de retour restent à votre charge. Je l’enregistre ?"
)
CONFIRM_RETURN = "Confirmer la rétractation"

# --- cases ----------------------------------------------------------------------------------------------------------------------
MOTIVES = {
    CaseMotive.DEFECTIVE: "Il est défectueux ou en panne",
    CaseMotive.INCOMPLETE: "Il manque une pièce dans la boîte",
    CaseMotive.DAMAGED: "Il est arrivé abîmé",
    CaseMotive.WRONG_ITEM: "Ce n’est pas la bonne référence",
    CaseMotive.MISSING_ITEM: "Un article n’est pas dans le colis",
    CaseMotive.PARCEL_NOT_RECEIVED: "Je n’ai pas reçu le colis",
    CaseMotive.OTHER: "Autre raison",
}
CASE_STATES = _toned(
    labels.CASE_STATES,
    {
        CaseState.OPEN: "info",
        CaseState.IN_PROGRESS: "info",
        CaseState.AWAITING_CUSTOMER: "warning",
        CaseState.SETTLED: "success",
    },
)
ASK_ARTICLE = "Quel article de la commande **{numero}** est concerné ?"
ASK_OTHER_ARTICLE = "Quel autre article de la commande **{numero}** faut-il ajouter ?"
WHOLE_ORDER, ALL_ARTICLES = "Toute la commande", "Tous ces articles"
ADD_ARTICLE, NO_MORE_ARTICLE = "Ajouter un article", "Pas d’autre article"
AND = " et "
ASK_MOTIVE = "Que se passe-t-il avec **{article}** ?"
ASK_DESCRIPTION = (
    "Décrivez le problème en quelques mots : ce que vous constatez et depuis quand. Vous pouvez joindre jusqu’à cinq photos avec le trombone. "
    "Conservez l’article en l’état."
)
SAY_MORE = "Quelques mots de plus aideront notre SAV à vous répondre vite."
ENQUIRY_DESCRIPTION = "Colis non reçu ({details})."
ENQUIRY_PARCEL = "{transporteur} {numero}"
ENQUIRY_PROMISED, ENQUIRY_DELIVERED = ", promis le {jour}", ", indiqué livré le {jour}"
ENQUIRY_RETURNED, ENQUIRY_NOTHING_SHIPPED = ", retourné à l’expéditeur", "aucun colis expédié"
ASK_RESERVES = "Avez-vous noté des **réserves** sur le bordereau du livreur, par exemple « sous réserve de déballage » ?"
RESERVES = {Reserves.MADE: "Oui, j’ai noté des réserves", Reserves.NOT_MADE: "Non, aucune réserve", Reserves.UNKNOWN: "Je ne sais plus"}
NO_RESERVES = (
    "Sans réserve sur le bordereau, nous ne pouvons malheureusement pas prendre en charge une avarie de transport constatée après le départ du "
    "livreur. Le SAV peut tout de même examiner votre cas, par exemple si le défaut ne vient pas du transport."
)
EXAMINE_ANYWAY = "Le faire examiner"
ASK_WISH = "Quelle solution vous conviendrait le mieux ? Le SAV vous fera une proposition selon l’avarie et les stocks."
WISHES = {
    CaseWish.PART: "Une pièce à remplacer moi-même",
    CaseWish.NEW_PRODUCT: "Un échange à neuf",
    CaseWish.GESTURE: "Un geste commercial",
    CaseWish.REFUND: "Un remboursement",
    CaseWish.UNDECIDED: "Je vous laisse proposer",
}
CASE_RECAP = "Voici votre dossier : commande **{numero}**, {article}, motif « {motif} »{precisions}.\n\n« {description} »\n\nJe l’enregistre ?"
RECAP_RESERVES = {
    Reserves.MADE: ", réserves notées à la livraison",
    Reserves.NOT_MADE: ", sans réserve à la livraison",
    Reserves.UNKNOWN: ", réserves à vérifier",
}
RECAP_WISH = ", solution souhaitée : {souhait}"
CONFIRM_CASE, CHANGE_DESCRIPTION = "Enregistrer le dossier", "Modifier la description"
CASE_OPENED = (
    "C’est fait : votre dossier porte le numéro **{numero}**. Notre SAV vous proposera une solution sous {delai_solution_heures} h ouvrées, "
    "au plus tard le {avant}, à l’adresse {contact}. Gardez l’article et son emballage, sans le réparer."
)
ENQUIRY_OPENED = (
    "C’est fait : la recherche porte le numéro **{numero}**. Notre service vous proposera une solution sous {delai_solution_heures} h ouvrées, "
    "au plus tard le {avant}, à l’adresse {contact}."
)
PARCEL_REQUEST_OPENED = (
    "C’est fait : votre demande porte le numéro **{numero}** ({souhait}). Notre service vous répondra sous {delai_solution_heures} h ouvrées, "
    "au plus tard le {avant}, à l’adresse {contact}."
)
PHONE_MASKED = "votre numéro finissant par {fin}"
CASE_TITLE = "Dossier {numero}"
CASE_OPENED_ON, CASE_LAST, CASE_ADDED = "Ouvert le", "Dernière étape", "Votre dernier ajout"
PROMISE_PASSED = "Réponse en retard, promise avant"
CASES_ARE = "Voici les nouvelles de votre dossier."
CASES_ARE_MANY = "Voici les nouvelles de vos dossiers."
CASE_UNKNOWN = "Je ne trouve pas ce dossier dans cette conversation. Prouvons d’abord la commande concernée et je vous dirai tout ce que j’en sais."
NO_CASE = "Aucun dossier n’est ouvert pour la commande **{numero}**. Souhaitez-vous en ouvrir un ?"

ADD_TO_CASE = "Ajouter une photo ou un message"
ASK_ADDITION = "Que faut-il ajouter au dossier ? Écrivez votre message, ou envoyez vos photos avec le trombone."
WHICH_CASE = "À quel dossier faut-il l’ajouter ?"
PHOTOS_WHICH_CASE = "Vos photos sont bien reçues. À quel dossier faut-il les joindre ?"
PHOTOS_KEPT = "C’est bien reçu. De quoi s’agit-il ? Je joindrai vos photos au dossier que nous ouvrirons, ou à celui que vous avez déjà."
ADDED_TO_CASE = "C’est ajouté à votre dossier **{numero}** ; notre SAV le verra avec le reste."
ADDED_TO_REQUEST = "C’est ajouté à votre demande **{numero}** : nos équipes la verront en entier."
ADDED_AND_REOPENED = "C’est ajouté à votre dossier **{numero}**, qui est rouvert : notre SAV va le réexaminer."
RECAP_PHOTOS_ONE, RECAP_PHOTOS = ", une photo jointe", ", {nombre} photos jointes"

# --- requests about an order under way --------------------------------------------------------------------------------------------
ASK_CHANGE = "Que souhaitez-vous changer dans cette commande ? Indiquez l’article à ajouter, retirer ou remplacer, et la quantité."
ASK_NEW_ADDRESS = "Quelle est la **nouvelle adresse complète** : nom, rue, code postal et ville ?"
ALREADY_REQUESTED = "Cette demande est déjà enregistrée sous le numéro **{numero}** : inutile de la refaire, nos équipes s’en occupent."
CHANGE_REST_ONLY = "Une partie de la commande **{numero}** est déjà partie : votre demande portera sur ce qui reste à expédier."
CANCEL_TOO_LATE_WITHDRAW = (
    "La commande **{numero}** est déjà partie en tout ou partie : je ne peux plus arrêter l’envoi. Vous pouvez en revanche **renoncer au contrat ici** : "
    "votre rétractation est enregistrée aujourd’hui et vous nous renvoyez les articles à réception, dans leur emballage d’origine. "
    "Les frais de retour restent à votre charge."
)
_SETTLED = "La commande **{numero}** est déjà annulée ou remboursée : il n’y a plus rien à changer."
CHANGE_IMPOSSIBLE = {
    CaseMotive.ORDER_CHANGE: {
        Feasibility.SHIPPED: (
            "La commande **{numero}** est déjà chez le transporteur : son contenu ne peut plus être changé. Vous pourrez retourner à réception "
            "ce qui ne convient pas, ou passer une nouvelle commande. Pour un cas particulier, le service client vous répond au {telephone}."
        ),
        Feasibility.DELIVERED: (
            "La commande **{numero}** est livrée : je ne peux plus la modifier, mais je peux préparer un retour, ou ouvrir un dossier si quelque chose ne va pas."
        ),
        Feasibility.SETTLED: _SETTLED,
    },
    CaseMotive.ORDER_CANCELLATION: {
        Feasibility.SHIPPED: (
            "La commande **{numero}** est déjà chez le transporteur : je ne peux plus l’arrêter. Le service client verra avec vous ce qui est "
            "possible, au {telephone} ({horaires_texte})."
        ),
        Feasibility.DELIVERED: (
            "La commande **{numero}** est livrée : il n’est plus possible de l’annuler. Un client particulier a {delai_retractation_jours} jours "
            "ouvrables pour retourner ce qui ne convient pas ; en cas de problème, j’ouvre un dossier."
        ),
        Feasibility.SETTLED: _SETTLED,
    },
    CaseMotive.ADDRESS_CHANGE: {
        Feasibility.SHIPPED: (
            "La commande **{numero}** est déjà chez le transporteur : je ne peux plus changer son adresse d’ici. Appelez vite le service client au "
            "{telephone} ({horaires_texte}). En cas d’absence, l’avis de passage donne une nouvelle date ou un lieu de retrait."
        ),
        Feasibility.DELIVERED: "La commande **{numero}** est déjà livrée : son adresse ne peut plus être changée.",
        Feasibility.SETTLED: _SETTLED,
    },
}
CHANGE_RECAP = "Voici votre demande pour la commande **{numero}** :\n\n« {description} »\n\nJe la transmets à nos équipes ?"
CANCEL_RECAP = "Je demande l’annulation de la commande **{numero}**. C’est bien ce que vous voulez ?"
WITHDRAWAL_RECAP = "Vous renoncez au contrat pour la commande **{numero}**. Confirmez-vous votre rétractation ?"
CONFIRM_REQUEST, CONFIRM_WITHDRAWAL, CHANGE_TEXT = "Transmettre la demande", "Confirmer la rétractation", "Modifier le texte"
REQUEST_DESCRIPTIONS = {
    CaseMotive.ORDER_CANCELLATION: "Annulation demandée de la commande {numero}.",
    CaseMotive.WITHDRAWAL: "Rétractation déclarée pour la commande {numero}, avant réception.",
}
REQUEST_REGISTERED = (
    "C’est transmis sous le numéro **{numero}** : nos équipes traitent votre demande et vous répondent à {contact}, au plus tard le {avant}. "
    "Elle est acquise dès qu’elles vous l’ont confirmée."
)
WITHDRAWAL_ACKNOWLEDGED = (
    "Votre rétractation pour la commande **{commande}** est reçue le {instant}, sous le numéro **{numero}**. Nous vous la confirmons "
    "à {contact}. À réception du colis, renvoyez-le à : {adresse_retour}."
)
WHERE_IS_MY_PARCEL = "Où est mon colis ?"

# --- a person ---------------------------------------------------------------------------------------------------------------------
HUMAN_COMES = "Bien sûr, je vous mets en relation avec une personne."
HUMAN_OPEN = "Une personne vous répond en ce moment même au **{telephone}** ({horaires_texte}), ou par e-mail à {courriel_service_client}."
HUMAN_CLOSED = (
    "Le service client est fermé en ce moment ; il rouvre {ouverture} au **{telephone}** ({horaires_texte}). "
    "Vous pouvez aussi écrire à {courriel_service_client}."
)
LEAVE_MESSAGE = "Laisser un message"
ASK_CONTACT = "Je peux aussi lui transmettre votre message : à quel **e-mail** ou **numéro de téléphone** vous répondre ?"
NOT_A_CONTACT = "Je n’ai pas reconnu d’e-mail ni de numéro de téléphone."
ASK_MESSAGE = "Que dois-je lui transmettre ? Écrivez votre message en une fois, avec votre numéro de commande si vous en avez un."
MESSAGE_ALREADY_LEFT = (
    "Votre message **{numero}** est bien entre nos mains : une personne vous répondra à {contact}, au plus tard le {avant}. "
    "Pour aller plus vite, le service client est au **{telephone}** ({horaires_texte})."
)
NO_MESSAGE = "Très bien, je n’envoie rien. Pour parler à quelqu’un, le service client est au **{telephone}** ({horaires_texte})."
MESSAGE_LEFT = (
    "Votre message est transmis sous le numéro **{numero}** : une personne vous répondra à {contact}, sous {delai_solution_heures} h ouvrées, "
    "au plus tard le {avant}."
)

# --- the shop: payment in several times, products ---------------------------------------------------------------------------------
NO_THANKS = "Non merci"
ASK_AMOUNT = "Pour quel montant ? Je calcule l’échéancier {solution_financement} tout de suite."
INSTALMENTS_POSSIBLE = "Oui : {montant} se règlent en 3 ou 4 fois par carte bancaire avec {partenaire_financement}."
INSTALMENTS_POSSIBLE_IN = "Oui : {montant} se règlent en {nombre} fois par carte bancaire avec {partenaire_financement}."
INSTALMENTS_ONLY = (
    "Le paiement en {nombre} fois n’est pas proposé, mais {montant} se règlent en 3 ou 4 fois par carte bancaire avec {partenaire_financement}."
)
INSTALMENTS_HOW = (
    "Voici ce que cela donne pour une commande passée aujourd’hui. Au moment de régler, choisissez « 3x 4x sans frais » : {partenaire_financement} "
    "établit alors avec vous l’échéancier définitif."
)
INSTALMENTS_TOO_LOW = (
    "{montant}, c’est trop peu pour {solution_financement} : le paiement en 3 ou 4 fois va de {minimum} à {maximum}, bornes comprises."
)
INSTALMENTS_TOO_HIGH = "{montant}, c’est trop pour {solution_financement} : le paiement en 3 ou 4 fois va de {minimum} à {maximum}, bornes comprises."
SCHEDULE_TITLE = "{montant} en {nombre} fois"
SCHEDULE_BADGE = "sans frais"
SCHEDULE_TODAY = "Aujourd’hui, {jour}"

ASK_PRODUCT = "Quel produit cherchez-vous ? Donnez-moi un nom, une marque ou un modèle."
ASK_PRODUCT_STOCK = "De quel produit s’agit-il ? Je regarde son stock tout de suite."
PRODUCT_FOUND = "Voici ce que j’ai trouvé dans notre catalogue."
PRODUCT_STOCK = "Voici sa disponibilité en ce moment."
PRODUCTS_STOCK = "Voici leur disponibilité en ce moment."
PRODUCTS_MANY = "Voici {nombre} des {total} produits qui correspondent."
PRODUCT_NEAR = "Je ne suis pas sûr d’avoir exactement cela ; voici ce qui s’en approche le plus dans notre catalogue."
PRODUCT_OTHER_PRICE = "Je n’ai rien à ce prix ; voici ce qui s’en approche le plus."
PRODUCT_UNKNOWN = "Je ne trouve pas « {nom_cherche} » dans notre catalogue."
PRODUCT_SOLD_OUT = "Je ne connais pas la date du prochain arrivage ; une personne peut se renseigner pour vous."
PRODUCT_TOO_FEW = "Il n’y en a pas {voulus} pour le moment ; une personne peut se renseigner pour vous."
PRODUCT_FILTER = "Sur le site, le menu « Filtrer par », à gauche de l’écran, permet d’affiner par type, marque, modèle ou prix."
PRODUCT_BRAND, PRODUCT_PRICE, PRODUCT_REFERENCE = "Marque", "Prix", "Référence"
IN_STOCK, FEW_IN_STOCK, SOLD_OUT = "en stock ({stock})", "plus que {stock}", "épuisé"

# --- refunds that are late --------------------------------------------------------------------------------------------------------
REFUND_RETURN_DUE = (
    "Aucun remboursement n’est encore décidé pour la commande **{numero}** : il le sera après réception et acceptation de votre retour, "
    "et effectué au plus tard le **{limite}**."
)
REFUND_RETURN_REFUSED = (
    "Le retour de la commande **{numero}** n’a pas été accepté : aucun remboursement n’est décidé. Une personne peut vous en donner la raison."
)
REFUND_LATE = (
    "Le remboursement de {montant} pour la commande **{numero}**, décidé le {decision}, aurait dû être effectué au plus tard le **{limite}**. "
    "Il est en retard, je vous présente nos excuses."
)
REFUND_LATE_RETURN = (
    "Votre retour **{retour}** nous est bien parvenu, mais rien n’est encore remboursé, plus de {delai_remboursement_jours} jours après "
    "votre demande, reçue le **{depuis}**. Le remboursement est en retard, je vous présente nos excuses."
)
REFUND_AFTER_REQUEST = (
    "Votre demande d’annulation **{dossier}** pour la commande **{numero}** est en cours : dès qu’elle est confirmée, vous êtes remboursé par le "
    "moyen de paiement utilisé ({moyen}), au plus tard {delai_remboursement_jours} jours après."
)
REFUND_AFTER_WITHDRAWAL = (
    "Votre rétractation **{dossier}** pour la commande **{numero}** est enregistrée : vous êtes remboursé par le moyen de paiement utilisé "
    "({moyen}), au plus tard {delai_remboursement_jours} jours après l’avoir déclarée, ou dès que nous avons reçu le colis ou la preuve de son envoi."
)
ALREADY_IN_RETURN = "{articles} : déjà dans le retour **{retour}**."
REFUND_LATE_OFFER = "Je peux ouvrir un dossier tout de suite, pour qu’une personne s’en occupe."
OPEN_REFUND_CASE = "Ouvrir un dossier"
REFUND_CASE_OPENED = (
    "C’est fait : le dossier **{numero}** est ouvert. Nos équipes s’occupent de votre remboursement et vous répondent à {contact}, "
    "au plus tard le {avant}."
)
REFUND_LATE_DESCRIPTION = (
    "Remboursement en retard : {montant} ({moyen}), décidé le {decision}, à effectuer au plus tard le {limite}. Signalé par le client le {jour}."
)
REFUND_LATE_RETURN_DESCRIPTION = (
    "Remboursement en retard : retour {retour} demandé le {depuis}, reçu depuis, sans remboursement. Signalé par le client le {jour}."
)


def photos_received(count: int) -> str:
    """How many photos the case will have."""
    return "J’ai bien reçu votre photo, elle sera jointe au dossier." if count == 1 else f"{count} photos seront jointes au dossier."
