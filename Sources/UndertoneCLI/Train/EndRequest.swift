// Ctrl-C while a model is trained: the step is finished, the state is kept, then the program ends.

import Glibc
import Synchronization

/// The wish to end, by a signal.
enum EndRequest {
    private static let signalNumber = Atomic<Int32>(0)

    /// Whether somebody asked.
    static var isMade: Bool { signalNumber.load(ordering: .relaxed) != 0 }

    /// 130 for Ctrl-C, 143 for SIGTERM, 129 for SIGHUP.
    static var exitCode: Int32 {
        let number = signalNumber.load(ordering: .relaxed)
        return 128 + (number == 0 ? SIGINT : number)
    }

    /// From now on the first signal that would end the program only asks for the end, and the second one ends it at once.
    /// One that is ignored, as `nohup` does, stays so.
    static func watch() {
        // The handler must find it made.
        _ = signalNumber.load(ordering: .relaxed)
        for number in [SIGINT, SIGTERM, SIGHUP] {
            var old = sigaction()
            sigaction(number, nil, &old)
            let isIgnored = withUnsafeBytes(of: old.__sigaction_handler) { $0.load(as: Int.self) } == 1  // SIG_IGN
            if isIgnored { continue }
            signal(number) { number in
                if EndRequest.signalNumber.exchange(number, ordering: .relaxed) != 0 { _exit(128 + number) }
            }
        }
    }
}
