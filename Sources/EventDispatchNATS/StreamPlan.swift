#if NATS
    import CNATS
    import EventDispatchStore

    /// How a stream has to be. It's made when there is none; one that's there is checked, and not changed.
    struct StreamPlan: Hashable, Sendable {
        let name: String
        let subjects: [String]
        /// How long messages stay; nil for ever.
        var lifetime: Duration?
        /// How many messages a subject has at most; nil for any number.
        var mostPerSubject: Int64?
        var replicas = 1
        /// How long the server remembers the IDs of messages; nil for its own default.
        var duplicates: Duration?

        /// Makes the stream, or checks the one that is there.
        ///
        /// - Throws: `EventStoreError`, with the code `.otherConfiguration` and both sides of each difference.
        func prepare(_ jetStream: JetStream) throws(EventStoreError) {
            if try check(jetStream) { return }
            do throws(EventStoreError) {
                try make(jetStream)
            } catch {
                // Another process may have made it at the same time.
                guard error.code == .otherConfiguration, try check(jetStream) else { throw error }
            }
        }

        /// Checks the stream; false when there is none.
        private func check(_ jetStream: JetStream) throws(EventStoreError) -> Bool {
            var info: UnsafeMutablePointer<jsStreamInfo>?
            defer { jsStreamInfo_Destroy(info) }
            var code = jsErrCode(rawValue: 0)
            let status = js_GetStreamInfo(&info, jetStream.connection.jetStream, name, nil, &code)
            if code == JSStreamNotFoundErr { return false }
            let server = jetStream.connection.server
            try NATSFault.check(status, code, "look at the stream '\(name)' at \(server)")
            guard let found = info?.pointee.Config?.pointee else {
                throw EventStoreError(.corrupt, "the stream '\(name)' at \(server) has no configuration")
            }
            let differences = differences(from: found)
            guard differences.isEmpty else {
                throw EventStoreError(
                    .otherConfiguration,
                    "the stream '\(name)' at \(server) isn't as this store needs it: \(differences.joined(separator: "; "))"
                )
            }
            return true
        }

        private func make(_ jetStream: JetStream) throws(EventStoreError) {
            let strings = CStrings()
            var configuration = jsStreamConfig()
            try NATSFault.check(jsStreamConfig_Init(&configuration), "make a configuration")
            var list = subjects.map { strings[$0] }
            configuration.Name = strings[name]
            configuration.SubjectsLen = Int32(list.count)
            configuration.Storage = js_FileStorage
            configuration.Retention = js_LimitsPolicy
            configuration.Replicas = Int64(replicas)
            configuration.MaxAge = lifetime?.nanoseconds ?? 0
            configuration.MaxMsgsPerSubject = mostPerSubject ?? -1
            if let duplicates { configuration.Duplicates = duplicates.nanoseconds }
            var code = jsErrCode(rawValue: 0)
            let status = list.withUnsafeMutableBufferPointer { list in
                configuration.Subjects = list.baseAddress
                return js_AddStream(nil, jetStream.connection.jetStream, &configuration, nil, &code)
            }
            withExtendedLifetime(strings) {}
            try NATSFault.check(status, code, "make the stream '\(name)' at \(jetStream.connection.server)")
        }

        private func differences(from found: jsStreamConfig) -> [String] {
            var differences: [String] = []
            func compare<Value: Equatable>(_ what: String, _ there: Value, _ here: Value) {
                if there != here { differences.append("its \(what) is \(there), and should be \(here)") }
            }
            let there = (0..<Int(found.SubjectsLen)).compactMap { found.Subjects[$0].map { String(cString: $0) } }
            compare("list of subjects", there, subjects)
            compare("retention", found.Retention.name, js_LimitsPolicy.name)
            compare("storage", found.Storage == js_FileStorage ? "file" : "memory", "file")
            compare("number of replicas", found.Replicas, Int64(replicas))
            compare("greatest age", Duration.nanoseconds(found.MaxAge), lifetime ?? .zero)
            compare("limit of messages a subject", max(-1, found.MaxMsgsPerSubject), mostPerSubject ?? -1)
            compare("acknowledgement of messages", found.NoAck ? "off" : "on", "on")
            compare("sealing", found.Sealed ? "on" : "off", "off")
            if let duplicates { compare("window of duplicates", Duration.nanoseconds(found.Duplicates), duplicates) }
            // With a limit, old messages would be dropped for new ones, whoever still needs them.
            if found.MaxMsgs > 0 || found.MaxBytes > 0 {
                let policy = found.Discard == js_DiscardNew ? "refuse new" : "drop old"
                compare("policy at its limits", policy, "refuse new")
            }
            return differences
        }
    }

    extension jsRetentionPolicy {
        /// The policy as the server's tools call it.
        fileprivate var name: String {
            switch self {
            case js_LimitsPolicy: "limits"
            case js_InterestPolicy: "interest"
            case js_WorkQueuePolicy: "workqueue"
            default: "unknown"
            }
        }
    }
#endif
