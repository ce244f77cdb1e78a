// Written by `cargo xtask codegen` from `qapi-schema/schema/hmp.json`; change nothing here.

//! The human monitor's verbs.

use super::runtime::Error;

/// How an argument is read from the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArgumentKind {
    /// A word, or text in quotes.
    String,
    /// A string that names a device.
    Device,
    /// An expression of 32 bits.
    Integer,
    /// An expression of 64 bits.
    Address,
    /// The count, format and size of a dump.
    Format,
    /// The rest of the line.
    Words,
}

/// An argument of a verb.
#[derive(Debug)]
pub struct Argument {
    /// Its name.
    pub name: &'static str,
    /// How it is read.
    pub kind: ArgumentKind,
    /// It may be left out.
    pub optional: bool,
    /// What its values are, if they can be completed.
    pub complete: Option<Completion>,
}

/// A verb of the human monitor.
#[derive(Debug)]
pub struct Verb {
    /// The words that are typed.
    pub words: &'static [&'static str],
    /// Other spellings of the last word.
    pub aliases: &'static [&'static str],
    /// The words as help shows them, other spellings behind `|`.
    pub title: &'static str,
    /// The arguments as help shows them.
    pub parameters: &'static str,
    /// One line that explains it.
    pub help: &'static str,
    /// What follows the words.
    pub arguments: &'static [Argument],
    /// Further words follow: those of the verbs that start with these.
    pub opens_table: bool,
    /// What it does.
    pub action: Action,
}

/// Reads arguments from a line, one after the other.
pub trait Arguments {
    /// Why a verb did not do what it should: the arguments cannot be read, or the command failed.
    type Failure: From<Error>;
    /// The count, format and size of a dump.
    type Format;

    /// A word, or text in quotes.
    ///
    /// # Errors
    /// There is none.
    fn string(&mut self) -> Result<String, Self::Failure>;

    /// An expression of 32 bits.
    ///
    /// # Errors
    /// There is none, or its value does not fit.
    fn integer(&mut self) -> Result<u32, Self::Failure>;

    /// An expression of 64 bits.
    ///
    /// # Errors
    /// There is none.
    fn address(&mut self) -> Result<u64, Self::Failure>;

    /// A format.
    ///
    /// # Errors
    /// It cannot be read.
    fn format(&mut self) -> Result<Self::Format, Self::Failure>;

    /// The rest of the line.
    ///
    /// # Errors
    /// It cannot be read.
    fn words(&mut self) -> Result<String, Self::Failure>;

    /// Whether nothing is left.
    fn at_end(&self) -> bool;

    /// Ends the reading.
    ///
    /// # Errors
    /// Something is left.
    fn end(&self) -> Result<(), Self::Failure>;
}

/// What the values of an argument are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completion {
    /// `vcpu`
    Vcpu,
    /// `object`
    Object,
    /// `property`
    Property,
    /// `statistics-target`
    StatisticsTarget,
    /// `statistics-names`
    StatisticsNames,
    /// `stats-target`
    StatsTarget,
    /// `stats-names`
    StatsNames,
    /// `stats-provider`
    StatsProvider,
    /// `queue`
    Queue,
}

/// What a verb does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// `balloon`
    Balloon,
    /// `cont`
    Cont,
    /// `cpu`
    Cpu,
    /// `help`
    Help,
    /// `info`
    Info,
    /// `print`
    Print,
    /// `qom-get`
    QomGet,
    /// `qom-list`
    QomList,
    /// `quit`
    Quit,
    /// `stop`
    Stop,
    /// `system_powerdown`
    SystemPowerdown,
    /// `system_reset`
    SystemReset,
    /// `virtio`
    Virtio,
    /// `x`
    X,
    /// `xp`
    Xp,
    /// `info balloon`
    InfoBalloon,
    /// `info block`
    InfoBlock,
    /// `info blockstats`
    InfoBlockstats,
    /// `info chardev`
    InfoChardev,
    /// `info cpus`
    InfoCpus,
    /// `info history`
    InfoHistory,
    /// `info kvm`
    InfoKvm,
    /// `info memory_size_summary`
    InfoMemorySizeSummary,
    /// `info name`
    InfoName,
    /// `info qom-tree`
    InfoQomTree,
    /// `info qtree`
    InfoQtree,
    /// `info registers`
    InfoRegisters,
    /// `info statistics`
    InfoStatistics,
    /// `info stats`
    InfoStats,
    /// `info status`
    InfoStatus,
    /// `info uuid`
    InfoUuid,
    /// `info version`
    InfoVersion,
    /// `info virtio`
    InfoVirtio,
    /// `info virtio-chains`
    InfoVirtioChains,
    /// `info virtio-device`
    InfoVirtioDevice,
    /// `info virtio-queue-element`
    InfoVirtioQueueElement,
    /// `info virtio-queue-status`
    InfoVirtioQueueStatus,
    /// `info virtio-status`
    InfoVirtioStatus,
    /// `info virtio-vhost-queue-status`
    InfoVirtioVhostQueueStatus,
    /// `virtio query`
    VirtioQuery,
    /// `virtio status`
    VirtioStatus,
    /// `virtio queue-status`
    VirtioQueueStatus,
    /// `virtio queue-element`
    VirtioQueueElement,
}

/// Every verb, in the order of help.
pub static VERBS: &[Verb] = &[
    Verb {
        words: &["balloon"],
        aliases: &[],
        title: "balloon",
        parameters: "target",
        help: "ask the guest to make do with so much memory; target: in MiB",
        arguments: &[
            Argument {
                name: "target",
                kind: ArgumentKind::Integer,
                optional: false,
                complete: None,
            },
        ],
        opens_table: false,
        action: Action::Balloon,
    },
    Verb {
        words: &["cont"],
        aliases: &["c"],
        title: "cont|c",
        parameters: "",
        help: "let the guest run",
        arguments: &[],
        opens_table: false,
        action: Action::Cont,
    },
    Verb {
        words: &["cpu"],
        aliases: &[],
        title: "cpu",
        parameters: "index",
        help: "select the vCPU that commands without one look at",
        arguments: &[
            Argument {
                name: "index",
                kind: ArgumentKind::Integer,
                optional: false,
                complete: Some(Completion::Vcpu),
            },
        ],
        opens_table: false,
        action: Action::Cpu,
    },
    Verb {
        words: &["help"],
        aliases: &["?"],
        title: "help|?",
        parameters: "[cmd]",
        help: "list the commands, or explain one",
        arguments: &[
            Argument {
                name: "cmd",
                kind: ArgumentKind::Words,
                optional: true,
                complete: None,
            },
        ],
        opens_table: false,
        action: Action::Help,
    },
    Verb {
        words: &["info"],
        aliases: &[],
        title: "info",
        parameters: "[subcommand]",
        help: "look at one part of the machine",
        arguments: &[],
        opens_table: true,
        action: Action::Info,
    },
    Verb {
        words: &["print"],
        aliases: &["p"],
        title: "print|p",
        parameters: "/fmt expr",
        help: "print the value of an expression; $NAME is a register of the selected vCPU",
        arguments: &[
            Argument {
                name: "fmt",
                kind: ArgumentKind::Format,
                optional: false,
                complete: None,
            },
            Argument {
                name: "expr",
                kind: ArgumentKind::Address,
                optional: false,
                complete: None,
            },
        ],
        opens_table: false,
        action: Action::Print,
    },
    Verb {
        words: &["qom-get"],
        aliases: &[],
        title: "qom-get",
        parameters: "path property",
        help: "show a property of an object, as JSON",
        arguments: &[
            Argument {
                name: "path",
                kind: ArgumentKind::String,
                optional: false,
                complete: Some(Completion::Object),
            },
            Argument {
                name: "property",
                kind: ArgumentKind::String,
                optional: false,
                complete: Some(Completion::Property),
            },
        ],
        opens_table: false,
        action: Action::QomGet,
    },
    Verb {
        words: &["qom-list"],
        aliases: &[],
        title: "qom-list",
        parameters: "path",
        help: "list the properties of an object",
        arguments: &[
            Argument {
                name: "path",
                kind: ArgumentKind::String,
                optional: false,
                complete: Some(Completion::Object),
            },
        ],
        opens_table: false,
        action: Action::QomList,
    },
    Verb {
        words: &["quit"],
        aliases: &["q"],
        title: "quit|q",
        parameters: "",
        help: "end the program",
        arguments: &[],
        opens_table: false,
        action: Action::Quit,
    },
    Verb {
        words: &["stop"],
        aliases: &["s"],
        title: "stop|s",
        parameters: "",
        help: "stop the guest",
        arguments: &[],
        opens_table: false,
        action: Action::Stop,
    },
    Verb {
        words: &["system_powerdown"],
        aliases: &[],
        title: "system_powerdown",
        parameters: "",
        help: "press the power button",
        arguments: &[],
        opens_table: false,
        action: Action::SystemPowerdown,
    },
    Verb {
        words: &["system_reset"],
        aliases: &[],
        title: "system_reset",
        parameters: "",
        help: "have the guest begin anew",
        arguments: &[],
        opens_table: false,
        action: Action::SystemReset,
    },
    Verb {
        words: &["virtio"],
        aliases: &[],
        title: "virtio",
        parameters: "[cmd]",
        help: "show various information about virtio",
        arguments: &[],
        opens_table: true,
        action: Action::Virtio,
    },
    Verb {
        words: &["x"],
        aliases: &[],
        title: "x",
        parameters: "/fmt addr",
        help: "dump virtual memory, as the selected vCPU sees it, from an address on",
        arguments: &[
            Argument {
                name: "fmt",
                kind: ArgumentKind::Format,
                optional: false,
                complete: None,
            },
            Argument {
                name: "addr",
                kind: ArgumentKind::Address,
                optional: false,
                complete: None,
            },
        ],
        opens_table: false,
        action: Action::X,
    },
    Verb {
        words: &["xp"],
        aliases: &[],
        title: "xp",
        parameters: "/fmt addr",
        help: "dump physical memory from an address on",
        arguments: &[
            Argument {
                name: "fmt",
                kind: ArgumentKind::Format,
                optional: false,
                complete: None,
            },
            Argument {
                name: "addr",
                kind: ArgumentKind::Address,
                optional: false,
                complete: None,
            },
        ],
        opens_table: false,
        action: Action::Xp,
    },
    Verb {
        words: &["info", "balloon"],
        aliases: &[],
        title: "info balloon",
        parameters: "",
        help: "tell how much memory the guest has",
        arguments: &[],
        opens_table: false,
        action: Action::InfoBalloon,
    },
    Verb {
        words: &["info", "block"],
        aliases: &[],
        title: "info block",
        parameters: "",
        help: "list the disks, what stands behind them, and their limits",
        arguments: &[],
        opens_table: false,
        action: Action::InfoBlock,
    },
    Verb {
        words: &["info", "blockstats"],
        aliases: &[],
        title: "info blockstats",
        parameters: "",
        help: "tell what the disks have done",
        arguments: &[],
        opens_table: false,
        action: Action::InfoBlockstats,
    },
    Verb {
        words: &["info", "chardev"],
        aliases: &[],
        title: "info chardev",
        parameters: "",
        help: "list what carries characters to and from the guest",
        arguments: &[],
        opens_table: false,
        action: Action::InfoChardev,
    },
    Verb {
        words: &["info", "cpus"],
        aliases: &[],
        title: "info cpus",
        parameters: "",
        help: "list the vCPUs",
        arguments: &[],
        opens_table: false,
        action: Action::InfoCpus,
    },
    Verb {
        words: &["info", "history"],
        aliases: &[],
        title: "info history",
        parameters: "",
        help: "list the lines typed so far",
        arguments: &[],
        opens_table: false,
        action: Action::InfoHistory,
    },
    Verb {
        words: &["info", "kvm"],
        aliases: &[],
        title: "info kvm",
        parameters: "",
        help: "tell whether KVM runs the guest",
        arguments: &[],
        opens_table: false,
        action: Action::InfoKvm,
    },
    Verb {
        words: &["info", "memory_size_summary"],
        aliases: &[],
        title: "info memory_size_summary",
        parameters: "",
        help: "tell how much memory the guest has, in bytes",
        arguments: &[],
        opens_table: false,
        action: Action::InfoMemorySizeSummary,
    },
    Verb {
        words: &["info", "name"],
        aliases: &[],
        title: "info name",
        parameters: "",
        help: "tell what the machine is called",
        arguments: &[],
        opens_table: false,
        action: Action::InfoName,
    },
    Verb {
        words: &["info", "qom-tree"],
        aliases: &[],
        title: "info qom-tree",
        parameters: "[path]",
        help: "show the tree of objects, or the part below one",
        arguments: &[
            Argument {
                name: "path",
                kind: ArgumentKind::String,
                optional: true,
                complete: Some(Completion::Object),
            },
        ],
        opens_table: false,
        action: Action::InfoQomTree,
    },
    Verb {
        words: &["info", "qtree"],
        aliases: &[],
        title: "info qtree",
        parameters: "",
        help: "show the devices with their properties, by bus",
        arguments: &[],
        opens_table: false,
        action: Action::InfoQtree,
    },
    Verb {
        words: &["info", "registers"],
        aliases: &[],
        title: "info registers",
        parameters: "[vcpu]",
        help: "show the registers of the selected vCPU, or of another; the machine must be stopped",
        arguments: &[
            Argument {
                name: "vcpu",
                kind: ArgumentKind::Integer,
                optional: true,
                complete: Some(Completion::Vcpu),
            },
        ],
        opens_table: false,
        action: Action::InfoRegisters,
    },
    Verb {
        words: &["info", "statistics"],
        aliases: &[],
        title: "info statistics",
        parameters: "[target] [names]",
        help: "show all statistics, for people; target: machine, vcpu, device, queue, monitor, process or *; names: a,b,c",
        arguments: &[
            Argument {
                name: "target",
                kind: ArgumentKind::String,
                optional: true,
                complete: Some(Completion::StatisticsTarget),
            },
            Argument {
                name: "names",
                kind: ArgumentKind::String,
                optional: true,
                complete: Some(Completion::StatisticsNames),
            },
        ],
        opens_table: false,
        action: Action::InfoStatistics,
    },
    Verb {
        words: &["info", "stats"],
        aliases: &[],
        title: "info stats",
        parameters: "target [names] [provider]",
        help: "show statistics of the machine (vm) or the selected vCPU (vcpu); names: a,b,c or * for all",
        arguments: &[
            Argument {
                name: "target",
                kind: ArgumentKind::String,
                optional: false,
                complete: Some(Completion::StatsTarget),
            },
            Argument {
                name: "names",
                kind: ArgumentKind::String,
                optional: true,
                complete: Some(Completion::StatsNames),
            },
            Argument {
                name: "provider",
                kind: ArgumentKind::String,
                optional: true,
                complete: Some(Completion::StatsProvider),
            },
        ],
        opens_table: false,
        action: Action::InfoStats,
    },
    Verb {
        words: &["info", "status"],
        aliases: &[],
        title: "info status",
        parameters: "",
        help: "tell whether the guest runs",
        arguments: &[],
        opens_table: false,
        action: Action::InfoStatus,
    },
    Verb {
        words: &["info", "uuid"],
        aliases: &[],
        title: "info uuid",
        parameters: "",
        help: "tell by which number the machine is known",
        arguments: &[],
        opens_table: false,
        action: Action::InfoUuid,
    },
    Verb {
        words: &["info", "version"],
        aliases: &[],
        title: "info version",
        parameters: "",
        help: "tell which program this is",
        arguments: &[],
        opens_table: false,
        action: Action::InfoVersion,
    },
    Verb {
        words: &["info", "virtio"],
        aliases: &[],
        title: "info virtio",
        parameters: "",
        help: "List all available virtio devices",
        arguments: &[],
        opens_table: false,
        action: Action::InfoVirtio,
    },
    Verb {
        words: &["info", "virtio-chains"],
        aliases: &[],
        title: "info virtio-chains",
        parameters: "path queue [slot] [count] [dump]",
        help: "check and decode chains of a queue: those under way, or count from a slot on; dump: bytes to show",
        arguments: &[
            Argument {
                name: "path",
                kind: ArgumentKind::Device,
                optional: false,
                complete: None,
            },
            Argument {
                name: "queue",
                kind: ArgumentKind::Integer,
                optional: false,
                complete: Some(Completion::Queue),
            },
            Argument {
                name: "slot",
                kind: ArgumentKind::Integer,
                optional: true,
                complete: None,
            },
            Argument {
                name: "count",
                kind: ArgumentKind::Integer,
                optional: true,
                complete: None,
            },
            Argument {
                name: "dump",
                kind: ArgumentKind::Integer,
                optional: true,
                complete: None,
            },
        ],
        opens_table: false,
        action: Action::InfoVirtioChains,
    },
    Verb {
        words: &["info", "virtio-device"],
        aliases: &[],
        title: "info virtio-device",
        parameters: "[path]",
        help: "show what a virtio device and its driver have agreed to, and whose turn it is on each queue",
        arguments: &[
            Argument {
                name: "path",
                kind: ArgumentKind::Device,
                optional: true,
                complete: None,
            },
        ],
        opens_table: false,
        action: Action::InfoVirtioDevice,
    },
    Verb {
        words: &["info", "virtio-queue-element"],
        aliases: &[],
        title: "info virtio-queue-element",
        parameters: "path queue [index]",
        help: "Display element of a given virtio queue",
        arguments: &[
            Argument {
                name: "path",
                kind: ArgumentKind::Device,
                optional: false,
                complete: None,
            },
            Argument {
                name: "queue",
                kind: ArgumentKind::Integer,
                optional: false,
                complete: Some(Completion::Queue),
            },
            Argument {
                name: "index",
                kind: ArgumentKind::Integer,
                optional: true,
                complete: None,
            },
        ],
        opens_table: false,
        action: Action::InfoVirtioQueueElement,
    },
    Verb {
        words: &["info", "virtio-queue-status"],
        aliases: &[],
        title: "info virtio-queue-status",
        parameters: "path queue",
        help: "Display status of a given virtio queue",
        arguments: &[
            Argument {
                name: "path",
                kind: ArgumentKind::Device,
                optional: false,
                complete: None,
            },
            Argument {
                name: "queue",
                kind: ArgumentKind::Integer,
                optional: false,
                complete: Some(Completion::Queue),
            },
        ],
        opens_table: false,
        action: Action::InfoVirtioQueueStatus,
    },
    Verb {
        words: &["info", "virtio-status"],
        aliases: &[],
        title: "info virtio-status",
        parameters: "path",
        help: "Display status of a given virtio device",
        arguments: &[
            Argument {
                name: "path",
                kind: ArgumentKind::Device,
                optional: false,
                complete: None,
            },
        ],
        opens_table: false,
        action: Action::InfoVirtioStatus,
    },
    Verb {
        words: &["info", "virtio-vhost-queue-status"],
        aliases: &[],
        title: "info virtio-vhost-queue-status",
        parameters: "path queue",
        help: "Display status of a given vhost queue",
        arguments: &[
            Argument {
                name: "path",
                kind: ArgumentKind::Device,
                optional: false,
                complete: None,
            },
            Argument {
                name: "queue",
                kind: ArgumentKind::Integer,
                optional: false,
                complete: Some(Completion::Queue),
            },
        ],
        opens_table: false,
        action: Action::InfoVirtioVhostQueueStatus,
    },
    Verb {
        words: &["virtio", "query"],
        aliases: &[],
        title: "virtio query",
        parameters: "",
        help: "List all available virtio devices",
        arguments: &[],
        opens_table: false,
        action: Action::VirtioQuery,
    },
    Verb {
        words: &["virtio", "status"],
        aliases: &[],
        title: "virtio status",
        parameters: "path",
        help: "Display status of a given virtio device",
        arguments: &[
            Argument {
                name: "path",
                kind: ArgumentKind::Device,
                optional: false,
                complete: None,
            },
        ],
        opens_table: false,
        action: Action::VirtioStatus,
    },
    Verb {
        words: &["virtio", "queue-status"],
        aliases: &[],
        title: "virtio queue-status",
        parameters: "path queue",
        help: "Display status of a given virtio queue",
        arguments: &[
            Argument {
                name: "path",
                kind: ArgumentKind::Device,
                optional: false,
                complete: None,
            },
            Argument {
                name: "queue",
                kind: ArgumentKind::Integer,
                optional: false,
                complete: Some(Completion::Queue),
            },
        ],
        opens_table: false,
        action: Action::VirtioQueueStatus,
    },
    Verb {
        words: &["virtio", "queue-element"],
        aliases: &[],
        title: "virtio queue-element",
        parameters: "path queue [index]",
        help: "Display element of a given virtio queue",
        arguments: &[
            Argument {
                name: "path",
                kind: ArgumentKind::Device,
                optional: false,
                complete: None,
            },
            Argument {
                name: "queue",
                kind: ArgumentKind::Integer,
                optional: false,
                complete: Some(Completion::Queue),
            },
            Argument {
                name: "index",
                kind: ArgumentKind::Integer,
                optional: true,
                complete: None,
            },
        ],
        opens_table: false,
        action: Action::VirtioQueueElement,
    },
];

/// What verbs show, and what those do that are the monitor's own.
pub trait Screen<A: Arguments> {
    /// `balloon`: ask the guest to make do with so much memory; target: in MiB.
    ///
    /// # Errors
    ///
    /// It failed.
    fn balloon(&mut self, target: u32) -> Result<(), Error>;

    /// `cpu`: select the vCPU that commands without one look at.
    ///
    /// # Errors
    ///
    /// It failed.
    fn cpu(&mut self, index: u32) -> Result<(), Error>;

    /// `help`: list the commands, or explain one.
    ///
    /// # Errors
    ///
    /// It failed.
    fn help(&mut self, cmd: Option<String>) -> Result<(), Error>;

    /// `print`: print the value of an expression; $NAME is a register of the selected vCPU.
    ///
    /// # Errors
    ///
    /// It failed.
    fn print(&mut self, fmt: A::Format, expr: u64) -> Result<(), Error>;

    /// Shows the reply to `qom-get`.
    fn print_qom_get(&mut self, request: &super::qom::requests::QomGet, reply: serde_json::Value);

    /// Shows the reply to `qom-list`.
    fn print_qom_list(&mut self, request: &super::qom::requests::QomList, reply: Vec<super::qom::ObjectPropertyInfo>);

    /// `quit`: end the program.
    ///
    /// # Errors
    ///
    /// It failed.
    fn quit(&mut self) -> Result<(), Error>;

    /// `x`: dump virtual memory, as the selected vCPU sees it, from an address on.
    ///
    /// # Errors
    ///
    /// It failed.
    fn x(&mut self, fmt: A::Format, addr: u64) -> Result<(), Error>;

    /// `xp`: dump physical memory from an address on.
    ///
    /// # Errors
    ///
    /// It failed.
    fn xp(&mut self, fmt: A::Format, addr: u64) -> Result<(), Error>;

    /// Shows the reply to `query-balloon`.
    fn print_query_balloon(&mut self, reply: super::balloon::BalloonInfo);

    /// Shows the reply to `query-block`.
    fn print_query_block(&mut self, reply: Vec<super::block::BlockInfo>);

    /// Shows the reply to `query-blockstats`.
    fn print_query_blockstats(&mut self, request: &super::block::requests::QueryBlockstats, reply: Vec<super::block::BlockStats>);

    /// Shows the reply to `query-chardev`.
    fn print_query_chardev(&mut self, reply: Vec<super::char::ChardevInfo>);

    /// Shows the reply to `query-cpus-fast`.
    fn print_query_cpus_fast(&mut self, reply: Vec<super::machine::CpuInfoFast>);

    /// `info history`: list the lines typed so far.
    ///
    /// # Errors
    ///
    /// It failed.
    fn info_history(&mut self) -> Result<(), Error>;

    /// Shows the reply to `query-kvm`.
    fn print_query_kvm(&mut self, reply: super::machine::KvmInfo);

    /// Shows the reply to `query-memory-size-summary`.
    fn print_query_memory_size_summary(&mut self, reply: super::machine::MemoryInfo);

    /// Shows the reply to `query-name`.
    fn print_query_name(&mut self, reply: super::machine::NameInfo);

    /// `info qom-tree`: show the tree of objects, or the part below one.
    ///
    /// # Errors
    ///
    /// It failed.
    fn info_qom_tree(&mut self, path: Option<String>) -> Result<(), Error>;

    /// `info qtree`: show the devices with their properties, by bus.
    ///
    /// # Errors
    ///
    /// It failed.
    fn info_qtree(&mut self) -> Result<(), Error>;

    /// `info registers`: show the registers of the selected vCPU, or of another; the machine must be stopped.
    ///
    /// # Errors
    ///
    /// It failed.
    fn info_registers(&mut self, vcpu: Option<u32>) -> Result<(), Error>;

    /// `info statistics`: show all statistics, for people; target: machine, vcpu, device, queue, monitor, process or *; names: a,b,c.
    ///
    /// # Errors
    ///
    /// It failed.
    fn info_statistics(&mut self, target: Option<String>, names: Option<String>) -> Result<(), Error>;

    /// `info stats`: show statistics of the machine (vm) or the selected vCPU (vcpu); names: a,b,c or * for all.
    ///
    /// # Errors
    ///
    /// It failed.
    fn info_stats(&mut self, target: String, names: Option<String>, provider: Option<String>) -> Result<(), Error>;

    /// Shows the reply to `query-status`.
    fn print_query_status(&mut self, reply: super::machine::StatusInfo);

    /// Shows the reply to `query-uuid`.
    fn print_query_uuid(&mut self, reply: super::machine::UuidInfo);

    /// `info version`: tell which program this is.
    ///
    /// # Errors
    ///
    /// It failed.
    fn info_version(&mut self) -> Result<(), Error>;

    /// Shows the reply to `x-query-virtio`.
    fn print_x_query_virtio(&mut self, reply: Vec<super::virtio::VirtioInfo>);

    /// Shows the reply to `query-virtio-chains`.
    fn print_query_virtio_chains(&mut self, request: &super::inspect::requests::QueryVirtioChains, reply: super::inspect::VirtioChains);

    /// Shows the reply to `query-virtio`.
    fn print_query_virtio(&mut self, request: &super::inspect::requests::QueryVirtio, reply: Vec<super::inspect::VirtioDevice>);

    /// Shows the reply to `x-query-virtio-queue-element`.
    fn print_x_query_virtio_queue_element(&mut self, request: &super::virtio::requests::XQueryVirtioQueueElement, reply: super::virtio::VirtioQueueElement);

    /// Shows the reply to `x-query-virtio-queue-status`.
    fn print_x_query_virtio_queue_status(&mut self, request: &super::virtio::requests::XQueryVirtioQueueStatus, reply: super::virtio::VirtQueueStatus);

    /// Shows the reply to `x-query-virtio-status`.
    fn print_x_query_virtio_status(&mut self, request: &super::virtio::requests::XQueryVirtioStatus, reply: super::virtio::VirtioStatus);

    /// Shows the reply to `x-query-virtio-vhost-queue-status`.
    fn print_x_query_virtio_vhost_queue_status(&mut self, request: &super::virtio::requests::XQueryVirtioVhostQueueStatus, reply: super::virtio::VirtVhostQueueStatus);

    /// Shows the reply to `x-debug-query-virtio`.
    fn print_x_debug_query_virtio(&mut self, reply: Vec<super::virtio_debug::DebugVirtioInfo>);

    /// Shows the reply to `x-debug-virtio-status`.
    fn print_x_debug_virtio_status(&mut self, request: &super::virtio_debug::requests::XDebugVirtioStatus, reply: super::virtio_debug::DebugVirtioStatus);

    /// Shows the reply to `x-debug-virtio-queue-status`.
    fn print_x_debug_virtio_queue_status(&mut self, request: &super::virtio_debug::requests::XDebugVirtioQueueStatus, reply: super::virtio_debug::DebugVirtQueueStatus);

    /// Shows the reply to `x-debug-virtio-queue-element`.
    fn print_x_debug_virtio_queue_element(&mut self, request: &super::virtio_debug::requests::XDebugVirtioQueueElement, reply: super::virtio_debug::DebugVirtioQueueElement);

}

/// Reads a verb's arguments, runs it, and shows what comes of it.
///
/// # Errors
/// The arguments cannot be read, or the command failed.
pub fn run<M, A, S>(action: Action, machine: &M, arguments: &mut A, screen: &mut S)
-> Result<(), A::Failure>
where
M: super::balloon::BalloonCommands + super::block::BlockCommands + super::char::CharCommands + super::inspect::InspectCommands + super::machine::MachineCommands + super::qom::QomCommands + super::virtio::VirtioCommands + super::virtio_debug::VirtioDebugCommands + ?Sized,
A: Arguments,
S: Screen<A> + ?Sized,
{
    match action {
        Action::Balloon => {
            let target = arguments.integer()?;
            arguments.end()?;
            screen.balloon(target)?;
            Ok(())
        }
        Action::Cont => {
            arguments.end()?;
            machine.cont()?;
            Ok(())
        }
        Action::Cpu => {
            let index = arguments.integer()?;
            arguments.end()?;
            screen.cpu(index)?;
            Ok(())
        }
        Action::Help => {
            let cmd = if arguments.at_end() { None } else { Some(arguments.words()?) };
            arguments.end()?;
            screen.help(cmd)?;
            Ok(())
        }
        Action::Info => {
            arguments.end()?;
            Ok(())
        }
        Action::Print => {
            let fmt = arguments.format()?;
            let expr = arguments.address()?;
            arguments.end()?;
            screen.print(fmt, expr)?;
            Ok(())
        }
        Action::QomGet => {
            let path = arguments.string()?;
            let property = arguments.string()?;
            arguments.end()?;
            let request = super::qom::requests::QomGet {
                path,
                property,
            };
            let reply = machine.qom_get(request.clone())?;
            screen.print_qom_get(&request, reply);
            Ok(())
        }
        Action::QomList => {
            let path = arguments.string()?;
            arguments.end()?;
            let request = super::qom::requests::QomList {
                path,
            };
            let reply = machine.qom_list(request.clone())?;
            screen.print_qom_list(&request, reply);
            Ok(())
        }
        Action::Quit => {
            arguments.end()?;
            screen.quit()?;
            Ok(())
        }
        Action::Stop => {
            arguments.end()?;
            machine.stop()?;
            Ok(())
        }
        Action::SystemPowerdown => {
            arguments.end()?;
            machine.system_powerdown()?;
            Ok(())
        }
        Action::SystemReset => {
            arguments.end()?;
            machine.system_reset()?;
            Ok(())
        }
        Action::Virtio => {
            arguments.end()?;
            Ok(())
        }
        Action::X => {
            let fmt = arguments.format()?;
            let addr = arguments.address()?;
            arguments.end()?;
            screen.x(fmt, addr)?;
            Ok(())
        }
        Action::Xp => {
            let fmt = arguments.format()?;
            let addr = arguments.address()?;
            arguments.end()?;
            screen.xp(fmt, addr)?;
            Ok(())
        }
        Action::InfoBalloon => {
            arguments.end()?;
            let reply = machine.query_balloon()?;
            screen.print_query_balloon(reply);
            Ok(())
        }
        Action::InfoBlock => {
            arguments.end()?;
            let reply = machine.query_block()?;
            screen.print_query_block(reply);
            Ok(())
        }
        Action::InfoBlockstats => {
            arguments.end()?;
            let request = super::block::requests::QueryBlockstats {
                query_nodes: None,
            };
            let reply = machine.query_blockstats(request.clone())?;
            screen.print_query_blockstats(&request, reply);
            Ok(())
        }
        Action::InfoChardev => {
            arguments.end()?;
            let reply = machine.query_chardev()?;
            screen.print_query_chardev(reply);
            Ok(())
        }
        Action::InfoCpus => {
            arguments.end()?;
            let reply = machine.query_cpus_fast()?;
            screen.print_query_cpus_fast(reply);
            Ok(())
        }
        Action::InfoHistory => {
            arguments.end()?;
            screen.info_history()?;
            Ok(())
        }
        Action::InfoKvm => {
            arguments.end()?;
            let reply = machine.query_kvm()?;
            screen.print_query_kvm(reply);
            Ok(())
        }
        Action::InfoMemorySizeSummary => {
            arguments.end()?;
            let reply = machine.query_memory_size_summary()?;
            screen.print_query_memory_size_summary(reply);
            Ok(())
        }
        Action::InfoName => {
            arguments.end()?;
            let reply = machine.query_name()?;
            screen.print_query_name(reply);
            Ok(())
        }
        Action::InfoQomTree => {
            let path = if arguments.at_end() { None } else { Some(arguments.string()?) };
            arguments.end()?;
            screen.info_qom_tree(path)?;
            Ok(())
        }
        Action::InfoQtree => {
            arguments.end()?;
            screen.info_qtree()?;
            Ok(())
        }
        Action::InfoRegisters => {
            let vcpu = if arguments.at_end() { None } else { Some(arguments.integer()?) };
            arguments.end()?;
            screen.info_registers(vcpu)?;
            Ok(())
        }
        Action::InfoStatistics => {
            let target = if arguments.at_end() { None } else { Some(arguments.string()?) };
            let names = if arguments.at_end() { None } else { Some(arguments.string()?) };
            arguments.end()?;
            screen.info_statistics(target, names)?;
            Ok(())
        }
        Action::InfoStats => {
            let target = arguments.string()?;
            let names = if arguments.at_end() { None } else { Some(arguments.string()?) };
            let provider = if arguments.at_end() { None } else { Some(arguments.string()?) };
            arguments.end()?;
            screen.info_stats(target, names, provider)?;
            Ok(())
        }
        Action::InfoStatus => {
            arguments.end()?;
            let reply = machine.query_status()?;
            screen.print_query_status(reply);
            Ok(())
        }
        Action::InfoUuid => {
            arguments.end()?;
            let reply = machine.query_uuid()?;
            screen.print_query_uuid(reply);
            Ok(())
        }
        Action::InfoVersion => {
            arguments.end()?;
            screen.info_version()?;
            Ok(())
        }
        Action::InfoVirtio => {
            arguments.end()?;
            let reply = machine.x_query_virtio()?;
            screen.print_x_query_virtio(reply);
            Ok(())
        }
        Action::InfoVirtioChains => {
            let path = arguments.string()?;
            let queue = arguments.integer()?;
            let slot = if arguments.at_end() { None } else { Some(arguments.integer()?) };
            let count = if arguments.at_end() { None } else { Some(arguments.integer()?) };
            let dump = if arguments.at_end() { None } else { Some(arguments.integer()?) };
            arguments.end()?;
            let queue = u16::try_from(queue).map_err(|_| Error::generic(format!("Invalid virtqueue number {queue}")))?;
            let slot = slot.map(|slot| u16::try_from(slot).map_err(|_| Error::generic("Parameter 'slot' expects uint16_t"))).transpose()?;
            let count = count.map(|count| u16::try_from(count).map_err(|_| Error::generic("Parameter 'count' expects uint16_t"))).transpose()?;
            let dump = dump.map(|dump| u16::try_from(dump).map_err(|_| Error::generic("Parameter 'dump' expects uint16_t"))).transpose()?;
            let request = super::inspect::requests::QueryVirtioChains {
                path,
                queue,
                slot,
                count,
                dump,
            };
            let reply = machine.query_virtio_chains(request.clone())?;
            screen.print_query_virtio_chains(&request, reply);
            Ok(())
        }
        Action::InfoVirtioDevice => {
            let path = if arguments.at_end() { None } else { Some(arguments.string()?) };
            arguments.end()?;
            let request = super::inspect::requests::QueryVirtio {
                path,
            };
            let reply = machine.query_virtio(request.clone())?;
            screen.print_query_virtio(&request, reply);
            Ok(())
        }
        Action::InfoVirtioQueueElement => {
            let path = arguments.string()?;
            let queue = arguments.integer()?;
            let index = if arguments.at_end() { None } else { Some(arguments.integer()?) };
            arguments.end()?;
            let queue = u16::try_from(queue).map_err(|_| Error::generic(format!("Invalid virtqueue number {queue}")))?;
            let index = index.map(|index| u16::try_from(index).map_err(|_| Error::generic("Parameter 'index' expects uint16_t"))).transpose()?;
            let request = super::virtio::requests::XQueryVirtioQueueElement {
                path,
                queue,
                index,
            };
            let reply = machine.x_query_virtio_queue_element(request.clone())?;
            screen.print_x_query_virtio_queue_element(&request, reply);
            Ok(())
        }
        Action::InfoVirtioQueueStatus => {
            let path = arguments.string()?;
            let queue = arguments.integer()?;
            arguments.end()?;
            let queue = u16::try_from(queue).map_err(|_| Error::generic(format!("Invalid virtqueue number {queue}")))?;
            let request = super::virtio::requests::XQueryVirtioQueueStatus {
                path,
                queue,
            };
            let reply = machine.x_query_virtio_queue_status(request.clone())?;
            screen.print_x_query_virtio_queue_status(&request, reply);
            Ok(())
        }
        Action::InfoVirtioStatus => {
            let path = arguments.string()?;
            arguments.end()?;
            let request = super::virtio::requests::XQueryVirtioStatus {
                path,
            };
            let reply = machine.x_query_virtio_status(request.clone())?;
            screen.print_x_query_virtio_status(&request, reply);
            Ok(())
        }
        Action::InfoVirtioVhostQueueStatus => {
            let path = arguments.string()?;
            let queue = arguments.integer()?;
            arguments.end()?;
            let queue = u16::try_from(queue).map_err(|_| Error::generic(format!("Invalid virtqueue number {queue}")))?;
            let request = super::virtio::requests::XQueryVirtioVhostQueueStatus {
                path,
                queue,
            };
            let reply = machine.x_query_virtio_vhost_queue_status(request.clone())?;
            screen.print_x_query_virtio_vhost_queue_status(&request, reply);
            Ok(())
        }
        Action::VirtioQuery => {
            arguments.end()?;
            let reply = machine.x_debug_query_virtio()?;
            screen.print_x_debug_query_virtio(reply);
            Ok(())
        }
        Action::VirtioStatus => {
            let path = arguments.string()?;
            arguments.end()?;
            let request = super::virtio_debug::requests::XDebugVirtioStatus {
                path,
            };
            let reply = machine.x_debug_virtio_status(request.clone())?;
            screen.print_x_debug_virtio_status(&request, reply);
            Ok(())
        }
        Action::VirtioQueueStatus => {
            let path = arguments.string()?;
            let queue = arguments.integer()?;
            arguments.end()?;
            let queue = u16::try_from(queue).map_err(|_| Error::generic(format!("Invalid virtqueue number {queue}")))?;
            let request = super::virtio_debug::requests::XDebugVirtioQueueStatus {
                path,
                queue,
            };
            let reply = machine.x_debug_virtio_queue_status(request.clone())?;
            screen.print_x_debug_virtio_queue_status(&request, reply);
            Ok(())
        }
        Action::VirtioQueueElement => {
            let path = arguments.string()?;
            let queue = arguments.integer()?;
            let index = if arguments.at_end() { None } else { Some(arguments.integer()?) };
            arguments.end()?;
            let queue = u16::try_from(queue).map_err(|_| Error::generic(format!("Invalid virtqueue number {queue}")))?;
            let index = index.map(|index| u16::try_from(index).map_err(|_| Error::generic("Parameter 'index' expects uint16_t"))).transpose()?;
            let request = super::virtio_debug::requests::XDebugVirtioQueueElement {
                path,
                queue,
                index,
            };
            let reply = machine.x_debug_virtio_queue_element(request.clone())?;
            screen.print_x_debug_virtio_queue_element(&request, reply);
            Ok(())
        }
    }
}
