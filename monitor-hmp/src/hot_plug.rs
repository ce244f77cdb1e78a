//! What the monitor needs of a machine to put devices on buses.

use qapi_schema::runtime::Error;

/// A machine on whose buses devices can be put while it runs. The schema's command takes whatever options the device has,
/// and so has no method of its own.
pub trait HotPlug {
    /// Puts the device on a bus that `DRIVER[,OPTION=VALUE]...` describes.
    ///
    /// # Errors
    /// Those of the command `device_add`.
    fn device_add(&self, device: &str) -> Result<(), Error>;
}
