// Writing to what nobody reads any more.

import Glibc

/// Runs `body` so that writing to a pipe or socket that nobody reads is an error and not the end of the process.
func withoutBrokenPipeSignal<Value>(_ body: () -> Value) -> Value {
    var pipe = sigset_t()
    sigemptyset(&pipe)
    sigaddset(&pipe, SIGPIPE)
    var pending = sigset_t()
    sigpending(&pending)
    let wasPending = sigismember(&pending, SIGPIPE) == 1
    var before = sigset_t()
    pthread_sigmask(SIG_BLOCK, &pipe, &before)
    let value = body()
    if !wasPending {
        var zero = timespec()
        while sigtimedwait(&pipe, nil, &zero) == -1, errno == EINTR {}
    }
    pthread_sigmask(SIG_SETMASK, &before, nil)
    return value
}
