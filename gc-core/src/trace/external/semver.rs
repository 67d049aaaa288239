//! Versions.

use crate::trace::visit::leaf;
use semver::{BuildMetadata, Comparator, Error, Op, Prerelease, Version, VersionReq};

leaf! { Version, VersionReq, Comparator, Op, Prerelease, BuildMetadata, Error }
