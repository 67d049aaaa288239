//! The flags of an object. They ride in the low bits of its table pointer.

use std::fmt;

/// A set of flags, or the age, of one object.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Flags(usize);

impl Flags {
    /// No flag, youngest generation.
    pub const NONE: Flags = Flags(0);
    /// The value cannot hold a `Gc`: the object never is a candidate and never traced. (Not set any
    /// more once something was attached to it.)
    pub const LEAF: Flags = Flags(1);
    /// It stands in a candidate buffer.
    pub const BUFFERED: Flags = Flags(1 << 1);
    /// It stands in the snapshot of the collection that is going on.
    pub const CAPTURED: Flags = Flags(1 << 2);
    /// Its value is dropped or about to be: weak handles no longer upgrade.
    pub const DEAD: Flags = Flags(1 << 3);
    /// Its finalizer has run, or there is none.
    pub const FINALIZED: Flags = Flags(1 << 4);
    /// There are records of it beside its value: callbacks of weak handles, or what is attached.
    pub const WATCHED: Flags = Flags(1 << 5);
    /// It was made pinned: no handle to it is given out that is not.
    pub const PINNED: Flags = Flags(1 << 6);

    /// Nothing but the type's own flags, and those say that nobody looks at its objects.
    pub const PLAIN: Flags = Flags(Flags::LEAF.0 | Flags::FINALIZED.0);
    /// The object's place in a table stands where its weak shares are otherwise.
    pub const PARKED: Flags = Flags(Flags::BUFFERED.0 | Flags::CAPTURED.0);
    /// A dropped handle that leaves others behind tells nobody of it.
    pub const QUIET: Flags = Flags(Flags::LEAF.0 | Flags::BUFFERED.0 | Flags::DEAD.0);

    /// From here on upwards stands the [age](Flags::age).
    const AGE_SHIFT: u32 = 7;
    /// How many bits of an age are the generation; above them is the era.
    const ERA_SHIFT: u32 = 2;
    /// How many bits there are for the era below the address of a table.
    const ERA_BITS: u32 = 2;
    /// Every bit in use below the address of a table.
    pub(super) const ALL: usize = Flags::TABLE_ALIGN - 1;
    /// How many eras there are below the address of a table. An object whose head keeps its age
    /// elsewhere may have later ones.
    pub const ERAS: usize = 1 << Flags::ERA_BITS;

    /// How a type's table must be aligned for the flags to fit below its address.
    pub const TABLE_ALIGN: usize = 1 << (Flags::AGE_SHIFT + Flags::ERA_SHIFT + Flags::ERA_BITS);

    /// The flags in the low bits of `address`.
    #[inline]
    pub(super) const fn of_address(address: usize) -> Flags {
        Flags(address & Flags::ALL)
    }

    /// The flags that [`bits`](Flags::bits) gave.
    #[inline]
    pub(super) const fn of_bits(bits: usize) -> Flags {
        Flags(bits)
    }

    /// The flags as the low bits of an address.
    #[inline]
    pub(super) const fn bits(self) -> usize {
        self.0
    }

    /// Whether any flag of `other` is set.
    #[inline]
    pub const fn any(self, other: Flags) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether every flag of `other` is set.
    #[inline]
    pub const fn all(self, other: Flags) -> bool {
        self.0 & other.0 == other.0
    }

    /// Both sets.
    #[inline]
    pub const fn with(self, other: Flags) -> Flags {
        Flags(self.0 | other.0)
    }

    /// The set without the flags of `other`.
    #[inline]
    pub const fn without(self, other: Flags) -> Flags {
        Flags(self.0 & !other.0)
    }

    /// What is in both sets.
    #[inline]
    pub const fn only(self, other: Flags) -> Flags {
        Flags(self.0 & other.0)
    }

    /// `other` if `condition` holds, else nothing.
    #[inline]
    pub const fn only_if(self, condition: bool) -> Flags {
        if condition { self } else { Flags::NONE }
    }

    /// The era, which counts the freezes that came before the object, with the generation, 0 for
    /// the youngest, below it. Only `heap/era.rs` knows what of that it means today.
    #[inline]
    pub const fn age(self) -> usize {
        self.0 >> Flags::AGE_SHIFT
    }

    /// The era of an age.
    #[inline]
    pub const fn era(self) -> usize {
        self.age() >> Flags::ERA_SHIFT
    }

    /// The flags that say `age`, for [`Head::set`](super::Head::set).
    #[inline]
    pub const fn of_age(age: usize) -> Flags {
        Flags(age << Flags::AGE_SHIFT)
    }

    /// The youngest age of an era.
    #[inline]
    pub const fn dawn(era: usize) -> usize {
        era << Flags::ERA_SHIFT
    }

    /// The bits that the age is kept in, for [`Head::clear`](super::Head::clear).
    pub const ANY_AGE: Flags = Flags((u32::MAX as usize) >> Flags::AGE_SHIFT << Flags::AGE_SHIFT);
}

impl fmt::Debug for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Flags({:#010b})", self.0)
    }
}
