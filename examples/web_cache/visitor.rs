//! What one visitor does: sign in, read some pages, and sign out or just leave, to come back or not.

use crate::connection::{Answer, Connection};
use crate::error::Error;
use fastrand::Rng;
use std::net::SocketAddr;

/// How many pages there are, many more than the cache holds.
const PAGES: f64 = 1000.0;

/// How many requests a session makes at most.
const REQUESTS: u32 = 60;

/// How many sessions a visitor remembers to have left without signing out.
const AWAY: usize = 50;

/// A visitor on a connection, one after another as a new person.
pub(crate) struct Visitor {
    connection: Connection,
    rng: Rng,
    /// The number of the session, while signed in.
    session: Option<String>,
    /// How many more pages to read in it.
    left: u32,
    /// Sessions to come back to, if they still exist then.
    away: Vec<String>,
}

impl Visitor {
    /// A visitor whose wishes depend on `seed` only.
    pub(crate) fn connect(address: SocketAddr, seed: u64) -> Result<Self, Error> {
        let connection = Connection::open(address)?;
        Ok(Visitor {
            connection,
            rng: Rng::with_seed(seed),
            session: None,
            left: 0,
            away: Vec::new(),
        })
    }

    /// Makes exactly one request.
    pub(crate) fn step(&mut self) -> Result<(), Error> {
        if self.left == 0
            && let Some(session) = self.session.take()
        {
            // Half of them leave without a word.
            if self.rng.bool() {
                return self.sign_out(&session);
            }
            self.leave(session);
        }
        match self.session.clone() {
            Some(session) => self.read(&session),
            None => self.sign_in(),
        }
    }

    fn read(&mut self, session: &str) -> Result<(), Error> {
        self.left -= 1;
        let page = self.page();
        let path = match self.rng.u32(..10) {
            0 => format!("/page/{page}/related"),
            _ => format!("/page/{page}"),
        };
        let answer = self.connection.request("GET", &path, Some(session))?;
        match answer.status {
            200 if fits(page, &path, &answer) => Ok(()),
            // It came back too late.
            401 => {
                self.session = None;
                Ok(())
            }
            _ => Err(surprise(&path, &answer)),
        }
    }

    fn sign_in(&mut self) -> Result<(), Error> {
        let answer = self.connection.request("POST", "/session", None)?;
        match String::from_utf8(answer.body) {
            Ok(number) if answer.status == 201 => {
                self.enter(number);
                Ok(())
            }
            _ => Err(Error::Check(format!("POST /session is answered {}", answer.status))),
        }
    }

    fn enter(&mut self, session: String) {
        self.session = Some(session);
        self.left = self.rng.u32(1..=REQUESTS);
    }

    /// Leaves without signing out. Every third time it takes up a session that it left so before.
    fn leave(&mut self, session: String) {
        if self.away.len() == AWAY {
            self.away.remove(0);
        }
        self.away.push(session);
        if self.rng.u32(..3) == 0 {
            let number = self.rng.usize(..self.away.len());
            let session = self.away.swap_remove(number);
            self.enter(session);
        }
    }

    fn sign_out(&mut self, session: &str) -> Result<(), Error> {
        let answer = self.connection.request("DELETE", "/session", Some(session))?;
        match answer.status {
            204 | 401 => Ok(()),
            _ => Err(surprise("DELETE /session", &answer)),
        }
    }

    /// The next page to read; few are read much.
    fn page(&mut self) -> u32 {
        (self.rng.f64().powi(5) * PAGES) as u32
    }
}

/// Whether the answer is about the page that was asked for.
fn fits(page: u32, path: &str, answer: &Answer) -> bool {
    path.ends_with("/related") || answer.body.starts_with(format!("page {page}, ").as_bytes())
}

fn surprise(request: &str, answer: &Answer) -> Error {
    let body = String::from_utf8_lossy(&answer.body);
    Error::Check(format!("{request} is answered {}: {body}", answer.status))
}
