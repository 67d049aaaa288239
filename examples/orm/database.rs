//! The tables, and every statement that touches them. Nothing here knows of objects.

use crate::error::{Error, check};
use crate::lockfile::{LockedGraph, LockedPackage};
use gc_core::Trace;
use rusqlite::{Connection, OptionalExtension, Row, named_params, params};
use std::fmt;
use std::path::{Path, PathBuf};

const SCHEMA: &str = "
    PRAGMA foreign_keys = ON;
    CREATE TABLE packages (
        id        INTEGER PRIMARY KEY,
        name      TEXT NOT NULL,
        version   TEXT NOT NULL,
        source    TEXT,
        checksum  TEXT,
        downloads INTEGER NOT NULL DEFAULT 0 CHECK (downloads >= 0),
        reviewed  INTEGER NOT NULL DEFAULT 0 CHECK (reviewed IN (0, 1)),
        notes     TEXT NOT NULL DEFAULT ''
    ) STRICT;
    CREATE TABLE dependencies (
        from_id INTEGER NOT NULL REFERENCES packages (id),
        to_id   INTEGER NOT NULL REFERENCES packages (id),
        PRIMARY KEY (from_id, to_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX dependents ON dependencies (to_id, from_id);
";

/// The primary key of a package.
#[derive(Trace, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct PackageId(i64);

impl fmt::Display for PackageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The columns that the sessions change; the others are the lock file's.
#[derive(Trace, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Columns {
    pub(crate) downloads: i64,
    pub(crate) reviewed: bool,
    pub(crate) notes: String,
}

/// One row of `packages`.
#[derive(Debug)]
pub(crate) struct PackageRow {
    pub(crate) id: PackageId,
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) source: Option<String>,
    pub(crate) checksum: Option<String>,
    pub(crate) columns: Columns,
}

/// The two ways to follow a dependency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    /// From a package to what it needs.
    Dependencies,
    /// From a package to what needs it.
    Dependents,
}

/// The connection. Whoever may still have to write holds an `Rc` of it.
#[derive(Debug)]
pub(crate) struct Database {
    connection: Connection,
    /// `None` is a database in memory.
    path: Option<PathBuf>,
}

impl Database {
    /// A new database with empty tables.
    pub(crate) fn create(path: Option<&Path>) -> Result<Self, Error> {
        let connection = match path {
            Some(path) => create_file(path)?,
            None => Connection::open_in_memory()?,
        };
        connection.execute_batch(SCHEMA)?;
        Ok(Database { connection, path: path.map(Path::to_owned) })
    }

    pub(crate) fn describe(&self) -> String {
        let place = match &self.path {
            Some(path) => path.display().to_string(),
            None => "in memory".to_owned(),
        };
        format!("{place}, SQLite {}", rusqlite::version())
    }

    /// Stores the whole lock file, or nothing of it. The keys that come back are
    /// in the order of the packages.
    pub(crate) fn import(&self, lock: &LockedGraph) -> Result<Vec<PackageId>, Error> {
        let transaction = self.connection.unchecked_transaction()?;
        let ids = lock.packages.iter().map(|package| self.insert(package));
        let ids: Vec<PackageId> = ids.collect::<Result<_, _>>()?;
        for (from, package) in ids.iter().zip(&lock.packages) {
            for &to in &package.dependencies {
                self.connect(*from, ids[to])?;
            }
        }
        transaction.commit()?;
        Ok(ids)
    }

    fn insert(&self, package: &LockedPackage) -> Result<PackageId, Error> {
        let mut insert = self.connection.prepare_cached(
            "INSERT INTO packages (name, version, source, checksum) VALUES (?, ?, ?, ?)",
        )?;
        let LockedPackage { name, version, source, checksum, .. } = package;
        Ok(PackageId(insert.insert(params![name, version, source, checksum])?))
    }

    fn connect(&self, from: PackageId, to: PackageId) -> Result<(), Error> {
        let sql = "INSERT INTO dependencies (from_id, to_id) VALUES (?, ?)";
        self.connection.prepare_cached(sql)?.execute((from.0, to.0))?;
        Ok(())
    }

    /// Opens the transaction of a session.
    pub(crate) fn begin(&self) -> Result<(), Error> {
        Ok(self.connection.execute_batch("BEGIN")?)
    }

    pub(crate) fn commit(&self) -> Result<(), Error> {
        Ok(self.connection.execute_batch("COMMIT")?)
    }

    pub(crate) fn roll_back(&self) -> Result<(), Error> {
        Ok(self.connection.execute_batch("ROLLBACK")?)
    }

    /// One package.
    pub(crate) fn row(&self, id: PackageId) -> Result<PackageRow, Error> {
        let mut select = self.connection.prepare_cached("SELECT * FROM packages WHERE id = ?")?;
        let row = select.query_row((id.0,), package_row).optional()?;
        row.ok_or(Error::NoSuchPackage(id))
    }

    /// All packages.
    pub(crate) fn rows(&self) -> Result<Vec<PackageRow>, Error> {
        let mut select = self.connection.prepare_cached("SELECT * FROM packages ORDER BY id")?;
        Ok(select.query_map((), package_row)?.collect::<Result<_, _>>()?)
    }

    /// The packages that nothing depends on.
    pub(crate) fn roots(&self) -> Result<Vec<PackageRow>, Error> {
        let mut select = self.connection.prepare_cached(
            "SELECT * FROM packages
             WHERE id NOT IN (SELECT to_id FROM dependencies) ORDER BY id",
        )?;
        Ok(select.query_map((), package_row)?.collect::<Result<_, _>>()?)
    }

    /// The packages one step from `id`.
    pub(crate) fn related(
        &self,
        id: PackageId,
        direction: Direction,
    ) -> Result<Vec<PackageRow>, Error> {
        let mut select = self.connection.prepare_cached(match direction {
            Direction::Dependencies => {
                "SELECT packages.* FROM packages JOIN dependencies ON id = to_id
                 WHERE from_id = ? ORDER BY id"
            }
            Direction::Dependents => {
                "SELECT packages.* FROM packages JOIN dependencies ON id = from_id
                 WHERE to_id = ? ORDER BY id"
            }
        })?;
        Ok(select.query_map((id.0,), package_row)?.collect::<Result<_, _>>()?)
    }

    /// Writes the changeable columns of one package.
    pub(crate) fn update(&self, id: PackageId, columns: &Columns) -> Result<(), Error> {
        let mut update = self.connection.prepare_cached(
            "UPDATE packages SET downloads = :downloads, reviewed = :reviewed, notes = :notes
             WHERE id = :id",
        )?;
        let Columns { downloads, reviewed, notes } = columns;
        let changed = update.execute(named_params! {
            ":id": id.0, ":downloads": downloads, ":reviewed": reviewed, ":notes": notes,
        })?;
        check(changed == 1, || format!("one row for package {id}, not {changed}"))
    }
}

/// A database in a new file. An existing one is not ours to add tables to.
fn create_file(path: &Path) -> Result<Connection, Error> {
    let refuse = |problem: String| Error::Input(format!("{}: {problem}", path.display()));
    std::fs::File::create_new(path).map_err(|error| refuse(format!("cannot be made: {error}")))?;
    Ok(Connection::open(path)?)
}

/// Reads a row of `SELECT *` from `packages`.
fn package_row(row: &Row<'_>) -> rusqlite::Result<PackageRow> {
    Ok(PackageRow {
        id: PackageId(row.get("id")?),
        name: row.get("name")?,
        version: row.get("version")?,
        source: row.get("source")?,
        checksum: row.get("checksum")?,
        columns: Columns {
            downloads: row.get("downloads")?,
            reviewed: row.get("reviewed")?,
            notes: row.get("notes")?,
        },
    })
}
