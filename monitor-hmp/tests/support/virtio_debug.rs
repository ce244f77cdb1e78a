use qapi_schema::runtime::Error;
use qapi_schema::virtio_debug::requests::{
    XDebugVirtioQueueElement, XDebugVirtioQueueStatus, XDebugVirtioStatus,
};
use qapi_schema::virtio_debug::{
    DebugVirtQueueStatus, DebugVirtioInfo, DebugVirtioQueueElement, DebugVirtioRingDesc, DebugVirtioStatus,
    VirtioBlkFeature, VirtioDebugCommands, VirtioDeviceFeatures, VirtioDeviceFeaturesBranch,
    VirtioDeviceFeaturesOptionsBlk, VirtioRingDescFlags, VirtioStatusEndianness, VirtioTransportFeature,
    VirtioType,
};

use super::{DISK, ENTROPY, TestMachine};

fn disk_features(
    transport: &[VirtioTransportFeature],
    features: &[VirtioBlkFeature],
    unknown_features: Option<u64>,
) -> VirtioDeviceFeatures {
    let options = VirtioDeviceFeaturesOptionsBlk { features: features.to_vec() };
    VirtioDeviceFeatures {
        transport: transport.to_vec(),
        unknown_features,
        unknown_features2: None,
        branch: VirtioDeviceFeaturesBranch::VirtioBlk(options),
    }
}

fn entropy_features(transport: &[VirtioTransportFeature]) -> VirtioDeviceFeatures {
    VirtioDeviceFeatures {
        transport: transport.to_vec(),
        unknown_features: Some(1),
        unknown_features2: None,
        branch: VirtioDeviceFeaturesBranch::VirtioRng,
    }
}

impl VirtioDebugCommands for TestMachine {
    fn x_debug_query_virtio(&self) -> Result<Vec<DebugVirtioInfo>, Error> {
        let info = |(path, type_): (&str, VirtioType)| DebugVirtioInfo { path: path.to_owned(), type_ };
        let devices = [(ENTROPY, VirtioType::VirtioRng), (DISK, VirtioType::VirtioBlk)].map(info);
        Ok(devices.into_iter().filter(|_| self.with_devices).collect())
    }

    fn x_debug_virtio_status(&self, arguments: XDebugVirtioStatus) -> Result<DebugVirtioStatus, Error> {
        use VirtioTransportFeature::{EventIdx, IndirectDesc, Version1};
        let is_disk = arguments.path == DISK;
        let (guest, host, backend) = if is_disk {
            (
                disk_features(&[Version1], &[], None),
                disk_features(
                    &[EventIdx, IndirectDesc, Version1],
                    &[VirtioBlkFeature::Flush, VirtioBlkFeature::SegMax],
                    Some(1 << 40),
                ),
                disk_features(&[], &[], None),
            )
        } else {
            (entropy_features(&[]), entropy_features(&[Version1]), entropy_features(&[]))
        };
        Ok(DebugVirtioStatus {
            device_id: if is_disk { 2 } else { 4 },
            device_endian: VirtioStatusEndianness::Little,
            guest_features: guest,
            host_features: host,
            backend_features: backend,
            num_vqs: 1,
        })
    }

    fn x_debug_virtio_queue_status(
        &self,
        _arguments: XDebugVirtioQueueStatus,
    ) -> Result<DebugVirtQueueStatus, Error> {
        Ok(DebugVirtQueueStatus {
            device_type: VirtioType::VirtioBlk,
            queue_index: 0,
            inuse: 0,
            vring_num: 256,
            vring_num_default: 1024,
            vring_align: 4096,
            vring_desc: 0x3cf9_e000,
            vring_avail: 0x3cf9_f000,
            vring_used: 0x3cf9_f240,
            last_avail_idx: 4174,
            shadow_avail_idx: 4175,
            used_idx: 4173,
            signalled_used: 0,
            signalled_used_valid: 1,
        })
    }

    fn x_debug_virtio_queue_element(
        &self,
        _arguments: XDebugVirtioQueueElement,
    ) -> Result<DebugVirtioQueueElement, Error> {
        use VirtioRingDescFlags::{Next, Write};
        let descriptor = |addr, len, flags| DebugVirtioRingDesc { addr, len, flags };
        let descs = vec![
            descriptor(0x7302_d000, 4096, vec![Write]),
            descriptor(0x3c95_1763, 108, vec![Write, Next]),
            descriptor(0x3c95_1728, 51, vec![Next]),
            descriptor(0, 0, vec![]),
        ];
        Ok(DebugVirtioQueueElement { index: 122, ndescs: 4, descs })
    }
}
