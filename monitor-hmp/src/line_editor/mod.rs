//! Editing a line on the far side of a byte stream: what a terminal sends comes in, what it has to show goes out.

pub(crate) mod completion;
mod display;
pub(crate) mod editor;
pub(crate) mod history;
pub(crate) mod keys;

pub(crate) use display::PROMPT;
