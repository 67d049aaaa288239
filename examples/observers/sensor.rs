//! A thermometer, and those who want to know what it says.

use crate::subject::{Registration, Subject};
use gc_core::Trace;
use gc_core::unsync::{Gc, Weak};
use gc_examples::report::say;
use std::cell::{Cell, RefCell};
use std::fmt;

/// What is told: degrees.
pub(crate) type Reading = i32;

pub(crate) type Thermometer = Subject<Reading>;

/// Shows every reading. It may hold the thermometer strongly: nothing leads back.
#[derive(Trace)]
pub(crate) struct Display {
    name: &'static str,
    thermometer: Gc<Thermometer>,
    /// Another display, for one that knows a second and is known by it.
    pub(crate) beside: RefCell<Option<Gc<Display>>>,
}

impl Display {
    pub(crate) fn new(name: &'static str, thermometer: &Gc<Thermometer>) -> Gc<Display> {
        let thermometer = thermometer.clone();
        let display = Gc::new(Display { name, thermometer, beside: RefCell::default() });
        Subject::connect(&display.thermometer, &display, Display::show);
        display
    }

    fn show(&self, reading: &Reading) {
        say(format_args!("{} shows {reading}", self.name));
    }
}

impl fmt::Display for Display {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// Goes off once, and does not listen after that.
#[derive(Trace)]
pub(crate) struct Alarm {
    limit: Reading,
    thermometer: Weak<Thermometer>,
    #[trace(skip)]
    registration: Cell<Option<Registration>>,
}

impl Alarm {
    pub(crate) fn new(limit: Reading, thermometer: &Gc<Thermometer>) -> Gc<Alarm> {
        let registration = Cell::new(None);
        let alarm = Gc::new(Alarm { limit, thermometer: Gc::downgrade(thermometer), registration });
        alarm.registration.set(Some(Subject::connect(thermometer, &alarm, Alarm::hear)));
        alarm
    }

    fn hear(&self, reading: &Reading) {
        if *reading <= self.limit {
            return;
        }
        say(format_args!("{self} goes off at {reading}, and listens no longer"));
        if let (Some(thermometer), Some(registration)) =
            (self.thermometer.upgrade(), self.registration.take())
        {
            thermometer.disconnect(registration);
        }
    }
}

impl fmt::Display for Alarm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the alarm at {}", self.limit)
    }
}

/// Opens a window when it is warm, and shuts it when it is cold. The window is an observer too,
/// which comes and goes while others are told.
#[derive(Trace)]
pub(crate) struct Janitor {
    thermometer: Weak<Thermometer>,
    window: RefCell<Option<Gc<Display>>>,
}

impl Janitor {
    pub(crate) fn new(thermometer: &Gc<Thermometer>) -> Gc<Janitor> {
        let thermometer_ = Gc::downgrade(thermometer);
        let janitor = Gc::new(Janitor { thermometer: thermometer_, window: RefCell::default() });
        Subject::connect(thermometer, &janitor, Janitor::look);
        janitor
    }

    fn look(&self, reading: &Reading) {
        let open = self.window.borrow().is_some();
        if *reading > 25 && !open {
            say(format_args!("{self} opens the window"));
            let window = self.thermometer.upgrade().map(|it| Display::new("the window", &it));
            self.window.replace(window);
        } else if *reading < 20 && open {
            say(format_args!("{self} takes the window away"));
            // It is dropped after the borrow: its end runs code of others.
            let window = self.window.take();
            drop(window);
        }
    }
}

impl fmt::Display for Janitor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the janitor")
    }
}
