//! Every screen, as an operator sees it, at the size of an old terminal and at that of a large window.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::time::Duration;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ringscope_top::{App, Choice, Effect, Update, press, render};
use support::{MadeMachine, machine};

const SIZES: [(u16, u16); 2] = [(80, 24), (200, 60)];

fn app(addresses: &[&str]) -> App {
    let addresses: Vec<_> = addresses.iter().map(|&address| address.to_owned()).collect();
    App::new(&addresses, Duration::from_secs(1), Choice::default())
}

fn sample(app: &mut App, place: usize, machine: &MadeMachine, seconds: &[u64]) {
    app.update(place, Update::Introduced(machine.introduction()));
    for &seconds in seconds {
        app.update(place, Update::Sampled(machine.sample(seconds)));
    }
}

/// One machine that has been asked twice.
fn one() -> App {
    let mut app = app(&["unix:/run/web.qmp"]);
    sample(&mut app, 0, &machine("web", 4, 10), &[100, 101]);
    app
}

/// One that works, one that does next to nothing, one that is gone, and one that has not answered yet.
fn four() -> App {
    let mut app =
        app(&["unix:/run/idle.qmp", "unix:/run/web.qmp", "unix:/run/machines/gone.qmp", "tcp:far:4444"]);
    sample(&mut app, 0, &machine("idle", 1, 0), &[5000, 5001]);
    sample(&mut app, 1, &machine("web", 12, 30), &[100, 101]);
    app.update(2, lost("unix:/run/machines/gone.qmp: cannot connect: Connection refused (os error 111)"));
    app
}

fn lost(reason: &str) -> Update {
    Update::Lost { reason: reason.to_owned(), retry: Duration::from_secs(2) }
}

fn draw(app: &mut App, width: u16, height: u16) -> String {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal.draw(|frame| app.offset = render(app, frame.area(), frame.buffer_mut())).unwrap();
    let buffer = terminal.backend().buffer();
    let line = |y| (0..width).map(|x| buffer[(x, y)].symbol()).collect::<String>().trim_end().to_owned();
    (0..height).map(line).collect::<Vec<_>>().join("\n")
}

/// The words of the row that begins with `name`.
fn row<'a>(screen: &'a str, name: &str) -> Vec<&'a str> {
    let mut rows = screen.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    rows.find(|words| words.first() == Some(&name)).unwrap_or_default()
}

/// The screen at both sizes.
fn look(name: &str, app: &mut App) {
    for (width, height) in SIZES {
        insta::assert_snapshot!(format!("{name}-{width}x{height}"), draw(app, width, height));
    }
}

fn type_keys(app: &mut App, keys: &str) {
    for character in keys.chars() {
        let code = match character {
            '\n' => KeyCode::Enter,
            '\t' => KeyCode::Tab,
            character => KeyCode::Char(character),
        };
        assert_eq!(press(app, code.into()), Effect::None, "{character:?}");
    }
}

#[test]
fn overview() {
    look("overview", &mut one());
}

#[test]
fn many_machines() {
    look("many-machines", &mut four());
}

#[test]
fn devices_with_their_queues() {
    let mut app = one();
    type_keys(&mut app, "2");
    look("devices", &mut app);
}

#[test]
fn vcpus() {
    let mut app = four();
    press(&mut app, KeyCode::Left.into());
    type_keys(&mut app, "3");
    look("vcpus", &mut app);
}

#[test]
fn statistics() {
    let mut app = one();
    type_keys(&mut app, "\t\t\tz");
    look("statistics", &mut app);
}

#[test]
fn statistics_of_each_object_by_total_filtered() {
    let mut app = one();
    type_keys(&mut app, "4esf^(irq|req)\n");
    look("filtered", &mut app);
}

#[test]
fn a_filter_that_is_being_written_works_at_once() {
    let mut app = one();
    type_keys(&mut app, "/disk");
    look("writing-a-filter", &mut app);
}

#[test]
fn help() {
    let mut app = one();
    type_keys(&mut app, "?");
    look("help", &mut app);
}

#[test]
fn a_machine_that_is_gone() {
    let mut app = one();
    app.update(0, lost("the server has closed the connection"));
    look("gone", &mut app);
}

#[test]
fn a_machine_that_has_not_answered_yet() {
    look("connecting", &mut app(&["unix:/run/web.qmp"]));
}

#[test]
fn what_came_before_a_machine_went_away_is_not_compared_with_what_comes_after() {
    let mut app = one();
    app.update(0, lost("the server has closed the connection"));
    let again = machine("web", 4, 10);
    sample(&mut app, 0, &again, &[1]);
    let screen = draw(&mut app, 80, 24);
    assert_eq!(row(&screen, "web")[1..3], ["running", "4"]);
    assert_eq!(row(&screen, "disk0")[1..6], ["-"; 5], "no rates yet");
    app.update(0, Update::Sampled(again.sample(2)));
    assert_eq!(row(&draw(&mut app, 80, 24), "disk0")[1], "60.0k");
}

#[test]
fn a_frozen_screen_stays_as_it_is_until_a_machine_goes_away() {
    let mut app = one();
    type_keys(&mut app, " ");
    let before = draw(&mut app, 80, 24);
    app.update(0, Update::Sampled(machine("web", 4, 99).sample(102)));
    assert_eq!(draw(&mut app, 80, 24), before);
    app.update(0, lost("the server has closed the connection"));
    assert!(draw(&mut app, 80, 24).contains("web is gone"));
}

#[test]
fn the_selection_stays_on_its_machine_when_the_order_changes() {
    let mut app = four();
    // By rate, web comes before idle, which is the first of the command line.
    assert!(draw(&mut app, 80, 24).contains("\n> idle"));
    press(&mut app, KeyCode::Left.into());
    assert!(draw(&mut app, 80, 24).contains("\n> web"));
    type_keys(&mut app, "ss");
    let screen = draw(&mut app, 80, 24);
    assert!(
        screen.find("  idle") < screen.find("> web"),
        "by name the order is that of the command line\n{screen}"
    );
}

#[test]
fn scrolling_ends_at_the_last_row() {
    let mut app = one();
    type_keys(&mut app, "4z");
    for _ in 0..100 {
        press(&mut app, KeyCode::PageDown.into());
    }
    let screen = draw(&mut app, 80, 24);
    let last = app.offset;
    assert!(screen.contains("rng") || last > 0, "{screen}");
    press(&mut app, KeyCode::Up.into());
    draw(&mut app, 80, 24);
    assert_eq!(app.offset, last - 1, "one key scrolls back from the end");
}

#[test]
fn a_filter_that_is_left_leaves_the_one_before() {
    let mut app = one();
    type_keys(&mut app, "/exits\n/nothing has this");
    assert!(draw(&mut app, 80, 24).contains("Nothing here passes the filter"));
    press(&mut app, KeyCode::Esc.into());
    assert!(draw(&mut app, 80, 24).contains("filter exits"));
    press(&mut app, KeyCode::Esc.into());
    assert!(!draw(&mut app, 80, 24).contains("filter exits"));
}

#[test]
fn keys_change_the_interval_and_end_the_program() {
    let mut app = one();
    assert_eq!(press(&mut app, KeyCode::Char('+').into()), Effect::IntervalChanged);
    assert_eq!(app.interval, Duration::from_secs(2));
    for _ in 0..20 {
        press(&mut app, KeyCode::Char('-').into());
    }
    assert_eq!(app.interval, Duration::from_millis(100));
    assert_eq!(press(&mut app, KeyCode::Char('q').into()), Effect::Quit);
    type_keys(&mut app, "/q");
    let control_c = KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL);
    assert_eq!(press(&mut app, control_c), Effect::Quit, "also while a filter is written");
}

#[test]
fn no_size_is_too_small() {
    for keys in ["", "2", "3", "4", "?", "/x"] {
        for mut app in [one(), four()] {
            type_keys(&mut app, keys);
            for width in [0, 1, 2, 3, 7, 29] {
                for height in 0..12 {
                    draw(&mut app, width, height);
                }
            }
        }
    }
}

#[test]
fn names_of_a_server_do_not_move_the_cursor() {
    let mut hostile = machine("w\x1b[2Jeb\n", 1, 1);
    hostile.things[0].statistics[0] = support::events("\x1b]0;title\x07", 5, "\r\nabout\t");
    let mut app = app(&["unix:/run/web.qmp"]);
    sample(&mut app, 0, &hostile, &[1, 2]);
    let screen = draw(&mut app, 200, 60);
    assert!(!screen.chars().any(|character| character.is_control() && character != '\n'), "{screen}");
    assert!(screen.contains("w?[2Jeb?"), "{screen}");
}
