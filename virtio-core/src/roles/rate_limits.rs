//! Being limited in what it does for the guest.

use crate::place::DevicePlace;
use rate_limits::Limiter;
use std::sync::Arc;

/// A device that can be limited, or that carries others which can.
pub trait RateLimited: Send + Sync {
    /// What can be limited, as it is now, in a fixed order.
    fn limited(&self) -> Vec<Limited>;
}

/// Something that can be limited.
#[derive(Clone, Debug)]
pub struct Limited {
    /// The id that it was given.
    pub id: Option<String>,
    /// The path by which monitors name it.
    pub path: String,
    /// Its limits.
    pub limiter: Arc<Limiter>,
}

impl Limited {
    /// A device that is limited as a whole. It has no name before it was given its place.
    pub fn whole(place: Option<&DevicePlace>, limiter: &Arc<Limiter>) -> Self {
        Self {
            id: place.and_then(DevicePlace::id).map(str::to_owned),
            path: place.map(DevicePlace::path).unwrap_or_default().to_owned(),
            limiter: Arc::clone(limiter),
        }
    }
}
