internal import CUV
private import Glibc

/// This process, as others on the machine see it.
package enum OwnProcess {
    /// Closes memory and environment of this process to the processes that it starts, and erases
    /// the values of its environment but for those kept. Whoever needs them has read them before.
    ///
    /// Root may look into any process. The rights to do that are therefore withheld from children.
    package static func hide(keeping names: [String]) {
        _ = cuv_hide_process()
        cuv_withhold_inspection()
        var entry = unsafe environ
        while let variable = unsafe entry.pointee {
            let text = unsafe String(cString: variable)
            let name = text.prefix { $0 != "=" }
            if !names.contains(String(name)), name.utf8.count < text.utf8.count {
                let value = unsafe variable + name.utf8.count + 1
                unsafe memset(value, 0, strlen(value))
            }
            unsafe entry += 1
        }
    }
}
