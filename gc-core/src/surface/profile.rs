//! What a piece of the program allocates.

/// See the file, and the module that it is in.
macro_rules! profile {
    ($kind:ty, $module:literal) => {
        /// Measures what a stretch of the program allocates.
        #[doc(alias = "memory_profiler.profile")]
        pub type Profiler = $crate::profile::Profiler<$kind>;

        /// Runs `f` and tells what it has allocated, what it has freed, and what collections ran in
        /// it: Python's `memory_profiler.profile`. See [`Profiler`].
        ///
        /// # Panics
        ///
        /// If `f` does.
        ///
        /// # Examples
        ///
        /// ```
        #[doc = concat!("use gc_core::", $module, "::{self as gc, Gc};")]
        ///
        /// let (kept, profile) = gc::profile("strings", || {
        ///     let all = ["a", "b", "c"].map(|letter| Gc::new(letter.to_string()));
        ///     all[0].clone()
        /// });
        /// assert_eq!((profile.objects.allocated, profile.objects.freed), (3, 2));
        /// assert_eq!(profile.objects.alive(), 1);
        /// println!("{profile}");
        /// # drop(kept);
        /// ```
        #[doc(alias = "memory_profiler.profile")]
        pub fn profile<R>(
            label: impl Into<String>,
            f: impl FnOnce() -> R,
        ) -> (R, $crate::profile::Profile) {
            let profiler = Profiler::start(label);
            let result = f();
            (result, profiler.stop())
        }
    };
}
pub(crate) use profile;
