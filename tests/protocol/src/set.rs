//! A set of small numbers: of objects, or of cells.

/// A set of numbers below eight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Set(pub u8);

impl Set {
    /// The set of `numbers`.
    #[must_use]
    pub fn of(numbers: &[usize]) -> Self {
        Self(numbers.iter().fold(0, |bits, number| bits | 1 << number))
    }

    /// Whether `number` is in the set.
    #[must_use]
    pub fn has(self, number: usize) -> bool {
        self.0 & 1 << number != 0
    }

    /// Adds `number`.
    pub fn add(&mut self, number: usize) {
        self.0 |= 1 << number;
    }

    /// Removes `number`.
    pub fn remove(&mut self, number: usize) {
        self.0 &= !(1 << number);
    }

    /// Whether nothing is in the set.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// What is in either set.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in this set and not in `other`.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether all of this set is in `other`.
    #[must_use]
    pub fn within(self, other: Self) -> bool {
        self.without(other).is_empty()
    }

    /// The members, least first.
    pub fn iter(self) -> impl Iterator<Item = usize> {
        (0..8).filter(move |number| self.has(*number))
    }

    /// The least member.
    #[must_use]
    pub fn first(self) -> Option<usize> {
        self.iter().next()
    }

    /// Every subset, the empty one and the whole one among them.
    pub fn subsets(self) -> impl Iterator<Item = Self> {
        (0..=self.0).map(Self).filter(move |part| part.within(self))
    }
}
