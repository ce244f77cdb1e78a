//! A disk, kept busy by `io_uring`: so many requests at once need no threads, whose switches would be measured too.
#![allow(unsafe_code, reason = "the kernel works on buffers after the call has returned")]

use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom};
use std::os::fd::AsRawFd;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::{Duration, Instant};

use io_uring::types::Fd;
use io_uring::{IoUring, opcode};

use crate::wrong;

/// What buffers and offsets have to be multiples of, past the page cache.
const BLOCK: usize = 4096;
/// Bytes at the end of a disk that are left alone.
const KEPT: u64 = 1 << 20;

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Direction {
    Read,
    Write,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Order {
    Random,
    Sequential,
}

/// What is done with the disk.
pub(crate) struct Work {
    pub(crate) direction: Direction,
    pub(crate) order: Order,
    /// Of a request.
    pub(crate) bytes: u32,
    /// Requests at once.
    pub(crate) depth: u32,
}

impl Work {
    /// Requests a second, over so long a time.
    ///
    /// # Errors
    /// The disk cannot be opened or fails, or the kernel has no `io_uring`.
    pub(crate) fn rate(&self, path: &Path, time: Duration) -> io::Result<f64> {
        let writes = self.direction == Direction::Write;
        let mut file = OpenOptions::new().read(true).write(writes).custom_flags(libc::O_DIRECT).open(path)?;
        let size = file.seek(SeekFrom::End(0))?.saturating_sub(KEPT);
        let places = size / u64::from(self.bytes.max(1));
        if places == 0 || !usize::try_from(self.bytes).is_ok_and(|bytes| bytes.is_multiple_of(BLOCK)) {
            return Err(wrong(format!("no request of {} bytes fits on this disk", self.bytes)));
        }
        let mut places = Places { order: self.order, count: places, last: 0 };
        let mut ring = IoUring::new(self.depth.next_power_of_two())?;
        let mut buffers = Buffers::new(self.bytes, self.depth)?;
        for number in 0..self.depth {
            self.start(&mut ring, &file, &mut buffers, number, places.next())?;
        }
        let (start, mut done, mut under_way) = (Instant::now(), 0_u32, self.depth);
        while under_way > 0 {
            ring.submit_and_wait(1)?;
            loop {
                let next = ring.completion().next();
                let Some(entry) = next else { break };
                under_way -= 1;
                let number = u32::try_from(entry.user_data()).map_err(io::Error::other)?;
                self.check(entry.result())?;
                if start.elapsed() < time {
                    done += 1;
                    self.start(&mut ring, &file, &mut buffers, number, places.next())?;
                    under_way += 1;
                }
            }
        }
        Ok(f64::from(done) / time.as_secs_f64())
    }

    /// Puts the request with this number on the ring.
    fn start(
        &self,
        ring: &mut IoUring,
        file: &File,
        buffers: &mut Buffers,
        number: u32,
        place: u64,
    ) -> io::Result<()> {
        let (fd, offset) = (Fd(file.as_raw_fd()), place * u64::from(self.bytes));
        let buffer = buffers.get(number)?;
        let (address, length) = (buffer.as_mut_ptr(), self.bytes);
        let entry = match self.direction {
            Direction::Read => opcode::Read::new(fd, address, length).offset(offset).build(),
            Direction::Write => opcode::Write::new(fd, address, length).offset(offset).build(),
        };
        // SAFETY: the buffer is this request's alone until its completion, and it is there as long as the program is.
        unsafe { ring.submission().push(&entry.user_data(number.into())) }
            .map_err(|error| wrong(error.to_string()))
    }

    fn check(&self, result: i32) -> io::Result<()> {
        match u32::try_from(result) {
            Ok(moved) if moved == self.bytes => Ok(()),
            Ok(moved) => Err(wrong(format!("a request of {} bytes moved {moved}", self.bytes))),
            Err(_) => Err(io::Error::from_raw_os_error(result.saturating_neg())),
        }
    }
}

/// Where the next request goes.
struct Places {
    order: Order,
    count: u64,
    last: u64,
}

impl Places {
    fn next(&mut self) -> u64 {
        match self.order {
            Order::Sequential => {
                self.last += 1;
                self.last % self.count
            }
            // A linear congruential sequence (Knuth's MMIX), the same in every run; its upper bits are the good ones.
            Order::Random => {
                self.last =
                    self.last.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (self.last >> 33) % self.count
            }
        }
    }
}

/// A buffer for each request, which lies as the disk wants it. They stay for as long as the program does: after an error the
/// kernel may still be at some of them.
struct Buffers {
    memory: &'static mut [u8],
    first: usize,
    length: usize,
}

impl Buffers {
    fn new(bytes: u32, count: u32) -> io::Result<Self> {
        let length = usize::try_from(bytes).map_err(io::Error::other)?;
        let count = usize::try_from(count).map_err(io::Error::other)?;
        let memory = vec![0x5a; length * count + BLOCK].leak();
        let first = memory.as_ptr().align_offset(BLOCK);
        Ok(Self { memory, first, length })
    }

    fn get(&mut self, number: u32) -> io::Result<&mut [u8]> {
        let start = self.first + usize::try_from(number).map_err(io::Error::other)? * self.length;
        let buffer = self.memory.get_mut(start..start + self.length);
        buffer.ok_or_else(|| wrong(format!("there is no request {number}")))
    }
}
