"""Words of a sentence about products: which name something, and how alike two are however they are typed."""

import re
from functools import lru_cache

from rapidfuzz import fuzz

from guichet.faq_search import fold

LINKS = frozenset(("a", "au", "aux", "avec", "d", "de", "du", "en", "et", "l", "ou", "par", "pour", "sans"))
"""Words inside a product's name: they neither name nor end it."""
_AROUND = """
    abord absolument acces accueil achat achats ache achete achetee acheter achetes actuelle actuellement actuels adresse affiche affichee
    afficher affiches ah ai aider aidez ailleurs aime aimerai aimerais ainsi alerte alertes aller allez alors an ancien ancor anglais annee
    annees annonce ans apparait apparaitre apparemment appel appeler appelle apres argent arrete arreter arrivage arrivages arrive arriver
    article articles as assez attend attendre attends attendu attente atterrir aucun aucune auj aujourd aupres aura aurait aurez auriez
    auront autre autrement autres avai avaient avais avait avant avec aver avez avis avoir avons balader barre barree barres bas beau
    beaucoup ben besoin bete bien bientot bjr bof boite bon bonjour bonne bonsoir bouge bout boutique bouton bref bsr but ca cache cachent
    cacher car cas case catalogue catalogues categorie categories cb ce ceci cela celle celles celui cent centaine cents certain ces cest
    cet cette ceux chacun chaque chef chemin cher cherch cherchais cherchait cherche chercher cherchez cherchons chere cherhce chers chez
    choisir choix chose choses chui ci cinq cinquante clic clics client clique cliquer code codes coin colis collectivite collegue collegues
    combien commande commandee commander commandes comme comment commercial commune comparer compte compter comptez connais connait
    connaitre conseil consulter contacter contre copain correspond couleur courant cours course critere croyais dans date debut
    definitivement deja delai delais demain demande demander demandez depuis dernier derniere dernieres derniers derriere des desesperement
    desire desirerais desormais dessous dessus deux deuxieme devant devis devrait dire direct directement dis dispo disponibilite
    disponibilites disponible disponibles dispos dit dites dix dizaine dois doit donc donne donnee donner donnez dont douzaine douze droit
    ds dsl du ecran ecrire ecrit ecrite effectivement elle elles email encor encore enfin enkor entendre entier entiere entre entrepot
    entreprise entrer envie envoyer epuise epuisee epuisement epuises es espere essai essaye essayer est etais etait ete etes etiquette etre
    eu euh euro euros exact exacte exactement exemplaire exemplaires existait existe existent existez expedie explique expliquer expliquez
    fabricant face facon faire fais faisait faisez fait faite faites famille familles faudra faudrait faut femme fiche fiches fils filtre
    filtrer filtres fin finalement fini finie fois fond font forcement fourre foutre france frere futur galere garder gauche genre gens
    grand grande gris grise guere guette ha hein hier histoire hop hors huit idee identique identiques il ils immediat immediate
    immediatement impossible indique indiquer indiquez indisponible indisponibles info information infos instant insuffisant interesse
    internet intitule introuvable introuvables jai jaimerais jamais jamis jcherche je jen jeu jour jours jpeux jsuis jtrouve jusqu jusque
    juste justement jveu jveux jvoudrais kan ke kel ki koi l la labyrinthe laisse laquelle lave le lequel les lesquels leur leurs lien lieu
    ligne limite liste listes livraison livraisons livre livrer loin long longtemps lors loupe lui lundi ma machine machines madame mag
    magasin magasins maintenant mairie mais maison mal manque marche mardi mari marque marquee marques mauvais me mec meilleur meme memes
    menu menus merci mercredi mes met mettez mettre meuf mieux mis mise mode modele modeles moi moins mois mon monde monsieur montre montrer
    mot moteur mots moyen mr mtn navigation navigue ne neuf ni niveau nom nombre noms non nonante nos note notre nous nouveau nouveaute
    nouveaux nouvel nouvelle nouvelles nul nulle numero numeros objet on ont onze ordi ou oublie oui outil outillages outils pa page pages
    paire paires panne par parait parce pardon pareil pareille pareils parle parlez part parti particulier partie partir partout pas passe
    passer patience patron pe pendant pense penser perds perdu permettre personne peu peut peuvent peux photo physiquement piece pieces pire
    place plait plan plein plu plus plusieurs point politesse pose possede possibilite possible pour pourquoi pourrais pourrait pourriez
    pouvais pouvez pouvions pouvoir pouvons pr pratique precis precise precommande premier premiere prendre prends prenez preparer presente
    presque prevenez prevenir prevenu prevoir prevu prevue prie pris prix pro prochain prochaine prochainement prochains proche produi
    produit produits promis promo promotion propose proposer proposes proposez pub puis puisque puisse puissent pus qd qu quand quant
    quantite quantites quarante quatre que quel quelle quelles quelqu quelque quelques quels qui quinze quoi quon quun range rangee rangees
    rangent ranges rangez rapide rapidement rappeler rappelle ras ravoir rayon rayons reappro reapprovisionne reapprovisionnement
    reapprovisionner reassort recevez recevoir recevrez recherche rechercher recoi recois recu reel reellement ref reference referencer
    references regardant regarde regarder region remettre remis rendre renseignement renseigner reserve reservee reserver restant restante
    restants reste restent rester resultat resultats retour retourner retouve retrouve retrouver revenir revi reviendra reviendront
    reviennent revient revoir rien rubrique rubriques rupture ruptures sa saint sais sait salut samedi sans sauf savez savoir se sec section
    sections selectionner semaine semaines sept septante sera serait seront service ses seul seule seulement si signale sil simple
    simplement simples sinon sit site sites situe six slt societe soin soir sois soit soixante solde soldes sommes son sont sors sort sortie
    sortir souhaitais souhaite souhaiterais souhaitons sous souvent stoc stock stocke stocks stok stp suffisant suis suite suivant super sur
    surtout svp systeme ta taille tailles tant tape tapee taper tard tarif tarifs tas te tel telephone tellement temps tenu terme termes
    terminer tes texte tiens titre tjr tjrs tjs toi tombe tomber tomberai ton toujours tour tourne tous tout toute toutes trente tres tri
    trier triste trois trop trouvable trouvait trouve trouvent trouver trouverai trouverais trouves trouvez truc trucs tu type types un une
    unique unite unites urgence urgent va vais valider vas vend vendait vendeur vendez vendre vends vendu vendue vendus venir vente ventes
    verrai vers veuillez veut veux vie vient vieux ville vingt vingtaine virtuel visible vite vitrine voici voie voient voila voir vois voit
    vos votre vou voudrai voudrais voudrait voudrions voulais voulait vouloir voulu vous vrai vraiment vu vue wsh y ya yen zero
"""
SAID_AROUND = frozenset(_AROUND.split())
"""Folded words that customers put around a product's name."""
_TELLING = """
    angle atelier bar bas blanc blanche bleu bois boite bricolage chantier cm compact compacte control croix double droit eau electrique
    electronique fil force grand grande haut haute hautes hauts jaune jeu kg kit ligne litre lot main manuel manuelle marche max mesure
    metal metre millimetre mm niveau noir noire outil petit petite piece pliant pliante plus position poste power pro professionnel rouge
    sans secours set simple sol sur thermique travail universel universelle vert verte volt watt
"""
_MEANS = {"disqueuse": "meuleuse", "foreuse": "perceuse", "karscher": "karcher", "hp": "pression", "electro": "electrogene"}
"""What craftsmen call things that catalogues name otherwise."""
_TOKEN = re.compile(r"[a-z]+|\d+")
_SOUNDS = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"s?ch|sh", "C"), (r"ph", "f"), (r"qu|q|c(?![eiyx])|k", "k"), (r"ss|c|z", "s"), (r"eau|au", "o"), (r"an|en|am|em", "a"),
        (r"ai|ei", "e"), (r"y", "i"), (r"w", "v"), (r"h", ""), (r"(.)\1", r"\1"), (r"[estdxp]+$", ""),
    )
]  # fmt: skip
_ENDINGS = ("", "age", "e", "ee", "er", "erie", "eur", "euse", "ir", "oir", "ure")
"""« souder », « soudure », « soudage »."""
_SHORTEST_SOUND, _SHORTEST_TYPO, _SHORTEST_PREFIX, _SHORTEST_STEM = 3, 6, 5, 4
_TYPO = 80.0
"""Similarity, 0 to 100, from which a word is another with a typing error; « perceuse » and « ponceuse » have 75."""


def words(text: str) -> list[str]:
    """The words of ``text``, folded and in the singular; letters and digits apart, letters alone only beside digits (« k5 »)."""
    folded = fold(text)
    return [word for match in _TOKEN.finditer(folded) if (word := word_at(folded, match.start(), match.end()))]


def word_at(folded: str, start: int, end: int) -> str | None:
    """The word between two offsets as `words` has it; None for a letter alone."""
    word = folded[start:end]
    if len(word) == 1 and not word.isdigit() and not (folded[end : end + 1].isdigit() or folded[max(start - 1, 0) : start].isdigit()):
        return None
    return _MEANS.get(singular(word), singular(word))


def singular(word: str) -> str:
    """Without the mark of the plural."""
    return word[:-1] if len(word) > 3 and word[-1] in "sx" else word


@lru_cache(maxsize=50_000)
def sound(word: str) -> str:
    """Roughly how a folded word is said: « perseuz » and « perceuse » are the same."""
    for pattern, said in _SOUNDS:
        word = pattern.sub(said, word)
    return word


@lru_cache(maxsize=200_000)
def likeness(said: str, known: str) -> float:
    """How surely ``said`` is the catalogue's word ``known``, from 0 to 1: typing errors, other endings, beginnings."""
    if said == known:
        return 1.0
    if said.isdigit() or known.isdigit():
        return 0.0
    heard = sound(said)
    if len(heard) >= _SHORTEST_SOUND and len(known) >= _SHORTEST_STEM and heard == sound(known):
        return 0.95
    if len(said) >= _SHORTEST_PREFIX and known.startswith(said):
        return 0.9
    ratio = fuzz.ratio(said, known)
    if min(len(said), len(known)) >= _SHORTEST_TYPO and said[0] == known[0] and ratio >= _TYPO:
        return ratio / 100
    return 0.8 if _same_stem(said, known) else 0.0


def _same_stem(said: str, known: str) -> bool:
    common = next((index for index, (one, other) in enumerate(zip(said, known, strict=False)) if one != other), min(len(said), len(known)))
    return common >= _SHORTEST_STEM and said[common:] in _ENDINGS and known[common:] in _ENDINGS


GENERIC = frozenset(singular(word) for word in _TELLING.split())
"""Words of products' names that tell one from another but name none by themselves, in the singular."""
