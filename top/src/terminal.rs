//! The terminal: keys in, screens out.

use std::io;
use std::sync::mpsc::{Receiver, SyncSender};
use std::thread;

use ratatui::DefaultTerminal;
use ratatui::crossterm::event::{self, Event, KeyEventKind};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::app::App;
use crate::keys::{Effect, press};
use crate::poller::Poller;
use crate::program::News;
use crate::view::render;

/// Shows `app` and what `news` makes of it until the operator has seen enough.
pub(crate) fn run(
    app: App,
    pollers: &[Poller],
    sender: &SyncSender<News>,
    news: &Receiver<News>,
) -> io::Result<()> {
    let terminal = ratatui::try_init()?;
    let shown = listen(sender).and_then(|()| show(terminal, app, pollers, news));
    ratatui::try_restore()?;
    shown
}

/// Starts the threads that wait for keys and for signals; they wait for more when the program ends, and end with it.
fn listen(sender: &SyncSender<News>) -> io::Result<()> {
    let keys = sender.clone();
    thread::spawn(move || while keys.send(News::Terminal(event::read())).is_ok() {});
    // A program that is ended by a signal must still give the terminal back.
    let mut signals = Signals::new([SIGHUP, SIGINT, SIGTERM])?;
    let end = sender.clone();
    thread::spawn(move || {
        for _ in signals.forever() {
            if end.send(News::End).is_err() {
                break;
            }
        }
    });
    Ok(())
}

fn show(
    mut terminal: DefaultTerminal,
    mut app: App,
    pollers: &[Poller],
    news: &Receiver<News>,
) -> io::Result<()> {
    loop {
        terminal.draw(|frame| app.offset = render(&app, frame.area(), frame.buffer_mut()))?;
        // Whatever has come meanwhile is shown together.
        let Ok(first) = news.recv() else { return Ok(()) };
        for news in std::iter::once(first).chain(news.try_iter()) {
            match news {
                News::Machine(place, update) => app.update(place, update),
                News::End => return Ok(()),
                News::Terminal(event) => match take(&mut app, event?) {
                    Effect::None => {}
                    Effect::IntervalChanged => {
                        pollers.iter().for_each(|poller| poller.set_interval(app.interval))
                    }
                    Effect::Quit => return Ok(()),
                },
            }
        }
    }
}

fn take(app: &mut App, event: Event) -> Effect {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => press(app, key),
        // The next drawing asks for the size.
        _ => Effect::None,
    }
}
