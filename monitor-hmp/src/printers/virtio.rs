//! `info virtio`, `info virtio-status`, `info virtio-queue-status`, `info virtio-vhost-queue-status`,
//! `info virtio-queue-element`.

use std::fmt::{self, Display, Formatter};

use super::{descriptor, device_list, unknown_features};

use qapi_schema::virtio::{
    VhostStatus, VirtQueueStatus, VirtVhostQueueStatus, VirtioDeviceFeatureNames, VirtioInfo,
    VirtioQueueElement, VirtioStatus,
};

/// The devices, as a table on a terminal of so many columns.
pub(crate) fn devices(devices: &[VirtioInfo], columns: Option<usize>) -> String {
    device_list(devices.iter().map(|device| (device.path.as_str(), device.name.as_str())), columns)
}

/// The state of the device at `path`.
pub(crate) fn status(path: &str, status: &VirtioStatus) -> impl Display {
    fmt::from_fn(move |f| {
        let vhost = if status.vhost_started { "(vhost)" } else { "" };
        let bus_name = if status.bus_name.is_empty() { "(null)" } else { &status.bus_name };
        writeln!(f, "{path}:")?;
        writeln!(f, "  device_name:             {} {vhost}", status.name)?;
        writeln!(f, "  device_id:               {}", status.device_id)?;
        writeln!(f, "  vhost_started:           {}", status.vhost_started)?;
        writeln!(f, "  bus_name:                {bus_name}")?;
        writeln!(f, "  broken:                  {}", status.broken)?;
        writeln!(f, "  disabled:                {}", status.disabled)?;
        writeln!(f, "  disable_legacy_check:    {}", status.disable_legacy_check)?;
        writeln!(f, "  started:                 {}", status.started)?;
        writeln!(f, "  use_started:             {}", status.use_started)?;
        writeln!(f, "  start_on_kick:           {}", status.start_on_kick)?;
        writeln!(f, "  use_guest_notifier_mask: {}", status.use_guest_notifier_mask)?;
        writeln!(f, "  vm_running:              {}", status.vm_running)?;
        writeln!(f, "  num_vqs:                 {}", status.num_vqs)?;
        writeln!(f, "  queue_sel:               {}", status.queue_sel)?;
        writeln!(f, "  isr:                     {}", status.isr)?;
        writeln!(f, "  endianness:              {}", status.device_endian)?;
        writeln!(f, "  status:")?;
        list(f, &status.status.statuses)?;
        unknown(f, "  unknown-statuses", status.status.unknown_statuses.map(u64::from))?;
        features(f, "  Guest features:", &status.guest_features)?;
        features(f, "  Host features:", &status.host_features)?;
        features(f, "  Backend features:", &status.backend_features)?;
        status.vhost_dev.as_ref().map_or(Ok(()), |vhost| vhost_status(f, vhost))
    })
}

fn vhost_status(f: &mut Formatter<'_>, vhost: &VhostStatus) -> fmt::Result {
    writeln!(f, "  VHost:")?;
    writeln!(f, "    nvqs:           {}", vhost.nvqs)?;
    writeln!(f, "    vq_index:       {}", vhost.vq_index)?;
    writeln!(f, "    max_queues:     {}", vhost.max_queues)?;
    writeln!(f, "    n_mem_sections: {}", vhost.n_mem_sections)?;
    writeln!(f, "    n_tmp_sections: {}", vhost.n_tmp_sections)?;
    writeln!(f, "    backend_cap:    {}", vhost.backend_cap)?;
    writeln!(f, "    log_enabled:    {}", vhost.log_enabled)?;
    writeln!(f, "    log_size:       {}", vhost.log_size)?;
    features(f, "    Features:", &vhost.features)?;
    features(f, "    Acked features:", &vhost.acked_features)?;
    features(f, "    Backend features:", &vhost.backend_features)?;
    writeln!(f, "    Protocol features:")?;
    list(f, &vhost.protocol_features.protocols)?;
    unknown(f, "  unknown-protocols", vhost.protocol_features.unknown_protocols)
}

fn features(f: &mut Formatter<'_>, heading: &str, features: &VirtioDeviceFeatureNames) -> fmt::Result {
    writeln!(f, "{heading}")?;
    list(f, &features.transports)?;
    if let Some(of_device) = features.dev_features.as_deref().filter(|names| !names.is_empty()) {
        list(f, of_device)?;
    }
    match unknown_features(features.unknown_dev_features, features.unknown_dev_features2) {
        Some(unknown) => writeln!(f, "  {unknown}"),
        None => Ok(()),
    }
}

/// One entry a line, with commas between; an empty list is an empty line.
fn list(f: &mut Formatter<'_>, entries: &[String]) -> fmt::Result {
    let (last, others) = match entries.split_last() {
        Some(parts) => parts,
        None => return writeln!(f),
    };
    others.iter().try_for_each(|entry| writeln!(f, "\t{entry},"))?;
    writeln!(f, "\t{last}")
}

/// The bits that have no name.
fn unknown(f: &mut Formatter<'_>, label: &str, bits: Option<u64>) -> fmt::Result {
    bits.map_or(Ok(()), |bits| writeln!(f, "{label}({bits:#018x})"))
}

/// The state of a queue of the device at `path`.
pub(crate) fn queue_status(path: &str, queue: &VirtQueueStatus) -> impl Display {
    fmt::from_fn(move |f| {
        writeln!(f, "{path}:")?;
        writeln!(f, "  device_name:          {}", queue.name)?;
        writeln!(f, "  queue_index:          {}", queue.queue_index)?;
        writeln!(f, "  inuse:                {}", queue.inuse)?;
        writeln!(f, "  used_idx:             {}", queue.used_idx)?;
        writeln!(f, "  signalled_used:       {}", queue.signalled_used)?;
        writeln!(f, "  signalled_used_valid: {}", queue.signalled_used_valid)?;
        if let Some(index) = queue.last_avail_idx {
            writeln!(f, "  last_avail_idx:       {index}")?;
        }
        if let Some(index) = queue.shadow_avail_idx {
            writeln!(f, "  shadow_avail_idx:     {index}")?;
        }
        writeln!(f, "  VRing:")?;
        writeln!(f, "    num:          {}", queue.vring_num)?;
        writeln!(f, "    num_default:  {}", queue.vring_num_default)?;
        writeln!(f, "    align:        {}", queue.vring_align)?;
        writeln!(f, "    desc:         {:#018x}", queue.vring_desc)?;
        writeln!(f, "    avail:        {:#018x}", queue.vring_avail)?;
        writeln!(f, "    used:         {:#018x}", queue.vring_used)
    })
}

/// The state of a queue of the device at `path` that a vhost backend runs.
pub(crate) fn vhost_queue_status(path: &str, queue: &VirtVhostQueueStatus) -> impl Display {
    fmt::from_fn(move |f| {
        writeln!(f, "{path}:")?;
        writeln!(f, "  device_name:          {} (vhost)", queue.name)?;
        writeln!(f, "  kick:                 {}", queue.kick)?;
        writeln!(f, "  call:                 {}", queue.call)?;
        writeln!(f, "  VRing:")?;
        writeln!(f, "    num:         {}", queue.num)?;
        writeln!(f, "    desc:        {:#018x}", queue.desc)?;
        writeln!(f, "    desc_phys:   {:#018x}", queue.desc_phys)?;
        writeln!(f, "    desc_size:   {}", queue.desc_size)?;
        writeln!(f, "    avail:       {:#018x}", queue.avail)?;
        writeln!(f, "    avail_phys:  {:#018x}", queue.avail_phys)?;
        writeln!(f, "    avail_size:  {}", queue.avail_size)?;
        writeln!(f, "    used:        {:#018x}", queue.used)?;
        writeln!(f, "    used_phys:   {:#018x}", queue.used_phys)?;
        writeln!(f, "    used_size:   {}", queue.used_size)
    })
}

/// An element of a queue of the device at `path`.
pub(crate) fn queue_element(path: &str, element: &VirtioQueueElement) -> impl Display {
    fmt::from_fn(move |f| {
        writeln!(f, "{path}:")?;
        writeln!(f, "  device_name: {}", element.name)?;
        writeln!(f, "  index:   {}", element.index)?;
        writeln!(f, "  desc:")?;
        writeln!(f, "    descs:")?;
        let descriptors = element.descs.iter().map(|desc| descriptor(desc.addr, desc.len, &desc.flags));
        writeln!(f, "        {}", descriptors.collect::<Vec<_>>().join(",\n        "))?;
        writeln!(f, "  avail:")?;
        writeln!(f, "    flags: {}", element.avail.flags)?;
        writeln!(f, "    idx:   {}", element.avail.idx)?;
        writeln!(f, "    ring:  {}", element.avail.ring)?;
        writeln!(f, "  used:")?;
        writeln!(f, "    flags: {}", element.used.flags)?;
        writeln!(f, "    idx:   {}", element.used.idx)
    })
}
