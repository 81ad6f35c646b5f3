// Reasons that do not depend on one provider's error codes.

extension Reason {
    static func answerLost(code: String? = nil, detail: String?) -> Reason {
        Reason(
            code: code,
            detail: detail,
            french: "La réponse du fournisseur s'est perdue : le message est peut-être parti. "
                + "Un accusé de réception ou une recherche le dira ; ne le renvoyez pas avant.",
            english: "The provider's answer was lost: the message may have gone out. A receipt "
                + "or a lookup will tell; do not send it again before."
        )
    }

    static func rateLimited(_ reply: ProviderReply, _ detail: String?) -> Reason {
        Reason(
            code: String(reply.status),
            detail: detail,
            french: "Le fournisseur demande de ralentir ce canal. L'envoi reprend tout seul "
                + "après la pause demandée.",
            english: "The provider asks this channel to slow down. Sending goes on by itself "
                + "after the pause it asked for."
        )
    }

    static func accessRefused(_ reply: ProviderReply, _ detail: String?) -> Reason {
        Reason(
            code: String(reply.status),
            detail: detail,
            french: "Le fournisseur refuse la clé d'accès de ce canal. Saisissez une clé valide "
                + "puis relancez le canal ; la file d'attente est conservée.",
            english: "The provider refuses this channel's access key. Enter a valid key and "
                + "resume the channel; the queue is kept."
        )
    }

    static func refused(_ reply: ProviderReply, _ detail: String?) -> Reason {
        Reason(
            code: String(reply.status),
            detail: detail,
            french: "Le fournisseur a refusé ce message. Corrigez-le d'après le détail, puis "
                + "relancez-le.",
            english: "The provider refused this message. Correct it as the detail says, then "
                + "send it again."
        )
    }

    static func notOnWhatsApp(code: String?, detail: String?) -> Reason {
        Reason(
            code: code,
            detail: detail,
            french: "Ce numéro n'est pas sur WhatsApp. Vérifiez-le auprès du contact ; il ne "
                + "sera plus sollicité.",
            english: "This number is not on WhatsApp. Check it with the contact; it will not be "
                + "written to again."
        )
    }

    static func notConnected(code: String?, detail: String?) -> Reason {
        Reason(
            code: code,
            detail: detail,
            french: "Le téléphone de ce canal n'est pas connecté à WhatsApp. Reconnectez-le (QR "
                + "code ou code d'appairage), puis relancez le canal.",
            english: "This channel's phone is not connected to WhatsApp. Connect it again (QR "
                + "code or pairing code), then resume the channel."
        )
    }
}

extension Retry {
    static func unreachable(_ reason: String) -> Retry {
        Retry(
            .channel,
            after: .seconds(5),
            Reason(
                detail: reason,
                french: "Le fournisseur est injoignable ; rien n'est parti. L'envoi sera retenté.",
                english: "The provider cannot be reached; nothing went out. It will be tried "
                    + "again."
            )
        )
    }
}

extension SendOutcome {
    /// A failure that a gateway reported after it had accepted the message.
    static func gatewayFailure(_ failure: ProviderFailure) -> SendOutcome {
        .giveUp(
            Reason(
                code: failure.code,
                detail: failure.words,
                french: "WhatsApp n'a pas pu remettre ce message. Vérifiez le numéro et l'état "
                    + "du téléphone connecté, puis relancez-le.",
                english: "WhatsApp could not deliver this message. Check the number and the "
                    + "connected phone, then send it again."
            ),
            consequence: .none
        )
    }
}
