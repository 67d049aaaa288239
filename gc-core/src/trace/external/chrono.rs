//! Dates and times.

use crate::trace::visit::leaf;
use chrono::{
    DateTime, Days, FixedOffset, IsoWeek, Month, Months, NaiveDate, NaiveDateTime, NaiveTime,
    NaiveWeek, ParseError, ParseMonthError, ParseWeekdayError, RoundingError, TimeDelta, TimeZone,
    Utc, Weekday, WeekdaySet,
};

leaf! {
    /// A leaf, whatever the time zone: its offset is not traced.
    {Tz: TimeZone} DateTime<Tz>,
    NaiveDate, NaiveDateTime, NaiveTime, NaiveWeek, IsoWeek,
    Days, Months, TimeDelta, Month, Weekday, WeekdaySet, FixedOffset, Utc,
    ParseError, ParseMonthError, ParseWeekdayError, RoundingError,
}
