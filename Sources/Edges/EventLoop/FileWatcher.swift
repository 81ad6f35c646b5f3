internal import CUV

/// Reports changes to the files directly inside some folders. One report combines many changes.
package final class FileWatcher {
    private var folders: [WatchedFolder] = []
    private var timer: Timer?
    private var changed: Set<String> = []
    private var onChange: ((Set<String>) -> Void)?

    /// Starts to watch. A report lists the changed paths, once there was no change for
    /// `quietMilliseconds`. Folders created later are not watched.
    package init(
        on loop: EventLoop,
        folders paths: [String],
        quietMilliseconds: UInt64 = 50,
        onChange: @escaping (Set<String>) -> Void
    ) throws(UVError) {
        self.onChange = onChange
        let timer = try Timer(on: loop) { [weak self] in self?.report() }
        self.timer = timer
        do throws(UVError) {
            for path in paths {
                folders.append(
                    try WatchedFolder(on: loop, path) { [weak self] changedPath in
                        self?.changed.insert(changedPath)
                        timer.start(after: quietMilliseconds)
                    }
                )
            }
        } catch {
            close()
            throw error
        }
    }

    deinit {
        close()
    }

    /// Stops watching; idempotent.
    package func close() {
        for folder in folders { folder.close() }
        folders = []
        timer?.close()
        timer = nil
        onChange = nil
    }

    private func report() {
        let paths = changed
        changed = []
        onChange?(paths)
    }
}

@available(*, unavailable)
extension FileWatcher: Sendable {}

/// One watched folder.
@safe private final class WatchedFolder: Handle {
    private let path: String
    private var onChange: ((String) -> Void)?

    init(
        on loop: EventLoop,
        _ path: String,
        onChange: @escaping (String) -> Void
    ) throws(UVError) {
        let raw = unsafe try Handle.allocate(uv_fs_event_t.self, "watch \(path)") {
            unsafe uv_fs_event_init(loop.raw, $0)
        }
        self.path = path
        self.onChange = onChange
        unsafe super.init(adopting: raw)
        let result = unsafe uv_fs_event_start(raw, folderDidChange, path, 0)
        guard result == 0 else {
            closeHandle()
            throw UVError(code: result, operation: "watch \(path)")
        }
    }

    func close() {
        closeHandle()
    }

    override func didClose() {
        onChange = nil
    }

    fileprivate func didChange(_ name: UnsafePointer<CChar>?) {
        guard let name = unsafe name else {
            onChange?(path)
            return
        }
        onChange?(unsafe "\(path)/\(String(cString: name))")
    }
}

private let folderDidChange: uv_fs_event_cb = { raw, name, _, _ in
    unsafe WatchedFolder.owner(raw).didChange(name)
}
