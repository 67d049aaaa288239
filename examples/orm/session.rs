//! The unit of work: entities are loaded in it, changed, and written back.

use crate::database::{Database, Direction, PackageId, PackageRow};
use crate::error::Error;
use crate::identity::IdentityMap;
use crate::model::Package;
use gc_core::unsync::Gc;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// A session on the database: one transaction, one identity map.
///
/// Packages hold their session, by `Rc`, to load relations from and to write
/// themselves back to; the session holds them weakly. So the connection outlives
/// every finalizer that may need it, and no cycle runs through the `Rc`.
pub(crate) struct Session {
    database: Rc<Database>,
    identity: Rc<IdentityMap>,
    open: Cell<bool>,
    activity: Cell<Activity>,
    refused: RefCell<Vec<Refused>>,
}

/// What happened in a session.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Activity {
    /// Objects made.
    pub(crate) built: usize,
    /// How often a clean object became dirty.
    pub(crate) changed: usize,
    /// Rows that finalizers wrote.
    pub(crate) written_at_death: usize,
    /// Rows that were written because somebody asked.
    pub(crate) saved: usize,
    /// Rows that SQLite would not take from a finalizer.
    pub(crate) refused: usize,
}

impl std::ops::Add for Activity {
    type Output = Activity;

    fn add(self, other: Activity) -> Activity {
        Activity {
            built: self.built + other.built,
            changed: self.changed + other.changed,
            written_at_death: self.written_at_death + other.written_at_death,
            saved: self.saved + other.saved,
            refused: self.refused + other.refused,
        }
    }
}

/// A package whose finalizer could not write its row, and why.
pub(crate) struct Refused {
    pub(crate) package: Gc<Package>,
    pub(crate) error: Error,
}

impl Session {
    pub(crate) fn begin(database: &Rc<Database>) -> Result<Rc<Self>, Error> {
        database.begin()?;
        Ok(Rc::new(Session {
            database: database.clone(),
            identity: Rc::default(),
            open: Cell::new(true),
            activity: Cell::default(),
            refused: RefCell::default(),
        }))
    }

    /// Saves what is still alive and commits.
    ///
    /// Packages may outlive the session. They keep what they have loaded, and a
    /// change still reaches the row when they die; only nothing more is loaded.
    pub(crate) fn end(&self) -> Result<(), Error> {
        for package in self.identity.living() {
            self.save(&package)?;
        }
        // These are strong handles, and their packages hold the session: a cycle
        // through the `Rc`, which must not survive the session.
        self.take_refused();
        self.database.commit()?;
        self.open.set(false);
        Ok(())
    }

    pub(crate) fn is_open(&self) -> bool {
        self.open.get()
    }

    pub(crate) fn database(&self) -> &Database {
        &self.database
    }

    pub(crate) fn activity(&self) -> Activity {
        self.activity.get()
    }

    /// How many packages the identity map knows.
    pub(crate) fn known(&self) -> usize {
        self.identity.len()
    }

    /// The package with this key.
    pub(crate) fn package(self: &Rc<Self>, id: PackageId) -> Result<Gc<Package>, Error> {
        match self.identity.get(id) {
            Some(package) => Ok(package),
            None => Ok(self.build(self.database.row(id)?)),
        }
    }

    /// All packages.
    pub(crate) fn packages(self: &Rc<Self>) -> Result<Vec<Gc<Package>>, Error> {
        Ok(self.entities(self.database.rows()?))
    }

    /// The packages that nothing depends on.
    pub(crate) fn roots(self: &Rc<Self>) -> Result<Vec<Gc<Package>>, Error> {
        Ok(self.entities(self.database.roots()?))
    }

    /// The packages one step from the one with this key.
    pub(crate) fn related(
        self: &Rc<Self>,
        id: PackageId,
        direction: Direction,
    ) -> Result<Vec<Gc<Package>>, Error> {
        if !self.is_open() {
            return Err(Error::SessionOver);
        }
        Ok(self.entities(self.database.related(id, direction)?))
    }

    /// The objects for rows that have just been read.
    ///
    /// In two steps, because making an object may start a collection, and that
    /// may write rows. First everything that is alive is held, so that it cannot
    /// die; what is not alive has been written, so its row is up to date. Were the
    /// objects made one by one, a package could die after its row was read, and
    /// be made anew from what the row held before.
    fn entities(self: &Rc<Self>, rows: Vec<PackageRow>) -> Vec<Gc<Package>> {
        let held: Vec<_> = rows.into_iter().map(|row| (self.identity.get(row.id), row)).collect();
        held.into_iter().map(|(alive, row)| alive.unwrap_or_else(|| self.build(row))).collect()
    }

    /// Makes the object for a row that has none.
    fn build(self: &Rc<Self>, row: PackageRow) -> Gc<Package> {
        let package = Gc::new(Package::new(row, self.clone()));
        self.identity.insert(&package);
        self.count(|activity| activity.built += 1);
        package
    }

    /// Writes one package's row now.
    pub(crate) fn save(&self, package: &Package) -> Result<(), Error> {
        if package.write_back()? {
            self.count(|activity| activity.saved += 1);
        }
        Ok(())
    }

    /// Hears of a package that differs from its row from now on.
    pub(crate) fn note_change(&self) {
        self.count(|activity| activity.changed += 1);
    }

    /// Hears of a row that a finalizer wrote.
    pub(crate) fn note_write_back(&self) {
        self.count(|activity| activity.written_at_death += 1);
    }

    /// Hears of a row that a finalizer could not write. While the session is open
    /// it takes the package back, for somebody to repair it; later there is only
    /// the message.
    pub(crate) fn refuse(&self, error: Error, package: impl FnOnce() -> Option<Gc<Package>>) {
        self.count(|activity| activity.refused += 1);
        match self.is_open().then(package).flatten() {
            Some(package) => self.refused.borrow_mut().push(Refused { package, error }),
            None => eprintln!("orm: a change is lost: {error}"),
        }
    }

    /// The packages that could not be written since this was last asked.
    pub(crate) fn take_refused(&self) -> Vec<Refused> {
        self.refused.take()
    }

    fn count(&self, change: impl FnOnce(&mut Activity)) {
        let mut activity = self.activity.get();
        change(&mut activity);
        self.activity.set(activity);
    }
}

impl Drop for Session {
    /// A session that was not ended, because of an error, leaves nothing behind.
    fn drop(&mut self) {
        if self.is_open() {
            // There is nothing left to do about an error here; the connection,
            // when it closes, rolls back as well.
            let _ = self.database.roll_back();
        }
    }
}
