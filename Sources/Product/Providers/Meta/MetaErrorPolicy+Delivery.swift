// Errors of one message or of one recipient.

extension MetaErrorPolicy {
    static let delivery = [
        MetaErrorPolicy(
            100,
            .message,
            .fail,
            french: "Un paramètre du message n'est pas pris en charge ou est mal écrit. "
                + "Corrigez le message d'après le détail.",
            english: "A parameter of the message is unsupported or misspelled. Correct the "
                + "message as the detail says."
        ),
        MetaErrorPolicy(
            130403,
            .recipient,
            .failUnblock,
            french: "Vous avez bloqué ce contact. Débloquez-le pour lui écrire.",
            english: "You have blocked this contact. Unblock them to write to them."
        ),
        MetaErrorPolicy(
            130472,
            .recipient,
            .fail,
            french: "Ce contact fait partie d'une expérience de Meta et ne reçoit pas ce "
                + "message. Ne lui renvoyez pas le même modèle.",
            english: "This contact is part of an experiment by Meta and does not get this "
                + "message. Do not send them the same template again."
        ),
        MetaErrorPolicy(
            130497,
            .account,
            .failForCountry,
            french: "Meta interdit à ce compte d'écrire dans le pays de ce contact. Retirez ce "
                + "pays de la campagne.",
            english: "Meta does not let this account write to this contact's country. Take the "
                + "country out of the campaign."
        ),
        MetaErrorPolicy(
            131008,
            .message,
            .fail,
            french: "Il manque un paramètre obligatoire au message. Complétez-le d'après le "
                + "détail.",
            english: "The message lacks a required parameter. Complete it as the detail says."
        ),
        MetaErrorPolicy(
            131009,
            .message,
            .fail,
            french: "Un paramètre du message a une valeur refusée. Corrigez-la d'après le "
                + "détail.",
            english: "A parameter of the message has a value that is refused. Correct it as the "
                + "detail says."
        ),
        MetaErrorPolicy(
            131021,
            .message,
            .fail,
            french: "L'expéditeur et le destinataire sont le même numéro. Retirez ce numéro de "
                + "la campagne.",
            english: "Sender and recipient are the same number. Take this number out of the "
                + "campaign."
        ),
        MetaErrorPolicy(
            131026,
            .recipient,
            .markUndeliverable,
            french: "Ce numéro ne peut pas recevoir le message : pas de compte WhatsApp, version "
                + "trop ancienne ou conditions non acceptées. Il ne sera plus sollicité.",
            english: "This number cannot get the message: no WhatsApp account, too old a version "
                + "or terms not accepted. It will not be written to again."
        ),
        MetaErrorPolicy(
            131030,
            .recipient,
            .fail,
            french: "Le numéro d'essai de Meta n'écrit qu'aux numéros autorisés. Ajoutez ce "
                + "contact à la liste chez Meta, ou utilisez un vrai numéro.",
            english: "Meta's test number writes to allowed numbers only. Add this contact to the "
                + "list at Meta, or use a real number."
        ),
        MetaErrorPolicy(
            131047,
            .recipient,
            .useTemplate,
            french: "Plus de 24 heures depuis le dernier message de ce contact. Seul un modèle "
                + "approuvé peut lui être envoyé.",
            english: "More than 24 hours since this contact last wrote. Only an approved "
                + "template can be sent to them."
        ),
        MetaErrorPolicy(
            131049,
            .recipient,
            .deferOneDay,
            french: "Meta limite les messages marketing que reçoit ce contact. Rien ne lui sera "
                + "renvoyé avant 24 heures ; mieux vaut l'ignorer dans cette campagne.",
            english: "Meta limits how much marketing this contact gets. Nothing is sent to them "
                + "again before 24 hours; better skip them in this campaign."
        ),
        MetaErrorPolicy(
            131050,
            .recipient,
            .optOut,
            french: "Ce contact a refusé les messages marketing. Il est désinscrit partout.",
            english: "This contact has declined marketing messages. They are unsubscribed "
                + "everywhere."
        ),
        MetaErrorPolicy(
            131051,
            .message,
            .fail,
            french: "Ce type de message n'est pas pris en charge. Choisissez-en un autre.",
            english: "This type of message is not supported. Choose another."
        ),
        MetaErrorPolicy(
            131052,
            .inbound,
            .mediaUnavailable,
            french: "Le fichier envoyé par le contact n'a pas pu être récupéré. Demandez-lui de "
                + "le renvoyer.",
            english: "The file that the contact sent could not be fetched. Ask them to send it "
                + "again."
        ),
        MetaErrorPolicy(
            131053,
            .message,
            .failForMedia,
            french: "Le fichier joint n'a pas pu être chargé. Vérifiez son adresse, son format "
                + "et sa taille, puis relancez le message.",
            english: "The attached file could not be uploaded. Check its address, format and "
                + "size, then send the message again."
        ),
        MetaErrorPolicy(
            131062,
            .recipient,
            .fail,
            french: "Ce type de message exige un numéro de téléphone, et ce contact n'en montre "
                + "pas. Écrivez-lui avec un autre modèle.",
            english: "This type of message needs a phone number, and this contact shows none. "
                + "Write to them with another template."
        ),
        MetaErrorPolicy(
            135000,
            .message,
            .fail,
            french: "Meta a refusé un paramètre du message sans dire lequel. Vérifiez le modèle "
                + "et ses valeurs.",
            english: "Meta refused a parameter of the message without saying which. Check the "
                + "template and its values."
        ),
        MetaErrorPolicy(
            137000,
            .recipient,
            .fail,
            french: "L'identité de ce contact a changé et ne correspond plus à la clé connue. "
                + "Confirmez son identité avant de lui écrire.",
            english: "This contact's identity has changed and no longer matches the known key. "
                + "Confirm who they are before writing."
        ),
    ]
}
