//! Weak collections and finalizers.

/// See the file, and the module that it is in.
macro_rules! weakref {
    ($kind:ty, $module:literal) => {
        /// A map from objects to values which keeps no key alive, and of which each value belongs
        /// to its key: Python's `weakref.WeakKeyDictionary`.
        ///
        /// # Examples
        ///
        /// A value that refers to its own key, which in Python would never go:
        ///
        /// ```
        #[doc = concat!("use gc_core::", $module, "::{self as gc, Gc, WeakKeyMap};")]
        ///
        /// let map: WeakKeyMap<String, Option<Gc<String>>> = WeakKeyMap::new();
        /// let key = Gc::new("key".to_string());
        /// map.insert(&key, Some(key.clone()));
        /// assert_eq!(map.len(), 1);
        /// drop(key);
        /// gc::collect();
        /// assert_eq!(map.len(), 0);
        /// ```
        #[doc(alias = "weakref.WeakKeyDictionary")]
        pub type WeakKeyMap<T, V, By = crate::weakref::ByValue> =
            crate::weakref::WeakKeyMap<T, V, $kind, By>;
    };
}
pub(crate) use weakref;
