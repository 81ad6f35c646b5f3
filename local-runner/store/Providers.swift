import FunctionContract
import Providers

/// The information about each provider that a user needs to connect a channel.
func describeProviders() -> HTTPReply {
    .json([
        "providers": .array(
            Provider.allCases.map { (provider) -> JSON in
                let words = provider.words
                return [
                    "name": .string(provider.rawValue), "id": .string(words.id),
                    "account": words.account.map { .string($0) } ?? .null,
                    "token": .string(words.token), "secret": .string(words.secret),
                    "url": provider.publicBaseURL.map { .string($0) } ?? .null,
                    "pacing": .string(provider.pacing.map(\.name).joined(separator: ", ")),
                ]
            }
        ),
        "pacing": .array(PacingProfile.all.map { .string($0.name) }),
    ])
}
