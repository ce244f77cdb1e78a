//! A machine that remembers what its devices tell.

use crate::place::Surroundings;
use qapi_schema::runtime::{AnyEvent, Reply, Style};
use std::sync::{Mutex, PoisonError};

/// The events that devices have sent, in order, each as its name and its data in JSON. No device may stop this machine.
#[derive(Debug, Default)]
pub struct Told(Mutex<Vec<String>>);

impl Told {
    /// Takes the events that have come since the last time.
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Surroundings for Told {
    fn tell(&self, event: &dyn AnyEvent) {
        let mut data = Reply::new(Style::Line);
        event.write_data(&mut data).expect("events are JSON");
        let text = String::from_utf8(data.into_bytes()).expect("JSON is UTF-8");
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(format!("{} {text}", event.name()));
    }

    fn stop_for_error(&self) {
        panic!("the device stops the machine");
    }
}
