// Written by `cargo xtask codegen` from `qapi-schema/schema/rate-limits.json`; change nothing here.

//! Commands, from the server's side, of `rate-limits.json`.

use serde_json::{Map, Value};
use super::super::runtime::{Command, Empty, Error, Reply, decode};
use super::requests;

use super::RateLimitsInfo;

/// The commands of `rate-limits.json`.
pub trait RateLimitsCommands {
    /// Lists the devices that can be limited, with their limits.
    ///
    /// Returns: the devices
    ///
    /// Since: 0.1
    ///
    /// ```text
    /// -> { "execute": "query-rate-limits" }
    /// <- { "return": [ { "path": "/machine/peripheral/disk0", "limits": {}, "held-back-now": 0, "held-back": 0,
    ///                    "held-back-time": 0 },
    ///                  { "path": "/machine/peripheral/net0", "limits": {}, "held-back-now": 0, "held-back": 0,
    ///                    "held-back-time": 0 },
    ///                  { "path": "/machine/peripheral/rng0", "limits": {}, "held-back-now": 0, "held-back": 0,
    ///                    "held-back-time": 0 } ] }
    /// ```
    ///
    /// # Errors
    ///
    /// The command failed.
    fn query_rate_limits(&self) -> Result<Vec<RateLimitsInfo>, Error>;

    /// Gives a device other limits, at once: what is held back goes on as far as these allow.  Limits that are absent are lifted.
    ///
    /// # Errors
    ///
    /// - DeviceNotFound if there is no such device
    /// - GenericError if the device cannot be limited, or a limit makes no sense
    ///
    /// Since: 0.1
    ///
    /// ```text
    /// -> { "execute": "set-rate-limits",
    ///      "arguments": { "path": "net0",
    ///                     "limits": { "bytes-to-guest": { "rate": 12500000, "burst": 25000000 } } } }
    /// <- { "return": {} }
    /// ```
    fn set_rate_limits(&self, arguments: requests::SetRateLimits) -> Result<(), Error>;
}

/// The table of the commands of `rate-limits.json`.
pub fn commands<H: RateLimitsCommands + ?Sized>() -> Vec<Command<H>> {
    Vec::from([
        Command {
            name: "query-rate-limits",
            allow_oob: false,
            allow_preconfig: false,
            success_response: true,
            features: &["read-only"],
            call: call_query_rate_limits::<H>,
        },
        Command {
            name: "set-rate-limits",
            allow_oob: false,
            allow_preconfig: false,
            success_response: true,
            features: &[],
            call: call_set_rate_limits::<H>,
        },
    ])
}

fn call_query_rate_limits<H: RateLimitsCommands + ?Sized>(
    handler: &H,
    arguments: Map<String, Value>,
    reply: &mut Reply,
) -> Result<(), Error> {
    let Empty = decode::arguments(arguments)?;
    reply.write(&handler.query_rate_limits()?)
}

fn call_set_rate_limits<H: RateLimitsCommands + ?Sized>(
    handler: &H,
    arguments: Map<String, Value>,
    reply: &mut Reply,
) -> Result<(), Error> {
    handler.set_rate_limits(decode::arguments(arguments)?)?;
    reply.write(&Empty)
}
