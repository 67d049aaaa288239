//! Weak collections and finalizers.

/// See the file, and the module that it is in.
macro_rules! weakref {
    ($kind:ty, $module:literal) => {
        /// A map that does not keep its values alive: Python's `weakref.WeakValueDictionary`.
        ///
        /// # Examples
        ///
        /// A cache that never makes a thing twice while the first is in use:
        ///
        /// ```
        #[doc = concat!("use gc_core::", $module, "::{Gc, WeakValueMap};")]
        ///
        /// let images: WeakValueMap<&str, Vec<u8>> = WeakValueMap::new();
        /// let first = images.get_or_insert_with("logo.png", || Gc::new(vec![0; 1000]));
        /// let second = images.get_or_insert_with("logo.png", || unreachable!());
        /// assert!(Gc::ptr_eq(&first, &second));
        /// drop((first, second));
        /// assert!(images.is_empty());
        /// ```
        #[doc(alias = "weakref.WeakValueDictionary")]
        pub type WeakValueMap<K, T> = crate::weakref::WeakValueMap<K, T, $kind>;

        /// A set that does not keep its elements alive: Python's `weakref.WeakSet`.
        ///
        /// # Examples
        ///
        /// Observers that need not be taken off the list, each told apart by which object it is:
        ///
        /// ```
        #[doc = concat!("use gc_core::{", $module, "::{Gc, WeakSet}, weakref::ByIdentity};")]
        ///
        /// let observers: WeakSet<&str, ByIdentity> = WeakSet::new();
        /// let (one, same) = (Gc::new("observer"), Gc::new("observer"));
        /// assert!(observers.insert(&one) && observers.insert(&same));
        /// drop(one);
        /// assert_eq!(observers.len(), 1);
        /// # drop(same);
        /// ```
        #[doc(alias = "weakref.WeakSet")]
        pub type WeakSet<T, By = crate::weakref::ByValue> = crate::weakref::WeakSet<T, $kind, By>;

        /// A weak handle that compares and hashes as its object does, for the keys of a map.
        ///
        /// # Examples
        ///
        /// ```
        #[doc = concat!("use gc_core::", $module, "::{Gc, WeakKey};")]
        /// use std::collections::HashMap;
        ///
        /// let user = Gc::new("ann");
        /// let visits = HashMap::from([(WeakKey::new(&user), 3)]);
        /// assert_eq!(visits[&WeakKey::new(&user)], 3);
        /// ```
        #[doc(alias = "weakref.ref")]
        pub type WeakKey<T> = crate::weakref::WeakKey<T, $kind>;

        /// One object for all equal values: Python's `sys.intern`, for values of any kind.
        ///
        /// # Examples
        ///
        /// ```
        #[doc = concat!("use gc_core::", $module, "::{Gc, Interner};")]
        ///
        /// let names: Interner<str> = Interner::new();
        /// let (a, b) = (names.intern("spam"), names.intern(String::from("spam")));
        /// assert!(Gc::ptr_eq(&a, &b));
        /// drop((a, b));
        /// assert_eq!(names.len(), 0);
        /// ```
        #[doc(alias = "sys.intern")]
        pub type Interner<T> = crate::weakref::Interner<T, $kind>;
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
