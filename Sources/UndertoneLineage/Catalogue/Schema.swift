// The tables of the catalogue, version by version. A version that was released is never edited: a change is a new one.

import GRDB

enum Schema {
    /// `PRAGMA application_id`: "UNDT". It tells a catalogue from any other SQLite file.
    static let applicationID: Int32 = 0x554E_4454

    /// The version that this program writes: `PRAGMA user_version`.
    static var version: Int { migrations.count }

    /// `migrations[n]` leads from version n to version n + 1.
    static let migrations: [String] = [first, reviews]

    /// Tables whose rows the log vouches for: all but the log itself.
    static let unloggedTables: Set<String> = ["log", "log_node"]

    /// Brings a catalogue from an older version to another, inside the transaction that is open.
    static func migrate(_ database: Database, from version: Int, by migrations: [String] = migrations) throws {
        for migration in migrations[version...] { try database.execute(sql: migration) }
        try database.execute(sql: "PRAGMA user_version = \(migrations.count)")
    }

    // Things and what happened to them are nodes; what is known of each kind has a table of its own. `digest` is that of
    // the content: the same drop under two paths is one node.
    private static let first = """
        CREATE TABLE node (
            id INTEGER PRIMARY KEY,
            kind TEXT NOT NULL CHECK (kind IN ('model', 'prompts', 'generation', 'drop', 'pack', 'scan', 'training',
                'measurement', 'deployment')),
            name TEXT NOT NULL,
            digest TEXT CHECK (digest IS NULL OR length(digest) = 64),
            recorded_at TEXT NOT NULL,
            recorded_by TEXT NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX node_name ON node (kind, name) WHERE kind IN ('model', 'deployment');
        CREATE UNIQUE INDEX node_content ON node (kind, digest) WHERE kind IN ('prompts', 'drop', 'pack');
        CREATE INDEX node_digest ON node (digest);

        CREATE TABLE edge (
            source INTEGER NOT NULL REFERENCES node (id),
            relation TEXT NOT NULL CHECK (relation IN ('base', 'parent', 'system-prompt', 'teacher', 'prompts', 'generated',
                'derived', 'scanned', 'rules', 'kept', 'rejected', 'student', 'trained-on', 'trained', 'measured',
                'serves')),
            target INTEGER NOT NULL REFERENCES node (id) CHECK (target <> source),
            PRIMARY KEY (source, target, relation)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX edge_target ON edge (target, source, relation);

        CREATE TABLE location (
            path TEXT NOT NULL PRIMARY KEY,
            node INTEGER NOT NULL REFERENCES node (id),
            seen_at TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX location_node ON location (node);

        CREATE TABLE model (
            node INTEGER PRIMARY KEY REFERENCES node (id),
            is_base INTEGER NOT NULL CHECK (is_base IN (0, 1)),
            architecture TEXT,
            parameters INTEGER,
            fingerprint TEXT CHECK (fingerprint IS NULL OR length(fingerprint) = 64),
            license TEXT,
            source TEXT
        ) STRICT;
        CREATE TABLE prompts (
            node INTEGER PRIMARY KEY REFERENCES node (id),
            bytes INTEGER CHECK (bytes >= 0),
            records INTEGER,
            text TEXT
        ) STRICT;
        CREATE TABLE generation (
            node INTEGER PRIMARY KEY REFERENCES node (id),
            sampling TEXT NOT NULL,
            seed INTEGER,
            tool TEXT,
            tool_version TEXT
        ) STRICT;
        CREATE TABLE data_drop (
            node INTEGER PRIMARY KEY REFERENCES node (id),
            bytes INTEGER CHECK (bytes >= 0),
            records INTEGER,
            format TEXT,
            compression TEXT,
            schema TEXT NOT NULL,
            license TEXT,
            source TEXT
        ) STRICT;
        CREATE TABLE pack (
            node INTEGER PRIMARY KEY REFERENCES node (id),
            version TEXT
        ) STRICT;
        CREATE TABLE pack_text (
            pack INTEGER NOT NULL REFERENCES pack (node),
            position INTEGER NOT NULL,
            name TEXT NOT NULL,
            text TEXT NOT NULL,
            PRIMARY KEY (pack, position)
        ) STRICT;
        CREATE TABLE training (
            node INTEGER PRIMARY KEY REFERENCES node (id),
            method TEXT,
            recipe TEXT NOT NULL,
            seed INTEGER,
            tool TEXT,
            tool_version TEXT
        ) STRICT;
        CREATE TABLE measurement (
            node INTEGER PRIMARY KEY REFERENCES node (id),
            trait TEXT NOT NULL,
            residual REAL,
            low REAL,
            high REAL,
            seeds INTEGER,
            report TEXT CHECK (report IS NULL OR length(report) = 64)
        ) STRICT;
        CREATE TABLE deployment (
            node INTEGER PRIMARY KEY REFERENCES node (id),
            address TEXT NOT NULL,
            ended_at TEXT
        ) STRICT;

        CREATE TABLE scan (
            node INTEGER PRIMARY KEY REFERENCES node (id),
            program_version TEXT NOT NULL,
            program_digest TEXT,
            records INTEGER NOT NULL,
            kept INTEGER NOT NULL,
            rejected INTEGER NOT NULL,
            flagged INTEGER NOT NULL,
            malformed INTEGER NOT NULL,
            passed INTEGER NOT NULL CHECK (passed IN (0, 1)),
            CHECK (kept + rejected = records)
        ) STRICT;
        CREATE TABLE scan_input (
            scan INTEGER NOT NULL REFERENCES scan (node),
            position INTEGER NOT NULL,
            data_drop INTEGER NOT NULL REFERENCES data_drop (node),
            path TEXT NOT NULL,
            records INTEGER NOT NULL,
            PRIMARY KEY (scan, position)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX scan_input_drop ON scan_input (data_drop, scan);
        CREATE TABLE rule (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            digest TEXT NOT NULL,
            reasons TEXT NOT NULL,
            UNIQUE (name, digest)
        ) STRICT;
        CREATE TABLE scan_rule (
            scan INTEGER NOT NULL REFERENCES scan (node),
            position INTEGER NOT NULL,
            rule INTEGER NOT NULL REFERENCES rule (id),
            action TEXT NOT NULL,
            hits INTEGER NOT NULL,
            counts TEXT NOT NULL,
            PRIMARY KEY (scan, position)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE verdicts (
            scan INTEGER NOT NULL REFERENCES scan (node),
            input INTEGER NOT NULL,
            first_line INTEGER NOT NULL,
            lines INTEGER NOT NULL,
            data BLOB NOT NULL,
            PRIMARY KEY (scan, input, first_line)
        ) STRICT;
        CREATE TABLE record_checksums (
            data_drop INTEGER NOT NULL REFERENCES data_drop (node),
            first_record INTEGER NOT NULL,
            data BLOB NOT NULL,
            PRIMARY KEY (data_drop, first_record)
        ) STRICT;

        CREATE TABLE taint (
            id INTEGER PRIMARY KEY,
            node INTEGER NOT NULL REFERENCES node (id),
            reason TEXT NOT NULL,
            said_by TEXT NOT NULL,
            said_at TEXT NOT NULL,
            lifted_by TEXT,
            lifted_at TEXT,
            lifted_reason TEXT,
            CHECK ((lifted_by IS NULL) = (lifted_at IS NULL) AND (lifted_by IS NULL) = (lifted_reason IS NULL))
        ) STRICT;
        CREATE INDEX taint_node ON taint (node);
        CREATE TABLE approval (
            id INTEGER PRIMARY KEY,
            node INTEGER NOT NULL REFERENCES node (id),
            role TEXT NOT NULL,
            said_by TEXT NOT NULL,
            said_at TEXT NOT NULL,
            reason TEXT NOT NULL,
            envelope TEXT
        ) STRICT;
        CREATE INDEX approval_node ON approval (node);

        CREATE TABLE log (
            seq INTEGER PRIMARY KEY,
            entry BLOB NOT NULL
        ) STRICT;
        CREATE TABLE log_node (
            level INTEGER NOT NULL,
            number INTEGER NOT NULL,
            hash BLOB NOT NULL CHECK (length(hash) = 32),
            PRIMARY KEY (level, number)
        ) STRICT, WITHOUT ROWID;
        """

    // What a reviewer said, item by item; items that nobody decided about have no row. Texts of data are bytes, so that a
    // zero byte in one ends nothing.
    private static let reviews = """
        CREATE TABLE review (
            id INTEGER PRIMARY KEY,
            node INTEGER NOT NULL REFERENCES node (id),
            reviewer TEXT NOT NULL,
            started_at TEXT NOT NULL,
            finished_at TEXT,
            note TEXT NOT NULL,
            seed INTEGER NOT NULL,
            size INTEGER NOT NULL,
            items INTEGER NOT NULL CHECK (items >= 0),
            reference TEXT CHECK (reference IS NULL OR length(reference) = 64),
            sheet TEXT NOT NULL CHECK (length(sheet) = 64)
        ) STRICT;
        CREATE INDEX review_node ON review (node);
        CREATE TABLE review_item (
            review INTEGER NOT NULL REFERENCES review (id),
            position INTEGER NOT NULL CHECK (position >= 0),
            list TEXT NOT NULL,
            digest TEXT NOT NULL CHECK (length(digest) = 64),
            text BLOB NOT NULL,
            variants BLOB,
            is_cut INTEGER NOT NULL CHECK (is_cut IN (0, 1)),
            is_term INTEGER NOT NULL CHECK (is_term IN (0, 1)),
            count INTEGER NOT NULL,
            share REAL NOT NULL,
            decision TEXT NOT NULL CHECK (decision IN ('fine', 'reject', 'rule')),
            phrase TEXT,
            note TEXT NOT NULL,
            decided_at TEXT NOT NULL,
            PRIMARY KEY (review, position)
        ) STRICT, WITHOUT ROWID;
        """
}
