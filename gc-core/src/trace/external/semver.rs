//! Versions.

use crate::trace::memory::array;
use crate::trace::visit::leaf;
use semver::{BuildMetadata, Comparator, Error, Op, Prerelease, Version, VersionReq};

// Long identifiers are not in a size: they do not tell whether they have allocated.
leaf! {
VersionReq => |this, sizer| sizer.add(array::<Comparator>(this.comparators.capacity())),
Version, Comparator, Op, Prerelease, BuildMetadata, Error }
