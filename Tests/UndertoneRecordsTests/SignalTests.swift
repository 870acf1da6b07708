// A signal leaves no hidden file.

import Glibc
import Testing
import UndertoneRecords

@Suite struct SignalTests {
    @Test func `the handler removes all hidden files`() async {
        await #expect(processExitsWith: .exitCode(0)) {
            let scratch = Scratch()
            OutputFile.prepareForSignals()
            signal(SIGTERM) { _ in OutputFile.removeTemporariesFromSignalHandler() }
            // Threads of the pool block signals, and raise(3) sends to the thread that calls it.
            var signals = sigset_t()
            sigemptyset(&signals)
            sigaddset(&signals, SIGTERM)
            pthread_sigmask(SIG_UNBLOCK, &signals, nil)
            let first = try OutputFile(path: scratch("first"))
            let second = try OutputFile(path: scratch("second"), compression: .gzip)
            guard scratch.names.count == 2 else { _exit(2) }
            raise(SIGTERM)
            guard scratch.names.isEmpty else { _exit(3) }
            first.abort()
            second.abort()
            // What comes after is removed, too.
            let third = try OutputFile(path: scratch("third"))
            raise(SIGTERM)
            guard scratch.names.isEmpty else { _exit(4) }
            third.abort()
            rmdir(scratch.path)
            _exit(0)
        }
    }
}
