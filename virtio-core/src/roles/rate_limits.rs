//! Being limited in what it does for the guest.

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
