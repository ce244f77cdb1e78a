//! A card with a wire to a network.

use qapi_schema::net::{AnnounceParameters, RxFilterInfo};

/// What machines can do with a network card and its wire.
pub trait NetworkLink: Send + Sync {
    /// Plugs the cable in, or pulls it. The driver is told if that changes something.
    fn plug(&self, plugged: bool);

    /// Tells the network, and the driver if it can do so itself, to announce where the card is, as often as wanted.
    fn announce(&self, wanted: AnnounceParameters);

    /// Which frames the driver wants.
    fn receive_filter(&self) -> RxFilterInfo;
}
