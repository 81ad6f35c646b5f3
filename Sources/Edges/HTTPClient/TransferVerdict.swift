internal import CCurl

/// The facts from libcurl about one finished transfer that decide its outcome.
struct TransferEvidence: Equatable {
    var code: CURLcode
    /// Whether libcurl had a connection and was about to write the request.
    var reachedConnection: Bool
    /// Request bytes written to the connection, over all attempts.
    var requestBytes: Int
    /// Whether this module itself stopped the response because of its size.
    var responseTooLarge = false
    var message: String
}

extension TransferEvidence {
    /// Whether any byte of the request may have reached the server. A connection alone does not
    /// prove it: libcurl may find that a kept-alive connection is dead at the first write.
    var mayHaveBeenWritten: Bool { reachedConnection && requestBytes > 0 }

    /// The outcome of a transfer without a complete response.
    var failure: OutboundOutcome {
        mayHaveBeenWritten
            ? .unknown(OutboundFailure(reasonAfterWriting, message))
            : .notSent(OutboundFailure(reasonBeforeWriting, message))
    }

    private var reasonBeforeWriting: OutboundFailure.Reason {
        switch code {
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL: .invalidRequest
        case CURLE_COULDNT_RESOLVE_HOST: .unresolvable
        case CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY: .proxy
        case CURLE_COULDNT_CONNECT: .unreachable
        case CURLE_OPERATION_TIMEDOUT: .connectTimeout
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM,
            CURLE_SSL_CIPHER, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR,
            CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_ENGINE_INITFAILED:
            .tls
        // Before the request is written, only a proxy exchanges HTTP with us.
        case CURLE_RECV_ERROR, CURLE_SEND_ERROR: reachedConnection ? .connectionLost : .proxy
        default: .other
        }
    }

    private var reasonAfterWriting: OutboundFailure.Reason {
        if responseTooLarge { return .responseTooLarge }
        return switch code {
        case CURLE_OPERATION_TIMEDOUT: .timeout
        case CURLE_PARTIAL_FILE: .truncated
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_CONTENT_ENCODING:
            .malformedResponse
        // The last two: libcurl tried to repeat the request by itself, and the server was gone.
        case CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_ABORTED_BY_CALLBACK,
            CURLE_COULDNT_CONNECT, CURLE_SSL_CONNECT_ERROR:
            .connectionLost
        default: .other
        }
    }
}
