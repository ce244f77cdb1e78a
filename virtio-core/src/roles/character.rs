//! Carrying characters between the guest and the host.

use qapi_schema::char::ChardevInfo;

/// A device with ends on the host that characters come from and go to.
pub trait Character: Send + Sync {
    /// The ends as they are now, in a fixed order.
    fn ends(&self) -> Vec<ChardevInfo>;
}
