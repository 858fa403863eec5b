#if SQLite && NATS
    import CNATS
    import Foundation

    /// Says which server leads a stream.
    final class StreamPeers {
        private let stream: String
        private var connection: OpaquePointer?
        private var jetStream: OpaquePointer?

        init(_ urls: [String], _ stream: String) throws(CrashError) {
            self.stream = stream
            let status = natsConnection_ConnectTo(&connection, urls.joined(separator: ","))
            guard status == NATS_OK, natsConnection_JetStream(&jetStream, connection, nil) == NATS_OK else {
                throw CrashError("can't connect to \(urls)")
            }
        }

        deinit {
            jsCtx_Destroy(jetStream)
            natsConnection_Destroy(connection)
        }

        /// The leader, and how many of the others have all that it has; nil while nobody answers.
        private func look() -> (leader: String, current: Int)? {
            var info: UnsafeMutablePointer<jsStreamInfo>?
            guard js_GetStreamInfo(&info, jetStream, stream, nil, nil) == NATS_OK else { return nil }
            defer { jsStreamInfo_Destroy(info) }
            guard let cluster = info?.pointee.Cluster?.pointee, let leader = cluster.Leader else { return nil }
            let current = (0..<Int(cluster.ReplicasLen)).count { index in
                guard let peer = cluster.Replicas[index]?.pointee else { return false }
                return peer.Current && !peer.Offline
            }
            return (String(cString: leader), current)
        }

        private func wait<Result>(
            within patience: UInt64,
            for what: String,
            _ body: () -> Result?
        ) throws(CrashError) -> Result {
            let deadline = Line.now + patience
            while true {
                if let result = body() { return result }
                guard Line.now < deadline else { throw CrashError("the stream has no \(what)") }
                usleep(50_000)
            }
        }

        func waitForLeader(within patience: UInt64) throws(CrashError) -> String {
            try wait(within: patience, for: "leader") { look()?.leader }
        }

        func waitUntilAllAreCurrent(within patience: UInt64) throws(CrashError) {
            try wait(within: patience, for: "current followers") { look().flatMap { $0.current == 2 ? () : nil } }
        }
    }
#endif
