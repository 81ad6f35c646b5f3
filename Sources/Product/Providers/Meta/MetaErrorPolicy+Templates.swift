// Errors of templates and flows.

extension MetaErrorPolicy {
    static let templates = [
        MetaErrorPolicy(
            131063,
            .waba,
            .failForSettings,
            french: "Les modèles marketing ne passent pas par cette API pour ce compte. Activez-"
                + "les chez Meta, ou changez de catégorie de modèle.",
            english: "Marketing templates do not go through this API for this account. Enable "
                + "them at Meta, or use a template of another category."
        ),
        MetaErrorPolicy(
            132000,
            .template,
            .templateParameters,
            french: "Le nombre de variables ne correspond pas à celui du modèle. Complétez les "
                + "valeurs de ce contact.",
            english: "The number of variables is not that of the template. Complete this "
                + "contact's values."
        ),
        MetaErrorPolicy(
            132001,
            .template,
            .templateMissing,
            french: "Ce modèle n'existe pas dans cette langue ou n'est pas approuvé. Choisissez "
                + "un modèle approuvé, puis relancez la campagne.",
            english: "This template does not exist in this language or is not approved. Choose "
                + "an approved one, then resume the campaign."
        ),
        MetaErrorPolicy(
            132005,
            .template,
            .templateParameters,
            french: "Le texte rempli est trop long. Raccourcissez les valeurs de ce contact.",
            english: "The filled-in text is too long. Shorten this contact's values."
        ),
        MetaErrorPolicy(
            132007,
            .template,
            .templatePolicy,
            french: "Le contenu du modèle enfreint les règles de Meta. Corrigez-le et soumettez-"
                + "le de nouveau.",
            english: "The template's content breaks Meta's policies. Correct it and submit it "
                + "again."
        ),
        MetaErrorPolicy(
            132008,
            .template,
            .templateParameters,
            french: "Une variable du modèle a une valeur refusée. Corrigez les valeurs de ce "
                + "contact.",
            english: "A variable of the template has a value that is refused. Correct this "
                + "contact's values."
        ),
        MetaErrorPolicy(
            132012,
            .template,
            .templateParameters,
            french: "Une variable du modèle n'a pas le format attendu. Corrigez les valeurs de "
                + "ce contact.",
            english: "A variable of the template is not in the expected format. Correct this "
                + "contact's values."
        ),
        MetaErrorPolicy(
            132015,
            .template,
            .pauseTemplate,
            french: "Meta a suspendu ce modèle pour sa faible qualité. Modifiez-le ou attendez "
                + "la fin de la suspension.",
            english: "Meta has paused this template for its low quality. Edit it or wait until "
                + "the pause ends."
        ),
        MetaErrorPolicy(
            132016,
            .template,
            .disableTemplate,
            french: "Meta a désactivé ce modèle définitivement. Créez un autre modèle.",
            english: "Meta has disabled this template for good. Create another one."
        ),
        MetaErrorPolicy(
            132018,
            .template,
            .templateParameters,
            french: "Les valeurs ne correspondent pas à la structure du modèle. Vérifiez l'en-"
                + "tête, les variables et les boutons.",
            english: "The values do not fit the template's structure. Check header, variables "
                + "and buttons."
        ),
        MetaErrorPolicy(
            132068,
            .flow,
            .fail,
            french: "Le formulaire (Flow) est bloqué. Corrigez-le chez Meta, puis "
                + "relancez l'envoi.",
            english: "The form (flow) is blocked. Correct it at Meta, then send again."
        ),
        MetaErrorPolicy(
            132069,
            .flow,
            .retryAfterOneHour,
            french: "Le formulaire (Flow) est limité à 10 envois par heure. Le message partira "
                + "dans une heure.",
            english: "The flow is limited to 10 sends an hour. The message goes out in an "
                + "hour."
        ),
    ]
}
