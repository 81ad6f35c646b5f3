import CCurl
import Testing

@testable import HTTPClient

struct TransferVerdictTests {
    /// Whatever the code says, written bytes make the outcome unknown and none make it not sent.
    @Test func bytesWrittenDecideNotTheErrorCode() {
        for code in 1..<CURL_LAST.rawValue {
            for reached in [false, true] {
                for bytes in [0, 1, 500] {
                    let outcome = evidence(CURLcode(code), reached, bytes).failure
                    switch outcome {
                    case .unknown: #expect(reached && bytes > 0)
                    case .notSent: #expect(!reached || bytes == 0)
                    case .response: Issue.record("a failure is never a response")
                    }
                }
            }
        }
    }

    @Test(arguments: [
        (CURLE_COULDNT_RESOLVE_HOST, OutboundFailure.Reason.unresolvable),
        (CURLE_COULDNT_CONNECT, .unreachable), (CURLE_OPERATION_TIMEDOUT, .connectTimeout),
        (CURLE_PEER_FAILED_VERIFICATION, .tls), (CURLE_SSL_CONNECT_ERROR, .tls),
        (CURLE_PROXY, .proxy), (CURLE_RECV_ERROR, .proxy), (CURLE_OUT_OF_MEMORY, .other),
    ])
    func namesWhatFailedBeforeWriting(_ code: CURLcode, _ reason: OutboundFailure.Reason) {
        let outcome = evidence(code, false, 0).failure
        #expect(outcome == .notSent(OutboundFailure(reason, "why")))
    }

    @Test(arguments: [
        (CURLE_OPERATION_TIMEDOUT, OutboundFailure.Reason.timeout),
        (CURLE_PARTIAL_FILE, .truncated),
        (CURLE_GOT_NOTHING, .connectionLost), (CURLE_ABORTED_BY_CALLBACK, .connectionLost),
        (CURLE_COULDNT_CONNECT, .connectionLost), (CURLE_WEIRD_SERVER_REPLY, .malformedResponse),
    ])
    func namesWhatFailedAfterWriting(_ code: CURLcode, _ reason: OutboundFailure.Reason) {
        let outcome = evidence(code, true, 1).failure
        #expect(outcome == .unknown(OutboundFailure(reason, "why")))
    }

    private func evidence(_ code: CURLcode, _ reached: Bool, _ bytes: Int) -> TransferEvidence {
        TransferEvidence(
            code: code,
            reachedConnection: reached,
            requestBytes: bytes,
            message: "why"
        )
    }
}
