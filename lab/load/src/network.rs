//! Two ends of a connection: one that works for so long, and one that does as the first wants.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use crate::wrong;

/// Bytes of what goes there and back.
const MESSAGE: usize = 64;
/// Bytes written and read at once.
const CHUNK: usize = 128 << 10;

/// What the two do. The first byte on a connection says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Talk {
    /// A short message there, and back, again and again
    RoundTrips,
    /// Bytes go to the server
    Send,
    /// Bytes come from it
    Receive,
}

impl Talk {
    const ALL: [Self; 3] = [Self::RoundTrips, Self::Send, Self::Receive];

    fn byte(self) -> u8 {
        match self {
            Self::RoundTrips => b'=',
            Self::Send => b'>',
            Self::Receive => b'<',
        }
    }
}

/// Round trips, or bytes, a second.
///
/// # Errors
/// The server is not there, or goes.
pub(crate) fn rate(server: SocketAddr, talk: Talk, time: Duration) -> io::Result<f64> {
    let mut stream = TcpStream::connect(server)?;
    stream.set_nodelay(true)?;
    stream.write_all(&[talk.byte()])?;
    let start = Instant::now();
    let mut chunk = vec![0x5a; CHUNK];
    let mut done = 0_u64;
    match talk {
        Talk::RoundTrips => {
            let mut message = [0x5a; MESSAGE];
            while start.elapsed() < time {
                stream.write_all(&message)?;
                stream.read_exact(&mut message)?;
                done += 1;
            }
        }
        Talk::Send => {
            while start.elapsed() < time {
                stream.write_all(&chunk)?;
            }
            // What counts is what has arrived, and the time until all of it has.
            stream.shutdown(Shutdown::Write)?;
            let mut arrived = [0; 8];
            stream.read_exact(&mut arrived)?;
            done = u64::from_le_bytes(arrived);
        }
        Talk::Receive => {
            while start.elapsed() < time {
                done += count(stream.read(&mut chunk)?)?;
            }
        }
    }
    let done = u32::try_from(done >> 10).map(|kib| f64::from(kib) * 1024.0).map_err(io::Error::other)?
        + u32::try_from(done & 1023).map(f64::from).map_err(io::Error::other)?;
    Ok(done / start.elapsed().as_secs_f64())
}

/// Serves one connection after the other, for ever.
///
/// # Errors
/// Nobody can listen at this address.
pub(crate) fn serve(address: SocketAddr) -> io::Result<f64> {
    let listener = TcpListener::bind(address)?;
    loop {
        let (stream, _) = listener.accept()?;
        // A client that goes is one that has finished.
        let _ = answer(stream);
    }
}

fn answer(mut stream: TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut wanted = [0];
    stream.read_exact(&mut wanted)?;
    let talk = Talk::ALL.into_iter().find(|talk| [talk.byte()] == wanted);
    let mut chunk = vec![0x5a; CHUNK];
    match talk.ok_or_else(|| wrong(format!("nobody knows what {wanted:?} is")))? {
        Talk::RoundTrips => {
            let mut message = [0; MESSAGE];
            loop {
                stream.read_exact(&mut message)?;
                stream.write_all(&message)?;
            }
        }
        Talk::Send => {
            let mut arrived = 0;
            loop {
                match stream.read(&mut chunk)? {
                    0 => return stream.write_all(&u64::to_le_bytes(arrived)),
                    length => arrived += count(length)?,
                }
            }
        }
        Talk::Receive => loop {
            stream.write_all(&chunk)?;
        },
    }
}

/// Bytes as a number of 64 bits, of which there are some: nothing is an end that came too early.
fn count(length: usize) -> io::Result<u64> {
    if length == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    u64::try_from(length).map_err(io::Error::other)
}
