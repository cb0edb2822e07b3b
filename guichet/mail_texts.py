"""What mails and their pages say to customers, in French. States and motives are named as in the chat (a test compares them)."""

from guichet.models import Author, CaseMotive, CaseState, OrderState
from guichet.orders import ParcelSituation

HELLO = "Bonjour,"
SIGNATURE = "Bien cordialement,\nLe service client de {nom}"
CONTACT = "Une question ? Appelez le {telephone} ({horaires_texte}) ou écrivez à {courriel_service_client}."
REASON = "Vous recevez cet e-mail à la suite de votre échange avec notre service client."
REASON_ORDER = "Vous recevez cet e-mail parce que vous avez demandé des nouvelles de votre commande."
UNSUBSCRIBE = "Ne plus recevoir de nouvelles de cette commande"

ARTICLE, CASE, ORDER, MOTIVE, STATE, RETURN = "Article", "Dossier", "Commande", "Motif", "État", "Retour"
PROMISE, LAST_DAY = "Réponse promise avant", "Dernier jour pour le renvoyer"
PARCEL, PARCEL_OF = "Votre colis", "Colis {rang} sur {nombre}"
CARRIER, TRACKING, PROMISED, DELIVERED_ON = "Transporteur", "Numéro de suivi", "Livraison promise", "Livré le"
FOLLOW_PARCEL = "Suivre le colis"

MOTIVES = {
    CaseMotive.DEFECTIVE: "article défectueux",
    CaseMotive.INCOMPLETE: "produit incomplet",
    CaseMotive.DAMAGED: "abîmé à l’arrivée",
    CaseMotive.WRONG_ITEM: "mauvaise référence",
    CaseMotive.MISSING_ITEM: "article manquant",
    CaseMotive.PARCEL_NOT_RECEIVED: "colis non reçu",
    CaseMotive.OTHER: "autre motif",
    CaseMotive.ORDER_CHANGE: "modification de commande",
    CaseMotive.ORDER_CANCELLATION: "annulation de commande",
    CaseMotive.ADDRESS_CHANGE: "changement d’adresse de livraison",
    CaseMotive.WITHDRAWAL: "rétractation",
    CaseMotive.CONTACT: "message au service client",
}
CASE_STATES = {
    CaseState.OPEN: "ouvert",
    CaseState.IN_PROGRESS: "en cours",
    CaseState.AWAITING_CUSTOMER: "en attente de votre réponse",
    CaseState.SETTLED: "réglé",
}
ORDER_STATES = {
    OrderState.AWAITING_PAYMENT: "en attente de règlement",
    OrderState.IN_PREPARATION: "en préparation",
    OrderState.PARTLY_SHIPPED: "expédiée en partie",
    OrderState.SHIPPED: "expédiée",
    OrderState.DELIVERED: "livrée",
    OrderState.CANCELLED: "annulée",
    OrderState.REFUNDED: "remboursée",
}
PARCEL_STATES = {
    ParcelSituation.PREPARING: "en préparation",
    ParcelSituation.ON_ITS_WAY: "en route",
    ParcelSituation.TODAY: "livraison aujourd’hui",
    ParcelSituation.LATE: "en retard",
    ParcelSituation.CUSTOMER_ABSENT: "avis de passage",
    ParcelSituation.AT_PICKUP_POINT: "à retirer",
    ParcelSituation.DELIVERED: "livré",
    ParcelSituation.RETURNED_TO_SENDER: "retourné à l’expéditeur",
}

CASE_SUBJECT = "Votre dossier {numero} est ouvert"
CASE_OPENED = "Votre dossier SAV est bien enregistré. Nous vous proposerons une solution sous {delai_solution_heures} h, au plus tard le {limite}."
CASE_KEEP = "Conservez l’article et son emballage en l’état, sans le réparer : ils nous aideront à vous répondre."
ENQUIRY_SUBJECT = "Recherche de votre colis : dossier {numero}"
ENQUIRY_OPENED = (
    "La recherche de votre colis est lancée. Nous vous proposerons une solution sous {delai_solution_heures} h, au plus tard le {limite}."
)
MESSAGE_SUBJECT = "Votre message est bien reçu ({numero})"
MESSAGE_OPENED = (
    "Votre message est transmis à notre service client. Une personne vous répondra sous {delai_solution_heures} h, au plus tard le {limite}."
)

REQUEST_SUBJECT = "Votre demande {numero} est bien reçue"
REQUEST_OPENED = (
    "Votre demande est transmise à nos équipes, qui vous répondent au plus tard le {limite}. Elle est acquise dès qu’elles vous l’ont confirmée."
)
WITHDRAWAL_SUBJECT = "Accusé de réception de votre rétractation ({numero})"
WITHDRAWAL_OPENED = (
    "Nous accusons réception de votre rétractation, reçue le {ouverture}. À réception du colis, renvoyez-le à : {adresse_retour}. "
    "Les frais de retour restent à votre charge."
)

CASE_UPDATE_SUBJECT = "Du nouveau dans votre dossier {numero}"
CASE_UPDATE = "Voici la réponse de notre service client :"
CASE_AWAITING = "Nous attendons votre réponse pour poursuivre : répondez à cet e-mail ou revenez dans la messagerie de notre site."

RETURN_SUBJECT = "Votre retour {numero} est enregistré"
RETURN_REGISTERED = "Votre demande de retour est bien enregistrée."
RETURN_TITLE = "Préparer le colis"
RETURN_STEPS = (
    "Replacez l’article dans son emballage d’origine, avec tous ses accessoires et sa notice.",
    "Mettez le tout dans un carton d’envoi, avec un courrier portant vos coordonnées, votre numéro de commande et le numéro {numero}.",
    "Fermez soigneusement et inscrivez l’adresse : {adresse_retour}.",
)
RETURN_AFTER = (
    "Les frais de retour restent à votre charge en cas de rétractation. Après réception et acceptation, nous vous proposerons "
    "l’échange, le remboursement ou un avoir."
)

ORDER_SUBJECT = "Votre commande {numero} : {etat}"
ORDER_NEWS = "Votre commande {numero} du {date} est {etat}."

TRANSCRIPT_SUBJECT = "Votre conversation avec {nom}"
TRANSCRIPT = "Voici la copie de votre conversation du {date}, comme vous l’avez demandée."
AUTHORS = {
    Author.CUSTOMER: "Vous",
    Author.BOT: "L’assistant automatique",
    Author.AGENT: "Le service client",
    Author.SYSTEM: "{nom}",
}
SAID = "{qui}, {quand}"

PAGE_TITLE = "Nouvelles de votre commande"
PAGE_ASK = "Souhaitez-vous ne plus recevoir d’e-mails sur la commande {numero} ?"
PAGE_CONFIRM = "Ne plus recevoir ces e-mails"
PAGE_DONE = "C’est fait : vous ne recevrez plus d’e-mails sur la commande {numero}."
PAGE_UNKNOWN = "Ce lien n’est pas valable : vérifiez qu’il est complet, tel qu’il figure dans notre e-mail."
