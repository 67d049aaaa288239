//! Finds messages that no test gives any more.

use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn every_message_has_its_mistake() {
    let orphans = orphans(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui"));
    assert!(orphans.is_empty(), "no .rs beside {orphans:#?}");
}

/// The `.stderr` files somewhere in `folder` that have no `.rs` beside them.
fn orphans(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the entry can be read").path();
        if path.is_dir() {
            found.extend(orphans(&path));
        } else if path.extension().is_some_and(|extension| extension == "stderr")
            && !path.with_extension("rs").exists()
        {
            found.push(path);
        }
    }
    found
}
