import Measurement

extension Case {
    /// Every case, in the order in which `all` measures them.
    static func all(_ installation: Installation) -> [Case] {
        let servers = Servers(installation: installation)
        let past = PopulatedDatabase(servers)
        return [
            .runnerWarm(servers),
            .runnerWarmSingle(servers),
            .runnerCold(servers),
            .tasks(servers),
            .tasksPinned(servers),
            .rateTake(servers),
            .migrate(servers),
            .cold(servers),
            .webhookDurable(servers),
            .send(servers),
            .pacing(servers),
            .pacingWindows(servers),
            .manyTenantsStop(servers),
            .manyTenantsMessage(servers),
            .manyTenantsTask(servers),
            .manyTenantsTimers(past),
            .manyTenantsClaim(past),
            .manyTenantsSend(servers, past),
        ]
    }
}
