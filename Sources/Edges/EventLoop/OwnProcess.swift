internal import CProcess
private import Glibc

/// Protects this process from other processes on the machine.
package enum OwnProcess {
    /// Hides the memory and environment of this process from its children. Erases the values of its
    /// environment variables, except `names`. Read the other variables before this call.
    ///
    /// Root may inspect any process, so children also lose the capabilities for that.
    package static func hide(keeping names: [String]) {
        _ = cprocess_hide()
        cprocess_withhold_inspection()
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
