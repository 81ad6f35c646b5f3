// Errors of access, of the account and of its load.

extension MetaErrorPolicy {
    static let access = [
        MetaErrorPolicy(
            0,
            .account,
            .refreshToken,
            french: "Le jeton d'accès de ce canal n'est plus valide. Générez-en un nouveau chez "
                + "Meta et saisissez-le ; la file d'attente est conservée.",
            english: "This channel's access token is no longer valid. Create a new one at Meta "
                + "and enter it; the queue is kept."
        ),
        MetaErrorPolicy(
            3,
            .account,
            .restorePermission,
            french: "L'application n'a pas le droit d'envoyer pour ce compte. Rendez-lui la "
                + "permission whatsapp_business_messaging chez Meta.",
            english: "The app may not send for this account. Give it the "
                + "whatsapp_business_messaging permission again at Meta."
        ),
        MetaErrorPolicy(
            10,
            .account,
            .restorePermission,
            french: "La permission de l'application a été retirée. Rendez-la chez Meta, puis "
                + "relancez le canal.",
            english: "The app's permission was removed. Give it back at Meta, then resume the "
                + "channel."
        ),
        MetaErrorPolicy(
            190,
            .account,
            .refreshToken,
            french: "Le jeton d'accès de ce canal a expiré. Générez-en un nouveau chez Meta et "
                + "saisissez-le ; la file d'attente est conservée.",
            english: "This channel's access token has expired. Create a new one at Meta and "
                + "enter it; the queue is kept."
        ),
        MetaErrorPolicy(
            200,
            through: 299,
            .account,
            .restorePermission,
            french: "Il manque une permission à l'application. Rendez-la chez Meta, puis "
                + "relancez le canal.",
            english: "The app lacks a permission. Give it back at Meta, then resume the "
                + "channel."
        ),
        MetaErrorPolicy(
            368,
            .account,
            .pauseForPolicy,
            french: "Le compte est restreint pour non-respect des règles de Meta. Consultez la "
                + "qualité du compte chez Meta et contestez ou attendez la fin de la mesure.",
            english: "The account is restricted for breaking Meta's policies. Look at the "
                + "account quality at Meta and appeal, or wait until the measure ends."
        ),
        MetaErrorPolicy(
            131005,
            .account,
            .restorePermission,
            french: "L'accès à ce compte est refusé. Vérifiez les permissions de l'application "
                + "chez Meta, puis relancez le canal.",
            english: "Access to this account is denied. Check the app's permissions at Meta, "
                + "then resume the channel."
        ),
        MetaErrorPolicy(
            131031,
            .account,
            .pauseForPolicy,
            french: "Le compte est verrouillé par Meta. Ouvrez une demande au support de Meta ; "
                + "rien ne partira d'ici là.",
            english: "Meta has locked the account. Open a request with Meta's support; nothing "
                + "goes out until then."
        ),
        MetaErrorPolicy(
            131042,
            .account,
            .pauseForPayment,
            french: "Le moyen de paiement du compte WhatsApp pose problème. Réglez-le chez Meta, "
                + "puis relancez le canal.",
            english: "There is a problem with the WhatsApp account's payment method. Settle it "
                + "at Meta, then resume the channel."
        ),
        MetaErrorPolicy(
            131064,
            .account,
            .pauseForPolicy,
            french: "Meta sanctionne des modèles classés dans une mauvaise catégorie. Corrigez "
                + "les catégories chez Meta avant de reprendre.",
            english: "Meta enforces against templates in the wrong category. Correct the "
                + "categories at Meta before going on."
        ),
        MetaErrorPolicy(
            134011,
            .account,
            .failForSettings,
            french: "Les conditions de paiement WhatsApp ne sont pas acceptées pour ce compte. "
                + "Acceptez-les chez Meta, puis relancez le message.",
            english: "The WhatsApp payments terms are not accepted for this account. Accept "
                + "them at Meta, then send the message again."
        ),
    ]

    static let limits = [
        MetaErrorPolicy(
            1,
            .call,
            .retryFewTimes,
            french: "Meta n'a pas compris la demande ou a rencontré une erreur. Le message sera "
                + "retenté deux fois, puis abandonné.",
            english: "Meta did not understand the request or met an error. The message is tried "
                + "twice more, then given up."
        ),
        MetaErrorPolicy(
            2,
            .call,
            .retry,
            french: "Le service de Meta est momentanément indisponible. Le message sera retenté.",
            english: "Meta's service is unavailable for the moment. The message will be tried "
                + "again."
        ),
        MetaErrorPolicy(
            4,
            .app,
            .retrySlowly,
            french: "L'application a fait trop d'appels à Meta. L'envoi ralentit et reprend "
                + "tout seul.",
            english: "The app made too many calls to Meta. Sending slows down and goes on by "
                + "itself."
        ),
        MetaErrorPolicy(
            80007,
            .waba,
            .retrySlowly,
            french: "Le compte a fait trop d'appels de gestion à Meta. Les demandes reprennent "
                + "plus lentement.",
            english: "The account made too many management calls to Meta. Requests go on more "
                + "slowly."
        ),
        MetaErrorPolicy(
            130429,
            .number,
            .slowDown,
            french: "Ce numéro envoie plus vite que son débit autorisé. L'envoi ralentit et "
                + "reprend tout seul.",
            english: "This number sends faster than it is allowed to. Sending slows down and "
                + "goes on by itself."
        ),
        MetaErrorPolicy(
            131000,
            .call,
            .retryFewTimes,
            french: "Meta a rencontré une erreur inconnue. Le message sera retenté deux fois, "
                + "puis abandonné.",
            english: "Meta met an unknown error. The message is tried twice more, then given "
                + "up."
        ),
        MetaErrorPolicy(
            131016,
            .call,
            .retry,
            french: "Un service de Meta est surchargé. Le message sera retenté.",
            english: "A service of Meta is overloaded. The message will be tried again."
        ),
        MetaErrorPolicy(
            131056,
            .pair,
            .retryPair,
            french: "Trop de messages à ce même destinataire en peu de temps. Les siens "
                + "attendent ; les autres partent.",
            english: "Too many messages to this one recipient in a short time. Theirs wait; the "
                + "others go out."
        ),
        MetaErrorPolicy(
            131057,
            .account,
            .retry,
            french: "Meta met le compte à niveau pour un débit plus élevé, environ une minute. "
                + "L'envoi reprend tout seul.",
            english: "Meta is upgrading the account to a higher throughput, for about a minute. "
                + "Sending goes on by itself."
        ),
        MetaErrorPolicy(
            133004,
            .call,
            .retry,
            french: "Le serveur de Meta est momentanément indisponible. Le message sera retenté.",
            english: "Meta's server is unavailable for the moment. The message will be tried "
                + "again."
        ),
    ]
}
