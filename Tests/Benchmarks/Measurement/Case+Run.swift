extension Case {
    /// Measures every contender that is here, in turn, so that a slow minute of the machine
    /// touches all of them.
    package func run(
        _ plan: Plan,
        machine: String,
        progress: (String) -> Void
    ) throws(Failure) -> Report {
        let present = contenders.filter { isPresent($0, plan, progress) }
        guard present.contains(where: { $0.role == .ours }) else {
            throw Failure("\(name): what is to be measured is not built")
        }
        var samples: [String: [Double]] = [:]
        for run in 1...plan.runs {
            for contender in present {
                let value = try sample(contender, plan)
                samples[contender.name, default: []].append(value)
                progress("\(name) \(run)/\(plan.runs) \(contender.name): \(value) \(unit)")
            }
        }
        return report(samples, plan, machine)
    }

    /// A peer that cannot be installed is missing, and somebody is told why.
    private func isPresent(
        _ contender: Contender,
        _ plan: Plan,
        _ progress: (String) -> Void
    ) -> Bool {
        guard contender.isWanted(in: plan) else { return false }
        do throws(Failure) {
            try contender.install?()
            return true
        } catch {
            progress("\(name): goes without \(contender.name): \(error.message)")
            return false
        }
    }

    private func sample(_ contender: Contender, _ plan: Plan) throws(Failure) -> Double {
        do throws(Failure) {
            guard let value = try contender.sample?(plan), value > 0, value.isFinite else {
                throw Failure("measured nothing")
            }
            return value
        } catch {
            throw Failure("\(name), \(contender.name): \(error.message)")
        }
    }

    private func report(
        _ samples: [String: [Double]],
        _ plan: Plan,
        _ machine: String
    ) -> Report {
        func measured(_ roles: Contender.Role...) -> [Measured] {
            contenders.filter { roles.contains($0.role) }.compactMap { contender in
                samples[contender.name].map { Measured(contender.name, median($0)) }
            }
        }
        return Report(
            name: name,
            unit: unit,
            direction: direction,
            ours: measured(.ours)[0].value,
            variants: measured(.variant),
            peers: measured(.peer, .installedPeer),
            budget: budget,
            missing: contenders.map(\.name).filter { samples[$0] == nil },
            runs: plan.runs,
            machine: machine
        )
    }
}

extension Contender {
    fileprivate func isWanted(in plan: Plan) -> Bool {
        sample != nil && !(plan.isSmoke && role == .installedPeer)
    }
}
