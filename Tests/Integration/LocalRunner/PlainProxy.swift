/// A proxy of its own process that passes bytes on as they are: it adds no header, as nginx and
/// HAProxy do by default.
final class PlainProxy {
    let port: UInt16
    private let process: ChildProcess

    init(to target: UInt16) throws {
        process = try ChildProcess("/usr/bin/env", ["python3", "-c", Self.program, "\(target)"])
        let line = try process.line() ?? []
        guard let port = UInt16(String(decoding: line, as: UTF8.self)) else {
            throw SystemCallFailed("start the proxy")
        }
        self.port = port
    }

    func end() { process.end() }

    private static let program = """
        import socket, sys, threading
        def pump(source, sink):
            try:
                while data := source.recv(65536): sink.sendall(data)
                sink.shutdown(socket.SHUT_WR)
            except OSError: pass
        listener = socket.create_server(("127.0.0.1", 0))
        print(listener.getsockname()[1], flush=True)
        while True:
            client, _ = listener.accept()
            server = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
            for ends in ((client, server), (server, client)):
                threading.Thread(target=pump, args=ends, daemon=True).start()
        """
}
