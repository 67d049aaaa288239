//! The entity: a package, with its relations in both directions.

use crate::database::{Columns, Direction, PackageId, PackageRow};
use crate::error::Error;
use crate::lazy::Lazy;
use crate::session::Session;
use gc_core::unsync::Gc;
use gc_core::{Finalize, Finalizing, Trace};
use std::cell::{Cell, Ref, RefCell};
use std::fmt;
use std::rc::Rc;

/// One row of `packages`, as an object.
///
/// While it lives there is no second object for the row. When it dies, its
/// finalizer writes the row back if it was changed.
#[derive(Trace)]
#[trace(finalize)]
pub(crate) struct Package {
    id: PackageId,
    name: String,
    version: String,
    source: Option<String>,
    checksum: Option<String>,
    columns: RefCell<Columns>,
    /// Whether the columns differ from the row.
    dirty: Cell<bool>,
    /// Whether the finalizer has run. It runs once, also if this object lives on.
    finalized: Cell<bool>,
    dependencies: Lazy<Package>,
    dependents: Lazy<Package>,
    /// Where relations are loaded from and changes go. The collector need not
    /// look in there: a session holds its packages weakly.
    #[trace(skip)]
    session: Rc<Session>,
}

impl Package {
    pub(crate) fn new(row: PackageRow, session: Rc<Session>) -> Self {
        Package {
            id: row.id,
            name: row.name,
            version: row.version,
            source: row.source,
            checksum: row.checksum,
            columns: RefCell::new(row.columns),
            dirty: Cell::new(false),
            finalized: Cell::new(false),
            dependencies: Lazy::new(),
            dependents: Lazy::new(),
            session,
        }
    }

    pub(crate) fn id(&self) -> PackageId {
        self.id
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn version(&self) -> &str {
        &self.version
    }

    /// Where it comes from; a package of the workspace has none.
    pub(crate) fn source(&self) -> Option<&str> {
        self.source.as_deref()
    }

    pub(crate) fn checksum(&self) -> Option<&str> {
        self.checksum.as_deref()
    }

    pub(crate) fn columns(&self) -> Ref<'_, Columns> {
        self.columns.borrow()
    }

    /// Changes columns. The row follows when this object dies, or when the session ends.
    ///
    /// An object that its finalizer, or that of another one, has resurrected will
    /// not be finalized again. Its row is written at once.
    pub(crate) fn change(&self, edit: impl FnOnce(&mut Columns)) -> Result<(), Error> {
        edit(&mut self.columns.borrow_mut());
        if !self.dirty.replace(true) {
            self.session.note_change();
        }
        if self.finalized.get() { self.session.save(self) } else { Ok(()) }
    }

    /// What this package needs.
    pub(crate) fn dependencies(&self) -> Result<&[Gc<Package>], Error> {
        self.related(Direction::Dependencies)
    }

    /// What needs this package.
    pub(crate) fn dependents(&self) -> Result<&[Gc<Package>], Error> {
        self.related(Direction::Dependents)
    }

    pub(crate) fn related(&self, direction: Direction) -> Result<&[Gc<Package>], Error> {
        let relation = match direction {
            Direction::Dependencies => &self.dependencies,
            Direction::Dependents => &self.dependents,
        };
        relation.get_or_load(|| self.session.related(self.id, direction))
    }

    /// Writes the row, if it was changed; says whether it was.
    pub(crate) fn write_back(&self) -> Result<bool, Error> {
        if self.dirty.get() {
            self.session.database().update(self.id, &self.columns())?;
        }
        Ok(self.dirty.replace(false))
    }
}

impl Finalize for Package {
    /// Runs once when the package dies, by count or in a cycle; all of its
    /// fields are still whole.
    ///
    /// There is no caller to return an error to, and panicking would only have
    /// the collector swallow it. So the session hears how it went.
    fn finalize(&self, cx: &Finalizing<'_>) {
        self.finalized.set(true);
        match self.write_back() {
            Ok(false) => {}
            Ok(true) => self.session.note_write_back(),
            // The handle resurrects the package: what could not be written is not lost.
            Err(error) => self.session.refuse(error, || cx.handle()),
        }
    }
}

impl fmt::Display for Package {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, self.version)
    }
}
