import FunctionContract
import Providers

/// What a person who connects a channel has to know about each provider.
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
