import EventDispatch
import Foundation
import GracefulServer

let termination = TerminationSignal()
let server = try HTTPServer { line in FileHandle.standardOutput.write(Data("\(line)\n".utf8)) }
let dispatcher = EventDispatcher(name: "server")
_ = try dispatcher.register(server)

server.start()
FileHandle.standardOutput.write(Data("listening on 127.0.0.1:\(server.port)\n".utf8))
try await termination.wait()
do {
    try await dispatcher.fire(ShutdownRequested())
} catch {
    FileHandle.standardError.write(Data("\(error)\n".utf8))
    exit(1)
}
