import FunctionContract
import Testing

@testable import LocalRunner

@Suite struct RouteOwnerTests {
    @Test(
        arguments: [
            ("GET /a", "GET /a", "GET /a is already the route of one"),
            ("GET /a/{id}", "GET /a/{name}", "GET /a/{name} is already the route of one"),
            ("ANY /{a+}", "ANY /{b+}", "ANY /{b+} is already the route of one"),
            ("GET /a", "GET /_a", "GET /_a: paths that start with /_ belong to the platform"),
        ]
    )
    func refusesRoutesThatOnlyChanceCouldTellApart(
        _ first: String,
        _ second: String,
        _ problem: String
    ) {
        let manifests = [
            Sample.manifest("one", routes: first), Sample.manifest("two", routes: second),
        ]
        #expect(throws: UsageError("functions/two/function.json: \(problem)")) {
            try RouteTable.checkUnambiguous(manifests, in: "functions")
        }
    }

    @Test(arguments: [("GET /a", "POST /a"), ("GET /a", "ANY /a"), ("GET /a/{id}", "GET /a/{id+}")])
    func acceptsRoutesThatPrecedenceTellsApart(_ first: String, _ second: String) {
        let manifests = [
            Sample.manifest("one", routes: first), Sample.manifest("two", routes: second),
        ]
        #expect(throws: Never.self) { try RouteTable.checkUnambiguous(manifests, in: "functions") }
    }
}
