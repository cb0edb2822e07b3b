"""What states, motives, wishes and fields are called in French, the same in the chat, in mails and on paper."""

from guichet.models import CaseMotive, CaseState, CaseWish, OrderState, RefundState, ReturnState, ReturnWish
from guichet.orders import ParcelSituation

ARTICLE, CASE, ORDER, MOTIVE, STATE, RETURN = "Article", "Dossier", "Commande", "Motif", "État", "Retour"
PROMISE, LAST_DAY = "Réponse promise avant", "Dernier jour pour le renvoyer"
PARCEL, PARCEL_OF = "Votre colis", "Colis {rang} sur {nombre}"
CARRIER, TRACKING = "Transporteur", "Numéro de suivi"
PROMISED, DELIVERED_ON, SHIPPED_ON = "Livraison promise", "Livré le", "Expédié le"
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
    CaseMotive.REFUND_LATE: "remboursement en retard",
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
REFUND_STATES = {RefundState.DECIDED: "décidé", RefundState.ISSUED: "effectué"}
RETURN_STATES = {
    ReturnState.REGISTERED: "enregistré, en attente de votre colis",
    ReturnState.RECEIVED: "reçu, en cours de contrôle",
    ReturnState.ACCEPTED: "accepté",
    ReturnState.REFUSED: "refusé",
}
CASE_WISHES = {
    CaseWish.PART: "une pièce de rechange",
    CaseWish.NEW_PRODUCT: "un échange à neuf",
    CaseWish.GESTURE: "un geste commercial",
    CaseWish.REFUND: "un remboursement",
    CaseWish.NEW_DELIVERY: "une nouvelle livraison",
    CaseWish.UNDECIDED: "à proposer par le SAV",
}
RETURN_WISHES = {ReturnWish.EXCHANGE: "un échange", ReturnWish.REFUND: "un remboursement", ReturnWish.CREDIT: "un avoir"}
