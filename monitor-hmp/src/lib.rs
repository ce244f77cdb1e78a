//! The human monitor.

mod line_editor;
mod parse;
