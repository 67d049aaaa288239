//! The visitors' end of a connection: HTTP/1.1, one request at a time, kept alive.

use crate::service::SESSION;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// When an answer counts as lost.
const PATIENCE: Duration = Duration::from_secs(30);

/// More headers than the service ever sends.
const HEADERS: usize = 16;

pub(crate) struct Connection {
    stream: TcpStream,
    /// What was read of an answer so far.
    buffer: Vec<u8>,
}

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

/// The beginning of an answer.
struct Head {
    status: u16,
    /// Where the body begins and ends.
    body: std::ops::Range<usize>,
}

impl Connection {
    pub(crate) fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Connection { stream, buffer: Vec::with_capacity(8192) })
    }

    /// Sends a request and waits for the answer.
    pub(crate) fn request(
        &mut self,
        method: &str,
        path: &str,
        session: Option<&str>,
    ) -> io::Result<Answer> {
        let session = session.map_or(String::new(), |number| format!("{SESSION}: {number}\r\n"));
        let request = format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\n{session}\r\n");
        self.stream.write_all(request.as_bytes())?;
        self.answer()
    }

    fn answer(&mut self) -> io::Result<Answer> {
        self.buffer.clear();
        let head = loop {
            self.read_more()?;
            if let Some(head) = parse(&self.buffer)? {
                break head;
            }
        };
        while self.buffer.len() < head.body.end {
            self.read_more()?;
        }
        // Nothing was asked after this request, so nothing may follow its answer.
        if self.buffer.len() > head.body.end {
            return Err(invalid("more than one answer to one request"));
        }
        Ok(Answer { status: head.status, body: self.buffer[head.body].to_vec() })
    }

    fn read_more(&mut self) -> io::Result<()> {
        let mut chunk = [0; 8192];
        match self.stream.read(&mut chunk)? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            length => {
                self.buffer.extend_from_slice(&chunk[..length]);
                Ok(())
            }
        }
    }
}

/// The head of an answer, if all of it is there.
fn parse(bytes: &[u8]) -> io::Result<Option<Head>> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS];
    let mut response = httparse::Response::new(&mut headers);
    let parsed = response.parse(bytes).map_err(|error| invalid(&error.to_string()))?;
    let httparse::Status::Complete(start) = parsed else { return Ok(None) };
    let length = response.headers.iter().find(|it| it.name.eq_ignore_ascii_case("content-length"));
    let length: usize = match length {
        Some(header) => std::str::from_utf8(header.value)
            .ok()
            .and_then(|value| value.parse().ok())
            .ok_or_else(|| invalid("a length that is no number"))?,
        // As for 204 No Content.
        None => 0,
    };
    let status = response.code.ok_or_else(|| invalid("an answer without a status"))?;
    Ok(Some(Head { status, body: start..start + length }))
}

fn invalid(problem: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, problem)
}
