//! The built-in guest.
#![no_std]
