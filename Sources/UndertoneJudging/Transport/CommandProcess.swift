// Starting and ending a program that is talked to over pipes.

import Glibc

/// A program that runs, with pipes to its standard input, output and error. Whoever holds it must end it with ``end(grace:)``.
struct CommandProcess: Sendable {
    /// Its process, which leads a group of its own.
    let id: pid_t
    /// Writes to its standard input; never blocks.
    let input: Int32
    /// Reads from its standard output.
    let output: Int32
    /// Reads from its standard error.
    let errors: Int32

    /// Starts a program without a shell.
    ///
    /// - Parameters:
    ///   - arguments: the program, by its path or as PATH has it, and its arguments.
    ///   - environment: all variables that it sees, as `NAME=value`.
    /// - Throws: the number of the system's error.
    init(_ arguments: [String], environment: [String]) throws(CommandProcess.Failure) {
        var pipes: [Int32] = []
        func closePipes() { for end in pipes { close(end) } }
        for _ in 0..<3 {
            do throws(Failure) {
                let pipe = try CommandProcess.pipe()
                pipes += [pipe.read, pipe.write]
            } catch {
                closePipes()
                throw error
            }
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, pipes[0], STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, pipes[3], STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, pipes[5], STDERR_FILENO)
        // Not all that is open here says that it closes by itself.
        for descriptor in CommandProcess.descriptors where descriptor > STDERR_FILENO {
            posix_spawn_file_actions_addclose(&actions, descriptor)
        }
        // Signals as a program expects them; a group of its own, so that what it starts ends with it.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        for number in [SIGINT, SIGTERM, SIGPIPE, SIGHUP] { sigaddset(&signals, number) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = Int(POSIX_SPAWN_SETSIGMASK) | Int(POSIX_SPAWN_SETSIGDEF) | Int(POSIX_SPAWN_SETPGROUP)
        posix_spawnattr_setflags(&attributes, Int16(flags))
        let words = arguments.map { strdup($0) }
        let variables = environment.map { strdup($0) }
        defer { for copy in words + variables { free(copy) } }
        var process = pid_t()
        let problem = posix_spawnp(&process, arguments[0], &actions, &attributes, words + [nil], variables + [nil])
        guard problem == 0 else {
            closePipes()
            throw Failure(number: problem)
        }
        for end in [pipes[0], pipes[3], pipes[5]] { close(end) }
        for end in [pipes[1], pipes[2], pipes[4]] { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
        (id, input, output, errors) = (process, pipes[1], pipes[2], pipes[4])
    }

    /// A pipe whose ends are not inherited, and are read and written without blocking where that is wanted.
    static func pipe(blocks: Bool = true) throws(Failure) -> (read: Int32, write: Int32) {
        var ends: [Int32] = [0, 0]
        guard Glibc.pipe(&ends) == 0 else { throw Failure(number: errno) }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            if !blocks { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
        }
        return (ends[0], ends[1])
    }

    // What is open in this process.
    private static var descriptors: [Int32] {
        guard let folder = opendir("/proc/self/fd") else { return [] }
        defer { closedir(folder) }
        var found: [Int32] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if let number = Int32(name) { found.append(number) }
        }
        return found
    }

    /// Why a program can't be started.
    struct Failure: Error {
        /// `errno`.
        var number: Int32
        /// The system's word for it.
        var text: String { String(cString: strerror(number)) }
    }

    /// Whether it has ended by itself. It stays to be reaped.
    var hasEnded: Bool {
        var information = siginfo_t()
        let result = waitid(P_PID, id_t(id), &information, WEXITED | WNOHANG | WNOWAIT)
        return result != 0 || information.si_signo != 0
    }

    /// Closes the pipes, waits `grace` seconds for it to end by itself, ends it and all of its group, and reaps it.
    func end(grace: Double) {
        for end in [input, output, errors] { close(end) }
        let end = deadline(after: grace)
        var status: Int32 = 0
        var isReaped = false
        while !isReaped, monotonicSeconds() < end {
            isReaped = waitpid(id, &status, WNOHANG) != 0
            if !isReaped { usleep(2000) }
        }
        // The group outlives its leader as long as anything is in it.
        kill(-id, SIGKILL)
        while !isReaped { isReaped = waitpid(id, &status, 0) != -1 || errno != EINTR }
    }

    /// Variables that a program may see: PATH, HOME, LANG and those that are named, where they are set.
    static func environment(_ names: [String]) -> [(name: String, value: String)] {
        (["PATH", "HOME", "LANG"] + names.filter { !["PATH", "HOME", "LANG"].contains($0) }).compactMap { name in
            guard !name.contains("="), let value = getenv(name) else { return nil }
            return (name, String(cString: value))
        }
    }
}
