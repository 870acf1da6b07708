// Which record of a drop changed first?

import Foundation
import GRDB

extension Catalogue {
    /// The checksum of every record of a drop, in its order, piece by piece; `nil` where none are kept.
    ///
    /// They find the place of a change. That there is one, the digest of the whole file proves: four bytes are easily
    /// met on purpose.
    package func checksums(of drop: NodeID) throws(LineageError) -> [UInt32]? {
        try read { database in
            let bytes = try Int.fetchOne(
                database, sql: "SELECT sum(length(data)) FROM record_checksums WHERE data_drop = ?", arguments: [drop])
            var sums: [UInt32] = []
            sums.reserveCapacity((bytes ?? 0) / 4)
            let chunks = try Row.fetchCursor(
                database,
                sql: "SELECT first_record, data FROM record_checksums WHERE data_drop = ? ORDER BY first_record",
                arguments: [drop])
            var isThere = false
            while let chunk = try chunks.next() {
                isThere = true
                let data: Data = try chunk.get(at: 1)
                guard try chunk.get(at: 0) as Int == sums.count + 1, data.count % 4 == 0 else {
                    throw LineageError(
                        .corrupt, "the checksums of a drop are damaged",
                        mend: "undertone lineage verify --log says what was changed")
                }
                data.withUnsafeBytes { bytes in
                    for offset in stride(from: 0, to: bytes.count, by: 4) {
                        sums.append(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
                    }
                }
            }
            return isThere ? sums : nil
        }
    }
}
