//! Dates and times.

use crate::trace::visit::leaf;
use time::{
    Date, Duration, Error, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcDateTime, UtcOffset,
    Weekday, error,
};

leaf! {
    Date, Time, PrimitiveDateTime, OffsetDateTime, UtcDateTime, UtcOffset,
    Duration, Month, Weekday,
    Error, error::ComponentRange, error::ConversionRange,
}
