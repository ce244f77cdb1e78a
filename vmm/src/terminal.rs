//! The terminal while the human monitor has it: every key goes to the monitor at once and is echoed by it.
//!
//! Only Ctrl-C keeps its meaning and ends the program in order. The settings found are put back whatever
//! happens: on drop, hence also when the thread that holds [`RawTerminal`] panics.

use std::env;
use std::io::{self, IsTerminal};
use std::os::fd::{AsFd, OwnedFd};

use monitor_hmp::{KnownTerminal, Terminal};
use rustix::process::getpgrp;
use rustix::termios::{
    InputModes, LocalModes, OptionalActions, OutputModes, SpecialCodeIndex, Termios, tcgetattr, tcgetpgrp,
    tcgetwinsize, tcsetattr,
};

/// A terminal in raw mode, until it is dropped.
#[derive(Debug)]
pub struct RawTerminal {
    terminal: OwnedFd,
    before: Termios,
}

impl RawTerminal {
    /// Puts the terminal into raw mode.
    ///
    /// # Errors
    /// It is no terminal, or does not take the settings.
    pub fn enter(terminal: impl AsFd) -> io::Result<Self> {
        let terminal = terminal.as_fd().try_clone_to_owned()?;
        let before = tcgetattr(&terminal)?;
        tcsetattr(&terminal, OptionalActions::Now, &raw(before.clone()))?;
        Ok(Self { terminal, before })
    }
}

impl Drop for RawTerminal {
    fn drop(&mut self) {
        // Nothing can be done if the terminal is gone.
        let _ = tcsetattr(&self.terminal, OptionalActions::Drain, &self.before);
    }
}

/// Whether standard input is a terminal whose keys are ours: a program in the background must leave it alone.
pub fn is_ours() -> bool {
    let input = io::stdin();
    input.is_terminal() && tcgetpgrp(&input).is_ok_and(|group| group == getpgrp())
}

/// Whether a person types at standard input and sees standard output, on a terminal on which lines can be edited.
pub fn is_for_people() -> bool {
    is_seen() && !is_dumb()
}

/// Both are a terminal.
fn is_seen() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal()
}

fn is_dumb() -> bool {
    env::var_os("TERM").is_some_and(|name| name == "dumb")
}

/// What the human monitor is shown on at standard input and output. There are colours unless the environment's `NO_COLOR`
/// says that nobody wants them.
pub fn of_standard_streams() -> Terminal {
    if !is_seen() {
        return Terminal::Absent;
    }
    if is_dumb() {
        return Terminal::Dumb;
    }
    let colours = env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    Terminal::Known(KnownTerminal { columns: Box::new(columns), colours })
}

/// How wide the terminal at standard output is, if it tells.
fn columns() -> Option<usize> {
    tcgetwinsize(io::stdout()).ok().map(|size| size.ws_col.into())
}

fn raw(mut settings: Termios) -> Termios {
    settings.input_modes -= InputModes::ICRNL | InputModes::INLCR | InputModes::IGNCR | InputModes::IXON;
    settings.output_modes |= OutputModes::OPOST;
    settings.local_modes -= LocalModes::ICANON | LocalModes::ECHO | LocalModes::ECHONL | LocalModes::IEXTEN;
    settings.special_codes[SpecialCodeIndex::VMIN] = 1;
    settings.special_codes[SpecialCodeIndex::VTIME] = 0;
    // Suspending or dumping core would leave the terminal raw.
    settings.special_codes[SpecialCodeIndex::VSUSP] = 0;
    settings.special_codes[SpecialCodeIndex::VQUIT] = 0;
    settings
}
