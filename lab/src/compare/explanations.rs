//! Why the monitors differ, by what differs.

/// A reason, and what it is the reason of.
struct Explanation {
    /// The device's name; empty: any.
    device: &'static str,
    /// The value; features by their names, members of queues by theirs.
    what: &'static [&'static str],
    /// The reason.
    why: &'static str,
}

/// Why the values differ, if that is known.
pub(super) fn explain(
    device: &str,
    what: &str,
    reference: Option<&str>,
    ours: Option<&str>,
) -> Option<&'static str> {
    let name = what.rsplit_once(": ").map_or(what, |(_, name)| name);
    let known = EXPLANATIONS
        .iter()
        .find(|row| (row.device.is_empty() || row.device == device) && row.what.contains(&name));
    if let Some(row) = known {
        return Some(row.why);
    }
    let queue = what.starts_with("queue ");
    match (reference, ours) {
        (Some(_), None) | (None, Some(_)) if queue => Some("a queue that the other device does not have"),
        _ => None,
    }
}

const EXPLANATIONS: &[Explanation] = &[
    Explanation {
        device: "",
        what: &["vring-desc", "vring-avail", "vring-used"],
        why: "the guest's driver chooses the place, anew at each boot",
    },
    Explanation {
        device: "",
        what: &["last-avail-idx", "shadow-avail-idx", "used-idx", "signalled-used", "inuse"],
        why: "how far the guest had come when it was asked",
    },
    Explanation {
        device: "virtio-blk",
        what: &["VIRTIO_BLK_F_GEOMETRY", "VIRTIO_BLK_F_TOPOLOGY"],
        why: "ringscope's disk does not offer this yet",
    },
];
