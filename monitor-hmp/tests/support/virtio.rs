use qapi_schema::runtime::Error;
use qapi_schema::virtio::requests::{
    XQueryVirtioQueueElement, XQueryVirtioQueueStatus, XQueryVirtioStatus, XQueryVirtioVhostQueueStatus,
};
use qapi_schema::virtio::{
    VhostDeviceProtocols, VhostStatus, VirtQueueStatus, VirtVhostQueueStatus, VirtioCommands,
    VirtioDeviceFeatureNames, VirtioDeviceStatus, VirtioInfo, VirtioQueueElement, VirtioRingAvail,
    VirtioRingDesc, VirtioRingUsed, VirtioStatus,
};

use super::{DISK, ENTROPY, TestMachine};

fn strings(strings: &[&str]) -> Vec<String> {
    strings.iter().map(|string| (*string).to_owned()).collect()
}

fn features(transports: &[&str], of_device: &[&str], unknown: Option<u64>) -> VirtioDeviceFeatureNames {
    VirtioDeviceFeatureNames {
        transports: strings(transports),
        dev_features: Some(strings(of_device)),
        unknown_dev_features: unknown,
        unknown_dev_features2: None,
    }
}

/// A disk in use, with odd bits.
fn disk() -> VirtioStatus {
    VirtioStatus {
        name: String::from("virtio-blk"),
        device_id: 2,
        vhost_started: false,
        device_endian: String::from("little"),
        guest_features: features(&["VIRTIO_F_VERSION_1: new"], &[], None),
        host_features: features(
            &["VIRTIO_RING_F_EVENT_IDX: events", "VIRTIO_F_VERSION_1: new"],
            &["VIRTIO_BLK_F_FLUSH: flush", "VIRTIO_BLK_F_MQ: queues"],
            Some(1 << 40),
        ),
        backend_features: features(&[], &[], None),
        num_vqs: 1,
        status: VirtioDeviceStatus {
            statuses: strings(&["VIRTIO_CONFIG_S_ACKNOWLEDGE: seen", "VIRTIO_CONFIG_S_DRIVER_OK: ready"]),
            unknown_statuses: Some(0x10),
        },
        isr: 1,
        queue_sel: 0,
        vm_running: true,
        broken: false,
        disabled: false,
        use_started: true,
        started: true,
        start_on_kick: false,
        disable_legacy_check: false,
        bus_name: String::new(),
        use_guest_notifier_mask: true,
        vhost_dev: None,
    }
}

/// An entropy source that nobody drives, behind a vhost backend.
fn entropy() -> VirtioStatus {
    let none = features(&[], &[], None);
    let vhost = VhostStatus {
        n_mem_sections: 1,
        n_tmp_sections: 1,
        nvqs: 2,
        vq_index: 0,
        features: features(&["VIRTIO_F_VERSION_1: new"], &["VHOST_F_LOG_ALL: log"], None),
        acked_features: none.clone(),
        backend_features: none.clone(),
        protocol_features: VhostDeviceProtocols {
            protocols: strings(&["VHOST_USER_PROTOCOL_F_MQ: queues"]),
            unknown_protocols: Some(1 << 20),
        },
        max_queues: 2,
        backend_cap: 0,
        log_enabled: false,
        log_size: 0,
    };
    VirtioStatus {
        name: String::from("virtio-rng"),
        device_id: 4,
        vhost_started: true,
        guest_features: none.clone(),
        host_features: none,
        status: VirtioDeviceStatus { statuses: Vec::new(), unknown_statuses: None },
        isr: 0,
        started: false,
        vm_running: false,
        bus_name: String::from("rng0.0"),
        vhost_dev: Some(vhost),
        ..disk()
    }
}

fn descriptor(addr: u64, len: u32, flags: &[&str]) -> VirtioRingDesc {
    VirtioRingDesc { addr, len, flags: strings(flags) }
}

/// Fails unless `path` and `queue` are there.
fn check(path: &str, queue: u16) -> Result<(), Error> {
    if path != DISK {
        return Err(Error::generic(format!("Path {path} is not a VirtIODevice")));
    }
    if queue != 0 {
        return Err(Error::generic(format!("Invalid virtqueue number {queue}")));
    }
    Ok(())
}

impl VirtioCommands for TestMachine {
    fn x_query_virtio(&self) -> Result<Vec<VirtioInfo>, Error> {
        let info = |(path, name): (&str, &str)| VirtioInfo { path: path.to_owned(), name: name.to_owned() };
        let devices = [(ENTROPY, "virtio-rng"), (DISK, "virtio-blk")].map(info);
        Ok(devices.into_iter().filter(|_| self.with_devices).collect())
    }

    fn x_query_virtio_status(&self, arguments: XQueryVirtioStatus) -> Result<VirtioStatus, Error> {
        match arguments.path.as_str() {
            DISK => Ok(disk()),
            ENTROPY => Ok(entropy()),
            path => Err(Error::generic(format!("Path {path} is not a VirtIODevice"))),
        }
    }

    fn x_query_virtio_queue_status(
        &self,
        arguments: XQueryVirtioQueueStatus,
    ) -> Result<VirtQueueStatus, Error> {
        check(&arguments.path, arguments.queue)?;
        Ok(VirtQueueStatus {
            name: String::from("virtio-blk"),
            queue_index: 0,
            inuse: 3,
            vring_num: 256,
            vring_num_default: 1024,
            vring_align: 4096,
            vring_desc: 0x314_2000,
            vring_avail: 0x314_3000,
            vring_used: 0x314_3240,
            last_avail_idx: Some(65535),
            shadow_avail_idx: None,
            used_idx: 65532,
            signalled_used: 65531,
            signalled_used_valid: true,
        })
    }

    fn x_query_virtio_vhost_queue_status(
        &self,
        arguments: XQueryVirtioVhostQueueStatus,
    ) -> Result<VirtVhostQueueStatus, Error> {
        if arguments.queue == 1 {
            return Err(Error::generic("Error: vhost device has not started yet"));
        }
        check(&arguments.path, arguments.queue)?;
        Ok(VirtVhostQueueStatus {
            name: String::from("virtio-blk"),
            kick: 7,
            call: -1,
            desc: 0x7f6d_29b1_e000,
            avail: 0x7f6d_29b1_e800,
            used: 0x7f6d_29b1_e940,
            num: 128,
            desc_phys: 0x29e_9000,
            avail_phys: 0x29e_9800,
            used_phys: 0x29e_9940,
            desc_size: 2048,
            avail_size: 262,
            used_size: 1030,
        })
    }

    fn x_query_virtio_queue_element(
        &self,
        arguments: XQueryVirtioQueueElement,
    ) -> Result<VirtioQueueElement, Error> {
        check(&arguments.path, arguments.queue)?;
        let descs = match arguments.index {
            None => vec![descriptor(0xffff_f400, 1536, &["write"]), descriptor(0x1000, 16, &["next"])],
            Some(_) => vec![descriptor(0, 0x8000_0000, &[])],
        };
        Ok(VirtioQueueElement {
            name: String::from("virtio-blk"),
            index: 4,
            descs,
            avail: VirtioRingAvail { flags: 0, idx: 256, ring: 4 },
            used: VirtioRingUsed { flags: 1, idx: 4 },
        })
    }
}
