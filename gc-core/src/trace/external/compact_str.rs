//! Short strings.

use crate::trace::visit::leaf;
use compact_str::CompactString;

leaf! { CompactString }
