// Errors of the sending number.

extension MetaErrorPolicy {
    static let numbers = [
        MetaErrorPolicy(
            33,
            .number,
            .pauseNumber,
            french: "Le numéro d'envoi a été supprimé chez Meta. Reconnectez un numéro à ce "
                + "canal ; la file d'attente est conservée.",
            english: "The sending number was deleted at Meta. Connect a number to this channel "
                + "again; the queue is kept."
        ),
        MetaErrorPolicy(
            131037,
            .number,
            .pauseNumber,
            french: "Le nom affiché de ce numéro n'est pas approuvé. Faites-le approuver chez "
                + "Meta, puis relancez le canal.",
            english: "This number's display name is not approved. Have it approved at Meta, then "
                + "resume the channel."
        ),
        MetaErrorPolicy(
            131045,
            .number,
            .pauseNumber,
            french: "L'enregistrement de ce numéro est en erreur. Enregistrez-le de nouveau chez "
                + "Meta, puis relancez le canal.",
            english: "This number's registration is in error. Register it again at Meta, then "
                + "resume the channel."
        ),
        MetaErrorPolicy(
            131048,
            .number,
            .pauseNumberForSpam,
            french: "Meta freine ce numéro : trop de destinataires l'ont bloqué ou signalé. Les "
                + "campagnes du numéro s'arrêtent ; revoyez la liste et le contenu.",
            english: "Meta restrains this number: too many recipients blocked or reported it. "
                + "The number's campaigns stop; review the list and the content."
        ),
        MetaErrorPolicy(
            133005,
            .number,
            .fail,
            french: "Le code PIN de vérification en deux étapes est faux. Saisissez le bon code "
                + "ou réinitialisez-le chez Meta.",
            english: "The two-step verification PIN is wrong. Enter the right one or reset it at "
                + "Meta."
        ),
        MetaErrorPolicy(
            133006,
            .number,
            .fail,
            french: "Ce numéro doit être vérifié avant d'être enregistré. Vérifiez-le par SMS ou "
                + "appel chez Meta.",
            english: "This number must be verified before it is registered. Verify it by SMS or "
                + "call at Meta."
        ),
        MetaErrorPolicy(
            133008,
            .number,
            .waitAsTold,
            french: "Trop d'essais du code PIN. Attendez le délai indiqué dans le détail avant "
                + "d'en faire un autre.",
            english: "Too many attempts at the PIN. Wait as long as the detail says before "
                + "another one."
        ),
        MetaErrorPolicy(
            133009,
            .number,
            .waitAsTold,
            french: "Le code PIN a été saisi trop vite. Attendez le délai indiqué dans le "
                + "détail.",
            english: "The PIN was entered too fast. Wait as long as the detail says."
        ),
        MetaErrorPolicy(
            133010,
            .number,
            .pauseNumber,
            french: "Ce numéro n'est pas enregistré sur la plateforme. Enregistrez-le chez Meta, "
                + "puis relancez le canal.",
            english: "This number is not registered on the platform. Register it at Meta, then "
                + "resume the channel."
        ),
        MetaErrorPolicy(
            133015,
            .number,
            .retryAfterFiveMinutes,
            french: "Ce numéro vient d'être supprimé chez Meta. Un nouvel essai aura lieu dans "
                + "cinq minutes.",
            english: "This number was just deleted at Meta. It will be tried again in five "
                + "minutes."
        ),
        MetaErrorPolicy(
            133016,
            .number,
            .waitWithoutRetry,
            french: "Trop d'enregistrements de ce numéro en peu de temps. Attendez 72 heures "
                + "sans réessayer.",
            english: "Too many registrations of this number in a short time. Wait 72 hours "
                + "without trying again."
        ),
    ]
}
