"""What every bot can say about itself and its questions, in six languages; bot.yaml may say it otherwise."""

from trinario.authoring.answer_texts import ANSWER_TEXTS

_TALK = {
    "stop": {
        "en": "Done: you will get no more offers from us. If you change your mind, write START.",
        "it": "Fatto: non riceverai più nostre offerte. Se cambi idea, scrivi START.",
        "es": "Hecho: no recibirás más ofertas nuestras. Si cambias de opinión, escribe START.",
        "de": "Erledigt: Du bekommst keine Angebote mehr von uns. Wenn du es dir anders überlegst, schreib START.",
        "fr": "C'est fait : vous ne recevrez plus nos offres. Si vous changez d'avis, écrivez START.",
        "pt": "Pronto: você não vai mais receber nossas ofertas. Se mudar de ideia, escreva START.",
    },
    "start": {
        "en": "Welcome back! You will hear from us again.",
        "it": "Che bello, rieccoti! Ci risentiremo presto.",
        "es": "¡Qué bien verte de nuevo! Volverás a saber de nosotros.",
        "de": "Schön, dass du wieder dabei bist! Du hörst wieder von uns.",
        "fr": "Heureux de vous revoir ! Vous aurez de nouveau de nos nouvelles.",
        "pt": "Que bom ter você de volta! Você vai receber notícias nossas de novo.",
    },
    "help": {
        "en": "Just answer my questions, by tapping or in your own words. “Back” repeats the question before, "
        "“restart” begins again, “human” calls a person of our team and “stop” ends all offers.",
        "it": "Rispondi pure alle mie domande, toccando o a parole tue. “Indietro” torna alla domanda precedente, "
        "“ricomincia” riparte da capo, “operatore” chiama una persona del nostro team e “stop” ferma ogni offerta.",
        "es": "Responde a mis preguntas, tocando o con tus palabras. “Atrás” vuelve a la pregunta anterior, "
        "“reiniciar” empieza de nuevo, “agente” llama a una persona de nuestro equipo y “stop” detiene las ofertas.",
        "de": "Antworte einfach auf meine Fragen, durch Antippen oder mit eigenen Worten. „Zurück“ wiederholt die Frage "
        "davor, „Neustart“ beginnt von vorn, „Mensch“ ruft jemanden aus unserem Team und „Stop“ beendet alle Angebote.",
        "fr": "Répondez simplement à mes questions, d'un toucher ou avec vos mots. « Retour » revient à la question "
        "précédente, « recommencer » reprend au début, « conseiller » appelle une personne de notre équipe et "
        "« stop » arrête les offres.",
        "pt": "É só responder às minhas perguntas, tocando ou com suas palavras. “Voltar” repete a pergunta anterior, "
        "“reiniciar” começa de novo, “atendente” chama uma pessoa da nossa equipe e “stop” encerra as ofertas.",
    },
    "human": {
        "en": "I am calling a person of our team, who will write to you here.",
        "it": "Chiamo una persona del nostro team, che ti scriverà qui.",
        "es": "Aviso a una persona de nuestro equipo, que te escribirá aquí.",
        "de": "Ich rufe jemanden aus unserem Team; du bekommst die Antwort hier.",
        "fr": "J'appelle une personne de notre équipe, qui vous écrira ici.",
        "pt": "Vou chamar uma pessoa da nossa equipe, que vai escrever para você aqui.",
    },
    "restart": {
        "en": "All right, let us begin again.",
        "it": "Va bene, ricominciamo da capo.",
        "es": "Muy bien, empecemos de nuevo.",
        "de": "Gut, fangen wir von vorn an.",
        "fr": "Très bien, reprenons au début.",
        "pt": "Tudo bem, vamos começar de novo.",
    },
    "back": {
        "en": "Back to the question before.",
        "it": "Torniamo alla domanda precedente.",
        "es": "Volvamos a la pregunta anterior.",
        "de": "Zurück zur vorigen Frage.",
        "fr": "Revenons à la question précédente.",
        "pt": "Voltemos à pergunta anterior.",
    },
    "yes": {"en": "Yes", "it": "Sì", "es": "Sí", "de": "Ja", "fr": "Oui", "pt": "Sim"},
    "no": {"en": "No", "it": "No", "es": "No", "de": "Nein", "fr": "Non", "pt": "Não"},
    "late": {
        "en": "You chose “{{ chosen }}” earlier; that question is already answered.",
        "it": "“{{ chosen }}” riguardava una domanda di prima, che ha già una risposta.",
        "es": "“{{ chosen }}” era de una pregunta anterior, que ya tiene respuesta.",
        "de": "„{{ chosen }}“ gehörte zu einer früheren Frage, die schon beantwortet ist.",
        "fr": "« {{ chosen }} » concernait une question précédente, qui a déjà sa réponse.",
        "pt": "“{{ chosen }}” era de uma pergunta anterior, que já foi respondida.",
    },
    "cannot_handle": {
        "en": "Sorry, I did not get that. Write “help” to see what I can do, or “human” to talk to a person.",
        "it": "Scusa, non ho capito. Scrivi “aiuto” per sapere cosa so fare, o “operatore” per parlare con una persona.",
        "es": "Perdona, no lo he entendido. Escribe “ayuda” para ver qué sé hacer, o “agente” para hablar con alguien.",
        "de": "Das habe ich leider nicht verstanden. Schreib „Hilfe“ für das, was ich kann, oder „Mensch“ für jemanden "
        "aus unserem Team.",
        "fr": "Désolé, je n'ai pas compris. Écrivez « aide » pour voir ce que je sais faire, ou « conseiller » pour "
        "parler à quelqu'un.",
        "pt": "Desculpe, não entendi. Escreva “ajuda” para ver o que sei fazer, ou “atendente” para falar com alguém.",
    },
    "continue": {
        "en": "Let us go on where we were.",
        "it": "Riprendiamo da dove eravamo.",
        "es": "Sigamos donde estábamos.",
        "de": "Machen wir da weiter, wo wir waren.",
        "fr": "Reprenons là où nous en étions.",
        "pt": "Vamos continuar de onde paramos.",
    },
    "error": {
        "en": "Something went wrong on our side. We have been told and will look into it.",
        "it": "Qualcosa è andato storto da parte nostra. Lo sappiamo già e ce ne occupiamo.",
        "es": "Algo ha fallado por nuestra parte. Ya lo sabemos y lo vamos a revisar.",
        "de": "Bei uns ist etwas schiefgegangen. Wir wissen Bescheid und kümmern uns darum.",
        "fr": "Un problème est survenu de notre côté. Nous en sommes informés et nous nous en occupons.",
        "pt": "Algo deu errado do nosso lado. Já fomos avisados e vamos verificar.",
    },
    "disclosure": {
        "en": "I am an automatic assistant. A person can take over at any time: write “human”.",
        "it": "Sono un assistente automatico. Una persona può subentrare quando vuoi: scrivi “operatore”.",
        "es": "Soy un asistente automático. Una persona puede atenderte cuando quieras: escribe “agente”.",
        "de": "Ich bin ein automatischer Assistent. Jederzeit kann ein Mensch übernehmen: Schreib „Mensch“.",
        "fr": "Je suis un assistant automatique. Une personne peut prendre le relais : écrivez « conseiller ».",
        "pt": "Sou um assistente automático. Uma pessoa pode assumir quando você quiser: escreva “atendente”.",
    },
}

_ERRORS = {
    "error.text": {
        "en": "Please write your answer as a text.",
        "it": "Scrivi la risposta come testo, per favore.",
        "es": "Por favor, escribe la respuesta como texto.",
        "de": "Bitte schreib deine Antwort als Text.",
        "fr": "Merci d'écrire votre réponse sous forme de texte.",
        "pt": "Por favor, escreva a resposta como texto.",
    },
    "error.name": {
        "en": "That does not look like a name. What may I call you?",
        "it": "Non mi sembra un nome. Come posso chiamarti?",
        "es": "Eso no parece un nombre. ¿Cómo puedo llamarte?",
        "de": "Das sieht nicht nach einem Namen aus. Wie darf ich dich nennen?",
        "fr": "Cela ne ressemble pas à un nom. Comment puis-je vous appeler ?",
        "pt": "Isso não parece um nome. Como posso chamar você?",
    },
    "error.number": {
        "en": "I need a number here, in digits.",
        "it": "Qui mi serve un numero, in cifre.",
        "es": "Aquí necesito un número, en cifras.",
        "de": "Hier brauche ich eine Zahl, in Ziffern.",
        "fr": "Il me faut ici un nombre, en chiffres.",
        "pt": "Aqui preciso de um número, em algarismos.",
    },
    "error.number_range": {
        "en": "A number from {{ min | number }} to {{ max | number }}, please.",
        "it": "Un numero da {{ min | number }} a {{ max | number }}, per favore.",
        "es": "Un número de {{ min | number }} a {{ max | number }}, por favor.",
        "de": "Bitte eine Zahl von {{ min | number }} bis {{ max | number }}.",
        "fr": "Un nombre de {{ min | number }} à {{ max | number }}, s'il vous plaît.",
        "pt": "Um número de {{ min | number }} a {{ max | number }}, por favor.",
    },
    "error.number_min": {
        "en": "A number of at least {{ min | number }}, please.",
        "it": "Un numero non inferiore a {{ min | number }}, per favore.",
        "es": "Un número de {{ min | number }} como mínimo, por favor.",
        "de": "Bitte eine Zahl von mindestens {{ min | number }}.",
        "fr": "Un nombre d'au moins {{ min | number }}, s'il vous plaît.",
        "pt": "Um número de pelo menos {{ min | number }}, por favor.",
    },
    "error.number_max": {
        "en": "A number of at most {{ max | number }}, please.",
        "it": "Un numero non superiore a {{ max | number }}, per favore.",
        "es": "Un número de {{ max | number }} como máximo, por favor.",
        "de": "Bitte eine Zahl von höchstens {{ max | number }}.",
        "fr": "Un nombre d'au plus {{ max | number }}, s'il vous plaît.",
        "pt": "Um número de no máximo {{ max | number }}, por favor.",
    },
    "error.email": {
        "en": "That is no e-mail address yet. It looks like ana@example.com.",
        "it": "Questo non è ancora un indirizzo e-mail. Ha la forma ana@example.com.",
        "es": "Eso todavía no es una dirección de correo. Tiene la forma ana@example.com.",
        "de": "Das ist noch keine E-Mail-Adresse. Sie sieht aus wie ana@example.com.",
        "fr": "Ce n'est pas encore une adresse e-mail. Elle ressemble à ana@example.com.",
        "pt": "Isso ainda não é um endereço de e-mail. Ele tem a forma ana@example.com.",
    },
    "error.phone": {
        "en": "I cannot read that as a phone number. Please write it with its country code, like +39 333 123 4567.",
        "it": "Non riesco a leggerlo come numero di telefono. Scrivilo con il prefisso, come +39 333 123 4567.",
        "es": "No lo reconozco como número de teléfono. Escríbelo con el prefijo, como +34 612 345 678.",
        "de": "Das kann ich nicht als Telefonnummer lesen. Bitte mit Ländervorwahl, wie +49 1512 3456789.",
        "fr": "Je ne reconnais pas de numéro de téléphone. Écrivez-le avec l'indicatif, comme +33 6 12 34 56 78.",
        "pt": "Não reconheço isso como número de telefone. Escreva com o código do país, como +55 11 91234 5678.",
    },
    "error.yes_no": {
        "en": "Please answer yes or no.",
        "it": "Rispondi sì o no, per favore.",
        "es": "Responde sí o no, por favor.",
        "de": "Bitte antworte mit Ja oder Nein.",
        "fr": "Répondez par oui ou par non, s'il vous plaît.",
        "pt": "Responda sim ou não, por favor.",
    },
    "error.choice": {
        "en": "Please choose one of these, by tapping it or writing its name or number.",
        "it": "Scegli una di queste possibilità: toccala, oppure scrivi il nome o il numero.",
        "es": "Elige una de estas opciones: tócala, o escribe su nombre o su número.",
        "de": "Bitte wähle eines davon: antippen, oder den Namen oder die Nummer schreiben.",
        "fr": "Choisissez l'une de ces réponses : touchez-la, ou écrivez son nom ou son numéro.",
        "pt": "Escolha uma destas opções: toque nela, ou escreva o nome ou o número.",
    },
    "error.image": {
        "en": "I need a picture here. You can take one now or send one that you have.",
        "it": "Qui mi serve una foto. Puoi scattarla adesso o inviarne una che hai già.",
        "es": "Aquí necesito una foto. Puedes hacerla ahora o enviar una que ya tengas.",
        "de": "Hier brauche ich ein Bild. Du kannst jetzt eines machen oder ein vorhandenes schicken.",
        "fr": "Il me faut ici une photo. Vous pouvez la prendre maintenant ou en envoyer une que vous avez.",
        "pt": "Aqui preciso de uma foto. Você pode tirar agora ou enviar uma que já tenha.",
    },
}

_SWITCH = {
    "choices.button": {
        "en": "Choose",
        "it": "Scegli",
        "es": "Elegir",
        "de": "Auswählen",
        "fr": "Choisir",
        "pt": "Escolher",
    },
    "switch.text": {
        "en": "Let us go on in {{ channel }}:",
        "it": "Continuiamo su {{ channel }}:",
        "es": "Sigamos en {{ channel }}:",
        "de": "Machen wir in {{ channel }} weiter:",
        "fr": "Continuons sur {{ channel }} :",
        "pt": "Vamos continuar no {{ channel }}:",
    },
    "switch.button": {
        "en": "Open {{ channel }}",
        "it": "Apri {{ channel }}",
        "es": "Abrir {{ channel }}",
        "de": "{{ channel }} öffnen",
        "fr": "Ouvrir {{ channel }}",
        "pt": "Abrir {{ channel }}",
    },
    "switch.confirm": {
        "en": "Go on here with the conversation{% if name %} of {{ name }}{% endif %} that began in {{ channel }}?",
        "it": "Continuiamo qui la conversazione{% if name %} di {{ name }}{% endif %} iniziata su {{ channel }}?",
        "es": "¿Seguimos aquí la conversación{% if name %} de {{ name }}{% endif %} que empezó en {{ channel }}?",
        "de": "Hier das Gespräch{% if name %} von {{ name }}{% endif %} fortsetzen, das in {{ channel }} begann?",
        "fr": "Continuer ici la conversation{% if name %} de {{ name }}{% endif %} commencée sur {{ channel }} ?",
        "pt": "Continuar aqui a conversa{% if name %} de {{ name }}{% endif %} que começou no {{ channel }}?",
    },
    "switch.sentence": {
        "en": "Hello{% if title %} {{ title }}{% endif %}, let us go on here! My code: {{ code }}",
        "it": "Ciao{% if title %} {{ title }}{% endif %}, continuiamo qui! Il mio codice: {{ code }}",
        "es": "¡Hola{% if title %} {{ title }}{% endif %}, sigamos aquí! Mi código: {{ code }}",
        "de": "Hallo{% if title %} {{ title }}{% endif %}, machen wir hier weiter! Mein Code: {{ code }}",
        "fr": "Bonjour{% if title %} {{ title }}{% endif %}, continuons ici ! Mon code : {{ code }}",
        "pt": "Olá{% if title %} {{ title }}{% endif %}, vamos continuar aqui! Meu código: {{ code }}",
    },
    "switch.declined": {
        "en": "All right, nothing was joined. How can I help you?",
        "it": "Va bene, non ho collegato nulla. Come posso aiutarti?",
        "es": "De acuerdo, no he unido nada. ¿En qué puedo ayudarte?",
        "de": "In Ordnung, es wurde nichts verbunden. Wie kann ich dir helfen?",
        "fr": "D'accord, rien n'a été relié. Comment puis-je vous aider ?",
        "pt": "Tudo bem, nada foi ligado. Como posso ajudar?",
    },
    "switch.unavailable": {
        "en": "This link does not work any more. Just tell me here what you need.",
        "it": "Questo link non funziona più. Dimmi pure qui di cosa hai bisogno.",
        "es": "Este enlace ya no funciona. Dime aquí lo que necesitas.",
        "de": "Dieser Link funktioniert nicht mehr. Sag mir einfach hier, was du brauchst.",
        "fr": "Ce lien ne fonctionne plus. Dites-moi ici ce dont vous avez besoin.",
        "pt": "Este link não funciona mais. Diga aqui do que você precisa.",
    },
    "switch.done": {
        "en": "Here we are, let us go on.",
        "it": "Eccoci qui, continuiamo.",
        "es": "Ya estamos aquí, sigamos.",
        "de": "Da sind wir, weiter geht's.",
        "fr": "Nous y voilà, continuons.",
        "pt": "Chegamos, vamos continuar.",
    },
}

TEXTS: dict[str, dict[str, str]] = {**_TALK, **_ERRORS, **ANSWER_TEXTS, **_SWITCH}
"""Pattern -> locale -> source of the phrase."""
