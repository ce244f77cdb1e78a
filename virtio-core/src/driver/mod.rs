//! The driver's side.
