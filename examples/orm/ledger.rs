//! What the database has to hold in the end, kept apart from everything that could lose it.

use crate::database::{Columns, Database, PackageId};
use crate::error::{Error, check};
use crate::model::Package;
use std::collections::BTreeMap;

/// Every change that was made to an entity, made a second time to plain values.
///
/// The entities' changes reach the database through finalizers, whenever those
/// run. This is what tells whether each did, exactly once and with the last value.
pub(crate) struct Ledger {
    expected: BTreeMap<PackageId, Columns>,
}

impl Ledger {
    /// The ledger of a database that has just been filled.
    pub(crate) fn new(ids: &[PackageId]) -> Self {
        Ledger { expected: ids.iter().map(|&id| (id, Columns::default())).collect() }
    }

    /// Changes `package` and notes the change.
    pub(crate) fn change(
        &mut self,
        package: &Package,
        edit: impl Fn(&mut Columns),
    ) -> Result<(), Error> {
        edit(self.expected.entry(package.id()).or_default());
        package.change(edit)
    }

    /// What the row of this package has to hold.
    pub(crate) fn columns(&self, id: PackageId) -> Columns {
        self.expected.get(&id).cloned().unwrap_or_default()
    }

    /// Compares every row.
    pub(crate) fn verify(&self, database: &Database) -> Result<(), Error> {
        let rows = database.rows()?;
        check(rows.len() == self.expected.len(), || {
            format!("{} rows, not {}", self.expected.len(), rows.len())
        })?;
        rows.iter().try_for_each(|row| {
            let expected = self.columns(row.id);
            check(row.columns == expected, || {
                format!("row {} holds {expected:?}, not {:?}", row.id, row.columns)
            })
        })
    }
}
