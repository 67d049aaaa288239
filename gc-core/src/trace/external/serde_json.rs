//! JSON.

use crate::trace::visit::leaf;
use serde_json::{Error, Map, Number, Value};

leaf! {
    Value, Number, Map<String, Value>,
    /// A leaf: the error that it may wrap cannot be seen.
    Error,
}
