import Glibc

/// A word for whoever watches.
func say(_ line: String) {
    writeLine(line, to: STDERR_FILENO)
}

/// Unbuffered: a line is out before the next case starts.
func writeLine(_ line: String, to descriptor: CInt = STDOUT_FILENO) {
    let bytes = Array("\(line)\n".utf8)
    _ = unsafe write(descriptor, bytes, bytes.count)
}
