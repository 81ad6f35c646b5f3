extension TwilioErrorPolicy {
    static let all = account + recipient + message

    private static let account = [
        TwilioErrorPolicy(
            20003,
            20005,
            20404,
            30002,
            63001,
            63008,
            action: .pauseChannel,
            french: "Twilio refuse le compte ou la clé de ce canal. Vérifiez l'Account SID et "
                + "saisissez une clé valide, puis relancez le canal.",
            english: "Twilio refuses this channel's account or key. Check the Account SID and "
                + "enter a valid key, then resume the channel."
        ),
        TwilioErrorPolicy(
            20429,
            30001,
            63018,
            action: .slowDown,
            french: "Twilio ou WhatsApp demande de ralentir ce canal. L'envoi reprend tout seul "
                + "après une pause.",
            english: "Twilio or WhatsApp asks this channel to slow down. Sending goes on by "
                + "itself after a pause."
        ),
        TwilioErrorPolicy(
            21212,
            21603,
            21606,
            21660,
            21701,
            21703,
            21704,
            21705,
            63002,
            63007,
            63020,
            63022,
            action: .pauseChannel,
            french: "Twilio ne connaît pas cet expéditeur WhatsApp. Vérifiez l'identifiant du "
                + "canal dans la console Twilio, puis relancez le canal.",
            english: "Twilio does not know this WhatsApp sender. Check the channel's id in the "
                + "Twilio console, then resume the channel."
        ),
        TwilioErrorPolicy(
            63038,
            action: .pauseChannel,
            french: "Ce compte Twilio a atteint sa limite de messages du jour. Relevez-la dans la "
                + "console Twilio, ou relancez le canal demain.",
            english: "This Twilio account has reached its messages of the day. Raise the limit in "
                + "the Twilio console, or resume the channel tomorrow."
        ),
        TwilioErrorPolicy(
            63013,
            63051,
            action: .pauseChannel,
            french: "WhatsApp a restreint ce compte pour non-respect de ses règles. Ouvrez le "
                + "gestionnaire WhatsApp, puis relancez le canal.",
            english: "WhatsApp has restricted this account for a breach of its policies. Open "
                + "WhatsApp Manager, then resume the channel."
        ),
        TwilioErrorPolicy(
            30008,
            63009,
            63010,
            63012,
            63017,
            63023,
            action: .retryMessage,
            french: "WhatsApp n'a pas pu traiter ce message pour le moment. Il sera retenté.",
            english: "WhatsApp could not process this message just now. It will be tried again."
        ),
    ]

    private static let recipient = [
        TwilioErrorPolicy(
            63016,
            action: .useTemplate,
            french: "Le contact n'a pas écrit depuis 24 heures : seul un modèle approuvé peut "
                + "lui être envoyé.",
            english: "The contact has not written for 24 hours: only an approved template may be "
                + "sent."
        ),
        TwilioErrorPolicy(
            21211,
            21614,
            21635,
            63003,
            63024,
            action: .undeliverable,
            french: "Ce numéro ne reçoit pas de messages WhatsApp. Vérifiez-le auprès du contact.",
            english: "This number receives no WhatsApp messages. Check it with the contact."
        ),
        TwilioErrorPolicy(
            21610,
            action: .optOut,
            french: "Le contact ne veut plus recevoir vos messages. Il ne sera plus sollicité.",
            english: "The contact no longer wants your messages. It will not be written to again."
        ),
        TwilioErrorPolicy(
            63049,
            action: .retryTomorrow,
            french: "Meta a choisi de ne pas remettre ce message marketing : le contact en reçoit "
                + "déjà beaucoup. Il sera retenté dans 24 heures.",
            english: "Meta chose not to deliver this marketing message: the contact gets many. It "
                + "will be tried again in 24 hours."
        ),
        TwilioErrorPolicy(
            63032,
            action: .giveUp,
            french: "Le contact fait partie d'une expérience de WhatsApp : ce message ne lui est "
                + "pas remis. Essayez plus tard avec un autre contenu.",
            english: "The contact is part of an experiment of WhatsApp: this message is not "
                + "delivered. Try later with other content."
        ),
        TwilioErrorPolicy(
            21408,
            21612,
            action: .giveUp,
            french: "Twilio n'envoie pas vers ce pays depuis ce compte. Autorisez le pays dans la "
                + "console Twilio, puis relancez le message.",
            english: "Twilio does not send to this country from this account. Permit the country "
                + "in the Twilio console, then send the message again."
        ),
        TwilioErrorPolicy(
            63014,
            63033,
            action: .giveUp,
            french: "WhatsApp ne remet pas ce message : le contact a sans doute bloqué ce numéro. "
                + "Ne le relancez pas.",
            english: "WhatsApp does not deliver this message: the contact has probably blocked "
                + "this number. Do not send it again."
        ),
        TwilioErrorPolicy(
            63015,
            action: .giveUp,
            french: "Ce numéro n'a pas rejoint le bac à sable de Twilio. Demandez au contact de "
                + "le rejoindre, ou utilisez un vrai expéditeur.",
            english: "This number has not joined Twilio's sandbox. Ask the contact to join it, or "
                + "use a sender of your own."
        ),
    ]

    private static let message = [
        TwilioErrorPolicy(
            21654,
            21655,
            63027,
            63040,
            63041,
            63042,
            action: .pauseTemplate,
            french: "Ce modèle n'existe pas chez Twilio, ou WhatsApp ne l'accepte pas. Vérifiez "
                + "son Content SID et son approbation, puis relancez la campagne.",
            english: "This template does not exist at Twilio, or WhatsApp does not accept it. "
                + "Check its Content SID and its approval, then resume the campaign."
        ),
        TwilioErrorPolicy(
            21656,
            63021,
            63028,
            action: .giveUp,
            french: "Les valeurs ne correspondent pas au modèle. Vérifiez ses variables et les "
                + "valeurs de ce contact.",
            english: "The values do not fit the template. Check its variables and this contact's "
                + "values."
        ),
        TwilioErrorPolicy(
            21620,
            63019,
            63029,
            action: .giveUp,
            french: "Twilio n'a pas pu prendre le fichier joint. Vérifiez son adresse, son type "
                + "et sa taille.",
            english: "Twilio could not take the attached file. Check its address, type and size."
        ),
        TwilioErrorPolicy(
            21602,
            21617,
            21619,
            63005,
            63006,
            63030,
            63031,
            action: .giveUp,
            french: "Twilio refuse ce message tel quel : il est vide, trop long ou d'une forme "
                + "inconnue. Corrigez-le d'après le détail.",
            english: "Twilio refuses this message as it is: it is empty, too long or of an "
                + "unknown form. Correct it as the detail says."
        ),
    ]
}
