//! Short strings.

use crate::trace::visit::leaf;
use smol_str::{SmolStr, SmolStrBuilder};

leaf! { SmolStr, SmolStrBuilder }
