import Measurement
import Testing

@Suite struct MachineTests {
    @Test(arguments: [
        (
            """
            processor\t: 0
            vendor_id\t: AuthenticAMD
            model name\t: AMD EPYC: the second

            processor\t: 1
            model name\t: AMD EPYC: the second
            """,
            "AMD EPYC: the second, 2 cores"
        ),
        ("processor\t: 0\nBogoMIPS\t: 50.00", "unknown processor, 1 core"),
    ])
    func isNamedByModelAndCores(cpuinfo: String, name: String) {
        #expect(machineName(cpuinfo: cpuinfo) == name)
    }
}
