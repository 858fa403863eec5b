#if NATS
    import EventDispatch
    import EventDispatchNATS
    import EventDispatchStore
    import EventDispatchTesting
    import Foundation
    import TestSupport
    import Testing

    /// A program in Python on the same stream. `EVENT_DISPATCH_PYTHON` is a Python with `nats-py` and `cloudevents`.
    @Suite(.enabled(if: NATSServer.sharedURL != nil), .timeLimit(.minutes(10))) struct OtherProgramTests {
        private static let python: String? = {
            let path = ProcessInfo.processInfo.environment["EVENT_DISPATCH_PYTHON"] ?? ""
            if path.isEmpty { print("tests with Python: skipped, EVENT_DISPATCH_PYTHON names none") }
            return path.isEmpty ? nil : path
        }()

        private struct Failed: Error { let status: Int32 }

        private let stream = "test-\(UUID().uuidString)"

        private func options() throws -> NATSOptions { NATSOptions(try #require(NATSServer.sharedURL)) }

        /// Runs the program; returns the lines that it prints.
        private func run(_ command: String) throws -> [Data] {
            let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                .appendingPathComponent("../Python/cloudevents_nats.py")
            let process = Process()
            process.executableURL = URL(fileURLWithPath: try #require(Self.python))
            process.arguments = [script.path, try options().urls[0], stream, command]
            let output = Pipe()
            process.standardOutput = output
            try process.run()
            let data = try output.fileHandleForReading.readToEnd() ?? Data()
            process.waitUntilExit()
            guard process.terminationStatus == 0 else { throw Failed(status: process.terminationStatus) }
            return data.split(separator: UInt8(ascii: "\n")).map { Data($0) }
        }

        @Test(.enabled(if: python != nil))
        func `a program in Python reads what is published here with all its attributes`() async throws {
            let clock = ManualClock()
            let store = try await NATSEventStore(
                options(),
                stream: stream,
                source: "urn:shop:\u{e4} %\"",
                clock: StoreClock(clock)
            )
            clock.advance(by: .milliseconds(1_500))
            let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
            try await store.publish(OrderPlaced(id: 7, region: "Z\u{fc}rich"), id: "\u{20ac} 1%", trace: trace)
            struct Read: Decodable, Equatable {
                struct Order: Decodable, Equatable { let id: Int, region: String }
                let at, specversion, id, source, type, time, datacontenttype, traceparent, schemaversion,
                    routing: String
                let data: Order
            }
            let lines = try run("read")
            let read = try lines.map { try JSONDecoder().decode(Read.self, from: $0) }
            let expected = Read(
                at: "\(stream).shop.order%20placed.Z%C3%BCrich",
                specversion: "1.0",
                id: "\u{20ac} 1%",
                source: "urn:shop:\u{e4} %\"",
                type: "shop.order placed",
                time: "1970-01-01T00:00:01.500000+00:00",
                datacontenttype: "application/json",
                traceparent: trace,
                schemaversion: "1",
                routing: #"{"region":"Zürich"}"#,
                data: .init(id: 7, region: "Z\u{fc}rich")
            )
            #expect(read == [expected])
        }

        @Test(.enabled(if: python != nil))
        func `what a program in Python publishes is delivered in binary and structured mode and without attributes`()
            async throws
        {
            // The events are read once more afterwards.
            let store = try await NATSEventStore(options(), stream: stream, retention: .forever)
            let seen = Locked<[(Delivery, OrderPlaced)]>([])
            let billing = try await store.subscribe("billing") {
                On(OrderPlaced.self) {
                    Where(\.region, in: ["eu.west", "us"])
                    Handle { order in
                        guard let delivery = Delivery.current else { return }
                        seen.withLock { $0.append((delivery, order)) }
                    }
                }
            }
            _ = try run("publish")
            try await billing.caughtUp()
            let all = seen.withLock { $0 }
            try #require(all.count == 3, "the first was published twice with one ID")
            #expect(all[0].0.id == "id \u{e4}\u{20ac}\"%" && all[0].1.region == "eu.west")
            #expect(all[0].0.published == StoreTime(sinceEpoch: .milliseconds(1_767_323_045_250)))
            #expect(all[0].0.trace == "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
            #expect(all[1].0.id == "\(stream)/2" && all[1].1.region == "us" && all[1].0.trace == nil)
            #expect(all[2].0.id == "structured \u{e4}" && all[2].1.id == 12)
            let events = try await store.events(at: [1, 2, 3])
            #expect(events.map(\.source) == ["/python/\u{e4} %", "", "/python/\u{e4} %"])
            await billing.stop()
        }
    }
#endif
