//! How do I find out why something is alive?
