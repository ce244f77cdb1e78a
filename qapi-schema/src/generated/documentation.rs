// Written by `cargo xtask codegen` from `qapi-schema/schema/`; change nothing here.

//! What the schema says of commands and events in words.

/// What an entry is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A command.
    Command,
    /// An event.
    Event,
}

/// A command or an event in words, as the schema has them: `@` stands before names.
#[derive(Debug)]
pub struct Entry {
    /// Its name.
    pub name: &'static str,
    /// What it is.
    pub kind: Kind,
    /// What it does, or when it is sent.
    pub text: &'static str,
    /// What a command returns.
    pub returns: &'static str,
    /// How a command can fail.
    pub errors: &'static str,
    /// The members of its arguments or data, and what is said of each.
    pub members: &'static [(&'static str, &'static str)],
}

impl Entry {
    /// What is said of a member; empty if nothing is.
    pub fn member(&self, name: &str) -> &'static str {
        self.members.iter().find(|(known, _)| *known == name).map_or("", |(_, text)| text)
    }
}

/// What the schema says of the command or event of this name.
pub fn find(name: &str) -> Option<&'static Entry> {
    ENTRIES.iter().find(|entry| entry.name == name)
}

/// Every command and event that has something to say, in the order of the schema.
pub static ENTRIES: &[Entry] = &[
    Entry {
        name: "qmp_capabilities",
        kind: Kind::Command,
        text: "Opens the connection: only this command is accepted until it succeeded once, and it is refused afterwards.",
        returns: "",
        errors: "    - CommandNotFound if the connection is open already\n    - GenericError if a capability is not offered",
        members: &[
            ("enable", "the capabilities to switch on, out of those that the greeting offers (default: none)"),
        ],
    },
    Entry {
        name: "query-version",
        kind: Kind::Command,
        text: "Tells what the server is; the greeting holds the same.",
        returns: "the level of the protocol and the name of the program",
        errors: "",
        members: &[
        ],
    },
    Entry {
        name: "query-commands",
        kind: Kind::Command,
        text: "Lists the commands of the server, the last declared first.",
        returns: "the commands",
        errors: "",
        members: &[
        ],
    },
    Entry {
        name: "human-monitor-command",
        kind: Kind::Command,
        text: "Runs one line of the human monitor and returns what it prints.\n\nA line that the human monitor refuses is no error here: the refusal is the text that is returned.  Each call\nstarts afresh, with the first vCPU selected and an empty history.",
        returns: "the text, lines ended by CR LF; empty if nothing is printed",
        errors: "    - GenericError if there is no vCPU of that number",
        members: &[
            ("command-line", "the line, without a line end"),
            ("cpu-index", "the vCPU that the line starts with (default: the first one)"),
        ],
    },
    Entry {
        name: "query-qmp-schema",
        kind: Kind::Command,
        text: "Describes every command and event of the server, and every type that one of them uses.",
        returns: "the descriptions: commands and events first, then types",
        errors: "",
        members: &[
        ],
    },
    Entry {
        name: "query-rate-limits",
        kind: Kind::Command,
        text: "Lists the devices that can be limited, with their limits.",
        returns: "the devices",
        errors: "",
        members: &[
        ],
    },
    Entry {
        name: "set-rate-limits",
        kind: Kind::Command,
        text: "Gives a device other limits, at once: what is held back goes on as far as these allow.  Limits that are absent are lifted.",
        returns: "",
        errors: "    - DeviceNotFound if there is no such device\n    - GenericError if the device cannot be limited, or a limit makes no sense",
        members: &[
            ("path", "the device's path, or its id"),
            ("limits", "its limits from now on"),
        ],
    },
    Entry {
        name: "BLOCK_IO_ERROR",
        kind: Kind::Event,
        text: "The storage could not do what a guest wanted.",
        returns: "",
        errors: "",
        members: &[
            ("qom-path", "the device"),
            ("device", "its id; empty if it has none"),
            ("node-name", "the part of the storage that failed, if it has a name"),
            ("operation", "which way the data went"),
            ("action", "what is done about it"),
            ("nospace", "whether the host has no room left; only with action @stop"),
            ("reason", "what the host said, for people"),
        ],
    },
    Entry {
        name: "block_set_io_throttle",
        kind: Kind::Command,
        text: "Gives a disk other limits, at once.  What is held back goes on as far as these allow; nothing is lost.  @set-rate-limits\ndoes the same for any device that can be limited.",
        returns: "",
        errors: "    - DeviceNotFound if there is no such device\n    - GenericError if the device is no disk, or the numbers make no sense together",
        members: &[
            ("device", "the disk's id"),
            ("id", "the disk's id or path.  One of the two has to be given."),
            ("bps", "bytes a second in both directions together"),
            ("bps_rd", "bytes read a second"),
            ("bps_wr", "bytes written a second"),
            ("iops", "operations a second in both directions together"),
            ("iops_rd", "reads a second"),
            ("iops_wr", "writes a second"),
            ("bps_max", "the same for a while, after a time in which less was used (default: 0, a tenth of a second's worth)"),
            ("bps_rd_max", "the same for a while, after a time in which less was used (default: 0, a tenth of a second's worth)"),
            ("bps_wr_max", "the same for a while, after a time in which less was used (default: 0, a tenth of a second's worth)"),
            ("iops_max", "the same for a while, after a time in which less was used (default: 0, a tenth of a second's worth)"),
            ("iops_rd_max", "the same for a while, after a time in which less was used (default: 0, a tenth of a second's worth)"),
            ("iops_wr_max", "the same for a while, after a time in which less was used (default: 0, a tenth of a second's worth)"),
            ("bps_max_length", "for how many seconds @bps_max may last (default: 1)"),
            ("bps_rd_max_length", "for how many seconds @bps_rd_max may last (default: 1)"),
            ("bps_wr_max_length", "for how many seconds @bps_wr_max may last (default: 1)"),
            ("iops_max_length", "for how many seconds @iops_max may last (default: 1)"),
            ("iops_rd_max_length", "for how many seconds @iops_rd_max may last (default: 1)"),
            ("iops_wr_max_length", "for how many seconds @iops_wr_max may last (default: 1)"),
            ("iops_size", "bytes above which an operation counts as several (default: 0, each counts once)"),
            ("group", "disks that share their limits.  Only the disk's own is accepted: its id, or its path if it has none."),
        ],
    },
    Entry {
        name: "query-block",
        kind: Kind::Command,
        text: "Lists the disks, those on buses of other devices included.",
        returns: "the disks",
        errors: "",
        members: &[
        ],
    },
    Entry {
        name: "query-blockstats",
        kind: Kind::Command,
        text: "Tells what the disks have done.",
        returns: "the disks",
        errors: "",
        members: &[
            ("query-nodes", "list the parts of the storage that have names instead of the disks: none has one (default: false)"),
        ],
    },
    Entry {
        name: "query-virtio",
        kind: Kind::Command,
        text: "Shows virtio devices with everything that a person needs to tell whose fault it is.",
        returns: "the devices",
        errors: "    - GenericError if no virtio device has that path",
        members: &[
            ("path", "the device's path in the object tree (default: all devices, in the order of their creation)"),
        ],
    },
    Entry {
        name: "query-virtio-chains",
        kind: Kind::Command,
        text: "Shows chains of a queue: every descriptor checked, the request's header decoded.\n\nWithout @slot these are the chains that the device has taken and not returned.",
        returns: "the chains",
        errors: "    - GenericError if no virtio device has that path, it has no such queue, the queue is not set up, its ring can\n      not be read, @count is given without @slot or is 0 or more than the ring's size, or @dump is more than 4096",
        members: &[
            ("path", "the device's path in the object tree"),
            ("queue", "the queue's number"),
            ("slot", "a place in the ring, modulo the ring's size; what it held last is shown until the driver writes over it"),
            ("count", "how many places from @slot on (default: 1)"),
            ("dump", "how many bytes of the chain's buffers to show, from 0 to 4096 (default: 0)"),
        ],
    },
    Entry {
        name: "query-status",
        kind: Kind::Command,
        text: "Tells whether the guest runs.",
        returns: "the state of the machine",
        errors: "",
        members: &[
        ],
    },
    Entry {
        name: "stop",
        kind: Kind::Command,
        text: "Stops the guest: its vCPUs, and the devices between two requests.  Nothing happens if it does not run.",
        returns: "",
        errors: "",
        members: &[
        ],
    },
    Entry {
        name: "cont",
        kind: Kind::Command,
        text: "Lets the guest run, for the first time or after @stop.  Nothing happens if it runs.",
        returns: "",
        errors: "    - GenericError if the guest has ended and can not go on",
        members: &[
        ],
    },
    Entry {
        name: "system_reset",
        kind: Kind::Command,
        text: "Has the guest begin anew, as after switching on: vCPUs, devices, and what is loaded into memory.  A machine that is\nstopped, or whose guest has failed, then waits for @cont.",
        returns: "",
        errors: "    - GenericError if what the guest begins with can not be loaded again",
        members: &[
        ],
    },
    Entry {
        name: "system_powerdown",
        kind: Kind::Command,
        text: "Presses the power button.  A guest that listens to it switches itself off; another goes on.",
        returns: "",
        errors: "",
        members: &[
        ],
    },
    Entry {
        name: "quit",
        kind: Kind::Command,
        text: "Ends the program.  The answer is the last message on the connection.",
        returns: "",
        errors: "",
        members: &[
        ],
    },
    Entry {
        name: "query-name",
        kind: Kind::Command,
        text: "Tells what the machine is called.",
        returns: "the name, if it was given one",
        errors: "",
        members: &[
        ],
    },
    Entry {
        name: "query-uuid",
        kind: Kind::Command,
        text: "Tells by which number the machine is known everywhere.",
        returns: "the number",
        errors: "",
        members: &[
        ],
    },
    Entry {
        name: "query-memory-size-summary",
        kind: Kind::Command,
        text: "Tells how much memory the guest has.",
        returns: "its sizes",
        errors: "",
        members: &[
        ],
    },
    Entry {
        name: "query-cpus-fast",
        kind: Kind::Command,
        text: "Lists the vCPUs by ascending number, without disturbing them.",
        returns: "the vCPUs",
        errors: "",
        members: &[
        ],
    },
    Entry {
        name: "query-iothreads",
        kind: Kind::Command,
        text: "Lists the threads that work on the queues of virtio devices, in the order of the devices.  A device has its threads from\nthe moment at which its driver is ready, until it is reset.",
        returns: "the threads",
        errors: "",
        members: &[
        ],
    },
    Entry {
        name: "query-kvm",
        kind: Kind::Command,
        text: "Tells whether KVM runs the guest.",
        returns: "whether KVM is used",
        errors: "",
        members: &[
        ],
    },
    Entry {
        name: "query-target",
        kind: Kind::Command,
        text: "Tells what sort of guest the program runs.",
        returns: "the guest's architecture",
        errors: "",
        members: &[
        ],
    },
    Entry {
        name: "SHUTDOWN",
        kind: Kind::Event,
        text: "The machine ends.",
        returns: "",
        errors: "",
        members: &[
            ("guest", "the guest wanted it"),
            ("reason", "why"),
        ],
    },
    Entry {
        name: "RESET",
        kind: Kind::Event,
        text: "The guest begins anew.",
        returns: "",
        errors: "",
        members: &[
            ("guest", "the guest wanted it"),
            ("reason", "why"),
        ],
    },
    Entry {
        name: "POWERDOWN",
        kind: Kind::Event,
        text: "The power button was pressed.",
        returns: "",
        errors: "",
        members: &[
        ],
    },
    Entry {
        name: "STOP",
        kind: Kind::Event,
        text: "The guest was stopped.",
        returns: "",
        errors: "",
        members: &[
        ],
    },
    Entry {
        name: "RESUME",
        kind: Kind::Event,
        text: "The guest runs, for the first time or again.",
        returns: "",
        errors: "",
        members: &[
        ],
    },
    Entry {
        name: "set_link",
        kind: Kind::Command,
        text: "Pulls the cable of a network card, or plugs it in again.  The driver is told; while the cable is pulled, frames are lost\nin both directions.",
        returns: "",
        errors: "    - DeviceNotFound: no network card has this id",
        members: &[
            ("name", "the card's id"),
            ("up", "the cable is to be plugged in"),
        ],
    },
    Entry {
        name: "announce-self",
        kind: Kind::Command,
        text: "Tells the networks where the guest's cards are, so that switches learn of it: sends RARP frames from each card's address,\nand has drivers that can do so announce themselves.  Cards whose driver does not run are left out.",
        returns: "",
        errors: "",
        members: &[
            ("initial", "milliseconds between the first announcement and the second"),
            ("max", "milliseconds between two announcements at most"),
            ("rounds", "how many announcements; with none, those that are under way end"),
            ("step", "milliseconds by which each pause is longer than the one before"),
            ("interfaces", "ids of the cards that are announced; all of them if left out"),
            ("id", "a name for these announcements.  Announcements of a card that are under way end when others begin, whatever their\n    name is."),
        ],
    },
    Entry {
        name: "query-rx-filter",
        kind: Kind::Command,
        text: "Tells which frames network cards let pass.",
        returns: "one entry a card",
        errors: "    - GenericError: nothing has this id, or what has it is no network card",
        members: &[
            ("name", "id of the card; all cards if left out"),
        ],
    },
    Entry {
        name: "NIC_RX_FILTER_CHANGED",
        kind: Kind::Event,
        text: "The driver of a card has changed which frames it wants.  Further changes are not told before somebody has asked for the\ncard's filter, so that a guest can not flood clients.",
        returns: "",
        errors: "",
        members: &[
            ("name", "the card's id, if it has one"),
            ("path", "its path"),
        ],
    },
    Entry {
        name: "NET_LINK_CHANGED",
        kind: Kind::Event,
        text: "The link of a card is up, or down, and was not so before.  The driver is told as well.",
        returns: "",
        errors: "",
        members: &[
            ("name", "the card's id, if it has one"),
            ("path", "its path"),
            ("up", "frames pass"),
            ("cause", "what has happened"),
        ],
    },
    Entry {
        name: "balloon",
        kind: Kind::Command,
        text: "Asks the guest to make do with so much memory.  The reply does not wait for the guest; @BALLOON_CHANGE and\n@query-balloon tell how far it has come.",
        returns: "",
        errors: "    - DeviceNotActive if the machine has no balloon\n    - GenericError if the value is no size",
        members: &[
            ("value", "the memory that the guest is to have, in bytes.  More than the machine has means all of it."),
        ],
    },
    Entry {
        name: "query-balloon",
        kind: Kind::Command,
        text: "Tells how much memory the guest has.",
        returns: "the memory",
        errors: "    - DeviceNotActive if the machine has no balloon",
        members: &[
        ],
    },
    Entry {
        name: "BALLOON_CHANGE",
        kind: Kind::Event,
        text: "The guest has given memory up, or has taken some back.  At most one a second is sent.",
        returns: "",
        errors: "",
        members: &[
            ("actual", "as in @query-balloon"),
        ],
    },
    Entry {
        name: "query-guest-memory",
        kind: Kind::Command,
        text: "Tells what the guest has given up, and what it says of its memory.  The guest is not asked: the statistics are\nthose that it told last.",
        returns: "the balloons",
        errors: "",
        members: &[
        ],
    },
    Entry {
        name: "set-guest-memory-interval",
        kind: Kind::Command,
        text: "Changes how often the guest is asked for the statistics of its memory.",
        returns: "",
        errors: "    - DeviceNotActive if the machine has no balloon\n    - GenericError if there is no balloon at the path",
        members: &[
            ("seconds", "the time between two requests; 0 for none"),
            ("path", "the balloon (default: the machine's first)"),
        ],
    },
    Entry {
        name: "query-chardev",
        kind: Kind::Command,
        text: "Lists the character devices.",
        returns: "the devices",
        errors: "",
        members: &[
        ],
    },
    Entry {
        name: "VSERPORT_CHANGE",
        kind: Kind::Event,
        text: "The guest has opened or closed a port of a console.  At most one a second is sent.",
        returns: "",
        errors: "",
        members: &[
            ("id", "the id of a port that was put on a console's bus, if it was given one; else the port's name"),
            ("open", "whether it is open now"),
        ],
    },
    Entry {
        name: "qom-list",
        kind: Kind::Command,
        text: "Lists the properties of an object, its children among them.",
        returns: "the properties",
        errors: "    - DeviceNotFound if there is no such object\n    - GenericError if several objects have paths that end so",
        members: &[
            ("path", "the path of the object, from the root on (``/machine``), or as much of its end as no other object shares"),
        ],
    },
    Entry {
        name: "qom-get",
        kind: Kind::Command,
        text: "Reads a property of an object.",
        returns: "its value, of the type that @qom-list tells; for a child its path",
        errors: "    - DeviceNotFound if there is no such object\n    - GenericError if several objects have paths that end so, or if the object has no such property",
        members: &[
            ("path", "the path of the object, as for @qom-list"),
            ("property", "the name of the property"),
        ],
    },
    Entry {
        name: "qom-list-types",
        kind: Kind::Command,
        text: "Lists the types of objects that a machine can have.",
        returns: "the types; an empty list if there is no type of that name",
        errors: "",
        members: &[
            ("implements", "list only this type and those that derive from it (default: every type)"),
            ("abstract", "list abstract types too (default: false)"),
        ],
    },
    Entry {
        name: "device-list-properties",
        kind: Kind::Command,
        text: "Lists the properties that a device of a type has.  What can be chosen for it on the command line is told with its meaning.",
        returns: "the properties",
        errors: "    - DeviceNotFound if there is no such type\n    - GenericError if it is no type of devices, or an abstract one",
        members: &[
            ("typename", "the name of the type"),
        ],
    },
    Entry {
        name: "device_add",
        kind: Kind::Command,
        text: "Puts a device on a bus.  The guest hears of it, if its driver listens.",
        returns: "",
        errors: "    - GenericError if there is no such driver or bus, if nothing can be put on the bus while the machine\n      runs, if the id is taken, or if an option does not fit",
        members: &[
            ("driver", "what it is, such as ``scsi-hd`` or ``virtserialport``"),
            ("bus", "the bus, which is called as the device that it belongs to, with or without ``.0`` behind (default: the\n    first bus of the kind that it needs)"),
            ("id", "what it is called from now on; without it, it can not be taken off the bus by id"),
        ],
    },
    Entry {
        name: "device_del",
        kind: Kind::Command,
        text: "Takes a device off its bus.  What the guest has under way with it is brought to an end; event @DEVICE_DELETED\ntells when it is gone.",
        returns: "",
        errors: "    - DeviceNotFound if there is no such device\n    - GenericError if it has to stay as long as the machine",
        members: &[
            ("id", "the id of the device, or its path"),
        ],
    },
    Entry {
        name: "DEVICE_DELETED",
        kind: Kind::Event,
        text: "A device that was to be taken off its bus is gone: its id is free, and its image closed.",
        returns: "",
        errors: "",
        members: &[
            ("device", "its id, if it had one"),
            ("path", "its path"),
        ],
    },
    Entry {
        name: "VHOST_USER_DISCONNECTED",
        kind: Kind::Event,
        text: "The back end of a device has gone, or is of no use any more.  The device stays: the guest's requests wait until a\nback end can be reached again at the same socket.",
        returns: "",
        errors: "",
        members: &[
            ("device", "the device's id (absent: it has none)"),
            ("path", "the device's path in the object tree"),
            ("reason", "why, for people"),
        ],
    },
    Entry {
        name: "VHOST_USER_CONNECTED",
        kind: Kind::Event,
        text: "A device has a back end again.",
        returns: "",
        errors: "",
        members: &[
            ("device", "the device's id (absent: it has none)"),
            ("path", "the device's path in the object tree"),
        ],
    },
    Entry {
        name: "x-query-virtio",
        kind: Kind::Command,
        text: "Lists the virtio devices, the last created first.",
        returns: "the devices; an empty list if there are none",
        errors: "",
        members: &[
        ],
    },
    Entry {
        name: "x-query-virtio-status",
        kind: Kind::Command,
        text: "Tells the state of a virtio device.",
        returns: "the state",
        errors: "    - GenericError if no virtio device has that path",
        members: &[
            ("path", "the device's path in the object tree"),
        ],
    },
    Entry {
        name: "x-query-virtio-queue-status",
        kind: Kind::Command,
        text: "Tells the state of a queue.",
        returns: "the state",
        errors: "    - GenericError if no virtio device has that path, or it has no such queue",
        members: &[
            ("path", "the device's path in the object tree"),
            ("queue", "the queue's number"),
        ],
    },
    Entry {
        name: "x-query-virtio-vhost-queue-status",
        kind: Kind::Command,
        text: "Tells the state of a queue that a vhost backend runs.",
        returns: "the state",
        errors: "    - GenericError if no virtio device has that path, or no vhost backend runs the queue",
        members: &[
            ("path", "the device's path in the object tree"),
            ("queue", "the queue's number"),
        ],
    },
    Entry {
        name: "x-query-virtio-queue-element",
        kind: Kind::Command,
        text: "Shows one element of a queue.\n\nThe element need not be under way: what a place of the ring held last is shown until the driver writes over it.",
        returns: "the element",
        errors: "    - GenericError if no virtio device has that path, it has no such queue, or the ring or the chain can not be\n      read",
        members: &[
            ("path", "the device's path in the object tree"),
            ("queue", "the queue's number"),
            ("index", "the place in the driver's ring, modulo the ring's size (default: the next that the device takes)"),
        ],
    },
    Entry {
        name: "x-debug-query-virtio",
        kind: Kind::Command,
        text: "Lists the virtio devices, the last created first.",
        returns: "the devices; an empty list if there are none",
        errors: "",
        members: &[
        ],
    },
    Entry {
        name: "x-debug-virtio-status",
        kind: Kind::Command,
        text: "Tells the state of a virtio device.",
        returns: "the state",
        errors: "    - GenericError if no virtio device has that path",
        members: &[
            ("path", "the device's path in the object tree"),
        ],
    },
    Entry {
        name: "x-debug-virtio-queue-status",
        kind: Kind::Command,
        text: "Tells the state of a queue.",
        returns: "the state",
        errors: "    - GenericError if no virtio device has that path, or it has no such queue",
        members: &[
            ("path", "the device's path in the object tree"),
            ("queue", "the queue's number"),
        ],
    },
    Entry {
        name: "x-debug-virtio-queue-element",
        kind: Kind::Command,
        text: "Shows one element of a queue.\n\nThe element need not be under way: what a place of the ring held last is shown until the driver writes over it.",
        returns: "the element",
        errors: "    - GenericError if no virtio device has that path, it has no such queue, or the ring or the chain can not be\n      read",
        members: &[
            ("path", "the device's path in the object tree"),
            ("queue", "the queue's number"),
            ("index", "the place in the driver's ring, modulo the ring's size (default: the next that the device takes)"),
        ],
    },
    Entry {
        name: "query-stats",
        kind: Kind::Command,
        text: "Reads statistics.\n\nObjects come in the reverse of their order: the last vCPU first.  An object without any statistic that was\nasked for is left out.",
        returns: "the statistics by provider and object",
        errors: "    - GenericError if the kernel's statistics can not be read",
        members: &[
            ("target", "what they are about"),
            ("providers", "whom to ask for what (default: everyone, for all)"),
            ("vcpus", "their paths in the object tree; paths that no vCPU has are passed over (default: all)"),
        ],
    },
    Entry {
        name: "query-stats-schemas",
        kind: Kind::Command,
        text: "Tells what the statistics mean.",
        returns: "the meanings by provider and sort of object",
        errors: "    - GenericError if the kernel's statistics can not be read",
        members: &[
            ("provider", "the provider that is asked (default: all)"),
        ],
    },
    Entry {
        name: "query-statistics",
        kind: Kind::Command,
        text: "Reads statistics.",
        returns: "the statistics by object",
        errors: "    - GenericError if the kernel's statistics can not be read",
        members: &[
            ("targets", "what they are about"),
            ("providers", "where they come from"),
            ("paths", "the paths of their objects in the object tree; what has no path is left out if this is given"),
            ("names", "what they are called"),
        ],
    },
    Entry {
        name: "query-statistics-schemas",
        kind: Kind::Command,
        text: "Tells what the statistics mean.  A sort of object is told of as long as there is such an object.",
        returns: "the meanings by provider and sort of object",
        errors: "    - GenericError if the kernel's statistics can not be read",
        members: &[
            ("providers", "where the statistics come from (default: anywhere)"),
            ("targets", "what they are about (default: anything)"),
        ],
    },
    Entry {
        name: "subscribe-statistics",
        kind: Kind::Command,
        text: "Follows statistics: from now on this connection gets the event @STATISTICS whenever something of them has changed.\n\nA connection has at most 8 subscriptions, and all connections together 64.  A subscription covers at most 16384\nvalues, where a histogram has as many as buckets.  A client that leaves events unread misses none of the changes:\nthe statistics are not read then, and the next event brings what has changed since the last one.  A client that\nleaves them unread for 30 seconds has its subscriptions ended.",
        returns: "the subscription",
        errors: "    - GenericError if one of the limits would be exceeded\n    - GenericError if the kernel's statistics can not be read",
        members: &[
            ("targets", "what they are about"),
            ("providers", "where they come from"),
            ("paths", "the paths of their objects in the object tree; what has no path is left out if this is given"),
            ("names", "what they are called"),
            ("interval", "how often the statistics are read, in milliseconds, 100 at the least"),
        ],
    },
    Entry {
        name: "query-statistics-subscriptions",
        kind: Kind::Command,
        text: "Tells of the subscriptions of this connection.",
        returns: "the subscriptions, the oldest first",
        errors: "",
        members: &[
        ],
    },
    Entry {
        name: "unsubscribe-statistics",
        kind: Kind::Command,
        text: "Ends a subscription.  No event of it comes behind the reply.",
        returns: "",
        errors: "    - GenericError if this connection has no such subscription",
        members: &[
            ("subscription", "its number"),
        ],
    },
    Entry {
        name: "STATISTICS",
        kind: Kind::Event,
        text: "Something of what this connection follows has changed.",
        returns: "",
        errors: "",
        members: &[
            ("subscription", "the number of the subscription"),
            ("sequence", "the number of this event among those of the subscription, from 0"),
            ("time", "when the statistics were read, in nanoseconds since an arbitrary moment (the host's monotonic clock)"),
            ("objects", "what has changed since the last event, and in the first one everything; an object without statistics is\n    gone.  A histogram comes with all of its buckets"),
            ("dropped", "how often the statistics were not read since the last event because the client had left that one\n    unread (absent: never)"),
        ],
    },
];
