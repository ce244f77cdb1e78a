use serde::Serialize;
use serde_json::{Map, Value};

use super::{Decode, Error, Path, Reply, Style, decode};

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
    /// The names of its features.
    pub features: &'static [&'static str],
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

/// Answers a command by writing the reply while it is made: for replies that are too large, or wanted too often, to be
/// built as a value first.
pub trait Streams<R: Request> {
    /// Writes what [`Request::Return`] says as JSON; nobody but a test checks that, see [`collect`].
    ///
    /// # Errors
    /// The command failed; what has been written is dropped.
    fn stream(&self, request: R, reply: &mut Reply) -> Result<(), Error>;
}

/// Makes the command `R` among `rows` answer through [`Streams`].
pub fn stream<R: Request + Decode, H: Streams<R>>(rows: &mut [Command<H>]) {
    for row in rows.iter_mut().filter(|row| row.name == R::NAME) {
        row.call = |handler, arguments, reply| handler.stream(decode::arguments::<R>(arguments)?, reply);
    }
}

/// What a streamed reply holds, as a value.
///
/// # Errors
/// The command failed, or has not written what it returns.
pub fn collect<R: Request>(handler: &impl Streams<R>, request: R) -> Result<R::Return, Error> {
    let mut reply = Reply::new(Style::Line);
    handler.stream(request, &mut reply)?;
    let value: Value =
        serde_json::from_slice(reply.as_bytes()).map_err(|error| Error::generic(error.to_string()))?;
    R::Return::decode(value, &Path::ROOT)
}
