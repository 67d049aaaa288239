//! What a profiler has measured, and how it is shown.

use super::memory::ProcessMemory;
use super::table::{Table, change, mebibytes, signed, thousands, time};
use crate::heap::{Generation, GenerationStats};
use std::fmt;
use std::iter::Sum;
use std::ops::Deref;
use std::time::Duration;

/// What came and what went, of objects or of bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flow {
    /// What was made.
    pub allocated: usize,
    /// What has ended, be it made before.
    pub freed: usize,
}

impl Flow {
    /// What was made less what has ended: below zero if more of what was there before has ended.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::Flow;
    ///
    /// assert_eq!(Flow { allocated: 2, freed: 5 }.alive(), -3);
    /// ```
    #[must_use]
    pub const fn alive(self) -> isize {
        self.allocated.wrapping_sub(self.freed).cast_signed()
    }
}

/// What a stretch of the program has allocated and freed on one heap: see
/// [`Profiler`](crate::unsync::Profiler), and [the guide](crate::docs::profiling) for what exactly
/// is counted.
///
/// Shown, it is a table.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[must_use]
pub struct Profile {
    /// What the stretch was called.
    pub label: String,
    /// Objects made, and objects whose value was dropped or moved out.
    pub objects: Flow,
    /// The bytes of these objects' boxes: counts and value, without what the value owns elsewhere.
    pub bytes: Flow,
    /// The collections that have ended in it, by [`Generation`].
    pub generations: [GenerationStats; 3],
    /// How long it took.
    pub duration: Duration,
    /// The memory of the process when it began, if the system tells.
    pub memory_before: Option<ProcessMemory>,
    /// The memory of the process when it ended.
    pub memory_after: Option<ProcessMemory>,
}

impl Profile {
    /// How many collections have ended in it.
    #[must_use]
    pub fn collections(&self) -> usize {
        self.sum(|stats| stats.collections)
    }

    /// How many objects these have collected.
    #[must_use]
    pub fn collected(&self) -> usize {
        self.sum(|stats| stats.collected)
    }

    /// How long these took, all together. (In `sync` other threads have gone on meanwhile.)
    #[must_use]
    pub fn collecting(&self) -> Duration {
        self.sum(|stats| stats.duration)
    }

    fn sum<N: Sum>(&self, figure: impl Fn(&GenerationStats) -> N) -> N {
        self.generations.iter().map(figure).sum()
    }

    /// By how many bytes the resident memory of the process has grown, as text.
    fn growth(&self) -> String {
        match (self.memory_before, self.memory_after) {
            (Some(before), Some(after)) => change(before.resident, after.resident),
            _ => String::new(),
        }
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::new();
        table.row(["", "allocated", "freed", "alive"]);
        for (name, flow) in [("objects", self.objects), ("bytes", self.bytes)] {
            table.row([name, &thousands(flow.allocated), &thousands(flow.freed), &signed(flow)]);
        }
        table.row(["", "collections", "collected", "time"]);
        for (generation, stats) in Generation::ALL.iter().zip(&self.generations) {
            let (runs, collected) = (thousands(stats.collections), thousands(stats.collected));
            table.row([&generation.to_string(), &runs, &collected, &time(stats.duration)]);
        }
        if let (Some(before), Some(after)) = (self.memory_before, self.memory_after) {
            table.row(["", "before", "after", "change"]);
            let memory = [
                ("resident", before.resident, after.resident),
                ("virtual", before.virtual_size, after.virtual_size),
            ];
            for (name, old, new) in memory {
                table.row([name, &mebibytes(old), &mebibytes(new), &change(old, new)]);
            }
        }
        write!(f, "{}: {}\n{table}", self.label, time(self.duration))
    }
}

/// Profiles side by side: shown, they are one table with a row for each.
///
/// # Examples
///
/// ```
/// use gc_core::{Profiles, unsync::{self, Gc}};
///
/// let mut profiles = Profiles::default();
/// let (numbers, profile) = unsync::profile("numbers", || [1, 2, 3].map(Gc::new));
/// profiles.push(profile);
/// profiles.push(unsync::profile("drop", || drop(numbers)).1);
/// assert_eq!(profiles.iter().map(|profile| profile.objects.alive()).sum::<isize>(), 0);
/// println!("{profiles}");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profiles(Vec<Profile>);

impl Profiles {
    /// Adds a row.
    pub fn push(&mut self, profile: Profile) {
        self.0.push(profile);
    }
}

impl Deref for Profiles {
    type Target = [Profile];

    fn deref(&self) -> &[Profile] {
        &self.0
    }
}

impl From<Vec<Profile>> for Profiles {
    fn from(profiles: Vec<Profile>) -> Self {
        Profiles(profiles)
    }
}

impl FromIterator<Profile> for Profiles {
    fn from_iter<I: IntoIterator<Item = Profile>>(profiles: I) -> Self {
        Profiles(profiles.into_iter().collect())
    }
}

impl Extend<Profile> for Profiles {
    fn extend<I: IntoIterator<Item = Profile>>(&mut self, profiles: I) {
        self.0.extend(profiles);
    }
}

impl IntoIterator for Profiles {
    type Item = Profile;
    type IntoIter = std::vec::IntoIter<Profile>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl fmt::Display for Profiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::new();
        table.row(["", "objects", "", "", "bytes", "", "", "collections", "", "", "resident", ""]);
        table.row([
            "scope",
            "allocated",
            "freed",
            "alive",
            "allocated",
            "freed",
            "alive",
            "runs",
            "collected",
            "time",
            "change",
            "time",
        ]);
        for profile in &self.0 {
            let (objects, bytes) = (profile.objects, profile.bytes);
            table.row([
                profile.label.as_str(),
                &thousands(objects.allocated),
                &thousands(objects.freed),
                &signed(objects),
                &thousands(bytes.allocated),
                &thousands(bytes.freed),
                &signed(bytes),
                &thousands(profile.collections()),
                &thousands(profile.collected()),
                &time(profile.collecting()),
                &profile.growth(),
                &time(profile.duration),
            ]);
        }
        write!(f, "{table}")
    }
}
