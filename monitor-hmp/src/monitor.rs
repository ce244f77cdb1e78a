//! The monitor: a machine, and what all sessions have in common.

use std::io::{Read, Write};
use std::sync::Arc;

use qapi_schema::balloon::BalloonCommands;
use qapi_schema::block::BlockCommands;
use qapi_schema::char::CharCommands;
use qapi_schema::control::VersionInfo;
use qapi_schema::device::DeviceCommands;
use qapi_schema::inspect::InspectCommands;
use qapi_schema::machine::MachineCommands;
use qapi_schema::net::NetCommands;
use qapi_schema::qom::QomCommands;
use qapi_schema::runtime::Error;
use qapi_schema::statistics::StatisticsCommands;
use qapi_schema::stats::StatsCommands;
use qapi_schema::virtio::VirtioCommands;
use qapi_schema::virtio_debug::VirtioDebugCommands;

use crate::guest_view::GuestView;
use crate::hot_plug::HotPlug;
use crate::interactive;
use crate::line_editor::history::History;
use crate::observer::Observer;
use crate::parse::format::LastFormat;
use crate::plain::{self, Prompt};
use crate::session::Session;
use crate::terminal::Terminal;

/// A machine that people can look at: it runs the commands of the schema and shows the guest's memory.
pub trait Machine:
    MachineCommands
    + BalloonCommands
    + BlockCommands
    + CharCommands
    + DeviceCommands
    + InspectCommands
    + VirtioCommands
    + VirtioDebugCommands
    + StatsCommands
    + StatisticsCommands
    + QomCommands
    + NetCommands
    + GuestView
    + HotPlug
{
}

impl<T> Machine for T where
    T: MachineCommands
        + BalloonCommands
        + BlockCommands
        + CharCommands
        + DeviceCommands
        + InspectCommands
        + VirtioCommands
        + VirtioDebugCommands
        + StatsCommands
        + StatisticsCommands
        + QomCommands
        + NetCommands
        + GuestView
        + HotPlug
{
}

/// The human monitor of a machine. Any number of sessions may run at once.
pub struct Monitor<M> {
    pub(crate) machine: Arc<M>,
    pub(crate) version: VersionInfo,
    pub(crate) last_format: LastFormat,
}

impl<M: Machine> Monitor<M> {
    /// A monitor for `machine`, of a program that is called as `version` says.
    pub fn new(machine: Arc<M>, version: VersionInfo) -> Self {
        Self { machine, version, last_format: LastFormat::default() }
    }

    /// Runs one line in a session of its own that starts with the vCPU `cpu_index`, by default number 0, and returns
    /// what it prints, lines ended by CR LF. What is wrong with the line is part of the text.
    ///
    /// # Errors
    /// There is no vCPU of that number.
    pub fn execute(&self, line: &str, cpu_index: Option<i64>) -> Result<String, Error> {
        let mut session = Session::default();
        if let Some(index) = cpu_index
            && !session.select_cpu(&*self.machine, index)?
        {
            return Err(Error::generic("Parameter 'cpu-index' expects a CPU number"));
        }
        Ok(session.run(self, line, &History::default()).text)
    }

    /// Holds a conversation with the person whose terminal is at the other end, until the terminal goes away or a line
    /// ends the program: `reader` gives what is typed, byte by byte; `writer` takes the echo, the prompts and what the
    /// commands show; `observer` hears of every line.
    pub fn serve(&self, terminal: &Terminal, reader: impl Read, writer: impl Write, observer: &dyn Observer) {
        // A terminal that cannot be read or written is one that went away.
        let _ = match terminal {
            Terminal::Unknown => interactive::talk(self, None, reader, writer, observer),
            Terminal::Known(known) => interactive::talk(self, Some(known), reader, writer, observer),
            Terminal::Dumb => plain::talk(self, Prompt::BeforeTheLine, reader, writer, observer),
            Terminal::Absent => plain::talk(self, Prompt::WithTheLine, reader, writer, observer),
        };
    }
}
