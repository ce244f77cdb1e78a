use serde::Serialize;
use serde_json::{Map, Value};

use super::{Decode, Error, Reply};

/// Reads the arguments, runs the command and writes what belongs behind `"return": `. On failure nothing has been
/// written.
pub type Call<H> = fn(&H, Map<String, Value>, &mut Reply) -> Result<(), Error>;

/// One row of a dispatch table over handlers of type `H`.
pub struct Command<H: ?Sized> {
    /// The name on the wire.
    pub name: &'static str,
    /// It may be sent with `exec-oob`.
    pub allow_oob: bool,
    /// It may be run before the machine is initialized.
    pub allow_preconfig: bool,
    /// It answers when it succeeds.
    pub success_response: bool,
    /// Runs it.
    pub call: Call<H>,
}

impl<H: ?Sized> Clone for Command<H> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<H: ?Sized> Copy for Command<H> {}

/// A command from the client's side: its arguments, its name and what it returns.
pub trait Request: Serialize {
    /// The name on the wire.
    const NAME: &'static str;
    /// What a successful reply holds.
    type Return: Decode;
}
