extension Pacing {
    /// Meta's throughput for a number, and its limit for one recipient.
    package static let meta = Pacing(
        interval: .microseconds(12_500),
        burst: 80,
        pair: PairLimit(interval: .seconds(6), burst: 10)
    )

    /// A number that Meta has raised to a thousand messages a second.
    package static let metaHighThroughput = Pacing(
        interval: .milliseconds(1),
        burst: 1000,
        pair: PairLimit(interval: .seconds(6), burst: 10)
    )

    /// A number that is also used on a phone.
    package static let metaCoexistence = Pacing(
        interval: .milliseconds(50),
        burst: 20,
        pair: PairLimit(interval: .seconds(6), burst: 10)
    )

    package static let respondIO = Pacing(
        interval: .microseconds(12_500),
        burst: 100,
        requestsPerSecond: 5
    )

    /// Twenty-five a minute.
    package static let prudent = Pacing(interval: .milliseconds(2400))

    package static let wassenger = Pacing(
        interval: .seconds(25),
        jitter: .seconds(5),
        leastGap: .seconds(10),
        breaks: [everyLot(of: 25, pause: .seconds(300))],
        dailyCap: 1000,
        quietHours: QuietHours(fromHour: 23, untilHour: 6),
        brake: gatewayBrake
    )

    /// Quick and even, for a channel whose recipients expect its messages.
    package static let steady = Pacing(
        interval: .seconds(5),
        breaks: [everyLot(of: 50, pause: .seconds(60))]
    )

    /// For a web gateway with a young number: it grows with what the number has sent.
    package static let gentle = Pacing(
        interval: .seconds(26),
        jitter: .seconds(4),
        leastGap: .seconds(15),
        breaks: [
            once(after: 20, minutes: 3...5), once(after: 40, minutes: 5...8),
            once(after: 60, minutes: 10...15), once(after: 100, minutes: 20...30),
        ],
        warmUp: [
            WarmUp(belowSent: 30, gap: .seconds(25) ... .seconds(35)),
            WarmUp(belowSent: 80, gap: .seconds(20) ... .seconds(28)),
            WarmUp(belowSent: 200, gap: .seconds(15) ... .seconds(22)),
            WarmUp(belowSent: 500, gap: .seconds(18) ... .seconds(25)),
        ],
        dailyCap: 180,
        quietHours: QuietHours(fromHour: 23, untilHour: 6),
        typing: .seconds(1) ... .seconds(3),
        brake: gatewayBrake
    )

    /// The presets by the names that a channel's settings use.
    package static let presets: [(name: String, pacing: Pacing)] = [
        ("meta", meta), ("meta-high-throughput", metaHighThroughput),
        ("meta-coexistence", metaCoexistence), ("respondio", respondIO), ("prudent", prudent),
        ("wassenger", wassenger), ("steady", steady), ("gentle", gentle),
    ]

    private static let gatewayBrake = EmergencyBrake(
        warningPause: .seconds(1800),
        consecutiveErrorLimit: 3,
        errorLimit: 5,
        errorWindow: .seconds(600),
        errorPause: .seconds(3600)
    )

    private static func everyLot(of size: Int, pause: Duration) -> Break {
        Break(afterMessages: size, pause: pause...pause, repeats: true)
    }

    private static func once(after count: Int, minutes: ClosedRange<Int>) -> Break {
        let pause = .seconds(minutes.lowerBound * 60)...Duration.seconds(minutes.upperBound * 60)
        return Break(afterMessages: count, pause: pause, repeats: false)
    }
}

extension Provider {
    /// The pacing that a new channel starts with.
    package var defaultPacing: Pacing {
        switch self {
        case .meta: .meta
        case .respondIO: .respondIO
        case .wassenger: .wassenger
        case .waha, .evolution: .gentle
        }
    }
}
