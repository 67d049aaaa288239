//! std's types that are values or belong to the operating system.
//!
//! Their sizes are those of the buffers that they tell of. What a thread, a channel, a process or an
//! error has elsewhere is not counted.

use super::visit::leaf;
use super::{Trace, Tracer};
use std::ffi::{self, CStr, CString, OsStr, OsString};
use std::path::{self, Path, PathBuf};
use std::sync::mpsc;
use std::{
    alloc, any, array, backtrace, cell, char, cmp, collections, convert, env, fmt, fs, hash, io,
    mem, net, num, ops, panic, process, str, string, sync, task, thread, time,
};

/// Unsized leaves: what can only be asked of sized types is left out.
macro_rules! unsized_leaf {
    ($($type:ty),+ $(,)?) => {$(
        // SAFETY: nothing is shown (obligation 1), touched (2) or looked into (5); `is_leaf` is
        // not for unsized types (3), and the type owns no handle (4).
        unsafe impl Trace for $type {
            #[inline]
            fn trace(&self, _: &mut Tracer<'_>) {}

            fn debug_within(&self, f: &mut fmt::Formatter<'_>) -> Option<fmt::Result> {
                Some(fmt::Debug::fmt(self, f))
            }
        }
    )+};
}

unsized_leaf! { str, CStr, OsStr, Path }

// Text, time, and what describes types and memory.
leaf! {
    String => |this, sizer| sizer.add(this.capacity()),
    CString => |this, sizer| sizer.add(this.as_bytes_with_nul().len()),
    OsString => |this, sizer| sizer.add(this.capacity()),
    PathBuf => |this, sizer| sizer.add(this.capacity()),
    time::Duration, time::Instant, time::SystemTime,
    (), convert::Infallible, cmp::Ordering, ops::RangeFull,
    any::TypeId, {T} mem::Discriminant<T>,
    alloc::Layout, alloc::System,
    hash::RandomState, hash::DefaultHasher, {H} hash::BuildHasherDefault<H>,
    {'a} panic::Location<'a>, backtrace::Backtrace,
    num::FpCategory, task::Waker,
}

// Networks.
leaf! {
    net::IpAddr, net::Ipv4Addr, net::Ipv6Addr,
    net::SocketAddr, net::SocketAddrV4, net::SocketAddrV6,
    net::TcpStream, net::TcpListener, net::UdpSocket, net::Shutdown,
    #[cfg(unix)] std::os::unix::net::SocketAddr,
    #[cfg(unix)] std::os::unix::net::UnixStream,
    #[cfg(unix)] std::os::unix::net::UnixListener,
    #[cfg(unix)] std::os::unix::net::UnixDatagram,
}

// Files, streams and processes.
leaf! {
    fs::File, fs::Metadata, fs::FileType, fs::Permissions, fs::OpenOptions,
    fs::DirBuilder, fs::DirEntry, fs::ReadDir,
    io::Stdin, io::Stdout, io::Stderr, io::Empty, io::Sink, io::Repeat,
    io::PipeReader, io::PipeWriter, io::SeekFrom,
    /// A leaf, whatever it writes to: its destructor writes, and a writer that
    /// follows a `Gc` there must not find it gone.
    {W: io::Write} io::BufWriter<W> => |this, sizer| sizer.add(this.capacity()),
    /// A leaf, whatever it writes to: its destructor writes, and a writer that
    /// follows a `Gc` there must not find it gone. It does not tell how large its buffer is.
    {W: io::Write} io::LineWriter<W>,
    process::Child, process::ChildStdin, process::ChildStdout, process::ChildStderr,
    process::Command, process::ExitCode, process::ExitStatus, process::Stdio,
    process::Output => |this, sizer| sizer.add(this.stdout.capacity() + this.stderr.capacity()),
    #[cfg(unix)] std::os::fd::OwnedFd,
    #[cfg(windows)] std::os::windows::io::OwnedHandle,
    #[cfg(windows)] std::os::windows::io::OwnedSocket,
}

// Threads, and what they wait for and talk through.
leaf! {
    thread::Thread, thread::ThreadId, thread::Builder,
    /// A leaf: what the thread works on, and what it returns, cannot be seen.
    {T} thread::JoinHandle<T>,
    sync::Barrier, sync::BarrierWaitResult, sync::Condvar, sync::Once, sync::WaitTimeoutResult,
    /// A leaf: what is under way in the channel cannot be seen. A `Gc` in there is a
    /// reference from outside, so a cycle through a channel is never collected.
    {T} mpsc::Sender<T>,
    /// A leaf: what is under way in the channel cannot be seen. A `Gc` in there is a
    /// reference from outside, so a cycle through a channel is never collected.
    {T} mpsc::SyncSender<T>,
    /// A leaf: what is under way in the channel cannot be seen. A `Gc` in there is a
    /// reference from outside, so a cycle through a channel is never collected.
    {T} mpsc::Receiver<T>,
}

// Errors.
leaf! {
    /// A leaf: the error that it may wrap cannot be counted.
    io::Error,
    io::ErrorKind, fmt::Error, env::VarError, alloc::LayoutError, time::SystemTimeError,
    num::ParseIntError, num::ParseFloatError, num::IntErrorKind, num::TryFromIntError,
    char::CharTryFromError, char::ParseCharError, char::DecodeUtf16Error, char::TryFromCharError,
    str::Utf8Error, str::ParseBoolError, string::FromUtf8Error, string::FromUtf16Error,
    array::TryFromSliceError, collections::TryReserveError, net::AddrParseError,
    path::StripPrefixError, time::TryFromFloatSecsError,
    ffi::NulError, ffi::FromBytesUntilNulError, ffi::FromBytesWithNulError, ffi::FromVecWithNulError, ffi::IntoStringError,
    cell::BorrowError, cell::BorrowMutError, thread::AccessError,
    mpsc::RecvError, mpsc::TryRecvError, mpsc::RecvTimeoutError,
}
