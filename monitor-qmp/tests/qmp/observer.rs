//! What somebody hears who wants to know what clients do.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use monitor_qmp::{Observer, Terms};

use crate::conversation::Sink;
use crate::machine::server;

/// Which answers were errors, in their order.
#[derive(Default)]
struct Failures(Mutex<Vec<bool>>);

impl Observer for Failures {
    fn answered(&self, _took: Duration, failed: bool) {
        self.0.lock().unwrap().push(failed);
    }
}

#[test]
fn every_answer_is_told_once_with_whether_it_is_an_error() {
    let failures = Arc::new(Failures::default());
    let requests = "{'execute': 'query-version'}
        {'execute': 'qmp_capabilities', 'arguments': {'enable': ['oob']}}
        {'execute': 'query-version'} {'exec-oob': 'open'} nonsense
        {'execute': 'no-such-command'} [1]
        {'execute': 'query-version'}";
    let sink = Sink::default();
    server().0.serve_on_terms(
        io::Cursor::new(requests),
        sink.clone(),
        || {},
        Arc::clone(&failures) as _,
        Terms::default(),
    );
    let answers: Vec<bool> = sink.lines().iter().skip(1).map(|line| line.contains("\"error\"")).collect();
    let mut heard = failures.0.lock().unwrap().clone();
    assert_eq!((answers[0], heard[0]), (true, true), "there was no negotiation");
    assert_eq!((answers[1], heard[1]), (false, false));
    // What is run out of band overtakes the others.
    let mut answers = answers;
    answers.sort_unstable();
    heard.sort_unstable();
    assert_eq!(heard, answers);
    assert_eq!(heard.iter().filter(|failed| !**failed).count(), 4);
}
