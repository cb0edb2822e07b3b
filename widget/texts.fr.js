/** Every French text of the panel. Spaces: U+202F before « ? ! ; », U+00A0 before « : » and inside guillemets. */

/** @param {number} count */
const characters = (count) => `${count}\u00a0caractère${count > 1 ? 's' : ''}`;

export const texts = {
  title: 'Service client',
  log: 'Messages de la conversation',
  close: 'Fermer la fenêtre d’aide',
  menu: 'Options de la conversation',
  restart: 'Nouvelle conversation',
  erase: 'Effacer de cet appareil',
  person: 'Parler à une personne',
  personMessage: 'Je veux parler à une personne',
  input: 'Votre message',
  placeholder: 'Écrivez votre question…',
  send: 'Envoyer le message',
  sending: 'Envoi…',
  received: 'Reçu',
  failed: 'Ce message n’a pas été envoyé.',
  retry: 'Réessayer',
  more: 'En savoir plus',
  less: 'Réduire',
  choices: 'Réponses proposées',
  newTab: ' (nouvel onglet)',
  jump: 'Nouveau message',
  today: 'Aujourd’hui',
  yesterday: 'Hier',
  offline: 'Connexion perdue, nouvelle tentative…',
  ended: 'Cette conversation est terminée.',
  forgotten: 'La conversation précédente n’est plus disponible. En voici une nouvelle.',
  degraded: 'Recherche de secours\u00a0: cette réponse peut être moins précise.',
  refused: 'Votre demande n’a pas pu être traitée.',
  welcome: 'Bonjour\u202f! Posez votre question ci-dessous.',
  steps: (/** @type {number} */ step, /** @type {number} */ of, /** @type {string} */ label) =>
    `Étape ${step} sur ${of}\u00a0: ${label}`,
  left: (/** @type {number} */ count) => `Encore ${characters(count)}`,
  tooLong: (/** @type {number} */ count) => `${characters(count)} de trop`,
  authors: { customer: 'Vous', bot: 'Assistant automatique', agent: 'Conseiller', system: 'Information' },
  typing: { bot: 'L’assistant prépare une réponse', agent: 'Le conseiller écrit' },
  state: {
    bot: 'Assistant automatique',
    waiting: 'Un conseiller va vous répondre',
    human: 'Vous parlez à un conseiller',
    closed: 'Conversation terminée',
  },
  change: {
    bot: 'L’assistant automatique reprend la conversation.',
    waiting: 'Votre demande est transmise à un conseiller.',
    human: 'Un conseiller a rejoint la conversation.',
    closed: 'La conversation est terminée.',
  },
  notice: {
    bot: 'Vous parlez à un robot. Vous pouvez demander une personne à tout moment.',
    waiting: 'Un conseiller lira toute la conversation avant de vous répondre.',
    human: 'Vous parlez à une personne de notre équipe.',
    closed: 'Merci de votre visite.',
  },
};
