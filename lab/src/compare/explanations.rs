//! Why the monitors differ, by what differs.

use crate::monitor::Transport;

/// Which of them has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Has {
    /// QEMU alone.
    Reference,
    /// Ringscope alone.
    Ours,
    /// Both, and not the same.
    Both,
}

/// A reason, and what it is the reason of.
struct Explanation {
    /// The device's name; empty: any.
    device: &'static str,
    /// Where that is so; nothing: on both.
    on: Option<Transport>,
    /// Who has it.
    has: Has,
    /// Features by their names, other values by theirs.
    what: &'static [&'static str],
    /// The reason.
    why: &'static str,
}

/// Why the values differ, if that is known.
pub(super) fn explain(
    transport: Transport,
    device: &str,
    what: &str,
    reference: Option<&str>,
    ours: Option<&str>,
) -> Option<&'static str> {
    let has = match (reference, ours) {
        (Some(_), None) => Has::Reference,
        (None, Some(_)) => Has::Ours,
        _ => Has::Both,
    };
    let name = what.rsplit_once(": ").map_or(what, |(_, name)| name);
    let fits = |row: &&Explanation| {
        (row.device.is_empty() || row.device == device) && row.on.is_none_or(|on| on == transport)
    };
    let mut fitting = EXPLANATIONS.iter().filter(fits);
    let known = fitting.find(|row| row.has == has && row.what.contains(&name));
    let queue_of_one = what.starts_with("queue: ") && has == Has::Reference;
    known.map(|row| row.why).or_else(|| queue_of_one.then(|| further_queues(device)).flatten())
}

/// The queues that QEMU's device has and ours has not.
fn further_queues(device: &str) -> Option<&'static str> {
    let why = "the queues for control and of further ports, which come with VIRTIO_CONSOLE_F_MULTIPORT";
    (device == "virtio-serial").then_some(why)
}

const fn row(
    device: &'static str,
    has: Has,
    what: &'static [&'static str],
    why: &'static str,
) -> Explanation {
    Explanation { device, on: None, has, what, why }
}

impl Explanation {
    /// It is so on this transport only.
    const fn on(mut self, transport: Transport) -> Self {
        self.on = Some(transport);
        self
    }
}

const EXPLANATIONS: &[Explanation] = &[
    row(
        "",
        Has::Both,
        &["vring-desc", "vring-avail", "vring-used"],
        "the guest's driver chooses the place, anew at each boot",
    ),
    row(
        "",
        Has::Both,
        &["last-avail-idx", "shadow-avail-idx", "used-idx", "signalled-used", "inuse"],
        "how far the guest had come when it was asked",
    ),
    row("", Has::Both, &["isr"], "whether the guest was just about to take an interrupt").on(Transport::Mmio),
    row(
        "",
        Has::Both,
        &["isr"],
        "with messages nobody reads it: QEMU sets a bit for used buffers nevertheless, ringscope as the specification has it only one for changes",
    )
    .on(Transport::Pci),
    row(
        "",
        Has::Both,
        &["queue-sel"],
        "which queue the guest's driver set up last; each device has its own number of them",
    ),
    row(
        "",
        Has::Reference,
        &["VIRTIO_F_NOTIFY_ON_EMPTY", "VIRTIO_F_ANY_LAYOUT"],
        "for drivers from before version 1; ringscope's devices are of version 1 only, where these mean nothing",
    ),
    row(
        "",
        Has::Reference,
        &["VHOST_USER_F_PROTOCOL_FEATURES", "VIRTIO_F_BAD_FEATURE"],
        "bit 30, with which QEMU finds broken drivers of old; 7.2 shows it by a name that it has among vhost-user backends",
    ),
    row("virtio-blk", Has::Reference, &["VIRTIO_BLK_F_GEOMETRY"], "ringscope's disk has no cylinders"),
    row(
        "virtio-blk",
        Has::Ours,
        &["VIRTIO_BLK_F_SIZE_MAX"],
        "ringscope says how long a segment may be, QEMU takes any",
    ),
    row(
        "virtio-blk",
        Has::Ours,
        &["VIRTIO_BLK_F_MQ"],
        "ringscope says how many queues there are, be it one; QEMU only if there are several",
    ),
    row(
        "virtio-net",
        Has::Reference,
        &["VIRTIO_NET_F_GSO"],
        "for drivers from before version 1, which knew one bit for all kinds of segments",
    ),
    row(
        "virtio-net",
        Has::Ours,
        &["VIRTIO_NET_F_GUEST_USO4", "VIRTIO_NET_F_GUEST_USO6", "VIRTIO_NET_F_HOST_USO"],
        "segments of UDP, where the host's tap has them; QEMU 7.2 is older than they are",
    ),
    row(
        "virtio-serial",
        Has::Reference,
        &["VIRTIO_CONSOLE_F_MULTIPORT"],
        "ringscope's console has one port, QEMU's up to 31",
    ),
    row(
        "virtio-balloon",
        Has::Reference,
        &["VIRTIO_BALLOON_F_PAGE_POISON"],
        "ringscope's balloon asks for it with free page reporting, where it matters",
    ),
    row(
        "virtio-balloon",
        Has::Ours,
        &["VIRTIO_BALLOON_F_MUST_TELL_HOST"],
        "the driver may use a page again only after it has told: huge pages can then go back to the host as a whole",
    ),
    row("", Has::Both, &["num-vqs"], "the features that come with further queues, see there"),
    row(
        "virtio-serial",
        Has::Both,
        &["bus-name"],
        "QEMU gives the bus of the console's ports a name; ringscope's one port needs no bus",
    ),
    row(
        "",
        Has::Both,
        &["vring-num", "vring-num-default"],
        "how large a queue may be is the monitor's choice (QEMU's virtio-mmio offers 1024 for each), and the driver takes it",
    ),
    row(
        "",
        Has::Both,
        &["signalled-used-valid"],
        "no interrupt of this queue had to be decided on when one of them was asked",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_counts_for_the_side_that_it_is_about() {
        let name = "host-features: VIRTIO_BLK_F_GEOMETRY";
        assert!(explain(Transport::Mmio, "virtio-blk", name, Some("yes"), None).is_some());
        assert_eq!(explain(Transport::Mmio, "virtio-blk", name, None, Some("yes")), None);
        assert_eq!(explain(Transport::Mmio, "virtio-net", name, Some("yes"), None), None);
    }

    #[test]
    fn only_queues_that_are_known_to_be_missing_may_be_missing() {
        assert!(explain(Transport::Mmio, "virtio-serial", "queue:  2", Some("yes"), None).is_some());
        assert_eq!(explain(Transport::Mmio, "virtio-rng", "queue:  2", Some("yes"), None), None);
        assert_eq!(explain(Transport::Mmio, "virtio-serial", "queue:  2", None, Some("yes")), None);
        assert!(
            explain(Transport::Mmio, "virtio-net", "queue 0: used-idx", Some("64"), Some("65")).is_some()
        );
    }
}
