//! What every verb shows.

#![allow(missing_docs, clippy::unwrap_used, reason = "a test may fail anywhere")]

mod support;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use insta::assert_snapshot;
use support::{TestMachine, monitor};

/// What the lines show, one after the other, each in a session of its own.
fn screens(lines: &[&str]) -> String {
    let monitor = monitor(Arc::new(TestMachine::new()));
    let screen = |line: &&str| format!("(qemu) {line}\n{}", monitor.execute(line, None).unwrap());
    lines.iter().map(screen).collect::<String>().replace("\r\n", "\n")
}

fn screen(line: &str) -> String {
    let text = monitor(Arc::new(TestMachine::new())).execute(line, None).unwrap();
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count(), "every line ends with CR LF");
    text.replace("\r\n", "\n")
}

#[test]
fn devices() {
    assert_snapshot!(screens(&["info virtio", "virtio query"]), @r"
    (qemu) info virtio
    /machine/peripheral-anon/device[1] [virtio-rng]
    /machine/peripheral/disk0 [virtio-blk]
    (qemu) virtio query
    /machine/peripheral-anon/device[1] [virtio-rng]
    /machine/peripheral/disk0 [virtio-blk]
    ");
    let machine = TestMachine { with_devices: false, ..TestMachine::new() };
    let empty = monitor(Arc::new(machine));
    assert_eq!(empty.execute("info virtio", None).unwrap(), "No VirtIO devices\r\n");
    assert_eq!(empty.execute("virtio query", None).unwrap(), "No VirtIO devices\r\n");
}

#[test]
fn device_status() {
    assert_snapshot!(screen("info virtio-status /machine/peripheral/disk0"), @r"
    /machine/peripheral/disk0:
      device_name:             virtio-blk 
      device_id:               2
      vhost_started:           false
      bus_name:                (null)
      broken:                  false
      disabled:                false
      disable_legacy_check:    false
      started:                 true
      use_started:             true
      start_on_kick:           false
      use_guest_notifier_mask: true
      vm_running:              true
      num_vqs:                 1
      queue_sel:               0
      isr:                     1
      endianness:              little
      status:
    	VIRTIO_CONFIG_S_ACKNOWLEDGE: seen,
    	VIRTIO_CONFIG_S_DRIVER_OK: ready
      unknown-statuses(0x0000000000000010)
      Guest features:
    	VIRTIO_F_VERSION_1: new
      Host features:
    	VIRTIO_RING_F_EVENT_IDX: events,
    	VIRTIO_F_VERSION_1: new
    	VIRTIO_BLK_F_FLUSH: flush,
    	VIRTIO_BLK_F_MQ: queues
      unknown-features(0x0000010000000000)
      Backend features:
    ");
}

#[test]
fn device_status_with_vhost_and_without_a_driver() {
    assert_snapshot!(screen("info virtio-status /machine/peripheral-anon/device[1]"), @r"
    /machine/peripheral-anon/device[1]:
      device_name:             virtio-rng (vhost)
      device_id:               4
      vhost_started:           true
      bus_name:                rng0.0
      broken:                  false
      disabled:                false
      disable_legacy_check:    false
      started:                 false
      use_started:             true
      start_on_kick:           false
      use_guest_notifier_mask: true
      vm_running:              false
      num_vqs:                 1
      queue_sel:               0
      isr:                     0
      endianness:              little
      status:

      Guest features:

      Host features:

      Backend features:

      VHost:
        nvqs:           2
        vq_index:       0
        max_queues:     2
        n_mem_sections: 1
        n_tmp_sections: 1
        backend_cap:    0
        log_enabled:    false
        log_size:       0
        Features:
    	VIRTIO_F_VERSION_1: new
    	VHOST_F_LOG_ALL: log
        Acked features:

        Backend features:

        Protocol features:
    	VHOST_USER_PROTOCOL_F_MQ: queues
      unknown-protocols(0x0000000000100000)
    ");
}

#[test]
fn queue_status() {
    assert_snapshot!(screen("info virtio-queue-status /machine/peripheral/disk0 0"), @r"
    /machine/peripheral/disk0:
      device_name:          virtio-blk
      queue_index:          0
      inuse:                3
      used_idx:             65532
      signalled_used:       65531
      signalled_used_valid: true
      last_avail_idx:       65535
      VRing:
        num:          256
        num_default:  1024
        align:        4096
        desc:         0x0000000003142000
        avail:        0x0000000003143000
        used:         0x0000000003143240
    ");
}

#[test]
fn vhost_queue_status() {
    assert_snapshot!(screen("info virtio-vhost-queue-status /machine/peripheral/disk0 0"), @r"
    /machine/peripheral/disk0:
      device_name:          virtio-blk (vhost)
      kick:                 7
      call:                 -1
      VRing:
        num:         128
        desc:        0x00007f6d29b1e000
        desc_phys:   0x00000000029e9000
        desc_size:   2048
        avail:       0x00007f6d29b1e800
        avail_phys:  0x00000000029e9800
        avail_size:  262
        used:        0x00007f6d29b1e940
        used_phys:   0x00000000029e9940
        used_size:   1030
    ");
    assert_snapshot!(screen("info virtio-vhost-queue-status /machine/peripheral/disk0 1"), @"Error: Error: vhost device has not started yet");
}

#[test]
fn queue_element() {
    assert_snapshot!(screens(&[
        "info virtio-queue-element /machine/peripheral/disk0 0",
        "info virtio-queue-element /machine/peripheral/disk0 0 0xffff",
    ]), @r"
    (qemu) info virtio-queue-element /machine/peripheral/disk0 0
    /machine/peripheral/disk0:
      device_name: virtio-blk
      index:   4
      desc:
        descs:
            addr 0xfffff400 len 1536 (write),
            addr 0x1000 len 16 (next)
      avail:
        flags: 0
        idx:   256
        ring:  4
      used:
        flags: 1
        idx:   4
    (qemu) info virtio-queue-element /machine/peripheral/disk0 0 0xffff
    /machine/peripheral/disk0:
      device_name: virtio-blk
      index:   4
      desc:
        descs:
            addr 0x0 len -2147483648
      avail:
        flags: 0
        idx:   256
        ring:  4
      used:
        flags: 1
        idx:   4
    ");
}

#[test]
fn first_generation_status() {
    assert_snapshot!(screens(&[
        "virtio status /machine/peripheral/disk0",
        "virtio status /machine/peripheral-anon/device[1]",
    ]), @r"
    (qemu) virtio status /machine/peripheral/disk0
    /machine/peripheral/disk0:
      Device Id:        2
      Guest features:   version-1
      Host features:    event-idx, indirect-desc, version-1
                        flush, seg-max
                        unknown-features(0x0000010000000000)
      Backend features: 
      Endianness:       little
      VirtQueues:       1
    (qemu) virtio status /machine/peripheral-anon/device[1]
    /machine/peripheral-anon/device[1]:
      Device Id:        4
      Guest features:   
                        unknown-features(0x0000000000000001)
      Host features:    version-1
                        unknown-features(0x0000000000000001)
      Backend features: 
                        unknown-features(0x0000000000000001)
      Endianness:       little
      VirtQueues:       1
    ");
}

#[test]
fn first_generation_queues() {
    assert_snapshot!(screens(&[
        "virtio queue-status /machine/peripheral/disk0 0",
        "virtio queue-element /machine/peripheral/disk0 0 5",
    ]), @r"
    (qemu) virtio queue-status /machine/peripheral/disk0 0
    /machine/peripheral/disk0:
      device_type:          virtio-blk
      index:                0
      inuse:                0
      last_avail_idx:       4174 (78 % 256)
      shadow_avail_idx:     4175 (79 % 256)
      used_idx:             4173 (77 % 256)
      signalled_used:       0 (0 % 256)
      signalled_used_valid: 1
      VRing:
        num:         256
        num_default: 1024
        align:       4096
        desc:        0x000000003cf9e000
        avail:       0x000000003cf9f000
        used:        0x000000003cf9f240
    (qemu) virtio queue-element /machine/peripheral/disk0 0 5
    index:  122
    ndescs: 4
    descs:  addr 0x7302d000 len 4096 (write), addr 0x3c951763 len 108 (write, next), addr 0x3c951728 len 51 (next), addr 0x0 len 0
    ");
}

#[test]
fn commands_fail_with_their_reason() {
    assert_snapshot!(screens(&[
        "info virtio-status /nope",
        "info virtio-queue-status /machine/peripheral/disk0 1000",
        "info virtio-queue-status /machine/peripheral/disk0 65536",
        "virtio queue-status /machine/peripheral/disk0 0x10000",
        "info virtio-queue-element /machine/peripheral/disk0 0 70000",
        "virtio queue-element /machine/peripheral/disk0 0 4294967295",
    ]), @r"
    (qemu) info virtio-status /nope
    Error: Path /nope is not a VirtIODevice
    (qemu) info virtio-queue-status /machine/peripheral/disk0 1000
    Error: Invalid virtqueue number 1000
    (qemu) info virtio-queue-status /machine/peripheral/disk0 65536
    Error: Invalid virtqueue number 65536
    (qemu) virtio queue-status /machine/peripheral/disk0 0x10000
    Error: Invalid virtqueue number 65536
    (qemu) info virtio-queue-element /machine/peripheral/disk0 0 70000
    Error: Parameter 'index' expects uint16_t
    (qemu) virtio queue-element /machine/peripheral/disk0 0 4294967295
    Error: Parameter 'index' expects uint16_t
    ");
}

#[test]
fn wrong_lines_are_explained() {
    assert_snapshot!(screens(&[
        "nosuch arg",
        "info nosuch",
        "virtio foo",
        "xp",
        "xp /zz 0",
        "xp /2xw 0xfff0 zz",
        "xp /2xw (1<<4)",
        "xp/1xw 1/0",
        "info virtio-queue-status",
        "info   virtio-status \"unterminated",
        "info virtio-queue-element /machine/peripheral/disk0 0 -1",
        "cpu",
        "cpu 1 2",
        "stop now",
        "p 1 2",
        "print 08",
        "p $eax_",
        "info stats",
    ]), @r###"
    (qemu) nosuch arg
    unknown command: 'nosuch'
    (qemu) info nosuch
    unknown command: 'info nosuch'
    (qemu) virtio foo
    unknown command: 'virtio foo'
    (qemu) xp
    unexpected end of expression
    Try "help xp" for more information
    (qemu) xp /zz 0
    invalid char in format: 'z'
    Try "help xp" for more information
    (qemu) xp /2xw 0xfff0 zz
    xp: extraneous characters at the end of line
    Try "help xp" for more information
    (qemu) xp /2xw (1<<4)
    ')' expected
    Try "help xp" for more information
    (qemu) xp/1xw 1/0
    division by zero
    Try "help xp" for more information
    (qemu) info virtio-queue-status
    virtio-queue-status: string expected
    Try "help info virtio-queue-status" for more information
    (qemu) info   virtio-status "unterminated
    virtio-status: string expected
    Try "help info   virtio-status" for more information
    (qemu) info virtio-queue-element /machine/peripheral/disk0 0 -1
    'virtio-queue-element' has failed: integer is for 32-bit values
    Try "help info virtio-queue-element" for more information
    (qemu) cpu
    unexpected end of expression
    Try "help cpu" for more information
    (qemu) cpu 1 2
    cpu: extraneous characters at the end of line
    Try "help cpu" for more information
    (qemu) stop now
    stop|s: extraneous characters at the end of line
    Try "help stop" for more information
    (qemu) p 1 2
    print|p: extraneous characters at the end of line
    Try "help p" for more information
    (qemu) print 08
    print|p: extraneous characters at the end of line
    Try "help print" for more information
    (qemu) p $eax_
    unknown register
    Try "help p" for more information
    (qemu) info stats
    stats: string expected
    Try "help info stats" for more information
    "###);
}

#[test]
fn help_lists_the_tables() {
    assert_snapshot!(screens(&["help", "help info", "virtio", "? s", "help info status", "help virtio status"]), @r###"
    (qemu) help
    balloon target -- ask the guest to make do with so much memory; target: in MiB
    cont|c  -- let the guest run
    cpu index -- select the vCPU that commands without one look at
    device_add driver -- put a device on a bus; behind driver: options as --device takes them, as in scsi-hd,id=disk9,size=1G
    device_del id -- take a device off its bus
    help|? [cmd] -- list the commands, or explain one
    info [subcommand] -- look at one part of the machine
    print|p /fmt expr -- print the value of an expression; $NAME is a register of the selected vCPU
    qom-get path property -- show a property of an object, as JSON
    qom-list path -- list the properties of an object
    quit|q  -- end the program
    set_link name on|off -- plug the cable of a network card in, or pull it
    stop|s  -- stop the guest
    system_powerdown  -- press the power button
    system_reset  -- have the guest begin anew
    virtio [cmd] -- show various information about virtio
    x /fmt addr -- dump virtual memory, as the selected vCPU sees it, from an address on
    xp /fmt addr -- dump physical memory from an address on
    (qemu) help info
    info balloon  -- tell how much memory the guest has
    info block  -- list the disks, what stands behind them, and their limits
    info blockstats  -- tell what the disks have done
    info chardev  -- list what carries characters to and from the guest
    info cpus  -- list the vCPUs
    info history  -- list the lines typed so far
    info iothreads  -- list the threads that do the input and output of devices
    info kvm  -- tell whether KVM runs the guest
    info memory_size_summary  -- tell how much memory the guest has, in bytes
    info name  -- tell what the machine is called
    info qom-tree [path] -- show the tree of objects, or the part below one
    info qtree  -- show the devices with their properties, by bus
    info registers [vcpu] -- show the registers of the selected vCPU, or of another; the machine must be stopped
    info statistics [target] [names] -- show all statistics, for people; target: machine, vcpu, device, queue, monitor, process or *; names: a,b,c
    info stats target [names] [provider] -- show statistics of the machine (vm) or the selected vCPU (vcpu); names: a,b,c or * for all
    info status  -- tell whether the guest runs
    info uuid  -- tell by which number the machine is known
    info version  -- tell which program this is
    info virtio  -- List all available virtio devices
    info virtio-chains path queue [slot] [count] [dump] -- check and decode chains of a queue: those under way, or count from a slot on; dump: bytes to show
    info virtio-device [path] -- show what a virtio device and its driver have agreed to, and whose turn it is on each queue
    info virtio-queue-element path queue [index] -- Display element of a given virtio queue
    info virtio-queue-status path queue -- Display status of a given virtio queue
    info virtio-status path -- Display status of a given virtio device
    info virtio-vhost-queue-status path queue -- Display status of a given vhost queue
    (qemu) virtio
    virtio query  -- List all available virtio devices
    virtio status path -- Display status of a given virtio device
    virtio queue-status path queue -- Display status of a given virtio queue
    virtio queue-element path queue [index] -- Display element of a given virtio queue
    (qemu) ? s
    stop|s  -- stop the guest
    (qemu) help info status
    info status  -- tell whether the guest runs
    (qemu) help virtio status
    virtio status path -- Display status of a given virtio device
    "###);
    assert_eq!(screen("info"), screen("help info"));
    assert_eq!(screen("help virtio"), screen("virtio"));
    assert_snapshot!(screens(&["help nosuch", "help info nosuch x", "help virtio foo"]), @r"
    (qemu) help nosuch
    unknown command: 'nosuch'
    (qemu) help info nosuch x
    unknown command: 'info nosuch'
    (qemu) help virtio foo
    unknown command: 'virtio foo'
    ");
}

#[test]
fn the_top_level_and_info_are_sorted() {
    for table in [screen("help"), screen("help info")] {
        let names: Vec<&str> = table.lines().map(|line| line.split(" -- ").next().unwrap()).collect();
        assert!(names.is_sorted(), "{names:?}");
    }
}

#[test]
fn the_machine() {
    assert_snapshot!(screens(&[
        "info status",
        "c",
        "info status",
        "stop",
        "info version",
        "info name",
        "info kvm",
        "info cpus",
        "cpu 9",
        "info history",
    ]), @r"
    (qemu) info status
    VM status: paused (prelaunch)
    (qemu) c
    (qemu) info status
    VM status: running
    (qemu) stop
    (qemu) info version
    10.0.0Ringscope 0.1.0
    (qemu) info name
    first-light
    (qemu) info kvm
    kvm support: disabled
    (qemu) info cpus
    * CPU #0: thread_id=4711
      CPU #1: thread_id=4712
    (qemu) cpu 9
    invalid CPU index
    (qemu) info history
    ");
}

#[test]
fn memory_and_characters_of_devices() {
    assert_snapshot!(screens(&["info balloon", "info chardev", "balloon", "balloon 4294967296"]), @r###"
    (qemu) info balloon
    balloon: actual=256
    (qemu) info chardev
    serial0: filename=stdio
    console0.agent: filename=unix:/run/agent
    (qemu) balloon
    unexpected end of expression
    Try "help balloon" for more information
    (qemu) balloon 4294967296
    'balloon' has failed: integer is for 32-bit values
    Try "help balloon" for more information
    "###);
    let machine = Arc::new(TestMachine::new());
    assert_eq!(monitor(Arc::clone(&machine)).execute("balloon 4096", None).unwrap(), "");
    assert_eq!(machine.memory.load(Ordering::Relaxed), 4 << 30);
    let without = monitor(Arc::new(TestMachine { with_devices: false, ..TestMachine::new() }));
    let refused = without.execute("info balloon", None).unwrap();
    assert_eq!(refused, "Error: No balloon device has been activated\r\n");
}

#[test]
fn memory() {
    assert_snapshot!(screens(&[
        "xp /4xw 0x1000",
        "xp 0x1000+4*2",
        "xp/3cb 'a'",
        "xp 0",
        "xp /2xg 0xfff8",
        "xp /0xw 0",
        "xp /i 0",
        "xp /1000000xg 0",
        "print 1+2*3",
        "p/c 65",
        "p 66",
        "p /d -1",
    ]), @r#"
    (qemu) xp /4xw 0x1000
    0000000000001000: 0x03020100 0x07060504 0x0b0a0908 0x0f0e0d0c
    (qemu) xp 0x1000+4*2
    0000000000001008: 0x0b0a0908
    (qemu) xp/3cb 'a'
    0000000000000061: 'a' 'b' 'c'
    (qemu) xp 0
    0000000000000000: '\x00'
    (qemu) xp /2xg 0xfff8
    000000000000fff8: Cannot access memory
    (qemu) xp /0xw 0
    (qemu) xp /i 0
    invalid char in format: 'i'
    Try "help xp" for more information
    (qemu) xp /1000000xg 0
    Error: 1000000 items of 8 bytes are too many to show at once, at most 1048576 bytes are shown
    (qemu) print 1+2*3
    0x7
    (qemu) p/c 65
    'A'
    (qemu) p 66
    'B'
    (qemu) p /d -1
    -1
    "#);
}

#[test]
fn statistics() {
    assert_snapshot!(screens(&[
        "info stats vcpu",
        "info stats vcpu exits,nosuch",
        "info stats vcpu * kvm",
        "info stats vcpu nosuch",
        "info stats vm",
        "info stats disk",
        "info stats vcpu exits tcg",
    ]), @r"
    (qemu) info stats vcpu
    provider: kvm
        exits (cumulative): 18446744073709551615
        halt_wait_ns (cumulative, ns): 1
        halt_wait_hist (log2-histogram, ns): [1]=0 [2]=3 [3]=1 
        sizes (linear-histogram, KiB, bucket size=512): [1]=7 
        guest_mode (instant, boolean): yes
        blocking (instant, boolean): no
        pages (peak, B): 2
        ticks (peak, * 10^3 cycles): 2
        odd (peak, * 2^4): 2
        odd_seconds (peak, * 10^-8 seconds): 2
        far_seconds (peak, * 10^-21 seconds): 2
    (qemu) info stats vcpu exits,nosuch
    provider: kvm
        exits (cumulative): 18446744073709551615
    (qemu) info stats vcpu * kvm
        exits (cumulative): 18446744073709551615
        halt_wait_ns (cumulative, ns): 1
        halt_wait_hist (log2-histogram, ns): [1]=0 [2]=3 [3]=1 
        sizes (linear-histogram, KiB, bucket size=512): [1]=7 
        guest_mode (instant, boolean): yes
        blocking (instant, boolean): no
        pages (peak, B): 2
        ticks (peak, * 10^3 cycles): 2
        odd (peak, * 2^4): 2
        odd_seconds (peak, * 10^-8 seconds): 2
        far_seconds (peak, * 10^-21 seconds): 2
    (qemu) info stats vcpu nosuch
    (qemu) info stats vm
    KVM stats: ioctl failed: Bad file descriptor
    (qemu) info stats disk
    invalid stats target disk
    (qemu) info stats vcpu exits tcg
    invalid stats provider tcg
    ");
}

#[test]
fn statistics_for_people() {
    assert_snapshot!(screens(&[
        "info statistics",
        "info statistics queue total,errors,nosuch",
        "info statistics vcpu",
        "info statistics * clients",
        "info statistics device",
        "info statistics disk",
    ]));
}

#[test]
fn a_session_starts_with_the_vcpu_that_is_asked_for() {
    let monitor = monitor(Arc::new(TestMachine::new()));
    assert_snapshot!(monitor.execute("info cpus", Some(1)).unwrap().replace("\r\n", "\n"), @r"
      CPU #0: thread_id=4711
    * CPU #1: thread_id=4712
    ");
    for number in [2, -1, i64::MAX] {
        let error = monitor.execute("info cpus", Some(number)).unwrap_err();
        assert_eq!(error.to_string(), "Parameter 'cpu-index' expects a CPU number");
    }
}

#[test]
fn quitting_says_nothing() {
    let machine = Arc::new(TestMachine::new());
    assert_eq!(monitor(Arc::clone(&machine)).execute("q", None).unwrap(), "");
    assert!(machine.ended.load(Ordering::Relaxed));
}

#[test]
fn objects_and_devices_by_bus() {
    assert_snapshot!(screens(&["info qom-tree", "info qom-tree /machine/peripheral", "info qtree"]));
    assert_snapshot!(screens(&[
        "qom-list /machine/peripheral/disk0",
        "qom-get /machine/peripheral/disk0 serial",
        "qom-get /nope x",
        "info qom-tree /nope",
        "info uuid",
        "info memory_size_summary",
    ]));
}

#[test]
fn disks_with_their_limits_and_what_they_have_done() {
    assert_snapshot!(screens(&["info block", "info blockstats"]), @r###"
    (qemu) info block
    disk0: /srv/disk.qcow2 (qcow2)
        Attached to:      disk0
        I/O status:       nospace
        Cache mode:       writeback
        I/O throttling:   bps=1000 bps_rd=0 bps_wr=0 bps_max=5000 bps_rd_max=0 bps_wr_max=0 iops=0 iops_rd=7 iops_wr=0 iops_max=0 iops_rd_max=0 iops_wr_max=0 iops_size=4096 group=disk0

    disk1: (memory, read-only)
        Attached to:      disk1
        Cache mode:       writethrough
    (qemu) info blockstats
    disk0: rd_bytes=1 wr_bytes=2 rd_operations=4 wr_operations=5 flush_operations=6 wr_total_time_ns=9 rd_total_time_ns=8 flush_total_time_ns=10 rd_merged=13 wr_merged=14 idle_time_ns=16
    "###);
}
