import Measurement

/// Ways to start each server of the `runner-…` cases; nil for one whose programs are not here.
struct Servers {
    typealias Start = () throws(Failure) -> Server

    let installation: Installation
    let clusters = Clusters()

    /// `local-runner` with one function; nil as well when the function is not built.
    func localRunner(_ function: LocalRunner.Function) -> Start? {
        let named = installation.named(by: "LOCAL_RUNNER")
        guard let program = named ?? installation.product("local-runner"),
            function.command != nil || installation.product(function.name) != nil
        else { return nil }
        let runner = LocalRunner(program: program, functions: installation.products)
        return { () throws(Failure) in try runner.serve(function) }
    }

    var bareC: Start? {
        guard let program = installation.product("bench-bare-c") else { return nil }
        return { () throws(Failure) in try .bareC(program) }
    }

    var pipeC: Start? {
        guard let program = installation.product("bench-pipe-c") else { return nil }
        return { () throws(Failure) in try .pipeC(program, child: lineEcho) }
    }

    var node: Start? {
        guard let program = installation.installed("node") else { return nil }
        let script = "\(installation.package)/Tests/Benchmarks/peers/node/echo-server.mjs"
        return { () throws(Failure) in try .node(program, script: script) }
    }

    var fcgiwrap: Start? {
        guard let nginx = installation.installed("nginx"),
            let fcgiwrap = installation.installed("fcgiwrap"),
            let program = installation.product("bench-cgi")
        else { return nil }
        return { () throws(Failure) in
            try .fcgiwrap(nginx: nginx, fcgiwrap: fcgiwrap, program: program)
        }
    }

    var load: Load { Load(program: "\(installation.products)/bench-load") }

    /// The child that pipe-c and local-runner share, so that only the platforms differ.
    var lineEcho: String { "\(installation.products)/bench-line-echo" }
}
