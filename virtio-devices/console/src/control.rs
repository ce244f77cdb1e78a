//! Control messages (virtio 1.3, 5.3.6.2): how device and driver agree on which ports there are and which are open.

use crate::port::Port;

/// Bytes of a message: the port's number (32 bits), what happens (16), a value (16).
pub(crate) const MESSAGE_SIZE: usize = 8;

/// What happens, by number.
pub(crate) static EVENTS: [(u64, &str); 8] = [
    (DEVICE_READY as u64, "DEVICE_READY"),
    (DEVICE_ADD as u64, "DEVICE_ADD"),
    (DEVICE_REMOVE as u64, "DEVICE_REMOVE"),
    (PORT_READY as u64, "PORT_READY"),
    (CONSOLE_PORT as u64, "CONSOLE_PORT"),
    (RESIZE as u64, "RESIZE"),
    (PORT_OPEN as u64, "PORT_OPEN"),
    (PORT_NAME as u64, "PORT_NAME"),
];

const DEVICE_READY: u16 = 0;
const DEVICE_ADD: u16 = 1;
const DEVICE_REMOVE: u16 = 2;
const PORT_READY: u16 = 3;
const CONSOLE_PORT: u16 = 4;
const RESIZE: u16 = 5;
const PORT_OPEN: u16 = 6;
const PORT_NAME: u16 = 7;

/// What the driver says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FromDriver {
    /// It wants to know of the ports.
    DeviceReady,
    /// It has taken in a port, or could not.
    PortReady { port: usize, ready: bool },
    /// Somebody in the guest has opened or closed a port.
    PortOpen { port: usize, open: bool },
}

impl FromDriver {
    /// Reads a message; `None` for what is none that drivers send.
    pub(crate) fn parse(message: &[u8]) -> Option<Self> {
        let [p0, p1, p2, p3, e0, e1, v0, v1] = *message.first_chunk::<MESSAGE_SIZE>()?;
        let port = usize::try_from(u32::from_le_bytes([p0, p1, p2, p3])).ok()?;
        let set = u16::from_le_bytes([v0, v1]) == 1;
        match u16::from_le_bytes([e0, e1]) {
            DEVICE_READY if set => Some(Self::DeviceReady),
            PORT_READY => Some(Self::PortReady { port, ready: set }),
            PORT_OPEN => Some(Self::PortOpen { port, open: set }),
            _ => None,
        }
    }
}

/// A message about the port with this number.
fn message(number: usize, event: u16, value: bool, more: &[u8]) -> Vec<u8> {
    let number = u32::try_from(number).unwrap_or(u32::MAX);
    let mut message = number.to_le_bytes().to_vec();
    message.extend(event.to_le_bytes());
    message.extend(u16::from(value).to_le_bytes());
    message.extend(more);
    message
}

/// That there is no port with this number any more.
pub(crate) fn removal(number: usize) -> Vec<u8> {
    message(number, DEVICE_REMOVE, true, &[])
}

/// What the driver is still to be told of one port. It is told how things are when its buffer comes, so that it cannot
/// make the device remember more than this.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Owed {
    add: bool,
    console: bool,
    name: bool,
    size: bool,
    open: bool,
}

impl Owed {
    /// That there is the port.
    pub(crate) fn existence() -> Self {
        Self { add: true, ..Self::default() }
    }

    /// All there is to know of the port.
    pub(crate) fn everything(port: &Port) -> Self {
        Self {
            add: false,
            console: port.is_console(),
            name: port.name().is_some(),
            size: port.size().is_some(),
            open: true,
        }
    }

    /// Whether the driver is still to be told that there is the port.
    pub(crate) fn has_existence(&self) -> bool {
        self.add
    }

    /// That the host's end has been opened or closed.
    pub(crate) fn owe_open(&mut self) {
        self.open = true;
    }

    /// Takes out the next message about the port, which has this number. The order is that in which drivers expect them.
    pub(crate) fn next(&mut self, number: usize, port: &Port) -> Option<Vec<u8>> {
        let message = |event, value, more: &[u8]| Some(message(number, event, value, more));
        if std::mem::take(&mut self.add) {
            return message(DEVICE_ADD, true, &[]);
        }
        if std::mem::take(&mut self.console) {
            return message(CONSOLE_PORT, true, &[]);
        }
        if std::mem::take(&mut self.name) {
            return message(PORT_NAME, true, port.name().unwrap_or_default().as_bytes());
        }
        if std::mem::take(&mut self.size)
            && let Some(size) = port.size()
        {
            return message(RESIZE, false, &size.bytes());
        }
        if std::mem::take(&mut self.open) {
            return message(PORT_OPEN, port.is_host_open(), &[]);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_drivers_say_is_understood() {
        let parse = |port: u32, event: u16, value: u16| {
            let message = [&port.to_le_bytes()[..], &event.to_le_bytes(), &value.to_le_bytes()].concat();
            FromDriver::parse(&message)
        };
        assert_eq!(parse(9, DEVICE_READY, 1), Some(FromDriver::DeviceReady));
        assert_eq!(parse(9, DEVICE_READY, 0), None);
        assert_eq!(parse(2, PORT_READY, 1), Some(FromDriver::PortReady { port: 2, ready: true }));
        assert_eq!(parse(2, PORT_OPEN, 0), Some(FromDriver::PortOpen { port: 2, open: false }));
        assert_eq!((parse(0, DEVICE_ADD, 1), parse(0, 99, 1)), (None, None));
        assert_eq!(FromDriver::parse(&[0; 7]), None);
    }
}
