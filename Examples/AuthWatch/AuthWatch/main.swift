do throws(CommandFailure) {
    try AuthWatchCommand().run(Array(CommandLine.arguments.dropFirst()))
} catch {
    System.end(error)
}
