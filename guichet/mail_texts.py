"""What mails and their pages say to customers, in French. States, motives and fields are named in ``guichet.labels``."""

from guichet.models import Author

HELLO = "Bonjour,"
SIGNATURE = "Bien cordialement,\nLe service client de {nom}"
CONTACT = "Une question ? Appelez le {telephone} ({horaires_texte}) ou écrivez à {courriel_service_client}."
REASON = "Vous recevez cet e-mail à la suite de votre échange avec notre service client."
REASON_ORDER = "Vous recevez cet e-mail parce que vous avez demandé des nouvelles de votre commande."
UNSUBSCRIBE = "Ne plus recevoir de nouvelles de cette commande"

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

REFUND_LATE_SUBJECT = "Votre remboursement en retard : dossier {numero}"
REFUND_LATE_OPENED = (
    "Votre remboursement est en retard, nous vous présentons nos excuses. Votre dossier est transmis à nos équipes, "
    "qui vous répondent au plus tard le {limite}."
)
ATTACHED = "Pièce jointe : {nom}"
