//! Nothing: a package needs a library to have examples. They stand beside this folder, one each.
