#if SQLite
    import EventDispatchSQLite
    import EventDispatchStore
    import Foundation

    /// Publishes parcels in every way that there is, all at the same time.
    struct Publisher: Sendable {
        private let order: ChildOrder
        private let store: SQLiteEventStore
        /// How many parcels are published in each way.
        private let share: Int

        init(_ order: ChildOrder, _ store: SQLiteEventStore) {
            self.order = order
            self.store = store
            share = order.events / ParcelID.Way.allCases.count
        }

        /// Begins, and returns at once.
        func start() {
            for way in [ParcelID.Way.alone, .beside] { detach { try await publishAlone(way) } }
            detach { try await publishSeveral() }
            Thread.detachNewThread {
                do { try publishInTransactions() } catch { tell(error) }
            }
        }

        private func detach(_ body: @escaping @Sendable () async throws -> Void) {
            Task.detached {
                do { try await body() } catch { tell(error) }
            }
        }

        private func tell(_ error: any Error) {
            Line(.fault, id: "publishing in process \(order.process): \(error)").tell()
        }

        private func publishAlone(_ way: ParcelID.Way) async throws {
            let again = order.again.filter { ParcelID($0)?.way == way }
            for id in again + (0..<share).map({ ParcelID(process: order.process, way, $0).text }) {
                let sequence = try await store.publish(Parcel(id), id: id)
                Line(.published, id: id, sequence: Int(sequence)).tell()
            }
        }

        private func publishSeveral() async throws {
            for number in 0..<share / ParcelID.parts {
                let ids = (0..<ParcelID.parts).map {
                    ParcelID(process: order.process, .severalAtOnce, number, part: $0).text
                }
                let sequences = try await store.publish(ids.map(Parcel.init), ids: ids)
                for (id, sequence) in zip(ids, sequences) {
                    Line(.published, id: id, sequence: Int(sequence)).tell()
                }
            }
        }

        /// Publishes in transactions that write a row of the application's table, and rolls some back.
        private func publishInTransactions() throws {
            guard share > 0 else { return }
            let table = try ApplicationTable(at: order.path)
            for number in 0..<share {
                let id = ParcelID(process: order.process, .inTransaction, number).text
                let parcel = Parcel(id)
                try table.run("BEGIN IMMEDIATE")
                try table.run("INSERT INTO parcels VALUES ('\(id)')")
                let sequence = try store.publish(parcel, id: id, in: table.connection)
                try table.run(parcel.isRolledBack ? "ROLLBACK" : "COMMIT")
                if !parcel.isRolledBack { Line(.published, id: id, sequence: Int(sequence)).tell() }
            }
        }
    }
#endif
