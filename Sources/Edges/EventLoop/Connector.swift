internal import CUV

/// Opens TCP connections.
@safe package final class Connector {
    private let request = UnsafeMutablePointer<uv_connect_t>.allocate(capacity: 1)
    private let stream: Stream
    private let operation: String
    private let completion: (Result<Stream, UVError>) -> Void

    /// Connects to a numeric address. The completion is called once, after this method returns.
    package static func connect(
        on loop: EventLoop,
        host: String,
        port: UInt16,
        completion: @escaping (Result<Stream, UVError>) -> Void
    ) throws(UVError) {
        let address = try SocketAddress(host: host, port: port)
        let stream = try Stream(tcpOn: loop)
        let connector = Connector(stream, "connect to \(host) port \(port)", completion)
        do throws(UVError) {
            try connector.start(address)
        } catch {
            stream.close()
            throw error
        }
    }

    private init(
        _ stream: Stream,
        _ operation: String,
        _ completion: @escaping (Result<Stream, UVError>) -> Void
    ) {
        self.stream = stream
        self.operation = operation
        self.completion = completion
    }

    deinit {
        unsafe request.deallocate()
    }

    private func start(_ address: SocketAddress) throws(UVError) {
        unsafe request.pointee.data = Unmanaged.passRetained(self).toOpaque()
        let result = unsafe address.withSockaddr { address in
            unsafe uv_tcp_connect(request, stream.rawTCP, address) { request, status in
                let owner = unsafe Unmanaged<Connector>.fromOpaque(request!.pointee.data)
                unsafe owner.takeRetainedValue().finish(status)
            }
        }
        guard result != 0 else { return }
        unsafe Unmanaged.passUnretained(self).release()
        throw UVError(code: result, operation: operation)
    }

    private func finish(_ status: Int32) {
        guard status == 0 else {
            stream.close()
            completion(.failure(UVError(code: status, operation: operation)))
            return
        }
        stream.disableDelay()
        completion(.success(stream))
    }
}
