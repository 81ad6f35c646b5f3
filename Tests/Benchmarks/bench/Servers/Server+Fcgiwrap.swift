import Glibc
import Measurement

// nginx in front of fcgiwrap, which forks a CGI program for each request.

extension Server {
    static func fcgiwrap(
        nginx: String,
        fcgiwrap: String,
        program: String
    ) throws(Failure) -> Server {
        let port = try freePort()
        let folder = try TemporaryFolder()
        let socket = "\(folder.path)/cgi.sock"
        let configuration = try folder.write(
            nginxConfiguration(port: port, socket: socket, program: program, folder: folder.path),
            to: "nginx.conf"
        )
        return try Server(
            Command(
                program: nginx,
                arguments: ["-p", folder.path, "-e", "stderr", "-c", configuration]
            ),
            port: port,
            companion: Command(program: fcgiwrap, arguments: ["-s", "unix:\(socket)", "-c", "4"]),
            in: folder
        )
    }
}

/// Everything nginx writes stays in the folder; as root it would give its workers away.
private func nginxConfiguration(
    port: Int,
    socket: String,
    program: String,
    folder: String
) -> String {
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map { "    \($0)_temp_path \(folder)/\($0);" }
        .joined(separator: "\n")
    return """
        daemon off;
        \(geteuid() == 0 ? "user root;" : "")
        worker_processes auto;
        pid \(folder)/nginx.pid;
        events { worker_connections 1024; }
        http {
            access_log off;
            keepalive_requests 100000000;
        \(temporary)
            server {
                listen 127.0.0.1:\(port);
                location / {
                    fastcgi_pass unix:\(socket);
                    fastcgi_param GATEWAY_INTERFACE CGI/1.1;
                    fastcgi_param REQUEST_METHOD $request_method;
                    fastcgi_param CONTENT_TYPE $content_type;
                    fastcgi_param CONTENT_LENGTH $content_length;
                    fastcgi_param QUERY_STRING $query_string;
                    fastcgi_param SCRIPT_FILENAME \(program);
                }
            }
        }
        """
}
