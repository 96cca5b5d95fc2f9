"""What every bot says to an answer that is none, type by type, in six languages; bot.yaml may say it otherwise."""

_ONE_BY_ONE = {
    "error.money": {
        "en": "I need an amount here, like 25 or 19.90.",
        "it": "Qui mi serve un importo, come 25 o 19,90.",
        "es": "Aquí necesito un importe, como 25 o 19,90.",
        "de": "Hier brauche ich einen Betrag, wie 25 oder 19,90.",
        "fr": "Il me faut ici un montant, comme 25 ou 19,90.",
        "pt": "Aqui preciso de um valor, como 25 ou 19,90.",
    },
    "error.money_currency": {
        "en": "We reckon in {{ currency }} here. How much is it in {{ currency }}?",
        "it": "Qui calcoliamo in {{ currency }}. Quanto fa in {{ currency }}?",
        "es": "Aquí contamos en {{ currency }}. ¿Cuánto es en {{ currency }}?",
        "de": "Wir rechnen hier in {{ currency }}. Wie viel ist das in {{ currency }}?",
        "fr": "Ici nous comptons en {{ currency }}. Combien cela fait-il en {{ currency }} ?",
        "pt": "Aqui calculamos em {{ currency }}. Quanto é em {{ currency }}?",
    },
    "error.url": {
        "en": "I need the address of a web page, like https://example.com.",
        "it": "Mi serve l'indirizzo di una pagina web, come https://example.com.",
        "es": "Necesito la dirección de una página web, como https://example.com.",
        "de": "Ich brauche die Adresse einer Webseite, wie https://example.com.",
        "fr": "Il me faut l'adresse d'une page web, comme https://example.com.",
        "pt": "Preciso do endereço de uma página da web, como https://example.com.",
    },
    "error.date": {
        "en": "Which day do you mean? Write it like 31 December, or “tomorrow”, or “next Friday”.",
        "it": "Quale giorno intendi? Scrivilo come 31 dicembre, oppure “domani” o “venerdì prossimo”.",
        "es": "¿Qué día quieres decir? Escríbelo como 31 de diciembre, o “mañana”, o “el próximo viernes”.",
        "de": "Welchen Tag meinst du? Schreib ihn wie 31. Dezember, oder „morgen“ oder „nächsten Freitag“.",
        "fr": "Quel jour voulez-vous dire ? Écrivez-le comme 31 décembre, ou « demain », ou « vendredi prochain ».",
        "pt": "Que dia você quer dizer? Escreva como 31 de dezembro, ou “amanhã”, ou “próxima sexta”.",
    },
    "error.time": {
        "en": "What time do you mean? Write it like 15:30 or 3 pm.",
        "it": "Quale ora intendi? Scrivila come 15:30.",
        "es": "¿Qué hora quieres decir? Escríbela como 15:30.",
        "de": "Welche Uhrzeit meinst du? Schreib sie wie 15:30.",
        "fr": "Quelle heure voulez-vous dire ? Écrivez-la comme 15h30.",
        "pt": "Que horas você quer dizer? Escreva como 15:30.",
    },
    "error.datetime": {
        "en": "I need a day and a time, like “tomorrow at 15:30” or “31 December, 9:00”.",
        "it": "Mi servono giorno e ora, come “domani alle 15:30” o “31 dicembre, 9:00”.",
        "es": "Necesito el día y la hora, como “mañana a las 15:30” o “31 de diciembre, 9:00”.",
        "de": "Ich brauche Tag und Uhrzeit, wie „morgen um 15:30“ oder „31. Dezember, 9:00“.",
        "fr": "Il me faut le jour et l'heure, comme « demain à 15h30 » ou « 31 décembre, 9h00 ».",
        "pt": "Preciso do dia e da hora, como “amanhã às 15:30” ou “31 de dezembro, 9:00”.",
    },
    "error.duration": {
        "en": "How long? Write it like 90 minutes, 2 hours or 3 days.",
        "it": "Per quanto tempo? Scrivilo come 90 minuti, 2 ore o 3 giorni.",
        "es": "¿Cuánto tiempo? Escríbelo como 90 minutos, 2 horas o 3 días.",
        "de": "Wie lange? Schreib es wie 90 Minuten, 2 Stunden oder 3 Tage.",
        "fr": "Combien de temps ? Écrivez-le comme 90 minutes, 2 heures ou 3 jours.",
        "pt": "Quanto tempo? Escreva como 90 minutos, 2 horas ou 3 dias.",
    },
    "error.multi_choice": {
        "en": "Please name one or more of these, by their names or numbers.",
        "it": "Indica una o più di queste possibilità, con i nomi o i numeri.",
        "es": "Indica una o varias de estas opciones, por su nombre o su número.",
        "de": "Bitte nenne eines oder mehrere davon, mit Namen oder Nummern.",
        "fr": "Indiquez une ou plusieurs de ces réponses, par leurs noms ou leurs numéros.",
        "pt": "Indique uma ou mais destas opções, pelos nomes ou números.",
    },
    "error.choices_range": {
        "en": "Please choose {{ min }} to {{ max }} of these.",
        "it": "Scegline da {{ min }} a {{ max }}, per favore.",
        "es": "Elige entre {{ min }} y {{ max }} de estas opciones.",
        "de": "Bitte wähle {{ min }} bis {{ max }} davon.",
        "fr": "Choisissez-en de {{ min }} à {{ max }}, s'il vous plaît.",
        "pt": "Escolha de {{ min }} a {{ max }} destas opções.",
    },
    "error.choices_min": {
        "en": "Please choose at least {{ min }} of these.",
        "it": "Scegline almeno {{ min }}, per favore.",
        "es": "Elige al menos {{ min }} de estas opciones.",
        "de": "Bitte wähle mindestens {{ min }} davon.",
        "fr": "Choisissez-en au moins {{ min }}, s'il vous plaît.",
        "pt": "Escolha pelo menos {{ min }} destas opções.",
    },
    "error.choices_max": {
        "en": "Please choose at most {{ max }} of these.",
        "it": "Scegline al massimo {{ max }}, per favore.",
        "es": "Elige como máximo {{ max }} de estas opciones.",
        "de": "Bitte wähle höchstens {{ max }} davon.",
        "fr": "Choisissez-en au plus {{ max }}, s'il vous plaît.",
        "pt": "Escolha no máximo {{ max }} destas opções.",
    },
    "error.rating": {
        "en": "Please answer with a number from {{ min }} to {{ max }}.",
        "it": "Rispondi con un numero da {{ min }} a {{ max }}, per favore.",
        "es": "Responde con un número del {{ min }} al {{ max }}, por favor.",
        "de": "Bitte antworte mit einer Zahl von {{ min }} bis {{ max }}.",
        "fr": "Répondez par un nombre de {{ min }} à {{ max }}, s'il vous plaît.",
        "pt": "Responda com um número de {{ min }} a {{ max }}, por favor.",
    },
    "error.nps": {
        "en": "Please answer with a number from {{ min }} (not at all likely) to {{ max }} (very likely).",
        "it": "Rispondi con un numero da {{ min }} (per niente probabile) a {{ max }} (molto probabile), per favore.",
        "es": "Responde con un número del {{ min }} (nada probable) al {{ max }} (muy probable), por favor.",
        "de": "Bitte antworte mit einer Zahl von {{ min }} (unwahrscheinlich) bis {{ max }} (sehr wahrscheinlich).",
        "fr": "Répondez par un nombre de {{ min }} (pas du tout probable) à {{ max }} (très probable), s'il vous plaît.",
        "pt": "Responda com um número de {{ min }} (nada provável) a {{ max }} (muito provável), por favor.",
    },
    "error.location": {
        "en": "Please share a location, or send a link to it on a map.",
        "it": "Condividi una posizione, oppure manda il link a una mappa.",
        "es": "Comparte una ubicación, o envía el enlace a un mapa.",
        "de": "Bitte teile einen Standort, oder schick den Link zu einer Karte.",
        "fr": "Partagez une position, ou envoyez le lien vers une carte.",
        "pt": "Compartilhe uma localização, ou envie o link de um mapa.",
    },
    "error.address": {
        "en": "Please write the address, or share the location.",
        "it": "Scrivi l'indirizzo, oppure condividi la posizione.",
        "es": "Escribe la dirección, o comparte la ubicación.",
        "de": "Bitte schreib die Adresse, oder teile den Standort.",
        "fr": "Écrivez l'adresse, ou partagez la position.",
        "pt": "Escreva o endereço, ou compartilhe a localização.",
    },
    "error.video": {
        "en": "I need a video here. You can film it now or send one that you have.",
        "it": "Qui mi serve un video. Puoi girarlo adesso o inviarne uno che hai già.",
        "es": "Aquí necesito un vídeo. Puedes grabarlo ahora o enviar uno que ya tengas.",
        "de": "Hier brauche ich ein Video. Du kannst jetzt eines drehen oder ein vorhandenes schicken.",
        "fr": "Il me faut ici une vidéo. Vous pouvez la tourner maintenant ou en envoyer une que vous avez.",
        "pt": "Aqui preciso de um vídeo. Você pode gravar agora ou enviar um que já tenha.",
    },
    "error.audio": {
        "en": "I need a voice message or a sound file here.",
        "it": "Qui mi serve un messaggio vocale o un file audio.",
        "es": "Aquí necesito un mensaje de voz o un archivo de audio.",
        "de": "Hier brauche ich eine Sprachnachricht oder eine Audiodatei.",
        "fr": "Il me faut ici un message vocal ou un fichier audio.",
        "pt": "Aqui preciso de uma mensagem de voz ou de um arquivo de áudio.",
    },
    "error.document": {
        "en": "I need a document here, sent as a file.",
        "it": "Qui mi serve un documento, inviato come file.",
        "es": "Aquí necesito un documento, enviado como archivo.",
        "de": "Hier brauche ich ein Dokument, als Datei geschickt.",
        "fr": "Il me faut ici un document, envoyé comme fichier.",
        "pt": "Aqui preciso de um documento, enviado como arquivo.",
    },
    "error.media": {
        "en": "I need a file here: a picture, a video, a sound or a document.",
        "it": "Qui mi serve un file: una foto, un video, un audio o un documento.",
        "es": "Aquí necesito un archivo: una foto, un vídeo, un audio o un documento.",
        "de": "Hier brauche ich eine Datei: ein Bild, ein Video, einen Ton oder ein Dokument.",
        "fr": "Il me faut ici un fichier : une photo, une vidéo, un son ou un document.",
        "pt": "Aqui preciso de um arquivo: uma foto, um vídeo, um áudio ou um documento.",
    },
    "error.contact": {
        "en": "Please share a contact, or write a name with a phone number or an e-mail address.",
        "it": "Condividi un contatto, oppure scrivi un nome con il numero di telefono o l'e-mail.",
        "es": "Comparte un contacto, o escribe un nombre con su teléfono o su correo.",
        "de": "Bitte teile einen Kontakt, oder schreib einen Namen mit Telefonnummer oder E-Mail-Adresse.",
        "fr": "Partagez un contact, ou écrivez un nom avec un numéro de téléphone ou une adresse e-mail.",
        "pt": "Compartilhe um contato, ou escreva um nome com o telefone ou o e-mail.",
    },
    "error.order": {
        "en": "Please put your order together in the catalogue and send it from there.",
        "it": "Componi l'ordine nel catalogo e invialo da lì.",
        "es": "Prepara el pedido en el catálogo y envíalo desde allí.",
        "de": "Bitte stell deine Bestellung im Katalog zusammen und schick sie von dort.",
        "fr": "Composez votre commande dans le catalogue et envoyez-la de là.",
        "pt": "Monte o pedido no catálogo e envie por lá.",
    },
    "error.form": {
        "en": "Please fill in the form above and send it.",
        "it": "Compila il modulo qui sopra e invialo.",
        "es": "Rellena el formulario de arriba y envíalo.",
        "de": "Bitte füll das Formular oben aus und schick es ab.",
        "fr": "Remplissez le formulaire ci-dessus et envoyez-le.",
        "pt": "Preencha o formulário acima e envie.",
    },
    "choices.several": {
        "en": "You can name several, like 1, 2.",
        "it": "Puoi indicarne più di una, come 1, 2.",
        "es": "Puedes indicar varias, como 1, 2.",
        "de": "Du kannst mehrere nennen, wie 1, 2.",
        "fr": "Vous pouvez en indiquer plusieurs, comme 1, 2.",
        "pt": "Você pode indicar várias, como 1, 2.",
    },
}

_FORMS = {
    "date": (" | date('long')",) * 2,
    "time": (" | date('short')",) * 2,
    "datetime": (" | date('d MMMM y')", " | date('HH:mm')"),
    "duration": ("", ""),
}
"""How the bounds of a type are written."""

_BOUNDS = {
    "range": {
        "en": "It has to be between {min} and {max}.",
        "it": "Deve essere tra {min} e {max}.",
        "es": "Tiene que estar entre {min} y {max}.",
        "de": "Es muss zwischen {min} und {max} liegen.",
        "fr": "Cela doit être entre {min} et {max}.",
        "pt": "Precisa estar entre {min} e {max}.",
    },
    "min": {
        "en": "It cannot be before {min}.",
        "it": "Non può essere prima di {min}.",
        "es": "No puede ser antes de {min}.",
        "de": "Es geht nicht vor {min}.",
        "fr": "Cela ne peut pas être avant {min}.",
        "pt": "Não pode ser antes de {min}.",
    },
    "max": {
        "en": "It cannot be after {max}.",
        "it": "Non può essere dopo {max}.",
        "es": "No puede ser después de {max}.",
        "de": "Es geht nicht nach {max}.",
        "fr": "Cela ne peut pas être après {max}.",
        "pt": "Não pode ser depois de {max}.",
    },
}
_SPANS = {
    "min": {
        "en": "It has to be at least {min}.", "it": "Deve durare almeno {min}.", "es": "Tiene que ser al menos {min}.",
        "de": "Es müssen mindestens {min} sein.", "fr": "Il faut au moins {min}.", "pt": "Precisa ser pelo menos {min}.",
    },
    "max": {
        "en": "It can be {max} at most.", "it": "Può durare al massimo {max}.", "es": "Puede ser {max} como máximo.",
        "de": "Es dürfen höchstens {max} sein.", "fr": "Cela peut durer {max} au plus.", "pt": "Pode ser no máximo {max}.",
    },
}  # fmt: skip


def _bound(kind: str, name: str) -> str:
    day, hour = _FORMS[kind]
    written = f"{{{{ {name}{day} }}}}"
    return f"{written} {{{{ {name}{hour} }}}}" if kind == "datetime" else written


def _bounds() -> dict[str, dict[str, str]]:
    """`error.date_min` and its like: what says the bounds of dates, times and spans."""
    return {
        f"error.{kind}_{which}": {
            locale: text.format(min=_bound(kind, "min"), max=_bound(kind, "max"))
            for locale, text in (_SPANS.get(which, texts) if kind == "duration" else texts).items()
        }
        for kind in _FORMS
        for which, texts in _BOUNDS.items()
    }


ANSWER_TEXTS: dict[str, dict[str, str]] = {**_ONE_BY_ONE, **_bounds()}
"""Pattern -> locale -> source of the phrase."""
