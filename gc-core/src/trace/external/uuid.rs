//! Universally unique identifiers.

use crate::trace::visit::leaf;
use uuid::fmt::{Braced, Hyphenated, Simple, Urn};
use uuid::{Builder, Error, NonNilUuid, Timestamp, Uuid, Variant, Version};

leaf! {
    Uuid, NonNilUuid, Builder, Timestamp, Variant, Version,
    Braced, Hyphenated, Simple, Urn, Error,
}
