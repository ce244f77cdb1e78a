//! The serial port: a 16550 whose line ends in a thread of its own, so that no vCPU waits for a terminal.

use std::io::{self, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::{Arc, Mutex};
use std::thread;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use vm_superio::Trigger;
use vm_superio::serial::{Serial, SerialEvents};
use vmm_sys_util::eventfd::EventFd;

use super::backlog::Backlog;
use super::far_end::FarEnd;
use crate::bus::BusDevice;

type Uart = Serial<InterruptLine, Room, Printer>;

/// The port, as the guest sees it.
pub struct SerialPort {
    uart: Uart,
    interrupt: Arc<EventFd>,
    backlog: Arc<Backlog>,
}

impl SerialPort {
    /// A port that raises its line by `interrupt`.
    pub(super) fn new(interrupt: EventFd, backlog: Arc<Backlog>) -> Self {
        let interrupt = Arc::new(interrupt);
        Self { uart: uart(&interrupt, &backlog), interrupt, backlog }
    }
}

fn uart(interrupt: &Arc<EventFd>, backlog: &Arc<Backlog>) -> Uart {
    let (room, printer) = (Room(Arc::clone(backlog)), Printer(Arc::clone(backlog)));
    Serial::with_events(InterruptLine(Arc::clone(interrupt)), room, printer)
}

impl BusDevice for SerialPort {
    fn read(&mut self, offset: u64, data: &mut [u8]) {
        data.fill(0);
        if let (Ok(offset), [byte]) = (u8::try_from(offset), data) {
            *byte = self.uart.read(offset);
        }
    }

    fn write(&mut self, offset: u64, data: &[u8]) {
        if let (Ok(offset), [byte]) = (u8::try_from(offset), data) {
            // Nothing fails but the interrupt, if its counter is full: then it is raised already.
            let _ = self.uart.write(offset, *byte);
        }
    }

    fn reset(&mut self) {
        self.uart = uart(&self.interrupt, &self.backlog);
    }
}

struct InterruptLine(Arc<EventFd>);

impl Trigger for InterruptLine {
    type E = io::Error;

    fn trigger(&self) -> io::Result<()> {
        self.0.write(1)
    }
}

/// Has the line's thread look for more as soon as the guest has read what was typed.
struct Room(Arc<Backlog>);

impl SerialEvents for Room {
    fn buffer_read(&self) {}

    fn out_byte(&self) {}

    fn tx_lost_byte(&self) {}

    fn in_buffer_empty(&self) {
        self.0.nudge();
    }
}

struct Printer(Arc<Backlog>);

impl Write for Printer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        bytes.iter().for_each(|byte| self.0.push(*byte));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Starts the thread between the port and the other end. It ends when the backlog is closed, or nobody listens any more.
pub(super) fn serve(
    port: Arc<Mutex<SerialPort>>,
    backlog: Arc<Backlog>,
    mut far_end: Box<dyn FarEnd>,
) -> io::Result<()> {
    let run = move || {
        // An error: nobody listens any more.
        let _ = run(&port, &backlog, &mut *far_end);
        backlog.hang_up();
    };
    thread::Builder::new().name("serial".to_owned()).stack_size(STACK_SIZE).spawn(run)?;
    Ok(())
}

/// Of the line's thread, in bytes.
const STACK_SIZE: usize = 128 << 10;

fn run(port: &Mutex<SerialPort>, backlog: &Backlog, far_end: &mut dyn FarEnd) -> io::Result<()> {
    let (mut printed, mut typed) = (Vec::new(), Vec::new());
    loop {
        printed.clear();
        let is_open = backlog.take(&mut printed);
        far_end.print(&printed)?;
        if !is_open {
            return Ok(());
        }
        // Not waited for: the vCPU that holds the lock may be waiting for the backlog to be taken.
        let Ok(mut port) = port.try_lock() else {
            thread::yield_now();
            continue;
        };
        // What does not fit was typed while the guest had the port looped back, and is lost as on any line.
        let _ = port.uart.enqueue_raw_bytes(&typed);
        let room = port.uart.fifo_capacity();
        drop(port);
        typed.clear();
        let sources = if room > 0 { far_end.sources() } else { Vec::new() };
        if wait(backlog.as_fd(), &sources)? {
            drop(sources);
            typed.resize(room, 0);
            let count = far_end.typed(&mut typed);
            typed.truncate(count);
        }
    }
}

/// Waits until the backlog or a source turns readable; tells whether a source did.
fn wait(backlog: BorrowedFd<'_>, sources: &[BorrowedFd<'_>]) -> io::Result<bool> {
    let polled = sources.iter().copied().chain([backlog]);
    let mut descriptors: Vec<_> = polled.map(|it| PollFd::from_borrowed_fd(it, PollFlags::IN)).collect();
    match poll(&mut descriptors, None) {
        Ok(_) | Err(Errno::INTR) => {}
        Err(error) => return Err(error.into()),
    }
    Ok(descriptors.iter().take(sources.len()).any(|source| !source.revents().is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{BufRead, BufReader, Read};

    use vmm_sys_util::eventfd::EFD_NONBLOCK;

    use super::super::far_end::StandardStreams;
    use crate::bus::lock;

    const DATA: u64 = 0;
    const INTERRUPT_ENABLE: u64 = 1;
    const LINE_STATUS: u64 = 5;
    const RECEIVED: u8 = 1;

    /// A port whose other end is the test.
    struct Line {
        port: Arc<Mutex<SerialPort>>,
        backlog: Arc<Backlog>,
        interrupt: EventFd,
        typist: io::PipeWriter,
        screen: io::PipeReader,
    }

    fn line() -> Line {
        let (input, typist) = io::pipe().unwrap();
        let (screen, output) = io::pipe().unwrap();
        let interrupt = EventFd::new(EFD_NONBLOCK).unwrap();
        let backlog = Arc::new(Backlog::new().unwrap());
        let port = SerialPort::new(interrupt.try_clone().unwrap(), Arc::clone(&backlog));
        let port = Arc::new(Mutex::new(port));
        let far_end = Box::new(StandardStreams::new(input.into(), output.into()));
        serve(Arc::clone(&port), Arc::clone(&backlog), far_end).unwrap();
        Line { port, backlog, interrupt, typist, screen }
    }

    impl Line {
        fn read(&self, offset: u64) -> u8 {
            let mut data = [0];
            lock(&self.port).read(offset, &mut data);
            data[0]
        }

        fn write(&self, offset: u64, data: &[u8]) {
            lock(&self.port).write(offset, data);
        }

        /// The next byte that the guest receives.
        fn receive(&self) -> u8 {
            while self.read(LINE_STATUS) & RECEIVED == 0 {
                thread::yield_now();
            }
            self.read(DATA)
        }
    }

    #[test]
    fn bytes_written_to_the_data_register_are_printed() {
        let line = line();
        for byte in b"hello\n" {
            line.write(DATA, &[*byte]);
        }
        line.write(DATA, b"no single byte");
        line.write(7, b"x");
        line.backlog.close();
        let lines: Vec<_> = BufReader::new(line.screen).lines().map(Result::unwrap).collect();
        assert_eq!(lines, ["hello"]);
    }

    #[test]
    fn a_driver_that_asks_finds_the_port_idle() {
        assert_eq!(line().read(LINE_STATUS), 0x60);
    }

    #[test]
    fn more_than_the_port_holds_can_be_typed() {
        let mut line = line();
        let typed: Vec<u8> = (0..=255).cycle().take(1000).collect();
        line.typist.write_all(&typed).unwrap();
        let received: Vec<u8> = typed.iter().map(|_| line.receive()).collect();
        assert_eq!(received, typed);
    }

    #[test]
    fn what_is_typed_raises_the_interrupt_line_if_the_driver_wants_that() {
        let mut line = line();
        line.typist.write_all(b"a").unwrap();
        assert_eq!(line.receive(), b'a');
        assert!(line.interrupt.read().is_err(), "nobody has enabled it");
        line.write(INTERRUPT_ENABLE, &[RECEIVED]);
        line.typist.write_all(b"b").unwrap();
        assert_eq!(line.receive(), b'b');
        assert!(line.interrupt.read().is_ok());
    }

    #[test]
    fn a_reset_forgets_what_the_driver_has_set_and_goes_on_printing() {
        let mut line = line();
        line.write(INTERRUPT_ENABLE, &[RECEIVED]);
        lock(&line.port).reset();
        assert_eq!(line.read(INTERRUPT_ENABLE), 0);
        line.write(DATA, b"x");
        let mut printed = [0];
        line.screen.read_exact(&mut printed).unwrap();
        assert_eq!(printed, *b"x");
    }
}
