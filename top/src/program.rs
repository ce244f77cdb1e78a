//! The program: command line in, exit code out.

use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use crate::app::{App, Update};
use crate::arguments::{Arguments, Task, parse};
use crate::machine::{Link, Machine};
use crate::poller::Poller;
use crate::{once, terminal};

/// How much news may wait to be read: the threads that ask wait then.
const NEWS: usize = 256;
/// A command line that cannot be read.
const MISUSE: u8 = 2;

/// Something has happened.
pub(crate) enum News {
    /// To the machine at this place.
    Machine(usize, Update),
    /// At the terminal.
    Terminal(io::Result<ratatui::crossterm::event::Event>),
    /// The program is told to end.
    End,
}

/// Does what the command line says.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match parse(arguments) {
        Ok(Task::Show(arguments)) => arguments,
        Ok(Task::Print(text)) => return print(&text),
        Err(error) => {
            eprintln!("ringscope-top: {error}\nTry 'ringscope-top --help'.");
            return ExitCode::from(MISUSE);
        }
    };
    let (sender, news) = sync_channel(NEWS);
    let titles: Vec<_> = arguments.addresses.iter().map(ToString::to_string).collect();
    let app = App::new(&titles, arguments.interval, arguments.choice.clone());
    let pollers = start_pollers(&arguments, &sender);
    if arguments.once {
        return show_once(app, &news);
    }
    if !io::stdout().is_terminal() {
        eprintln!("ringscope-top: the standard output is no terminal; --once prints without one");
        return ExitCode::FAILURE;
    }
    match terminal::run(app, &pollers, &sender, &news) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("ringscope-top: the terminal: {error}");
            ExitCode::FAILURE
        }
    }
}

fn start_pollers(arguments: &Arguments, sender: &SyncSender<News>) -> Vec<Poller> {
    let start = |(place, address): (usize, &qmp_client::Address)| {
        let sender = sender.clone();
        let tell = move |update| sender.send(News::Machine(place, update)).is_ok();
        Poller::start(address.clone(), arguments.interval, tell)
    };
    arguments.addresses.iter().enumerate().map(start).collect()
}

/// Waits until every machine has been asked twice or does not answer, and prints what they said.
fn show_once(mut app: App, news: &Receiver<News>) -> ExitCode {
    let is_done = |machine: &Machine| machine.samples() >= 2 || matches!(machine.link, Link::Gone { .. });
    while !app.machines().iter().all(is_done) {
        match news.recv() {
            // What was said by a machine that is complete would only be younger than the rest.
            Ok(News::Machine(place, _)) if app.machines().get(place).is_some_and(is_done) => {}
            Ok(News::Machine(place, update)) => app.update(place, update),
            Ok(News::Terminal(_) | News::End) => {}
            Err(_) => break,
        }
    }
    let printed = print(&once::text(&app));
    for machine in app.machines() {
        if let Link::Gone { reason, .. } = &machine.link {
            eprintln!("ringscope-top: {}: {reason}", machine.address());
        }
    }
    let all_up = app.machines().iter().all(|machine| machine.link == Link::Up);
    if all_up { printed } else { ExitCode::FAILURE }
}

fn print(text: &str) -> ExitCode {
    match io::stdout().write_all(text.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads it has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("ringscope-top: the standard output: {error}");
            ExitCode::FAILURE
        }
    }
}
