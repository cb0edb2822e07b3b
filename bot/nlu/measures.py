"""What after a number makes it a measure, an address, a time or a rank: « 18 V », « 25 m », « 12 rue », « 3 fois »."""

MEASURE = (
    r"(?:(?:v|volts?|[km]?w|[km]?wh|watts?|wh|m?ah|amp(?:eres?)?|hz|[kcmd]?m|[cm]?m[2²3³]|m[eè]tres?|millimetres?|centimetres?|kilometres?|pouces?|inch"
    r"|[km]?g|kgs|kilos?|grammes?|tonnes?|[cm]?l|litres?|bars?|nm|j|joules?|db|degres?|rpm|tr|tours?|cv|ch|chevaux|lm|lumens?|go|mo|gb|temps|vitesses?"
    r"|h|heures?|hrs?|min|mins|mn|minutes?|sec|secondes?|jours?|jrs?|nuits?|semaines?|sem|mois|ans?|annees?|siecles?|trimestres?"
    r"|dollars?|piasses?|mercis?|excuses?|bis(?:es|ous)|francs?|chf|livres sterling|pour ?cents?|fois?|reprises"
    r"|rue|avenue|av|boulevard|bd|bld|place|allees?|chemin|impasse|quai|cours|route|rte|square|lotissement|lieu-dit|bis|ter|grande? (?:rue|place)"
    r"|e|eme|er|ere|ieme|nd|nde|x|chiffres?|lettres?|caracteres?|mots?|numeros?|pers|personnes?|habitants?|etages?|etoiles?|enfants?|voisins?|clics?"
    r"|points?|questions?|cotes|endroits|premiere? fois|tiers|quarts?)(?![\w'])|[%°²³£$\"']|/ ?\d)"
)
"""Pattern of it, in plain text, after at most one blank."""
