import Glibc
import SeededRandom

extension CampaignStage {
    /// What may be killed.
    enum Target: String, CaseIterable {
        case sender = "send-batch"
        case reader = "process-inbound"
        case receiver = "inbound-webhook"
        case store = "local-runner-store"
        /// Alone or together with every function that it has started.
        case platform, platformAlone
        case database
    }

    /// Kills without warning. False when there was nothing of the kind to kill.
    func kill(_ target: Target, _ random: inout SeededRandom) throws -> Bool {
        hasDead = true
        switch target {
        case .sender, .reader, .receiver, .store:
            let candidates = runner.instances.filter { Self.name(of: $0) == target.rawValue }
            guard let victim = candidates.randomElement(using: &random) else { return false }
            Glibc.kill(victim, SIGKILL)
        case .platform: try runner.crash()
        case .platformAlone:
            runner.process.send(SIGSTOP)
            orphans += runner.instances
            runner.process.send(SIGKILL)
            _ = try runner.process.waitForExit()
        case .database: try server?.kill()
        }
        if target == .platform || target == .platformAlone {
            runner = try Self.start(on: port, database)
            try letMinutesPass()
        }
        try freeWebhooks()
        return true
    }

    private static func name(of process: pid_t) -> String {
        let path = linkTarget("/proc/\(process)/exe") ?? ""
        return String(path.split(separator: "/").last ?? "")
    }
}
